"""Has a language model choose what a question asks for, where the grammar does not read it.

What it chose is kept for an hour, as the object that it answered with: it is read by the vocabulary
of whoever asks, and never shown itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from procrastinate.contrib.django import app

from insights.actions import modelled
from insights.analytics.asking import Question, Vocabulary, choosing
from insights.queries.modelled import kept
from revops_site.kernel import audit, clock, freshness, llm

TASK = "insights.tasks.choose_question"
KEPT = timedelta(hours=1)
ASKED = timedelta(minutes=1)  # after that somebody may have it asked again
SENT = "question sent to a language model"
Chosen = Question | Literal["waiting"] | None


def may_ask() -> bool:
    """Whether a model may be asked: one is configured, and the workspace wants it."""
    return freshness.workspace().sends_questions_to_model and llm.is_configured()


def chosen(text: str, vocabulary: Vocabulary) -> Chosen:
    """What the model takes the question for, as far as this reader's grammar reads it.

    The first who asks has a worker ask the model; "waiting" until it has answered.
    """
    if not text or not may_ask():
        return None
    key, now = _key(text), clock.now()
    said = kept([key], now - KEPT).get(key)
    if said is None and not llm.is_resting():
        if modelled.claim(key=key, at=now, since=now - ASKED):
            app.configure_task(TASK).defer(text=text)
        return "waiting"
    return choosing.accepted(said, vocabulary) if isinstance(said, Mapping) else None


def choose(text: str, vocabulary: Vocabulary) -> None:
    """Ask the model, and keep what it chose; {} where it failed or chose nothing."""
    key = _key(text)
    if not may_ask() or kept([key], clock.now() - KEPT):
        return
    prompt = choosing.message(text, vocabulary)
    told: dict[str, Any] = {"question": text, "model": llm.name(), "host": llm.host()}
    said: Mapping[str, Any] = {}
    try:
        reply = llm.ask(choosing.TASK, prompt)
    except llm.ModelError as error:
        if error.kind == "resting":
            return  # nothing was sent
        told |= {"outcome": error.kind, "reply": error.said}
    else:
        said = reply.data if choosing.accepted(reply.data, vocabulary) is not None else {}
        told |= {"outcome": "answered", "reply": reply.said, "kept": bool(said)}
    modelled.keep(key=key, said=dict(said), at=clock.now())
    audit.record(SENT, **told)


def _key(text: str) -> str:
    return hashlib.blake2s(f"question:{text.casefold()}".encode()).hexdigest()
