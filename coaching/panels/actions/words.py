"""A next best action in words: what to do with whom, when, what waiting risks, what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coaching.analytics import marks
from coaching.analytics.delay import Stake, risk_if_delayed
from coaching.panels.priorities import Action
from coaching.queries.marks import Mark
from revops_site.kernel import formats
from revops_site.kernel.queries import workspace

TYPES: Mapping[str, str] = {"escalate": "task"}  # what the contract calls an action otherwise
DOING = {"call": "Call", "email": "Mail", "meeting": "Meet", "escalate": "Escalate"}
ICONS = {"call": "📞", "email": "📧", "meeting": "👥", "task": "✅"}
URGENCIES = {"today": "Today", "this_week": "This week", "soon": "Soon"}
TONES = {"today": "bad", "this_week": "warn", "soon": "muted"}
PARTS = {
    "health": "Health",
    "recency": "Silence",
    "amount": "Amount",
    "close_date": "Close date",
    "flags": "Flags",
}


def doing(row: Mapping[str, Any]) -> str:
    """What to do with whom."""
    what, whom = DOING[row["primary_action"]], row["action_target"]
    if row["primary_action"] == "escalate":
        return f"{what} to your manager, with {whom}" if whom else f"{what} to your manager"
    return f"{what} {whom}" if whom else what


def delay(row: Mapping[str, Any], currency: str) -> str:
    """What is at stake where it waits."""
    value = row["value"]
    return risk_if_delayed(
        Stake(
            slip_risk=row["slip_risk"],
            amount=None if value is None else float(value),
            days_until_close=row["days_until_close"],
            push_count=row["push_count"],
            currency=currency,
        )
    )


def hours(action: Action) -> tuple[str, str] | None:
    """When most of the rep's calls are answered, as "2:00 PM"; None where too few calls tell."""
    if action.hours is None:
        return None
    first, last = action.hours
    return _hour(first), _hour(last)


def best(action: Action) -> str:
    """The same as the list prints it, with whose hours they are; "" where unknown."""
    found = hours(action)
    return f"{found[0]} – {found[1]} ({workspace().time_zone})" if found else ""


def when(action: Action) -> str:
    """How soon, and at what time best."""
    found = hours(action)
    said = URGENCIES[action.ranked.urgency]
    return f"{said}, {found[0]} – {found[1]}" if found else said


def said(mark: Mark) -> str:
    """What became of an action, by whom, until when or why."""
    who, on = mark.by or "somebody who left", formats.show(mark.day, "date")
    if mark.said == marks.SNOOZED and mark.until:
        return f"Snoozed until {formats.show(mark.until, 'date')} by {who}"
    if mark.said == marks.NOT_USEFUL:
        return f"Not useful, by {who} on {on}: “{mark.reason}”"
    return f"Done by {who} on {on}" if mark.said == marks.DONE else ""


def _hour(hour: int) -> str:
    return f"{(hour - 1) % 12 + 1}:00 {'AM' if hour % 24 < 12 else 'PM'}"
