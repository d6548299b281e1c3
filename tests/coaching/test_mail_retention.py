"""Follow-up mails are kept for as long as the workspace says, and what is undecided for longer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from coaching.actions import forgetting
from coaching.actions import mails as actions
from coaching.models import Mail
from revops_site.kernel import clock, freshness
from revops_site.kernel.models import AuditEvent, User, Workspace
from tests.coaching import a_mailbox
from tests.coaching.a_mailbox import drafted
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(workspace: Workspace, ana: User, cy: User, dee: User, tmp_path: Path) -> Mail:
    """A mail that somebody discarded."""
    a_mailbox.load(tmp_path)
    one = drafted()[0]
    seen = str(one.version)
    actions.discard(by=dee, mail_id=one.pk, why="They called", seen=seen, at=clock.now())
    return Mail.objects.get(pk=one.pk)


def keep(days: int) -> None:
    Workspace.objects.update(mails_kept_days=days)
    freshness.bump()


def test_a_mail_goes_when_its_time_is_over_and_that_is_written_down(ended: Mail) -> None:
    assert ended.ended_at is not None
    keep(60)
    assert forgetting.forget_old(ended.ended_at + timedelta(days=59)) == 0
    assert forgetting.forget_old(ended.ended_at + timedelta(days=61)) == 1
    assert not Mail.objects.filter(pk=ended.pk).exists()
    assert AuditEvent.objects.get(action="follow-up mails deleted").detail["mails"] == 1


def test_mails_are_kept_for_good_unless_somebody_says_otherwise(ended: Mail) -> None:
    assert forgetting.forget_old(clock.now() + timedelta(days=9_999)) == 0


def test_what_waits_for_somebody_stays(ended: Mail) -> None:
    keep(30)
    waiting = Mail.objects.filter(state="draft").count()
    assert waiting > 0
    assert forgetting.forget_old(clock.now() + timedelta(days=400)) == 1
    assert Mail.objects.count() == waiting


def test_an_admin_reads_what_is_forgotten_when_and_cannot_say_too_few_days(
    workspace: Workspace, ad: User, as_user: AsUser
) -> None:
    address = reverse("admin:kernel_workspace_change", args=[1])
    page = as_user(ad).get(address).content.decode()
    assert "What is forgotten, and when" in page
    assert "files that were uploaded after 400 days" in page
    refused = as_user(ad).post(address, {"mails_kept_days": "5"}).content.decode()
    assert "30 days at least" in refused


def test_admins_find_personal_data_in_their_menu(ad: User, dee: User, as_user: AsUser) -> None:
    assert "/accounts/privacy/" in as_user(ad).get("/glossary/").content.decode()
    assert "/accounts/privacy/" not in as_user(dee).get("/glossary/").content.decode()
