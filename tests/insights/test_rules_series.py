"""The rule of anomalies: its limits are inclusive, what is old or small is not told."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from insights import tasks
from insights.analytics.facts import Point
from insights.models import InsightDay, RuleMonth
from insights.rules import rules
from insights.rules.series import ANOMALY
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.insights import a_series

DAY = date(2025, 4, 10)
SPIKE = Point(
    series="spend",
    label="Spend",
    category="marketing",
    by="channel",
    part="LinkedIn",
    grain="day",
    start=DAY,
    end=DAY,
    age=3,
    observed=9_000.0,
    expected=3_000.0,
    z=6.0,
    relative=2.0,
    points=700,
    show="money",
    is_money=True,
    currency="USD",
)


def test_an_anomaly_says_what_was_and_what_was_to_be_expected() -> None:
    found = ANOMALY.judge(SPIKE)
    assert found is not None
    assert found.said.headline == (
        "Spend of LinkedIn was $9,000 on 10 Apr 2025; $3,000 was to be expected."
    )
    assert found.said.subject == "spend channel LinkedIn 2025-04-10"
    assert (found.severity, found.said.money, found.said.n) == ("high", 6_000.0, 700)
    assert found.strength.effect == pytest.approx((6 - 3.5) / 3.5)


def test_both_limits_are_inclusive_and_below_either_nothing_is_said() -> None:
    at_limit = replace(SPIKE, z=-3.5, relative=0.2)
    found = ANOMALY.judge(at_limit)
    assert found is not None
    assert (found.severity, found.strength.effect) == ("medium", 0.0)
    assert ANOMALY.judge(replace(at_limit, z=-3.499)) is None
    assert ANOMALY.judge(replace(at_limit, relative=0.199)) is None


def test_few_points_and_what_ended_long_ago_are_not_told() -> None:
    assert ANOMALY.judge(replace(SPIKE, points=14)) is not None
    assert ANOMALY.judge(replace(SPIKE, points=13)) is None
    assert ANOMALY.judge(replace(SPIKE, age=31)) is not None
    assert ANOMALY.judge(replace(SPIKE, age=32)) is None
    assert ANOMALY.look([replace(SPIKE, z=0.0, relative=0.0)]).state == "quiet"


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_series.load(tmp_path)
    tasks.keep_anomalies()


def cards(client: Client, query: str) -> dict[str, dict[str, str]]:
    answer = client.get(f"/insights/panels/cards.json?{query}")
    found = json.loads(answer.getvalue())["rows"]
    return {row["subject"]: row for row in found if row["rule"] == "ANOMALY"}


@pytest.mark.django_db
def test_the_card_leads_to_the_anomaly_and_a_part_does_not_repeat_the_company(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    found = cards(client, "as_of=2025-04-20")
    assert "leads 2025-04-10" in found
    assert not [subject for subject in found if subject.startswith("leads channel")]
    page = unescape(client.get("/insights/?as_of=2025-04-20").content.decode())
    way = re.search(r'href="(/insights/anomalies/\?[^"#]*start=2025-04-10[^"#]*)#listing-', page)
    assert way is not None
    assert "Leads" in client.get(way[1]).content.decode()
    before = cards(client, "as_of=2025-04-09")
    assert "leads 2025-04-10" not in before, "nobody knew it then"


@pytest.mark.django_db
def test_the_worker_keeps_how_often_it_spoke_in_a_year(company: None) -> None:
    tasks.keep_rule_months()
    spoke = RuleMonth.objects.filter(rule="ANOMALY")
    assert spoke.count() == 12
    assert spoke.get(month_end=date(2025, 4, 30)).found >= 1
    assert spoke.get(month_end=date(2025, 1, 31)).found == 0
    assert "ANOMALY" in {rule.id for rule in rules()}
    assert not InsightDay.objects.filter(rule="ANOMALY").exists()
