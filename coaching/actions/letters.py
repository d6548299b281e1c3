"""Has a language model word drafts that the product made and nobody has touched."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from coaching.analytics import letters
from coaching.analytics.followups import Facts, worded
from coaching.models import Mail
from coaching.queries import insights, mails
from revops_site.kernel import audit, clock, freshness, llm

SENT = "follow-up sent to a language model"
SECONDS = 60.0


def word(seconds: float = SECONDS) -> int:
    """Have drafts worded, each asked for once, for about so long; how many got other words.

    The model is asked outside of any transaction, and where the workspace wants it. Whatever fails,
    the template's text stays.
    """
    many, ends = 0, time.monotonic() + seconds
    if not insights.may_word(freshness.workspace()):
        return many
    for found in mails.unworded():
        if time.monotonic() >= ends or llm.is_resting():
            break
        many += _worded(found)
    return many


def _worded(found: Mail) -> bool:
    facts = Facts.of(found.facts)
    prompt = letters.message(facts)
    told: dict[str, Any] = {"task": letters.TASK, "prompt": prompt}
    said: Sequence[str] = ()
    try:
        reply = llm.ask(letters.TASK, prompt)
    except llm.ModelError as error:
        if error.kind == "resting":
            return False  # nothing was sent
        told |= {"outcome": error.kind, "reply": error.said}
    else:
        said, refused = letters.accepted(reply.data, facts)
        told |= {"outcome": "answered", "reply": reply.said, "refused": refused}
    return _kept(found, worded(facts, said)[1] if said else "", told)


@transaction.atomic
def _kept(found: Mail, body: str, told: dict[str, Any]) -> bool:
    """Keep the text on the draft that it is of, unless a person has touched that meanwhile."""
    rows = Mail.objects.select_for_update().filter(pk=found.pk, version=found.version)
    own = rows.filter(state=Mail.State.DRAFT).first()
    is_kept = own is not None and bool(body)
    if own is not None:
        own.model_asked_at = clock.now()
        if body:
            own.body, own.wording = body, Mail.Wording.MODEL
            own.version, own.changed_at = own.version + 1, own.model_asked_at
        own.save(update_fields=["body", "wording", "version", "changed_at", "model_asked_at"])
    told |= {"mail": found.pk, "model": llm.name(), "host": llm.host(), "kept": is_kept}
    audit.record(SENT, target=found.deal_id, **told)
    return is_kept
