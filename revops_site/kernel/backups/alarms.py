"""Mails admins when backups go wrong, once, and once more when they are good again.

What was told is the newest of two rows in the audit log, written in the transaction that queues the
mails: whoever dies in between has told nobody, or everybody.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from revops_site.kernel import audit, locks, mail
from revops_site.kernel.backups.records import NONE_YET, OLDEST, OVERDUE, state
from revops_site.kernel.entry.letters import ALARM
from revops_site.kernel.mail import Outcome
from revops_site.kernel.models import AuditEvent, BackupRun, User
from revops_site.kernel.sealing import seal, unseal

QUEUE = "alarms"
TOLD, OVER = "backup alarm told", "backup alarm over"
WRONG = "Backups need you"
GOOD = "Backups are good again"
MOST_TRIES, MINUTES = 8, 5
ASK = """{problem}

Until a backup was made, restored and compared, what is written can be lost with this database.

What is known: {page}
What to do: manage.py backup --verify, and docs/operations.md.
You get one mail about this, and one when it is over."""
END = """The backup of {began:%Y-%m-%d %H:%M} UTC was restored and compared: nothing differs.

What is known: {page}"""


class NotYetError(Exception):
    """The mail server has surely not taken the mail: it is tried again."""


RETRY = RetryStrategy(
    max_attempts=MOST_TRIES,
    wait=MINUTES * 60,
    linear_wait=MINUTES * 60,
    retry_exceptions=[NotYetError],
)


@transaction.atomic
def tell(at: datetime) -> None:
    """Queue what admins do not know yet of how backups stand; nothing where none are set up."""
    if settings.REVOPS_DEMO or not settings.BACKUP_KEY:
        return
    locks.queue_for("backup alarm")
    last = AuditEvent.objects.filter(action__in=[TOLD, OVER]).first()
    is_told = last is not None and last.action == TOLD
    problem = wrong(at)
    page = f"{str(settings.PUBLIC_URL).rstrip('/')}{reverse('insights:operations')}"
    verified = state(at).verified
    if problem and not is_told:
        _queue(TOLD, WRONG, ASK.format(problem=problem, page=page))
    elif is_told and not problem and verified is not None:
        _queue(OVER, GOOD, END.format(began=verified.began_at, page=page))


def wrong(at: datetime) -> str:
    """What is wrong with backups that somebody has to hear of; empty where all is well.

    Where the first night is still to come nothing is.
    """
    found = state(at)
    over = BackupRun.objects.exclude(problem="", verified_at=None).first()
    failed = f"The last backup failed: {over.problem}" if over and over.problem else ""
    if (
        found.alarm == NONE_YET
        and not AuditEvent.objects.filter(
            action=OVERDUE, detail__why=NONE_YET, at__lt=at - OLDEST + timedelta(hours=1)
        ).exists()
    ):
        return failed
    return f"{found.alarm} {failed}".strip()


def post(sealed: str) -> None:
    """Send one, and write down what became of it."""
    letter = json.loads(unseal(sealed))
    person = User.objects.filter(pk=letter["to"], is_active=True).exclude(email="").first()
    if person is None:
        return
    answer = mail.note(person.email, letter["subject"], letter["text"])
    audit.record(f"alarm mail {answer.outcome}", user=person, target=letter["subject"])
    if answer.outcome == Outcome.LATER:
        raise NotYetError(answer.reason)
    if answer.outcome != Outcome.ACCEPTED:
        raise RuntimeError(answer.reason)


def _queue(action: str, subject: str, text: str) -> None:
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).exclude(email="")
    people = list(admins.order_by("pk"))
    if not people:
        return
    audit.record(action, target=subject, people=len(people), says=text.partition("\n")[0])
    for one in people:
        letter = {"to": one.pk, "subject": subject, "text": text}
        app.configure_task(ALARM, queue=QUEUE).defer(sealed=seal(json.dumps(letter)))
