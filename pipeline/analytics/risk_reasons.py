"""Why to act on a deal, in a sentence with the values that the flag rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pandas as pd

Row: TypeAlias = Mapping[str, Any]


def reason(row: Row) -> str:
    """Of the first flag that is heeded; without any, to keep in touch.

    Of heeded, stage_name, days_in_stage, days_since_activity, days_until_close, engaged_contacts,
    push_count, discount_pct, health_score, last_activity_at and fell (a share).
    """
    flags = row["heeded"]
    return REASONS[flags[0]](row) if flags else f"Follow up on {row['stage_name']}."


def reasons(deals: pd.DataFrame) -> list[str]:
    """``reason`` of each row; those that rest on the same values share their sentence."""
    known = {name: deals[name].tolist() for name in {*USED, "heeded"}}
    said: dict[tuple[Any, ...], str] = {}
    found = []
    for at, flags in enumerate(known["heeded"]):
        names = RESTS_ON[flags[0]] if flags else ("stage_name",)
        values = [known[name][at] for name in names]
        key = (flags[:1], *values)
        if key not in said:
            said[key] = reason(dict(zip(names, values, strict=True), heeded=flags))
        found.append(said[key])
    return found


def why(flag: str, row: Row) -> str:
    """Why a flag is raised, as ``reason`` says it."""
    return REASONS[flag](row)


def _past_due(row: Row) -> str:
    late = -int(row["days_until_close"])
    return f"Expected close was {_days(late)} ago: agree on a new date, or close it."


def _stuck(row: Row) -> str:
    return f"In {row['stage_name']} for {_days(row['days_in_stage'])}: find out what holds it."


def _dark(row: Row) -> str:
    days = _days(row["days_since_activity"])
    is_known = bool(pd.notna(row["last_activity_at"]))
    if is_known:
        return f"No activity for {days}: get back in touch."
    return f"No activity in the {days} since it was created: get in touch."


def _no_buyer(row: Row) -> str:
    return f"In {row['stage_name']} without a known economic buyer: ask who decides on the money."


def _no_champion(row: Row) -> str:
    return f"In {row['stage_name']} without a known champion: find who speaks for us."


def _few_people(row: Row) -> str:
    people = int(row["engaged_contacts"])
    if not people:
        return "Nobody was engaged in 90 days: bring somebody in."
    return f"Only {people} engaged in 90 days: bring more people in."


def _slipped(row: Row) -> str:
    return "Slipped out of this quarter: agree on the steps to the new date."


def _pushed(row: Row) -> str:
    return f"Expected close pushed {int(row['push_count'])} times: agree on a date that holds."


def _dropped(row: Row) -> str:
    return f"Amount fell {_percent(row['fell'])} in 30 days: find out what was cut."


def _no_step(row: Row) -> str:
    return "Nothing is planned: agree on a next step."


def _discount(row: Row) -> str:
    return f"Discount of {_percent(row['discount_pct'])}: trade it for something."


def _weak_commit(row: Row) -> str:
    return f"In Commit with a health of {int(row['health_score'])}: check the commitment."


REASONS: Mapping[str, Callable[[Row], str]] = {
    "PAST_DUE": _past_due,
    "STUCK": _stuck,
    "GOING_DARK": _dark,
    "NO_EB": _no_buyer,
    "NO_CHAMPION": _no_champion,
    "SINGLE_THREADED": _few_people,
    "CLOSE_DATE_SLIPPED": _slipped,
    "CLOSE_DATE_PUSHED": _pushed,
    "AMOUNT_DROP": _dropped,
    "NO_NEXT_STEP": _no_step,
    "HEAVY_DISCOUNT": _discount,
    "COMMIT_AT_RISK": _weak_commit,
}

# The values that the sentence of a flag is made of.
RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "PAST_DUE": ("days_until_close",),
    "STUCK": ("stage_name", "days_in_stage"),
    "GOING_DARK": ("days_since_activity", "last_activity_at"),
    "NO_EB": ("stage_name",),
    "NO_CHAMPION": ("stage_name",),
    "SINGLE_THREADED": ("engaged_contacts",),
    "CLOSE_DATE_SLIPPED": (),
    "CLOSE_DATE_PUSHED": ("push_count",),
    "AMOUNT_DROP": ("fell",),
    "NO_NEXT_STEP": (),
    "HEAVY_DISCOUNT": ("discount_pct",),
    "COMMIT_AT_RISK": ("health_score",),
}
USED = {"stage_name", *(name for names in RESTS_ON.values() for name in names)}


def _days(count: float) -> str:
    return "1 day" if int(count) == 1 else f"{int(count):,} days"


def _percent(share: float) -> str:
    return f"{int(share * 100 + 0.5)}%"
