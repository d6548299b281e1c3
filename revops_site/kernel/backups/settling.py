"""Makes a database fit to run that is older than what the world has seen since.

What came to be between the backup and its end is forgotten here and remembered elsewhere: mails
are in people's hands, browsers keep pages and sessions. So no mail goes out that may have gone out,
nobody stays signed in, and the count of changes jumps beyond any that was ever given out.
"""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest

from revops_site.kernel import audit, clock, freshness
from revops_site.kernel.entry import letters
from revops_site.kernel.models import ApiToken, Workspace
from revops_site.kernel.signals import restored

RESTORED = "backup restored"
HOLD_LETTERS = """
    UPDATE procrastinate_jobs SET status = (
        CASE status WHEN 'todo' THEN 'cancelled' ELSE 'failed' END
    )::procrastinate_job_status
    WHERE task_name = ANY (%s) AND status IN ('todo', 'doing')
"""
NO_WORKERS = "DELETE FROM procrastinate_workers"


@transaction.atomic
def settle(made_at: datetime) -> list[str]:
    """Settle the database that Django is connected to, of a backup of then; what to know of it.

    In one transaction, before anybody works with it. A second time does no harm.
    """
    now = clock.now()
    notes = [
        f"{one.capitalize()}."
        for one in (
            _count(_hold_letters(), "invitation or password mail", "is not sent: ask for it again"),
            _count(Session.objects.all().delete()[0], "session", "ended: everybody signs in again"),
            _count(
                ApiToken.objects.filter(ended_at=None).count(),
                "API token",
                f"is as it was at {made_at:%Y-%m-%d %H:%M} UTC: end again what was ended since",
            ),
        )
        if one
    ]
    UserSession.objects.all().delete()
    freshness.workspace()
    beyond = int(now.timestamp())  # so many changes a second nobody makes
    Workspace.objects.filter(pk=freshness.WORKSPACE).update(
        generation=Greatest(F("generation") + 1, beyond)
    )
    for _, said in restored.send(sender=None, made_at=made_at, at=now):
        notes += said or []
    audit.record(RESTORED, target=f"{made_at:%Y-%m-%dT%H:%M:%SZ}", notes=notes)
    return notes


def _hold_letters() -> int:
    """Nobody knows whether a mail went out that waited: it lets somebody in, and is asked for anew.

    The worker of then is no more, so what it did can be taken up by others at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD_LETTERS, [list(letters.ONCE)])
        held = int(cursor.rowcount)
        cursor.execute(NO_WORKERS)
    return held


def _count(count: int, noun: str, said: str) -> str:
    return f"{count:,} × {noun}: {said}" if count else ""
