"""The fields of the scorecard's form: what each one is, and what somebody typed as rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.analytics.scorecard import PUBLISHED, WEIGHTS, WHOLE, Rules

LABELS: Mapping[str, str] = {
    "stage_velocity": "Stage velocity",
    "activity_recency": "Activity recency",
    "stakeholders": "Stakeholders",
    "close_date": "Close date",
    "next_step": "Next step",
    "commercial": "Commercial",
}

# A comma parts thousands alone: what reads 1,5 is not 15.
IN_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


@dataclass(frozen=True)
class Field:
    """One limit: its name among the rules, what people read, and what it may be.

    A percent is a share of 1 among the rules, and typed times 100.
    """

    name: str
    label: str
    kind: Literal["whole", "number", "percent"]
    least: float
    most: float
    unit: str = ""


GROUPS: Mapping[str, Sequence[Field]] = {
    "Bands": (
        Field("healthy_from", "Healthy from", "whole", 3, 100, "points"),
        Field("monitor_from", "Monitor from", "whole", 2, 99, "points"),
        Field("at_risk_from", "At Risk from", "whole", 1, 98, "points"),
    ),
    "Flags": (
        Field("quiet_days", "Going Dark after", "whole", 1, 365, "days"),
        Field("stuck_times", "Stuck from, times the benchmark", "number", 1, 20),
        Field("stuck_days", "Stuck from, without a benchmark", "whole", 1, 1000, "days"),
        Field("late_stage", "Champion and buyer known from", "percent", 0, 100, "% chance"),
        Field("few_contacts", "Single-Threaded up to", "whole", 0, 20, "contacts"),
        Field("many_pushes", "Pushed from", "whole", 1, 20, "pushes"),
        Field("much_drop", "Amount Drop from", "percent", 1, 100, "%"),
        Field("next_days", "Next step within", "whole", 1, 365, "days"),
        Field("much_discount", "Heavy Discount above", "percent", 0, 100, "%"),
    ),
    "Smaller deductions": (
        Field("some_drop", "Amount fell from", "percent", 1, 100, "%"),
        Field("some_discount", "Discount above", "percent", 0, 100, "%"),
    ),
    "Urgency, slip risk and action": (
        Field("soon_days", "Closes soon within", "whole", 1, 365, "days"),
        Field("over_critical", "Critical above, over the benchmark", "whole", 0, 1000, "days"),
        Field("over_high", "High above, over the benchmark", "whole", 0, 1000, "days"),
        Field("over_medium", "Medium above, over the benchmark", "whole", 0, 1000, "days"),
        Field("slip_share", "Slips below, of the time its stages take", "percent", 1, 100, "%"),
        Field("slip_pushes", "Slips from", "whole", 1, 20, "pushes"),
        Field("large_amount", "Escalate from", "number", 0, 1e12, "amount"),
    ),
}
FIELDS = {field.name: field for fields in GROUPS.values() for field in fields}
ORDERED = (
    ("healthy_from", "monitor_from", "Healthy has to begin above Monitor."),
    ("monitor_from", "at_risk_from", "Monitor has to begin above At Risk."),
    ("much_drop", "some_drop", "A drop that flags has to be larger than the smaller one."),
    ("much_discount", "some_discount", "A heavy discount has to be larger than the smaller one."),
)


def typed(rules: Rules) -> dict[str, str]:
    """Every field as one would type it."""
    own = {f"weight_{name}": str(points) for name, points in rules.weights.items()}
    return own | {name: _text(getattr(rules, name), field) for name, field in FIELDS.items()}


def read(given: Mapping[str, str]) -> tuple[Rules | None, dict[str, str]]:
    """The rules that were typed, and what is wrong with them by field; None where anything is."""
    errors: dict[str, str] = {}
    weights = {name: _number(given, f"weight_{name}", WEIGHT, errors) for name in WEIGHTS}
    limits = {name: _number(given, name, field, errors) for name, field in FIELDS.items()}
    if not errors and sum(weights.values()) != WHOLE:
        errors["weights"] = f"Weights have to add up to {WHOLE}; these are {sum(weights.values())}."
    if not errors:
        errors = {more: says for more, less, says in ORDERED if limits[more] <= limits[less]}
    if errors:
        return None, errors
    found: dict[str, Any] = {"weights": weights, **limits}
    return Rules(**found), {}


WEIGHT = Field("", "", "whole", 0, 100, "points")


def published(name: str) -> str:
    """What the published scorecard has for a field, as one would type it."""
    return typed(PUBLISHED)[name]


def _number(
    given: Mapping[str, str], name: str, field: Field, errors: dict[str, str]
) -> int | float:
    text = given.get(name, "").strip()
    try:
        value = float(text.replace(",", "") if IN_THOUSANDS.fullmatch(text) else text)
    except ValueError:
        value = float("nan")
    whole = field.kind != "whole" or value == value // 1
    if not (field.least <= value <= field.most and whole):
        kind = "a whole number" if field.kind == "whole" else "a number such as 1.5"
        errors[name] = f"Give {kind} from {field.least:,.0f} to {field.most:,.0f}."
        return 0
    if field.kind == "whole":
        return int(value)
    return round(value / 100, 9) if field.kind == "percent" else value


def _text(value: float, field: Field) -> str:
    shown = round(value * 100, 7) if field.kind == "percent" else value
    return f"{shown:.7f}".rstrip("0").rstrip(".")
