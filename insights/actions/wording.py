"""Has a language model word the sentences of an executive summary, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from insights.actions import modelled
from insights.analytics import wording
from insights.queries import wordings
from revops_site.kernel import audit, clock, llm
from revops_site.kernel.models import User

TASK = "insights.tasks.word_summary"
AGAIN = timedelta(minutes=2)  # after that somebody may have them worded again
SENT = "summary sent to a language model"


@transaction.atomic
def ask_for(*, by: User, sentences: Sequence[str]) -> None:
    """Have the worker ask a model to word these sentences, where the workspace wants that."""
    if not wordings.may_word():
        return
    now = clock.now()
    keys = {wording.key(one, wordings.model()): one for one in sentences}
    known = wordings.of(keys)
    fresh: list[Any] = [
        one
        for key, one in keys.items()
        if key not in known and modelled.claim(key=key, at=now, since=now - AGAIN)
    ]
    if fresh:
        app.configure_task(TASK).defer(sentences=[*fresh])
        audit.record("wording of a summary asked for", user=by, sentences=len(fresh))


def word(sentences: Sequence[str]) -> None:
    """Ask the model, and keep what of its answer may be shown; "" of the others."""
    if not wordings.may_word():
        return
    prompt = wording.message(sentences)
    told: dict[str, Any] = {"task": wording.TASK, "prompt": prompt}
    told |= {"model": llm.name(), "host": llm.host()}
    try:
        reply = llm.ask(wording.TASK, prompt)
    except llm.ModelError as error:
        if error.kind != "resting":  # then nothing was sent
            audit.record(SENT, **told, outcome=error.kind, reply=error.said)
        return
    shown, refused = wording.accepted(reply.data, sentences)
    for one in sentences:
        key = wording.key(one, wordings.model())
        modelled.keep(key=key, said=shown.get(one, ""), at=clock.now())
    told |= {"outcome": "answered", "reply": reply.said}
    audit.record(SENT, **told, shown=len(shown), refused=refused)
