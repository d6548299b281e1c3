"""How a deal's page writes money, days and moments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from revops_site.kernel import formats
from revops_site.kernel.queries import workspace


def money(amount: Any, currency: str) -> str:
    """An amount in its own currency; "—" where none is known."""
    return formats.screen(formats.show(amount, "money", currency))


def share(value: float | None) -> str:
    """A fraction of 1 as percent."""
    return formats.screen(formats.show(value, "percent"))


def moment(at: datetime) -> Mapping[str, str]:
    """A moment in the workspace's zone, for people (``at``) and machines (``iso``)."""
    local = at.astimezone(ZoneInfo(workspace().time_zone))
    return {
        "at": f"{formats.show(local.date(), 'date')}, {local:%H:%M}",
        "iso": at.isoformat(timespec="seconds"),
    }


def day(of: date | None) -> Mapping[str, str]:
    """A day for people (``at``) and machines (``iso``); both "" where there is none."""
    if of is None:
        return {"at": "", "iso": ""}
    return {"at": formats.show(of, "date"), "iso": of.isoformat()}


def apart(from_: date, to: date) -> str:
    """How far a day lies from another, in words: today, in 3 days, 12 days ago."""
    days = (to - from_).days
    if not days:
        return "today"
    said = "1 day" if abs(days) == 1 else f"{abs(days):,} days"
    return f"in {said}" if days > 0 else f"{said} ago"
