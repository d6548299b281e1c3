"""The wall clock, for jobs, stamps and tokens: the only file that may ask for it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """Today's business date in ``zone``, an IANA name such as ``Europe/Berlin``."""
    return now().astimezone(ZoneInfo(zone)).date()
