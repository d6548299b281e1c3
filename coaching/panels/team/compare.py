"""Two reps beside each other, measure by measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from coaching.panels.team.known import KNOWN, reps
from coaching.queries.people import group
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Panel, Shown

COLUMNS = (
    *("measure", "first", "second", "ahead", "first_value", "second_value"),
    *("first_rep_id", "second_rep_id"),
)


@dataclass(frozen=True)
class Measure:
    """A measure that two reps are compared by; ``more`` is whether more of it is better."""

    name: str
    label: str
    show: str
    more: bool


MEASURES = (
    Measure("overall_rank", "Rank", "integer", more=False),
    Measure("ytd_attainment", "Attainment", "percent", more=True),
    Measure("pace", "Pace", "percent", more=True),
    Measure("win_rate", "Win rate", "percent", more=True),
    Measure("win_rate_shrunk", "Win rate, fair", "percent", more=True),
    Measure("avg_deal_size", "Deal size", "money", more=True),
    Measure("avg_sales_cycle_days", "Sales cycle", "days", more=False),
    Measure("coverage_ratio", "Coverage", "ratio", more=True),
    Measure("avg_daily_activities", "Activities a day", "decimal1", more=True),
)


def two(slice_: Slice) -> pd.DataFrame:
    """The first two by name of the reps shown, each with all figures."""
    chosen = [*group(slice_).shown[:2]]
    found = reps(slice_)
    return found[found["rep_id"].isin(chosen)].sort_values(["name", "rep_id"])


def compared(slice_: Slice) -> pd.DataFrame:
    """One row a measure: what each of the two has, and whose is better."""
    found = two(slice_)
    if len(found) < 2:
        return pd.DataFrame(columns=[*COLUMNS])
    pair = found.to_dict("records")
    named = {"measure": "Rep", "ahead": "", **_whose("name", pair), **_whose("rep_id", pair)}
    rows = [named, *(_row(one, pair, slice_.currency) for one in MEASURES)]
    return pd.DataFrame(rows, columns=[*COLUMNS])


def _whose(name: str, pair: Sequence[Mapping[Any, Any]]) -> dict[str, Any]:
    """Who the two are."""
    tail = "" if name == "name" else f"_{name}"
    places = ("first", "second")
    return {f"{place}{tail}": one[name] for place, one in zip(places, pair, strict=True)}


def _row(one: Measure, pair: Sequence[Mapping[Any, Any]], currency: str) -> dict[str, Any]:
    values = [rep[one.name] for rep in pair]
    texts = [formats.screen(formats.show(value, one.show, currency)) for value in values]
    return {
        "measure": one.label,
        "first": texts[0],
        "second": texts[1],
        "ahead": _ahead(one, values, [str(rep["name"]) for rep in pair], texts),
        "first_value": values[0],
        "second_value": values[1],
        **_whose("rep_id", pair),
    }


def _ahead(one: Measure, values: Sequence[Any], names: Sequence[str], texts: Sequence[str]) -> str:
    """Whose is better; nobody's where it looks the same."""
    if any(pd.isna(value) for value in values) or texts[0] == texts[1]:
        return ""
    return names[int(bool(values[1] > values[0]) == one.more)]


def beside(visit: Visit) -> Sequence[Mapping[str, Any]]:
    """The form that chooses the two, for who may see two at least."""
    found = group(visit.slice_)
    known = [one for one in found.people if one.rep_id in found.seen]
    if len(known) < 2:
        return []
    chosen = found.shown if len(found.shown) > 1 else [one.rep_id for one in known]
    kept = [pair for pair in visit.asked.parts() if pair[0] != "owner"]
    form = {
        "template": "coaching/_compare.html",
        "url": visit.page.address,
        "hidden": kept,
        "choices": [
            {
                "label": label,
                "options": [(one.rep_id, one.name, one.rep_id == own) for one in known],
            }
            for label, own in zip(("Compare", "with"), chosen, strict=False)
        ],
    }
    return [form]


COMPARE = Panel(
    slug="coaching-compare",
    title="Two reps beside each other",
    question="The first two by name, or the two that are chosen.",
    frame=compared,
    columns=(
        Shown("measure", "Measure"),
        Shown("first", "First"),
        Shown("second", "Second"),
        Shown("ahead", "Ahead"),
        Shown("first_value", "First, exact", "decimal", filed=True),
        Shown("second_value", "Second, exact", "decimal", filed=True),
        Shown("first_rep_id", "First's id", filed=True),
        Shown("second_rep_id", "Second's id", filed=True),
    ),
    dimensions=KNOWN,
    nothing="There are no two reps whose figures you may see.",
)
