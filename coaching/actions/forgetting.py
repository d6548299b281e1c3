"""Lets go of follow-up mails after the time that the workspace keeps them for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from coaching.models import Mail
from revops_site.kernel import audit, freshness

ENDED = (Mail.State.SENT, Mail.State.FAILED, Mail.State.DISCARDED)


@transaction.atomic
def forget_old(at: datetime) -> int:
    """Delete the mails that ended so long ago, with their tries; how many.

    What may have been sent stays until somebody says whether it was.
    """
    days = freshness.workspace().mails_kept_days
    if not days:
        return 0
    old = Mail.objects.filter(state__in=ENDED, ended_at__lt=at - timedelta(days=days))
    _, by_table = old.delete()
    gone = by_table.get(Mail._meta.label, 0)
    if gone:
        audit.record("follow-up mails deleted", target=f"{gone} mails", mails=gone, days=days)
    return gone
