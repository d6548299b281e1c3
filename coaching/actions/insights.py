"""Has a rep's insights written, by a template or in a language model's words, and keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from coaching.analytics import wording
from coaching.analytics.points import Told
from coaching.models import CoachingInsight, InsightRequest
from coaching.queries import insights
from revops_site.kernel import audit, clock, freshness, llm
from revops_site.kernel.models import User

TASK = "write-insights"
KEPT = timedelta(days=100)
SENT = "figures sent to a language model"


def ask_for(*, rep_id: str, by: User) -> None:
    """Have the worker write a rep's insights anew; twice is once."""
    try:
        with transaction.atomic():
            task = app.configure_task(TASK, queueing_lock=f"{TASK} {rep_id}")
            task.defer(rep_id=rep_id)
            InsightRequest.objects.update_or_create(
                rep_id=rep_id, defaults={"at": clock.now(), "by": by}
            )
            audit.record("coaching insights asked for", user=by, target=rep_id)
    except AlreadyEnqueued:
        pass


def say(rep_id: str, found: Told) -> tuple[Told, str, str]:
    """The sentences as they are to be shown, what wrote them, and what tells them from others.

    A model is asked where the workspace wants it, outside of any transaction; the wording of the
    same sentences is taken over from the last time. What may not be shown of its answer stays as
    the template says it, and is in the audit record with the reason.
    """
    may = insights.may_word(freshness.workspace())
    model = f"{llm.name()} at {llm.host()}" if may else ""
    digest = wording.digest(found, model)
    if not may:
        return found, wording.VERSION, digest
    before = insights.newest(rep_id)
    if before is not None and before.digest == digest:
        return wording.worded(found, before.content["wording"]), before.model_version, digest
    prompt = wording.message(found)
    told: dict[str, Any] = {"task": wording.TASK, "prompt": prompt}
    try:
        reply = llm.ask(wording.TASK, prompt)
    except llm.ModelError as error:
        if error.kind != "resting":  # then nothing was sent
            _tell(rep_id, **told, outcome=error.kind, reply=error.said)
        return found, wording.VERSION, ""  # it is asked again the next time
    shown, refused = wording.accepted(reply.data, found)
    _tell(rep_id, **told, outcome="answered", reply=reply.said, shown=[*shown], refused=refused)
    version = f"{wording.VERSION} + {llm.name()}"[:160] if shown else wording.VERSION
    return wording.worded(found, shown), version, digest


@transaction.atomic
def keep(
    *, rep_id: str, day: date, content: Mapping[str, Any], model_version: str, digest: str
) -> None:
    """Let this be what is said of the rep as of that day, and forget what is 100 days old."""
    CoachingInsight.objects.update_or_create(
        rep_id=rep_id,
        day=day,
        defaults={
            "generated_at": clock.now(),
            "model_version": model_version,
            "digest": digest,
            "content": dict(content),
        },
    )
    CoachingInsight.objects.filter(rep_id=rep_id, day__lt=day - KEPT).delete()
    InsightRequest.objects.filter(rep_id=rep_id).delete()


def give_up(rep_id: str) -> None:
    """Say no longer that a rep's insights are being written."""
    InsightRequest.objects.filter(rep_id=rep_id).delete()


def _tell(rep_id: str, **detail: Any) -> None:
    """Put into the audit record, which admins alone read, what was sent and what came back."""
    told = {"model": llm.name(), "host": llm.host(), **detail}
    audit.record(SENT, target=rep_id, **told)
