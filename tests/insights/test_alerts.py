"""Alerts: seen on the past before they are kept, told once, in what their owners may see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from insights import tasks
from insights.actions import alerts as actions
from insights.analytics.alerting import Condition, Seen, holds, is_quiet, replayed
from insights.models import Alert, AlertMail, Firing
from insights.panels.book import EXPLAINED
from revops_site.kernel import clock, freshness
from revops_site.kernel.models import AuditEvent, User, Workspace
from tests.conftest import AsUser
from tests.insights import a_quarter

pytestmark = pytest.mark.django_db
OPEN = "pipeline-total"
FORM = {
    "name": "Open pipeline is thin",
    "metric": OPEN,
    "kind": "above",
    "limit": "1000",
    "days": "7",
    "min_volume": "0",
    "cooldown_days": "7",
    "mailing": "now",
    "quiet_from": "0",
    "quiet_until": "0",
}
DAY = date(2025, 6, 30)


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_quarter.load(tmp_path)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def make(client: Client, **given: str) -> Alert:
    answer = client.post("/alerts/new/", {**FORM, **given})
    assert answer.status_code == 302, text(answer)
    return Alert.objects.order_by("-id")[0]


def look(at: datetime | None = None) -> int:
    return actions.look_at_due(EXPLAINED, 60, at or clock.now())


def later(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def with_addresses(*people: User) -> None:
    for one in people:
        one.email = f"{one.username}@example.com"
        one.save()


def inbox(client: Client) -> str:
    return text(client.get("/alerts/"))


def test_an_alert_is_seen_on_the_past_before_it_is_kept(
    company: None, as_user: AsUser, dee: User
) -> None:
    answer = as_user(dee).post("/alerts/new/", {**FORM, "do": "preview"})
    assert answer.status_code == 200
    shown = text(answer)
    assert re.search(r"It would (never )?have fired (once |\d+ times )?in 26 weeks", shown)
    assert "It would fire now." in shown
    assert 'data-figure="' in shown
    assert not Alert.objects.exists()


def test_it_fires_once_and_stands_in_its_owner_s_inbox_alone(
    company: None, as_user: AsUser, dee: User, ad: User
) -> None:
    client = as_user(dee)
    make(client)
    assert look() == 1
    assert look() == 0, "the same data on the same day"
    freshness.bump()
    assert look() == 0, "it is open still"
    shown = inbox(client)
    assert "1 open, 1 unread" in shown
    assert "as of 30 Jun 2025, above $1,000" in shown
    assert "unread" not in inbox(as_user(ad))
    assert "Nothing was told yet" in inbox(as_user(ad))
    assert '<span class="count num">1<span class="vh"> unread' in text(client.get("/glossary/"))


def test_acknowledged_resolved_and_told_again_after_its_rest(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    make(client)
    look()
    one = Firing.objects.get()
    url = f"/alerts/told/{one.pk}/"
    assert client.post(url, {"do": "acknowledge"}).status_code == 302
    assert "Acknowledged" in inbox(client)
    assert client.post(url, {"do": "resolve"}).status_code == 302
    assert "1 resolved" in inbox(client)
    assert look(later(3)) == 0, "it rests"
    assert look(later(8)) == 1, "it is so still, after its rest"
    assert Firing.objects.count() == 2
    done = AuditEvent.objects.filter(action__startswith="alert ").values_list("action", flat=True)
    assert {"alert made", "alert fired", "alert acknowledged", "alert resolved"} <= set(done)


def test_it_is_resolved_by_itself_where_it_is_so_no_more(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    one = make(client)
    look()
    Alert.objects.filter(pk=one.pk).update(limit=1e12, generation=None)
    assert look() == 0
    told = Firing.objects.get()
    assert told.resolved_at is not None
    assert told.resolved_by is None
    assert "as it is so no more" in inbox(client)


def test_each_owner_s_alert_looks_at_what_that_owner_may_see(
    company: None, as_user: AsUser, ana: User, cy: User, dee: User
) -> None:
    for person in (ana, cy, dee):
        make(as_user(person))
    look()
    told = {one.owner.username: one for one in Firing.objects.select_related("owner")}
    assert told["ana"].value == 100_000
    assert told["cy"].value == 60_000
    assert told["dee"].value == 160_000
    assert "$160,000" not in inbox(as_user(ana))
    assert told["ana"].reps == ["ana"]


def test_who_may_not_see_the_rows_any_more_is_not_shown_or_mailed_what_was_told_of_them(
    company: None, as_user: AsUser, ana: User, bo: User
) -> None:
    with_addresses(bo)
    make(as_user(bo))
    look()
    assert "$100,000" in inbox(as_user(bo))
    ana.rep.team = None  # type: ignore[union-attr]
    ana.rep.save()  # type: ignore[union-attr]
    assert "$100,000" not in inbox(as_user(bo))
    assert actions.send(60, clock.now()) == 0
    assert AlertMail.objects.get().state == AlertMail.State.SKIPPED
    firing = Firing.objects.get()
    answer = as_user(bo).post(f"/alerts/told/{firing.pk}/", {"do": "resolve"})
    assert answer.status_code == 404


def test_nobody_touches_another_s_alert(
    company: None, as_user: AsUser, ana: User, dee: User, ad: User
) -> None:
    one = make(as_user(dee))
    look()
    told = Firing.objects.get()
    for person in (ana, ad):
        client = as_user(person)
        assert client.get(f"/alerts/{one.pk}/").status_code == 404
        for deed in ("pause", "end", "save"):
            answer = client.post(f"/alerts/{one.pk}/", {**FORM, "do": deed})
            assert answer.status_code == 404
        assert client.post(f"/alerts/told/{told.pk}/", {"do": "resolve"}).status_code == 404


def test_a_rep_cannot_watch_another_rep_s_deals(
    company: None, as_user: AsUser, ana: User, cy: User
) -> None:
    answer = as_user(ana).post("/alerts/new/", {**FORM, "owner": "cy"})
    assert answer.status_code == 422
    assert "Cy Chen" not in text(answer)
    assert not Alert.objects.exists()


def test_an_alert_whose_filter_is_gone_is_broken_and_its_owner_is_told_why(
    company: None, as_user: AsUser, dee: User
) -> None:
    with_addresses(dee)
    client = as_user(dee)
    one = make(client)
    Alert.objects.filter(pk=one.pk).update(query="owner=nobody-any-more")
    assert look() == 1
    assert look(later(1)) == 0, "it is looked at no more"
    shown = inbox(client)
    assert "Broken" in shown
    assert "Owner “nobody-any-more” is unknown" in shown
    actions.send(60, clock.now())
    (sent,) = mail.outbox
    assert "It is not looked at any more." in sent.body
    assert client.post(f"/alerts/{one.pk}/", {"do": "resume"}).status_code == 302
    assert Alert.objects.get().state == Alert.State.ON


def test_an_alert_whose_figure_is_gone_is_broken(company: None, as_user: AsUser, dee: User) -> None:
    one = make(as_user(dee))
    Alert.objects.filter(pk=one.pk).update(metric_slug="no-such")
    look()
    assert "There is no such figure any more." in inbox(as_user(dee))
    assert as_user(dee).get(f"/alerts/{one.pk}/").status_code == 200


def test_a_mail_goes_once_and_not_in_quiet_hours(company: None, as_user: AsUser, dee: User) -> None:
    with_addresses(dee)
    make(as_user(dee), quiet_from="20", quiet_until="7")
    look()
    night = datetime(2099, 1, 5, 23, tzinfo=UTC)
    assert actions.send(60, night) == 0
    assert mail.outbox == []
    assert actions.send(60, night + timedelta(hours=9)) == 1
    assert actions.send(60, night + timedelta(hours=10)) == 0
    (sent,) = mail.outbox
    assert sent.subject == "Alert: Open pipeline is thin"
    assert "above $1,000" in sent.body


def test_digests_go_each_day_or_each_monday_with_all_that_was_told(
    company: None, as_user: AsUser, dee: User, ana: User
) -> None:
    with_addresses(dee, ana)
    for name in ("First", "Second"):
        make(as_user(dee), name=name, mailing="daily")
    make(as_user(ana), mailing="weekly")
    look()
    tuesday = datetime(2099, 1, 6, 5, tzinfo=UTC)
    assert actions.send(60, tuesday - timedelta(hours=1, days=1)) <= 1
    mail.outbox.clear()
    AlertMail.objects.all().delete()
    Firing.objects.update(mail=None, fired_at=tuesday - timedelta(hours=20))
    assert actions.send(60, tuesday) == 0, "before six"
    assert actions.send(60, tuesday + timedelta(hours=2)) == 1
    assert actions.send(60, tuesday + timedelta(hours=3)) == 0
    (daily,) = mail.outbox
    assert daily.subject == "Alerts of the day: Second and 1 more"
    assert daily.to == ["dee@example.com"]
    assert actions.send(60, tuesday + timedelta(days=6, hours=2)) == 1
    assert mail.outbox[1].to == ["ana@example.com"]


def test_a_mail_that_somebody_died_over_is_never_sent_again(
    company: None, as_user: AsUser, dee: User
) -> None:
    with_addresses(dee)
    make(as_user(dee))
    look()
    AlertMail.objects.create(recipient=dee, rhythm="now", state="sending", changed_at=clock.now())
    Firing.objects.update(mail=AlertMail.objects.get())
    assert actions.send(60, clock.now()) == 0
    assert AlertMail.objects.get().state == AlertMail.State.UNKNOWN
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"limit": "much"}, "Give the limit as a number."),
        ({"limit": "nan"}, "Give the limit as a number."),
        ({"limit": "1e400"}, "Give the limit as a number."),
        ({"metric": "no-such"}, "Choose a figure."),
        ({"kind": "sideways"}, "Choose when it is to fire."),
        ({"mailing": "hourly"}, "how you are told"),
        ({"days": "0", "kind": "rise"}, "Give whole days"),
        ({"days": "-1"}, "whole number"),
        ({"quiet_from": "24"}, "from 0 to 23"),
        ({"kind": "fall", "limit": "-5"}, "from 0 on"),
        ({"cooldown_days": "²"}, "whole number"),
    ],
)
def test_what_cannot_be_watched_is_refused_and_nothing_typed_is_lost(
    company: None, as_user: AsUser, dee: User, given: dict[str, str], says: str
) -> None:
    answer = as_user(dee).post("/alerts/new/", {**FORM, **given, "name": "<b>Mine</b>"})
    assert answer.status_code == 422
    assert says in text(answer)
    assert "&lt;b&gt;Mine&lt;/b&gt;" in answer.content.decode()
    assert not Alert.objects.exists()


def test_a_form_that_was_open_when_the_alert_changed_is_told_so(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    one = make(client)
    url = f"/alerts/{one.pk}/"
    assert client.post(url, {**FORM, "limit": "5", "seen": "1"}).status_code == 302
    answer = client.post(url, {**FORM, "limit": "6", "seen": "1"})
    assert answer.status_code == 422
    assert "elsewhere" in text(answer)
    assert Alert.objects.get().limit == 5


def test_shares_are_typed_in_percent_and_come_back_so(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    one = make(client, metric="pipeline-win-rate", kind="below", limit="12,5")
    assert one.limit == 0.125
    assert 'value="12.5"' in client.get(f"/alerts/{one.pk}/").content.decode()


def test_the_worker_looks_and_mails(company: None, as_user: AsUser, dee: User) -> None:
    with_addresses(dee)
    make(as_user(dee))
    tasks.look_at_alerts()
    tasks.look_at_alerts()
    assert len(mail.outbox) == 1


def test_a_viewer_has_alerts_too_and_an_ended_one_is_gone(
    company: None, as_user: AsUser, vi: User
) -> None:
    client = as_user(vi)
    one = make(client)
    look()
    assert client.post(f"/alerts/{one.pk}/", {"do": "pause"}).status_code == 302
    assert "Paused" in inbox(client)
    assert client.post(f"/alerts/{one.pk}/", {"do": "end"}).status_code == 302
    assert client.get(f"/alerts/{one.pk}/").status_code == 404
    assert "1 resolved" in inbox(client)


VALUES = some.none() | some.floats(-1e6, 1e6)


@given(
    some.lists(VALUES, min_size=1, max_size=60),
    some.sampled_from(["above", "below", "rise", "fall", "move"]),
    some.integers(0, 20),
    some.integers(1, 9),
)
def test_it_never_fires_twice_within_its_rest_nor_while_it_is_open(
    values: Sequence[float | None], kind: str, rest: int, gap: int
) -> None:
    wanted = Condition(kind, 10.0, cooldown_days=rest)
    days = [
        Seen(DAY + timedelta(days=gap * nth), value, before=values[nth - 1])
        for nth, value in enumerate(values)
    ]
    steps = replayed(wanted, days)
    fired = [one.seen.day for one in steps if one.event == "fires"]
    assert all((b - a).days >= rest for a, b in pairwise(fired))
    events = [one.event for one in steps if one.event]
    assert all(a != b for a, b in pairwise(events)), "open, then resolved"
    assert steps == replayed(wanted, days), "the same data, the same telling"


def test_a_change_rests_on_enough_rows_at_both_ends() -> None:
    wanted = Condition("fall", 0.2, min_volume=20)
    assert holds(wanted, Seen(DAY, 70.0, 30, 100.0, 30))
    assert not holds(wanted, Seen(DAY, 70.0, 30, 100.0, 19))
    assert not holds(wanted, Seen(DAY, 70.0, 19, 100.0, 30))
    assert not holds(wanted, Seen(DAY, 80.0, 30, 100.0, 30)), "equality never fires"
    assert not holds(wanted, Seen(DAY, 80.0, 30, 0.0, 30)), "from nothing there is no change"


@given(some.integers(0, 23), some.integers(0, 23), some.integers(0, 23))
def test_quiet_hours_may_go_over_midnight(hour: int, start: int, end: int) -> None:
    quiet = {(start + n) % 24 for n in range((end - start) % 24)}
    assert is_quiet(hour, start, end) == (hour in quiet)
