"""What the worker finds unusual is kept once, is told anew with new data, and follows the slice."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from insights import tasks
from insights.models import Pattern, ScanRun, SeriesScan
from revops_site.kernel import freshness
from revops_site.kernel.models import Anomaly, Rep, User, Workspace
from tests.conftest import AsUser
from tests.insights import a_series

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_series.load(tmp_path)


def kept() -> list[tuple[str, str, date]]:
    return list(Anomaly.objects.order_by("series", "part").values_list("series", "part", "start"))


def test_the_day_without_leads_and_the_week_without_work_are_kept(company: None) -> None:
    tasks.keep_anomalies()
    assert ("leads", "", a_series.OUTAGE) in kept()
    assert ("leads", "Search", a_series.OUTAGE) in kept()
    assert ("activities", "", a_series.AWAY) in kept()
    one = Anomaly.objects.get(series="leads", by="")
    assert (one.direction, one.severity, one.grain, one.method) == (
        *("drop", "critical", "day", "stl"),
    )
    assert one.observed == 1
    assert one.expected == pytest.approx(60, abs=8)
    assert one.in_batch
    assert one.end == one.start


def test_what_was_found_is_found_once_and_pages_are_told_once(company: None) -> None:
    tasks.keep_anomalies()
    first, generation = kept(), freshness.generation()
    tasks.keep_anomalies()
    assert (kept(), freshness.generation()) == (first, generation)
    ScanRun.objects.all().delete()
    tasks.keep_anomalies()
    assert (kept(), freshness.generation()) == (first, generation)
    assert ScanRun.objects.get().scanned >= 3


def test_new_data_are_looked_at_anew(company: None, tmp_path: Path) -> None:
    tasks.keep_anomalies()
    a_series.load_days(tmp_path, {a_series.OUTAGE: 60})
    tasks.keep_anomalies()
    assert "leads" not in {series for series, _, _ in kept()}


def test_a_week_that_is_not_over_is_not_looked_at(company: None) -> None:
    tasks.keep_anomalies()
    scan = SeriesScan.objects.get(series="activities", by="")
    last = scan.start + timedelta(days=7 * len(scan.observed) - 1)
    assert last <= a_series.LAST


def test_a_part_with_few_leads_is_left_out_and_says_so(company: None) -> None:
    tasks.keep_anomalies()
    assert SeriesScan.objects.get(series="leads", part="Rare").silent == "thin"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def rows(client: Client, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/insights/anomalies/panels/anomalies.json{query}")
    found: list[dict[str, Any]] = json.loads(answer.getvalue())["rows"]
    return found


def test_the_page_says_what_was_odd_and_leads_to_the_rows_behind_it(
    company: None, as_user: AsUser, dee: User
) -> None:
    tasks.keep_anomalies()
    shown = text(as_user(dee), "/insights/anomalies/")
    assert "Leads" in shown
    link = re.search(r'/explain/marketing-leads/\?[^"]*', shown)
    assert link is not None
    assert f"start={a_series.OUTAGE}" in link[0]
    explained = text(as_user(dee), link[0].replace("&amp;", "&"))
    assert "1 row" in explained or a_series.OUTAGE.isoformat() in explained


def test_a_rep_is_told_of_nobody_else_s_work_and_a_manager_of_the_own_team(
    company: None, as_user: AsUser, ana: User, bo: User, dee: User
) -> None:
    tasks.keep_anomalies()
    assert {"activities", "leads"} <= {row["label"].lower() for row in rows(as_user(dee))}
    for reader, teams in ((ana, {"EMEA"}), (bo, {"EMEA"})):
        told = [row for row in rows(as_user(reader)) if row["label"] == "Activities"]
        assert {row["part"] for row in told} <= teams
        assert any(row["label"] == "Leads" for row in rows(as_user(reader)))


def test_a_rep_of_a_team_of_several_sees_none_of_its_numbers(
    company: None, as_user: AsUser, ana: User, bo: User
) -> None:
    Rep.objects.create(rep_id="abe", name="Abe", team=bo.team)
    tasks.keep_anomalies()
    assert not [row for row in rows(as_user(ana)) if row["label"] == "Activities"]
    shown = text(as_user(ana), "/insights/anomalies/") + text(as_user(ana), "/pipeline/")
    assert "Activities in the week" not in shown


def test_filters_leave_what_was_asked_for(company: None, as_user: AsUser, dee: User) -> None:
    tasks.keep_anomalies()
    client = as_user(dee)
    assert {row["part"] for row in rows(client, "?channel=Search")} == {"Search"}
    assert rows(client, "?start=2024-02-01&end=2024-03-01&period=custom") == []
    day = f"?period=custom&start={a_series.OUTAGE}&end={a_series.OUTAGE}"
    assert {row["start"] for row in rows(client, day)} == {a_series.OUTAGE.isoformat()}


def test_before_the_first_look_the_page_says_when_there_is_one(
    company: None, as_user: AsUser, dee: User
) -> None:
    assert "were not looked at yet" in text(as_user(dee), "/insights/anomalies/")


def test_without_data_nothing_is_found_and_nothing_fails(workspace: Workspace) -> None:
    tasks.keep_anomalies()
    assert ScanRun.objects.get().scanned == 0
    assert not Anomaly.objects.exists()
    assert not Pattern.objects.exists()


def test_web_processes_never_load_what_only_the_scan_needs() -> None:
    script = (
        "import sys, django; django.setup(); import revops_site.urls, insights.tasks;"
        "print(sorted({'scipy', 'statsmodels'} & set(sys.modules)))"
    )
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", script], env=settings, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
