"""What was unusual is marked on the charts where it happened, and leads to where it is listed."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from insights import tasks
from insights.reports.figures.plot import draw
from revops_site.kernel.models import Rep, User, Workspace
from tests.conftest import AsUser
from tests.insights import a_series

pytestmark = pytest.mark.django_db
TREND = "/marketing/panels/weekly-trend"
SAID = "Leads on 10 Apr 2025: 1, "
WEEK = "2025-04-07"


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_series.load(tmp_path)
    tasks.keep_anomalies()


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(client.get(address).getvalue())["rows"]
    return found


def marked(client: Client, query: str = "?period=this_year") -> dict[str, str]:
    """By the first day of the week what is said of it, of the weeks of which something is."""
    found = rows(client, f"{TREND}.json{query}")
    return {row["week_start"]: row["unusual"] for row in found if row["unusual"]}


def figure(client: Client, address: str) -> dict[str, Any]:
    body = client.get(address).content.decode()
    found: dict[str, Any] = json.loads(unescape(re.findall(r'data-figure="([^"]+)"', body)[0]))
    return found


def test_the_week_of_the_day_without_leads_says_so_in_chart_and_table(
    company: None, as_user: AsUser, dee: User
) -> None:
    assert marked(as_user(dee))[WEEK].startswith(SAID)
    drawn = figure(as_user(dee), f"{TREND}/?period=this_year")
    (marks,) = [one for one in drawn["data"] if one["name"] == "Unusual"]
    assert WEEK in marks["x"]
    assert marks["marker"]["symbol"] == "diamond-open", "not by its colour alone"
    assert any(text.startswith(SAID) for text in marks["text"])


def test_a_mark_is_drawn_on_paper_around_its_point(
    company: None, as_user: AsUser, dee: User
) -> None:
    drawn = figure(as_user(dee), f"{TREND}/?period=this_year")
    paper = draw(drawn, 400, 200)
    assert ">Unusual</text>" in paper
    assert re.search(
        r'<path[^>]*fill="none"[^>]*d="M[^"]*z"|<path[^>]*d="M[^"]*z"[^>]*fill="none"', paper
    )


def test_the_mark_leads_to_the_rows_of_just_these_anomalies(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    body = unescape(client.get(f"{TREND}/?period=this_year").content.decode())
    way = re.search(rf'href="(/insights/anomalies/[^"]*)"[^>]*>{SAID}', body)
    assert way is not None
    address, _, anchor = way[1].partition("#")
    assert anchor == "listing-anomalies"
    query = address.partition("?")[2]
    found = rows(client, f"/insights/anomalies/panels/anomalies.json?{query}")
    assert {(row["part"], row["start"]) for row in found} == {("", "2025-04-10")}
    told = marked(client)[WEEK].split("; ")
    assert sorted(row["label"] for row in found) == sorted(one.split(" on ")[0] for one in told)


def test_a_filter_marks_what_was_unusual_of_that_part_alone(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    assert WEEK in marked(client, "?period=this_year&channel=Search")
    assert marked(client, "?period=this_year&channel=Rare") == {}
    both = "?period=this_year&channel=Search&segment=SMB"
    assert marked(client, both) == {}, "nobody looked at a channel's segment"


def test_a_past_day_is_not_told_of_what_came_later(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    assert marked(client, "?period=90d&as_of=2025-04-09") == {}
    assert WEEK in marked(client, "?period=90d&as_of=2025-04-13")
    listed = "/insights/anomalies/panels/anomalies.json?as_of="
    assert not [one for one in rows(client, f"{listed}2025-03-15") if one["label"] == "Activities"]
    assert [one for one in rows(client, f"{listed}2025-03-16") if one["label"] == "Activities"]


def test_work_is_marked_for_who_sees_the_whole_team_and_for_no_single_rep(
    company: None, as_user: AsUser, ana: User, bo: User, dee: User
) -> None:
    Rep.objects.create(rep_id="abe", name="Abe", team=bo.team)
    asked = "/ask/?is=trend&metric=pipeline-activities&grain=month&as_of=2025-06-30"
    says = "Activities in the week from 10 Mar 2025: 0"
    assert says in unescape(as_user(dee).get(asked, follow=True).content.decode())
    assert says not in unescape(as_user(ana).get(asked, follow=True).content.decode())


def test_an_answer_names_the_unusual_days_and_leads_to_them(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    page = client.get("/ask/?q=unusual+leads+in+april+2025", follow=True).content.decode()
    assert f">{SAID}" in unescape(page)
    assert 'href="/insights/anomalies/?' in page
    assert "flag=leads" in page
    quiet = client.get("/ask/?q=unusual+leads+in+may+2025", follow=True).content.decode()
    assert "Nothing in it is unusual" in quiet


def test_the_list_writes_each_number_in_its_own_kind(
    company: None, as_user: AsUser, dee: User
) -> None:
    leads = as_user(dee).get("/insights/anomalies/?flag=leads&flag=whole").content.decode()
    assert re.search(r">\s*1\s*</a>", leads)
    assert re.search(r">\s*[56]\d\s*<", leads), "a count of leads has no decimals"
