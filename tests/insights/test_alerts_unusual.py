"""Alerts about what is unusual: tried on the past, told once, broken where nobody looks."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from insights import tasks
from insights.actions import alerts as actions
from insights.analytics.alerting import Condition, Oddity, replayed_odd
from insights.models import Alert, Firing, SeriesScan
from insights.panels.book import EXPLAINED
from revops_site.kernel import clock, freshness
from revops_site.kernel.models import Anomaly, User, Workspace
from tests.conftest import AsUser
from tests.insights import a_series

pytestmark = pytest.mark.django_db
FORM = {
    "name": "",
    "metric": "marketing-leads",
    "kind": "odd",
    "limit": "5",
    "days": "90",
    "min_volume": "0",
    "cooldown_days": "0",
    "mailing": "now",
    "quiet_from": "0",
    "quiet_until": "0",
}
TOLD = "Leads on 10 Apr 2025: 1, "


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_series.load(tmp_path)
    tasks.keep_anomalies()


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def make(client: Client, **given: str) -> Alert:
    answer = client.post("/alerts/new/", {**FORM, **given})
    assert answer.status_code == 302, text(answer)
    return Alert.objects.order_by("-id")[0]


def look(at: datetime | None = None) -> int:
    return actions.look_at_due(EXPLAINED, 60, at or clock.now())


def test_it_is_tried_on_the_past_before_it_is_kept(
    company: None, as_user: AsUser, dee: User
) -> None:
    shown = text(as_user(dee).post("/alerts/new/", {**FORM, "days": "7", "do": "preview"}))
    assert "It would have fired once in 26 weeks" in shown
    assert TOLD in shown
    assert "robust deviations" in shown
    high = {**FORM, "limit": "1000", "do": "preview"}
    assert "would never have fired" in text(as_user(dee).post("/alerts/new/", high))
    assert not Alert.objects.exists()


def test_it_tells_each_anomaly_once_in_the_inbox_and_by_mail(
    company: None, as_user: AsUser, dee: User
) -> None:
    dee.email = "dee@example.com"
    dee.save()
    client = as_user(dee)
    make(client)
    tasks.look_at_alerts()
    shown = text(client.get("/alerts/"))
    assert TOLD in shown
    assert "Click-through" not in shown
    assert 'href="/insights/anomalies/?' in shown
    assert len(mail.outbox) == 1
    assert TOLD in str(mail.outbox[0].body)
    one = Firing.objects.get()
    client.post(f"/alerts/told/{one.pk}/", {"do": "resolve"})
    for days in (1, 2, 9):
        freshness.bump()
        assert look(clock.now() + timedelta(days=days)) == 0, "it was told"
    SeriesScan.objects.filter(series="leads").update(found=9)
    assert Firing.objects.count() == 1


def test_a_new_anomaly_is_told_and_an_old_one_is_not(
    company: None, as_user: AsUser, dee: User
) -> None:
    make(as_user(dee), days="7")
    assert look() == 0, "it ended long before the last day"
    newest = Anomaly.objects.get(series="leads", by="")
    newest.pk, newest.start, newest.end = None, a_series.LAST, a_series.LAST
    newest.save()
    freshness.bump()
    assert look() == 1
    assert "Leads on 30 Jun 2025" in Firing.objects.get().text


def test_a_channel_is_watched_of_its_own_and_a_small_one_is_refused(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    make(client, channel="Search")
    assert look() == 1
    refused = client.post("/alerts/new/", {**FORM, "channel": "Rare"})
    assert refused.status_code == 422
    assert "it is too small" in text(refused)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"metric": "marketing-roi"}, "in these figures alone: Spend, Leads"),
        ({"limit": "2"}, "3.5 deviations off at least"),
        ({"campaign": "Brand"}, "looked at by channel, region or segment alone"),
    ],
)
def test_what_nobody_looks_at_is_refused_and_nothing_typed_is_lost(
    company: None, as_user: AsUser, dee: User, given: dict[str, str], why: str
) -> None:
    answer = as_user(dee).post("/alerts/new/", {**FORM, "name": "Mine", **given})
    assert answer.status_code == 422
    assert why in text(answer)
    assert 'value="Mine"' in text(answer)
    assert not Alert.objects.exists()


def test_a_series_that_is_looked_at_no_more_breaks_the_alert_and_its_owner_is_told(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    one = make(client)
    SeriesScan.objects.filter(series="leads").update(silent="thin")
    assert look() == 1
    one.refresh_from_db()
    assert one.state == Alert.State.BROKEN
    assert "It is not looked at any more. The series is not looked at" in text(
        client.get("/alerts/")
    )


def test_who_sees_a_part_of_a_team_cannot_watch_its_work(
    company: None, as_user: AsUser, ana: User, bo: User
) -> None:
    from revops_site.kernel.models import Rep

    Rep.objects.create(rep_id="abe", name="Abe", team=bo.team)
    refused = as_user(ana).post("/alerts/new/", {**FORM, "metric": "pipeline-activities"})
    assert refused.status_code == 422
    assert "what you may see" in text(refused)


def test_in_its_rest_a_new_one_waits_and_what_is_no_longer_fresh_resolves() -> None:
    of = Condition("odd", 3.5, days=7, cooldown_days=14)
    day = date(2025, 1, 6)
    found = [Oddity("a", day, 3.5), Oddity("b", day + timedelta(days=20), -6.0)]
    days = [day + timedelta(days=7 * nth) for nth in range(5)]
    events = [event for _, _, event in replayed_odd(of, found, days)]
    assert events == ["fires", "resolves", "", "fires", "resolves"]
    small = [Oddity("a", day, 3.49)]
    assert all(not event for _, _, event in replayed_odd(of, small, days))
