"""What is restored is older than the world: no mail goes twice, nobody stays signed in."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from coaching.actions import posting
from coaching.models import Mail
from insights.actions import alerts
from insights.actions import subscriptions as pages
from insights.models import Alert, AlertMail, Delivery, Firing, Subscription
from insights.reports.making import produce
from revops_site.kernel import backups, clock, freshness
from revops_site.kernel.backups import programs
from revops_site.kernel.entry import letters
from revops_site.kernel.models import AuditEvent, User
from revops_site.kernel.signals import restored
from tests.coaching import a_mailbox
from tests.conftest import AsUser

assert subprocess  # programs are started: these tests are not pure

YESTERDAY = timedelta(days=1)


@pytest.fixture
def mailbox(vault: Path, tmp_path: Path, bo: User) -> None:
    (tmp_path / "loaded").mkdir()
    a_mailbox.load(tmp_path / "loaded")


def settled() -> list[str]:
    return backups.settle(clock.now() - YESTERDAY)


def test_a_follow_up_that_was_approved_waits_for_somebody_to_decide(
    mailbox: None, bo: User, as_user: AsUser, mailoutbox: list[object]
) -> None:
    first, second, *_ = a_mailbox.approved(bo)
    draft = Mail.objects.filter(state="draft").first()
    assert "3 × follow-up may have been sent since" in " ".join(settled())
    assert posting.send_due(10) is False
    assert not mailoutbox
    assert {one.state for one in Mail.objects.filter(pk__in=[first.pk, second.pk])} == {"unknown"}
    page = as_user(bo).get(f"/coaching/mails/{first.pk}/").content.decode()
    assert "it may have been sent since" in page
    assert draft is not None
    assert "approved and sent since" in Mail.objects.get(pk=draft.pk).why


def test_pages_and_alerts_that_were_due_are_not_mailed_again(
    mailbox: None, bo: User, mailoutbox: list[object]
) -> None:
    now = clock.now().replace(hour=12)
    due = Subscription.objects.create(
        owner=bo,
        title="Pipeline",
        address="/pipeline/",
        suffix="pdf",
        rhythm="weekly",
        made_at=now,
        next_on=clock.today() - YESTERDAY,
    )
    due.recipients.add(bo)
    alert = Alert.objects.create(
        owner=bo,
        name="Wins",
        metric_slug="pipeline-win-rate",
        kind="below",
        limit=1,
        mailing="now",
        made_at=now,
    )
    Firing.objects.create(
        alert=alert, owner=bo, text="It fell.", generation=1, fired_at=now - YESTERDAY
    )
    AlertMail.objects.create(recipient=bo, rhythm="daily", due_on=clock.today(), changed_at=now)
    restored.send(sender=None, made_at=now - YESTERDAY, at=now)
    assert pages.send_due(produce, 10, now) == 0
    assert alerts.send(10, now) == 0
    assert not mailoutbox
    assert set(Delivery.objects.values_list("state", flat=True)) == {"unknown"}
    assert set(AlertMail.objects.values_list("state", flat=True)) == {"unknown"}
    assert AlertMail.objects.count() == 2
    due.refresh_from_db()
    assert due.next_on > clock.today()


def test_letters_that_waited_are_not_sent_and_nobody_stays_signed_in(
    vault: Path, as_user: AsUser, bo: User
) -> None:
    browser: Client = as_user(bo)
    assert browser.get("/pipeline/").status_code == 200
    letters.post_soon("new@example.com", "Come in", "Here is the key.")
    told = " ".join(settled())
    assert "1 × invitation or password mail" in told
    assert ProcrastinateJob.objects.get(task_name=letters.POST).status == "cancelled"
    assert browser.get("/pipeline/").status_code == 302
    assert AuditEvent.objects.filter(action="backup restored").exists()


def test_what_browsers_and_caches_keep_is_never_taken_for_new(vault: Path) -> None:
    freshness.bump()
    before = freshness.generation()
    settled()
    first = freshness.generation()
    assert first > before + 1_000_000
    settled()
    assert freshness.generation() > first


def test_a_database_that_is_restored_is_settled_before_anybody_reaches_it(
    mailbox: None, bo: User, other: str
) -> None:
    a_mailbox.approved(bo)
    out = io.StringIO()
    call_command("backup", stdout=out)
    call_command("restore", "newest", "--into", other, stdout=out)
    assert "0 differ" in out.getvalue()
    assert "may have been sent since" in out.getvalue()
    with programs.ours(other).connect() as session:
        states = session.execute("SELECT DISTINCT state FROM coaching_mail").fetchall()
        assert ("approved",) not in states
        assert ("unknown",) in states
    assert Mail.objects.filter(state="approved").exists()
    assert connection.settings_dict["NAME"] == programs.ours().database
