"""Holds follow-ups of a backup that was put back: they may have gone out since it was made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from coaching.models import Mail, MailTry
from revops_site.kernel import audit

State = Mail.State
MAYBE = "Restored from a backup of {}: it may have been sent since."
READ_AGAIN = "Restored from a backup of {}: it may have been approved and sent since."


@transaction.atomic
def hold(*, made_at: datetime, at: datetime, **_: Any) -> list[str]:
    """What was approved or being sent is for people to decide; drafts say what may be so.

    Listens to ``restored``.
    """
    when = f"{made_at:%Y-%m-%d %H:%M} UTC"
    ways = Mail.objects.filter(state__in=[State.APPROVED, State.SENDING])
    found = list(ways.select_for_update().order_by("pk"))
    why = MAYBE.format(when)
    MailTry.objects.filter(outcome=MailTry.Outcome.UNDER_WAY).update(
        outcome=MailTry.Outcome.UNKNOWN, ended_at=at, reason=why
    )
    for one in found:
        # A step at a time, as the table's guard demands.
        Mail.objects.filter(pk=one.pk).update(state=State.SENDING, next_try_at=None)
        Mail.objects.filter(pk=one.pk).update(
            state=State.UNKNOWN, why=why, changed_at=at, ended_at=at, version=one.version + 1
        )
        audit.record("follow-up unknown", target=one.deal_id, mail=one.pk, why=why)
    drafts = Mail.objects.filter(state=State.DRAFT).update(why=READ_AGAIN.format(when))
    told = []
    if found:
        told.append(f"{len(found):,} × follow-up may have been sent since: decide at its page.")
    if drafts:
        told.append(f"{drafts:,} × draft may have been approved and sent since: its page says so.")
    return told
