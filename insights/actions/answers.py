"""Takes what readers say of insights: useful, dismissed, brought back, or made a task."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from insights.analytics.insight import Insight
from insights.models import InsightAnswer
from pipeline.actions import tasks
from pipeline.actions.work import RefusedError
from revops_site.kernel import audit
from revops_site.kernel.models import User

__all__ = ["SAYS", "RefusedError", "make_task", "say"]

Said = InsightAnswer.Said
SAYS = {
    "useful": Said.USEFUL,
    "unsaid": Said.UNSAID,
    "dismiss": Said.DISMISSED,
    "bring back": Said.BACK,
}


@transaction.atomic
def say(*, user: User, insight: Insight, said: str, at: datetime) -> None:
    """Keep what a reader says of an insight that they are shown; the same twice is once."""
    before = (
        InsightAnswer.objects.filter(user=user, rule=insight.rule, subject=insight.said.subject)
        .exclude(said=Said.TASK)
        .first()
    )
    if before and before.said == said and before.data_hash == insight.data_hash:
        return
    _keep(user, insight, said, at)


@transaction.atomic
def make_task(*, user: User, insight: Insight, address: str, due: str, at: datetime) -> None:
    """Give the reader a task about an insight, due on a day; it stands among their tasks.

    RefusedError says what is in the way.
    """
    made = tasks.add_about(
        by=user,
        about=insight.said.headline,
        address=address,
        title=insight.said.action,
        due=_day(due),
        at=at,
    )
    _keep(user, insight, Said.TASK, at, task_id=made.pk)


def _keep(
    user: User, insight: Insight, said: str, at: datetime, *, task_id: int | None = None
) -> None:
    InsightAnswer.objects.create(
        user=user,
        rule=insight.rule,
        subject=insight.said.subject,
        said=said,
        version=insight.version,
        severity=insight.severity,
        value=insight.said.value,
        data_hash=insight.data_hash,
        task_id=task_id,
        at=at,
    )
    audit.record(f"insight {said}", user=user, target=insight.rule, subject=insight.said.subject)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RefusedError("Choose the day that the task is due.") from None
