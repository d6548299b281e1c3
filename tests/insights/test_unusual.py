"""What the worker finds unusual is kept once, is told anew with new data, and follows the slice."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from insights import tasks
from insights.models import Pattern, ScanRun, SeriesScan
from revops_site.kernel import freshness
from revops_site.kernel.models import Anomaly, User, Workspace
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
