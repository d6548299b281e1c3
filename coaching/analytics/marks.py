"""How long what somebody said of an action holds."""

from __future__ import annotations

from datetime import date, timedelta

DONE, SNOOZED, NOT_USEFUL, TAKEN_BACK = "done", "snoozed", "not useful", "taken back"
AGAIN = timedelta(days=14)  # what was done and changed nothing is told of again


def lasts(said: str, until: date | None, since: date, day: date) -> bool:
    """Whether an action of which this was said on ``since`` is still not to be told of on a day.

    One that is snoozed is told of again from its day on, one that is done after 14 days.
    """
    if said == SNOOZED:
        return until is not None and day < until
    if said == DONE:
        return day < since + AGAIN
    return said == NOT_USEFUL
