"""Runs at the same time wait for each other and end as if they had come one by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from insights.catalog import DATASETS
from marketing.models import MarketingDay, MarketingRollup
from revops_site.kernel import freshness, loading
from revops_site.kernel.loading import FileReport
from revops_site.kernel.models import Rep
from tests.loading.conftest import DEAL, EVERY_ROW, MARKETING, QUOTA, REP, Write

pytestmark = pytest.mark.django_db(transaction=True)


def load(*paths: Path) -> FileReport:
    try:
        return loading.load(paths, DATASETS).files[0]
    finally:
        connection.close()


def test_the_same_file_at_once_is_loaded_once(write: Write) -> None:
    freshness.workspace()
    path = write("m.csv", *({**MARKETING, "leads": n, "campaign": n} for n in range(200)))
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(load, [path] * 8))
    assert sorted(report.status for report in reports) == ["loaded", *["unchanged"] * 7]
    assert MarketingDay.objects.count() == 200
    assert MarketingRollup.objects.get().rows == 200
    assert freshness.generation() == 1


def test_two_runs_of_two_datasets_do_not_block_each_other_for_good(write: Write) -> None:
    freshness.workspace()
    files = [write("m.csv", MARKETING), write("d.csv", DEAL)]
    more = [write("m2.csv", {**MARKETING, "leads": 5}), write("d2.csv", {**DEAL, "amount": 5})]
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(load, *files), pool.submit(load, *reversed(more))]
        assert {run.result(timeout=30).status for run in runs} == {"loaded"}
    assert MarketingDay.objects.get().leads in {5, 100}
    assert freshness.generation() == 2


def test_runs_that_name_the_same_unknown_people_make_each_once(write: Write) -> None:
    freshness.workspace()
    names = [f"Rep {n}" for n in range(20)]
    deals = [{**DEAL, "deal_id": name, "owner": name} for name in names]
    accounts = [{**EVERY_ROW["accounts"], "account_id": n, "owner": n} for n in reversed(names)]
    reps = [{**REP, "rep_id": f"rep-{n}", "name": name} for n, name in enumerate(names)]
    runs = [
        [write("deals.csv", *deals)],
        [write("quotas.csv", *({**QUOTA, "rep_id": name} for name in names))],
        [write("accounts.csv", *accounts), write("more.csv", {**DEAL, "owner": "Rep 3"})],
        [write("reps.csv", *reps), write("touches.csv", EVERY_ROW["touchpoints"])],
        [write("teams.csv", EVERY_ROW["teams"])],
    ]
    with ThreadPoolExecutor(len(runs)) as pool:
        reports = list(pool.map(lambda paths: load(*paths), runs))
    assert {(report.status, report.refused) for report in reports} == {("loaded", 0)}
    assert sorted(Rep.objects.values_list("name", flat=True)) == sorted(names)
    assert not Rep.objects.filter(is_placeholder=True).exists()
