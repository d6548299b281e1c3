"""Takes from a reader's day what is done, or can wait."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from insights.models import TodayMark
from pipeline.queries.today import Waiting
from revops_site.kernel import audit
from revops_site.kernel.models import User

LATEST = 90  # days that something may be put off


class RefusedError(ValueError):
    """Why it cannot be put off so, in a sentence for who asked."""


def done(*, user: User, item: Waiting, at: datetime) -> None:
    """It waits no more, until the deal waits for the same anew."""
    _keep(user, item, None, at)


def put_off(*, user: User, item: Waiting, until: date, today: date, at: datetime) -> None:
    """It waits again from a day on."""
    if not today < until <= today + timedelta(days=LATEST):
        raise RefusedError(f"Choose a day after today, {LATEST} days ahead at most.")
    _keep(user, item, until, at)


def take_back(*, user: User, at: datetime) -> int:
    """Everything waits again that this reader had done or put off; how much that was."""
    count, _ = TodayMark.objects.filter(user=user).delete()
    audit.record("day begun anew", user=user, target="", count=count)
    return count


def _keep(user: User, item: Waiting, until: date | None, at: datetime) -> None:
    told = {"since": item.since, "until": until, "at": at}
    TodayMark.objects.update_or_create(
        user=user, deal_id=item.deal_id, kind=item.kind, defaults=told
    )
    deed = "put off" if until else "done"
    audit.record(f"today {deed}", user=user, target=item.deal_id, kind=item.kind, until=f"{until}")
