"""Has a language model read a deal's notes, where the workspace wants it, once for each text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from pipeline.analytics import modelled
from pipeline.analytics.reading import Text
from pipeline.models import NoteReading
from pipeline.queries.deal import readings
from revops_site.kernel import audit, clock, freshness, llm
from revops_site.kernel.queries import workspace

TASK = "read-notes"
LATER = -10  # what others wait for comes first
KEPT = timedelta(days=30)


def ask_for(deal_id: str) -> None:
    """Have the worker read a deal's notes, if they were not read as they are; never waits."""
    if not readings.is_on(workspace()):
        return
    notes = [Text(*one) for one in readings.texts(deal_id)]
    digest = modelled.digest(notes, llm.name(), llm.host())
    if not notes or readings.state(deal_id, digest)[0] != "due" or llm.is_resting():
        return
    try:
        with transaction.atomic():
            called = f"{TASK} {deal_id}"
            task = app.configure_task(TASK, lock=TASK, queueing_lock=called, priority=LATER)
            task.defer(deal_id=deal_id)
            _keep(deal_id, digest, NoteReading.State.ASKED)
    except AlreadyEnqueued:
        pass


def make(deal_id: str) -> None:
    """Ask the model what a deal's notes say, and keep what may be shown of its answer.

    Whether it may read them is looked at once more: it may have been switched off meanwhile.
    """
    if not readings.is_on(freshness.workspace()):
        return
    notes = [Text(*one) for one in readings.texts(deal_id)]
    digest = modelled.digest(notes, llm.name(), llm.host())
    if not notes or readings.state(deal_id, digest)[0] == NoteReading.State.MADE:
        return
    prompt = modelled.message(notes)
    told: dict[str, Any] = {"notes": len(notes), "task": modelled.TASK, "prompt": prompt}
    try:
        reply = llm.ask(modelled.TASK, prompt)
    except llm.ModelError as error:
        _keep(deal_id, digest, NoteReading.State.FAILED, why=error.kind)
        if error.kind != "resting":  # then nothing was sent
            _tell(deal_id, **told, outcome=error.kind, reply=error.said)
        return
    found = modelled.accepted(reply.data, notes)
    _keep(deal_id, digest, NoteReading.State.MADE, findings=found)
    _tell(deal_id, **told, outcome="answered", reply=reply.said, findings=len(found))


def forget() -> None:
    """Delete what was read more than 30 days ago."""
    NoteReading.objects.filter(at__lt=clock.now() - KEPT).delete()


def _keep(deal_id: str, digest: str, state: str, why: str = "", findings: Any = ()) -> None:
    values = {
        "digest": digest,
        "state": state,
        "at": clock.now(),
        "model": llm.name()[:120],
        "why": why,
        "findings": list(findings),
    }
    NoteReading.objects.update_or_create(pk=deal_id, defaults=values)


def _tell(deal_id: str, **detail: Any) -> None:
    """Put into the audit record, which admins alone read, what was sent and what came back."""
    told = {"model": llm.name(), "host": llm.host(), **detail}
    audit.record("notes sent to a language model", target=deal_id, **told)
