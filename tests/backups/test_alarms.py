"""Admins are mailed once when backups are too old or fail, and once when they are good again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from revops_site.kernel import backups, clock, tasks
from revops_site.kernel.auditing import chain
from revops_site.kernel.backups import alarms, making, records
from revops_site.kernel.backups.errors import BackupError
from revops_site.kernel.entry.letters import ALARM
from revops_site.kernel.models import AuditEvent, BackupRun, User
from tests.faults.served import eventually
from tests.faults.test_kills import address
from tests.faults.working import crew

DONE = "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s"
Look = Callable[[datetime], list[str]]


@pytest.fixture
def look(vault: Path, ad: User, dee: User, mailoutbox: list[EmailMessage]) -> Look:
    """An hour's look at a moment by the real worker: the mails that it had sent, and to whom."""

    def looked(at: datetime) -> list[str]:
        mailoutbox.clear()
        records.sound(at)
        alarms.tell(at)
        work()
        return [f"{one.to[0]}: {one.subject}" for one in mailoutbox]

    return looked


def work() -> None:
    """What is queued is sent, as a worker would; what cannot be yet stays in the queue."""
    for job in ProcrastinateJob.objects.filter(task_name=ALARM, status="todo").order_by("id"):
        with suppress(alarms.NotYetError):
            tasks.post_alarm(**job.args)
            with connection.cursor() as cursor:
                cursor.execute(DONE, [job.pk])


def a_backup(at: datetime, problem: str = "") -> BackupRun:
    """What is kept of a backup that was made and verified then, or failed."""
    good = None if problem else at
    return BackupRun.objects.create(
        name=f"{at:{making.NAMES}}", began_at=at, verified_at=good, problem=problem
    )


def test_a_backup_that_is_too_old_is_mailed_to_admins_once_and_once_when_it_is_over(
    look: Look, mailoutbox: list[EmailMessage]
) -> None:
    now = clock.now()
    a_backup(now)
    assert look(now + timedelta(hours=25)) == []
    assert look(now + timedelta(hours=27)) == ["ad@example.com: Backups need you"]
    said = mailoutbox[0].body
    assert "The last backup that was verified is 27 hours old." in said
    assert "/ops/" in said
    for hours in (28, 50, 80):
        assert look(now + timedelta(hours=hours)) == [], "told already"
    a_backup(now + timedelta(hours=81))
    assert look(now + timedelta(hours=82)) == ["ad@example.com: Backups are good again"]
    assert look(now + timedelta(hours=83)) == []
    assert look(now + timedelta(hours=120)) == ["ad@example.com: Backups need you"], "a new one"
    assert AuditEvent.objects.filter(action="alarm mail accepted").count() == 3
    chain.seal()
    assert chain.verify().problems == []


def test_a_backup_that_fails_is_mailed_at_the_next_look_with_its_reason(
    look: Look, mailoutbox: list[EmailMessage], settings: LazySettings, tmp_path: Path
) -> None:
    backups.run(verified=True)
    assert look(clock.now()) == []
    right, settings.BACKUP_DIR = settings.BACKUP_DIR, tmp_path / "a file"
    Path(settings.BACKUP_DIR).write_text("in the way")
    with pytest.raises(BackupError):
        backups.run(verified=True, by_schedule=True)
    assert look(clock.now()) == ["ad@example.com: Backups need you"]
    assert f"The last backup failed: {BackupRun.objects.all()[0].problem}" in mailoutbox[0].body
    BackupRun.objects.create(name="under way", began_at=clock.now())
    assert look(clock.now()) == [], "it is not over before another is verified"
    settings.BACKUP_DIR = right
    backups.run(verified=True)
    assert look(clock.now()) == ["ad@example.com: Backups are good again"]


def test_the_first_night_is_waited_for_and_not_the_second(look: Look) -> None:
    now = clock.now()
    assert look(now) == []
    assert look(now + timedelta(hours=12)) == []
    shift(hours=-30)
    assert look(now) == ["ad@example.com: Backups need you"]


def shift(hours: int) -> None:
    """As if what is in the audit log of backups had been written at another hour."""
    old = AuditEvent.objects.filter(action=records.OVERDUE)[0]
    AuditEvent.objects.create(
        at=old.at + timedelta(hours=hours), action=old.action, detail=old.detail
    )


def test_nobody_is_mailed_where_no_backups_are_set_up(look: Look, settings: LazySettings) -> None:
    a_backup(clock.now() - timedelta(days=9))
    settings.BACKUP_KEY = ""
    assert look(clock.now()) == []
    settings.BACKUP_KEY, settings.REVOPS_DEMO = "x", True
    assert look(clock.now()) == []


def test_a_mail_that_the_server_would_not_take_yet_is_tried_again_and_goes_once(
    look: Look, settings: LazySettings, tmp_path: Path, mailoutbox: list[EmailMessage]
) -> None:
    a_backup(clock.now() - timedelta(hours=30))
    alarms.tell(clock.now())
    keys = ",".join(settings.SEALING_KEYS)
    nobody = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "1", "SEALING_KEYS": keys}
    job = ProcrastinateJob.objects.filter(task_name=ALARM)
    with crew(tmp_path, address()) as team:
        team.settings = nobody
        team.start()
        assert eventually(lambda: job.get().attempts == 1 and job.get().status == "todo")
    scheduled = job.get().scheduled_at
    assert scheduled is not None
    assert scheduled > clock.now() + timedelta(minutes=3)
    assert AuditEvent.objects.filter(action="alarm mail later").count() == 1
    work()
    assert [one.subject for one in mailoutbox] == ["Backups need you"]
    assert look(clock.now()) == []


def test_each_admin_who_can_be_reached_gets_a_mail_of_their_own_and_nobody_else(
    look: Look, ad: User
) -> None:
    for name, active, email in (("bea", True, "bea@x.example"), ("cal", False, "cal@x.example")):
        User.objects.create_user(name, email, role="admin", is_active=active)
    User.objects.create_user("dan", "", role="admin")
    a_backup(clock.now() - timedelta(hours=30))
    assert look(clock.now()) == [
        "ad@example.com: Backups need you",
        "bea@x.example: Backups need you",
    ]


def test_the_hours_look_of_the_worker_queues_the_mail(vault: Path, ad: User) -> None:
    a_backup(clock.now() - timedelta(hours=30))
    for _ in range(2):
        tasks.watch_backups(timestamp=0)
    assert ProcrastinateJob.objects.filter(task_name=ALARM).count() == 1
