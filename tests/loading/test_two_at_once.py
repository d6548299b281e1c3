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
from tests.loading.conftest import DEAL, MARKETING, Write

pytestmark = pytest.mark.django_db(transaction=True)


def load(*paths: Path) -> FileReport:
    try:
        return loading.load(paths, DATASETS).files[0]
    finally:
        connection.close()


def test_the_same_file_at_once_is_loaded_once(write: Write) -> None:
    freshness.workspace()
    path = write("m.csv", *({**MARKETING, "leads": n, "campaign": n} for n in range(200)))
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(load, [path] * 4))
    assert sorted(report.status for report in reports) == ["loaded", *["unchanged"] * 3]
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
