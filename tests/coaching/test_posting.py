"""Approved follow-ups are sent once: whatever the mail server says, and whoever dies meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection, connections
from django.test import Client

from coaching import tasks
from coaching.actions import mails as actions
from coaching.actions import posting
from coaching.models import Mail, MailTry, Unsubscribed
from coaching.queries import mails
from pipeline.actions.work import RefusedError
from revops_site.kernel import clock, locks
from revops_site.kernel.mail import Answer, Outcome
from revops_site.kernel.models import User, Workspace
from tests.coaching import a_mailbox, mail_server
from tests.coaching.mail_server import Server
from tests.conftest import AsUser
from tests.insights import files

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/coaching/mails/"


@pytest.fixture
def server(settings: LazySettings) -> Iterator[Server]:
    """A mail server, which the product sends by."""
    with mail_server.serving() as one:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = one.host, one.port
        settings.PUBLIC_URL = "https://revops.example.com"
        yield one


@pytest.fixture
def approved(
    transactional_db: None,
    ana: User,
    bo: User,
    cy: User,
    dee: User,
    vi: User,
    workspace: Workspace,
    tmp_path: Path,
) -> list[Mail]:
    """Three mails on Ana's deals, which she approved."""
    a_mailbox.load(tmp_path / "mailbox")
    return a_mailbox.approved(ana)


def states() -> list[str]:
    return list(Mail.objects.filter(rep="ana").order_by("deal_id").values_list("state", flat=True))


def readdressed(one: Mail, mailbox: str) -> None:
    """Its contact had another address when it was approved."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE coaching_mail DISABLE TRIGGER coaching_mail_steps")
        Mail.objects.filter(pk=one.pk).update(to_address=f"{mailbox}@globex.example")
        cursor.execute("ALTER TABLE coaching_mail ENABLE TRIGGER coaching_mail_steps")


def come_back_later() -> None:
    """As if the time until the next try had passed."""
    Mail.objects.filter(state="approved").update(next_try_at=clock.now())


def test_what_is_approved_arrives_once_with_one_recipient_each(
    server: Server, approved: list[Mail]
) -> None:
    tasks.send_follow_ups()
    tasks.send_follow_ups()
    assert states() == ["sent"] * 3
    assert sorted(server.recipients) == [f"pat{n}@globex.example" for n in range(3)]
    assert set(server.names.values()) == {1}


def test_a_mail_says_whom_it_is_from_and_how_to_get_no_more(
    server: Server, approved: list[Mail], ana: User
) -> None:
    tasks.send_follow_ups()
    first = next(one for one in server.took if one["Message-ID"] == approved[0].message_id)
    assert str(first["From"]) == "Ana Almeida <revops@example.com>"
    assert str(first["Reply-To"]) == "Ana Almeida <ana@example.com>"
    assert str(first["To"]) == "Pat Doe <pat0@globex.example>"
    assert str(first["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    link = str(first["List-Unsubscribe"]).strip("<>")
    assert link.startswith("https://revops.example.com/coaching/mails/stop/")
    assert link in first.get_content()
    assert first.get_content_type() == "text/plain"


def test_who_stops_the_mails_gets_no_other_one(
    server: Server, approved: list[Mail], ana: User, as_user: AsUser
) -> None:
    link = mails.stop_link(approved[0]).removeprefix("https://revops.example.com")
    stranger = Client(enforce_csrf_checks=True)
    assert b"No more mails?" in stranger.get(link).content
    assert not Unsubscribed.objects.exists(), "to look changes nothing"
    answer = stranger.post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert Unsubscribed.objects.get().address == "pat0@globex.example"
    assert stranger.post(link).status_code == 200
    assert Unsubscribed.objects.count() == 1
    tasks.send_follow_ups()
    assert states() == ["failed", "sent", "sent"]
    assert "pat0@globex.example" not in server.recipients
    mine = Mail.objects.get(pk=approved[0].pk)
    assert "unsubscribed" in mine.why
    client, address = as_user(ana), f"{URL}{mine.pk}/"
    client.post(address, {"do": "send back", "seen": str(mine.version)})
    again = {"do": "save and approve", "seen": str(mine.version + 1), "subject": "S", "body": "T"}
    assert b"has unsubscribed" in client.post(address, again).content


@pytest.mark.parametrize("token", ["1", "1:forged", "x:y", ":", "1:" + "a" * 43])
def test_a_forged_link_stops_nothing(token: str, approved: list[Mail], client: Client) -> None:
    assert client.post(f"{URL}stop/{token}/").status_code == 404
    assert not Unsubscribed.objects.exists()


def test_a_refusal_is_told_in_plain_words_and_the_others_go_on(
    server: Server, approved: list[Mail], as_user: AsUser, ana: User
) -> None:
    readdressed(approved[0], "gone")
    readdressed(approved[1], "odd")
    tasks.send_follow_ups()
    assert states() == ["failed", "failed", "sent"]
    shown = as_user(ana).get(f"{URL}{approved[0].pk}/").content.decode()
    assert "The mail server does not take mail for this address." in shown
    assert "No such user here" in shown


def test_who_is_busy_is_asked_again_later_and_gets_it_once(
    server: Server, approved: list[Mail]
) -> None:
    readdressed(approved[0], "grey")
    tasks.send_follow_ups()
    assert states() == ["approved", "sent", "sent"]
    waits = Mail.objects.get(pk=approved[0].pk)
    assert waits.next_try_at is not None
    assert waits.next_try_at > clock.now() + timedelta(minutes=1)
    tasks.send_follow_ups()
    assert states()[0] == "approved"
    come_back_later()
    tasks.send_follow_ups()
    assert states() == ["sent"] * 3
    assert set(server.names.values()) == {1}


def test_a_server_that_is_down_leaves_all_of_them_for_later(
    approved: list[Mail], settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    tasks.send_follow_ups()
    assert states() == ["approved"] * 3
    assert MailTry.objects.get().outcome == "later"
    for _ in range(12):
        Mail.objects.filter(pk=approved[0].pk, state="approved").update(next_try_at=clock.now())
        tasks.send_follow_ups()
    given_up = Mail.objects.get(pk=approved[0].pk)
    assert given_up.state == "failed"
    assert given_up.why.startswith("Given up after 10 tries. The mail server could not be reached.")


def test_where_nobody_knows_a_person_decides_and_nothing_is_sent_by_itself(
    server: Server, approved: list[Mail], as_user: AsUser, ana: User
) -> None:
    for one in approved:
        readdressed(one, "deaf")
    tasks.send_follow_ups()
    assert states() == ["unknown"] * 3
    come_back_later()
    tasks.send_follow_ups()
    assert len(server.took) == 3
    client = as_user(ana)
    assert "nobody knows whether it came" in client.get(URL).content.decode()
    for one, what in zip(approved, ("sent", "again", "discard"), strict=True):
        seen = str(Mail.objects.get(pk=one.pk).version)
        given = {"do": "decide", "what": what, "seen": seen}
        assert client.post(f"{URL}{one.pk}/", given).status_code == 302
    assert states() == ["sent", "approved", "discarded"]
    readdressed(approved[1], "pat1")
    tasks.send_follow_ups()
    assert states() == ["sent", "sent", "discarded"]
    assert server.names[approved[1].message_id] == 2, "by a person's word, under its own name"


def test_what_a_worker_left_that_died_is_told_as_unknown(
    server: Server, approved: list[Mail]
) -> None:
    claimed = posting.claim(clock.now())
    assert isinstance(claimed, MailTry)
    assert states() == ["sending", "approved", "approved"]
    assert posting.take_stock() == 0, "whoever holds it lives"
    locks.let_go(posting.LOCK.format(claimed.pk))
    tasks.send_follow_ups()
    assert states() == ["unknown", "sent", "sent"]
    assert len(server.took) == 2


def test_who_was_only_thought_dead_knows_better(server: Server, approved: list[Mail]) -> None:
    claimed = posting.claim(clock.now())
    assert isinstance(claimed, MailTry)
    locks.let_go(posting.LOCK.format(claimed.pk))
    assert posting.take_stock() == 1
    assert states()[0] == "unknown"
    assert posting.settle(claimed, Answer(Outcome.ACCEPTED))
    assert states()[0] == "sent"
    assert not posting.settle(claimed, Answer(Outcome.UNKNOWN))


def test_the_limit_of_a_day_holds_whatever_number_of_workers_there_is(
    server: Server, approved: list[Mail]
) -> None:
    Workspace.objects.update(mails_a_day=2)
    server.delay = 0.05

    def work() -> None:
        try:
            posting.send_due(20)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(states()) == ["approved", "sent", "sent"]
    waits = Mail.objects.get(state="approved")
    assert waits.why == "Waits for tomorrow: 2 mails of a rep are sent a day."
    assert waits.next_try_at is not None
    assert waits.next_try_at > clock.now() + timedelta(hours=8)


def test_a_mail_is_read_again_where_its_deal_has_another_owner_and_let_go_where_it_is_closed(
    server: Server, approved: list[Mail], tmp_path: Path
) -> None:
    rows = [
        a_mailbox._deal("D0", "cy", "Globex 0"),
        a_mailbox._deal("D1", "ana", "Globex 1") | {"status": "lost", "closed_at": "2025-06-30"},
    ]
    assert files.load(tmp_path / "new", {"pipeline_deals": rows}).exit_code == 0
    tasks.send_follow_ups()
    found = dict(Mail.objects.values_list("deal_id", "state"))
    assert (found["D0"], found["D1"], found["D2"]) == ("draft", "discarded", "sent")


def test_without_a_sender_nothing_is_sent_and_the_page_says_so(
    server: Server, approved: list[Mail], settings: LazySettings, as_user: AsUser, ana: User
) -> None:
    settings.DEFAULT_FROM_EMAIL = "RevOps <revops@localhost>"
    tasks.send_follow_ups()
    assert states() == ["approved"] * 3
    assert "DEFAULT_FROM_EMAIL names no sender" in as_user(ana).get(URL).content.decode()


def test_somebody_who_may_not_write_decides_nothing(
    server: Server, approved: list[Mail], vi: User, cy: User
) -> None:
    known = {"mail_id": approved[0].pk, "seen": "2", "at": clock.now()}
    assert actions.send_back(by=cy, **known) is None  # type: ignore[arg-type]
    with pytest.raises(RefusedError):
        actions.send_back(by=vi, **known)  # type: ignore[arg-type]
