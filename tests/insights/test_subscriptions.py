"""Pages and reports by mail: each recipient's own rows, each mail once, and no silence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from insights.actions import subscriptions as actions
from insights.actions.subscriptions import RefusedError
from insights.models import Delivery, Subscription
from insights.queries import subscriptions as kept_
from insights.reports.making import produce
from revops_site.kernel import clock, locks
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.insights.paper import company, kept, text

__all__ = ["company", "kept"]

ASK = "/reports/subscriptions/"


def with_addresses(*people: User) -> None:
    for person in people:
        person.email = f"{person.username}@example.com"
        person.save()


def subscribed(client: Any, address: str, *to: User, **given: str) -> Subscription:
    said = {"address": address, "rhythm": "weekly", "hour": "6", "format": "pdf", **given}
    answer = client.post(ASK, {**said, "to": [one.pk for one in to]})
    assert answer.status_code == 302, answer.content.decode()
    return Subscription.objects.latest("id")


def fall_due(one: Subscription) -> None:
    Subscription.objects.filter(pk=one.pk).update(next_on=clock.today() - timedelta(days=1))


def send() -> int:
    return actions.send_due(produce, 60, clock.now().replace(hour=12))


def mails() -> list[EmailMessage]:
    return list(mail.outbox)


def raw(message: Any) -> str:
    """The text of the PDF that goes along with a mail."""
    whole = message.message()
    (part,) = [one for one in whole.walk() if one.get_content_type() == "application/pdf"]
    return text(part.get_payload(decode=True))


def test_each_recipient_is_sent_the_own_rows_once(
    company: None, as_user: AsUser, ana: User, bo: User, cy: User, dee: User
) -> None:
    with_addresses(ana, bo, cy, dee)
    one = subscribed(as_user(dee), "/pipeline/", ana, dee)
    assert send() == 0  # not due yet
    fall_due(one)
    assert send() == 2
    assert send() == 0
    by = {message.to[0]: message for message in mails()}
    assert set(by) == {"ana@example.com", "dee@example.com"}
    assert "$169,999" not in raw(by["ana@example.com"])
    assert "Canary" not in raw(by["ana@example.com"])
    assert "Data as of 27 Jun 2025" in by["ana@example.com"].body
    assert "days old" in by["ana@example.com"].body
    one.refresh_from_db()
    assert one.next_on > clock.today()


def test_a_mail_goes_from_the_hour_on_that_was_chosen(
    company: None, as_user: AsUser, dee: User
) -> None:
    with_addresses(dee)
    one = subscribed(as_user(dee), "/pipeline/", dee, hour="8")
    page = as_user(dee).get("/reports/").getvalue().decode()
    assert "Each Monday, 08:00" in page
    Subscription.objects.filter(pk=one.pk).update(next_on=clock.today())
    early, late = (clock.now().replace(hour=hour, minute=30) for hour in (7, 8))
    assert actions.send_due(produce, 60, early) == 0
    assert actions.send_due(produce, 60, late) == 1


@pytest.mark.parametrize("hour", ["24", "-1", "", "six", "٦", "8.5", "1" * 30])
def test_an_hour_that_is_none_is_refused_and_what_was_chosen_stays(
    company: None, as_user: AsUser, dee: User, hour: str
) -> None:
    with_addresses(dee)
    said = {"address": "/pipeline/", "rhythm": "monthly", "hour": hour, "format": "xlsx"}
    answer = as_user(dee).post(ASK, {**said, "to": [dee.pk]})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose the hour from which it is sent." in page
    assert '<option value="monthly" selected>' in page
    assert '<option value="xlsx" selected>' in page
    assert not Subscription.objects.exists()


def test_who_lost_the_role_is_sent_nothing_and_the_others_are(
    company: None, as_user: AsUser, ana: User, dee: User
) -> None:
    with_addresses(ana, dee)
    one = subscribed(as_user(dee), "/pipeline/", ana, dee)
    ana.is_active = False
    ana.save()
    fall_due(one)
    assert send() == 1
    assert [message.to for message in mails()] == [["dee@example.com"]]
    skipped = Delivery.objects.get(recipient=ana)
    assert skipped.state == Delivery.State.SKIPPED
    assert "may not see" in skipped.why


def test_a_mail_says_where_nothing_has_changed(company: None, as_user: AsUser, dee: User) -> None:
    with_addresses(dee)
    one = subscribed(as_user(dee), "/reports/executive-summary/", dee)
    fall_due(one)
    send()
    Delivery.objects.update(due_on=date(2025, 1, 6))
    fall_due(one)
    assert send() == 1
    first, second = mails()
    assert "Nothing has changed" not in first.body
    assert "Nothing has changed in the data since the mail of 6 Jan 2025" in second.body


def test_whom_nobody_knows_to_have_got_it_is_not_sent_it_again(
    company: None, as_user: AsUser, dee: User
) -> None:
    with_addresses(dee)
    one = subscribed(as_user(dee), "/pipeline/", dee)
    left = Delivery.objects.create(
        subscription=one,
        recipient=dee,
        due_on=clock.today(),
        state=Delivery.State.SENDING,
        changed_at=clock.now(),
    )
    assert not locks.is_held(f"delivery:{left.pk}")
    fall_due(one)
    assert send() == 0
    left.refresh_from_db()
    assert left.state == Delivery.State.UNKNOWN
    assert mails() == []
    assert "unknown" in as_user(dee).get("/reports/").getvalue().decode()


def test_a_broken_subscription_tells_its_owner_once(
    company: None, as_user: AsUser, dee: User
) -> None:
    with_addresses(dee)
    one = subscribed(as_user(dee), "/pipeline/", dee)
    Subscription.objects.update(address="/nowhere/")
    fall_due(one)
    assert send() == 0
    assert send() == 0
    (told,) = mails()
    assert "Not sent any more" in told.subject
    page = as_user(dee).get("/reports/").getvalue().decode()
    assert "Broken" in page
    assert "no page at this address" in page


def test_nobody_is_told_of_a_page_that_is_not_theirs(
    company: None, as_user: AsUser, ana: User, bo: User, cy: User, dee: User
) -> None:
    with_addresses(ana, bo, cy, dee)
    said = {"address": "/accounts/ACC2/", "rhythm": "weekly", "hour": "6", "format": "pdf"}
    answer = as_user(dee).post(ASK, {**said, "to": [ana.pk]})
    assert answer.status_code == 422
    assert "may be seen by" in answer.content.decode()
    others = as_user(bo).post(ASK, {**said, "address": "/pipeline/", "to": [cy.pk]})
    assert others.status_code == 422
    alone = as_user(ana).post(ASK, {**said, "address": "/pipeline/", "to": [dee.pk]})
    assert alone.status_code == 422
    assert not Subscription.objects.exists()


def test_subscriptions_are_paused_resumed_ended_and_left_by_those_whose_they_are(
    company: None, as_user: AsUser, ana: User, bo: User, dee: User
) -> None:
    with_addresses(ana, bo, dee)
    one = subscribed(as_user(dee), "/pipeline/", ana)
    at = f"{ASK}{one.pk}/"
    assert as_user(bo).post(at, {"do": "end"}).status_code == 404
    assert as_user(ana).post(at, {"do": "end"}).status_code == 404
    as_user(dee).post(at, {"do": "pause"})
    fall_due(one)
    assert send() == 0
    as_user(dee).post(at, {"do": "resume"})
    one.refresh_from_db()
    assert one.next_on > clock.today()
    assert "Stop sending me this" in as_user(ana).get("/reports/").getvalue().decode()
    as_user(ana).post(at, {"do": "leave"})
    one.refresh_from_db()
    assert one.state == Subscription.State.ENDED


def test_without_an_address_there_is_nothing_to_subscribe_to(
    company: None, as_user: AsUser, ana: User
) -> None:
    ana.email = ""
    ana.save()
    with pytest.raises(RefusedError, match="no e-mail address"):
        actions.subscribe(
            user=ana,
            title="A",
            address="/pipeline/",
            suffix="pdf",
            rhythm="weekly",
            hour=6,
            to=(),
            sees=lambda _: True,
            at=clock.now(),
        )


@pytest.mark.parametrize(
    ("rhythm", "day", "first_month", "following"),
    [
        ("weekly", date(2026, 3, 2), 1, date(2026, 3, 9)),
        ("weekly", date(2026, 3, 8), 1, date(2026, 3, 9)),
        ("monthly", date(2026, 12, 31), 1, date(2027, 1, 1)),
        ("monthly", date(2028, 2, 29), 1, date(2028, 3, 1)),
        ("fiscal", date(2026, 1, 31), 2, date(2026, 2, 1)),
        ("fiscal", date(2026, 2, 1), 2, date(2026, 5, 1)),
    ],
)
def test_a_rhythm_goes_on_with_its_next_day(
    rhythm: str, day: date, first_month: int, following: date
) -> None:
    assert kept_.following(rhythm, day, first_month) == following
