"""The newest load of a dataset taken back: as if it had never been."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from insights.catalog import DATASETS, ROLLUPS
from marketing.models import MarketingDay
from pipeline.models import Deal
from revops_site.kernel import freshness, loading
from revops_site.kernel.loading import FileReport, NotNewestError, rows
from revops_site.kernel.models import DataLoad, FormerRow, Rep, Team, User
from tests.loading.conftest import CUSTOMER, DEAL, EVERY_ROW, MARKETING, REP, Load, Write

pytestmark = pytest.mark.django_db

LoadOne = Callable[..., FileReport]
BY_NAME = {dataset.name: dataset for dataset in DATASETS}
# The key's columns stay, so that another value there is another row.
OTHERS: dict[str, dict[str, Any]] = {
    "marketing_channels": {"spend": "7", "leads": 61},
    "pipeline_deals": {"amount": "9.99", "owner": "Bo Berg"},
    "revenue_customers": {"plan": "Starter", "mrr": "1"},
    "benchmarks": {"target_value": "26"},
    "activities": {"deal_id": "D9"},
    "subscriptions": {"quantity": "3"},
    "customer_mrr": {"mrr": "3"},
    "stage_history": {"exited_at": "2024-03-01"},
    "accounts": {"owner": "Bo Berg"},
    "reps": {"team": "APAC", "region": "APAC"},
    "teams": {"region": "APAC"},
}


def undo(load: DataLoad, by: User | None = None) -> FileReport:
    return loading.undo(load, DATASETS, by)


def newest(dataset: str) -> DataLoad:
    return DataLoad.objects.filter(dataset=dataset).latest("id")


def contents(*tables: str) -> list[str]:
    """A hash of all that is in each of these tables."""
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t")
            found.append(cursor.fetchone()[0])
    return found


def everything(dataset: str) -> list[str]:
    """A hash of a dataset's table, of its log, and of people; its sums are held against it."""
    assert [roll_up.name for roll_up in ROLLUPS if roll_up.differences()] == []
    promise = BY_NAME[dataset]
    models: Sequence[Any] = [promise.table, Rep, Team]
    log = [promise.log.model.replace(".", "_").lower()] if promise.log else []
    return contents(*(model._meta.db_table for model in models), *log)


@pytest.mark.parametrize("name", OTHERS)
def test_undoing_restores_exactly_what_was_before(load: Load, write: Write, name: str) -> None:
    row = EVERY_ROW[name]
    load(write(f"{name}.csv", row))
    before, generation = everything(name), freshness.generation()
    key = BY_NAME[name].identity or BY_NAME[name].key
    new = {**row, BY_NAME[name].column(key[0]).title: "2024-02-01" if key[0] == "date" else "new"}
    path = write("second.csv", {**row, **OTHERS[name]}, new)
    (second,) = load(path, dataset=name).files
    assert (second.inserted, second.updated) == (1, 1), second
    assert everything(name) != before
    report = undo(newest(name))
    assert (report.status, report.deleted, report.updated) == ("undone", 1, 1)
    assert everything(name) == before
    assert freshness.generation() == generation + 2
    assert newest(name).status == "undone"
    assert not FormerRow.objects.exists()
    assert load(path, dataset=name).files[0].status == "loaded"


def test_the_first_load_undone_leaves_an_empty_table_and_nobody(load_one: LoadOne) -> None:
    before = everything("pipeline_deals")
    load_one("d.csv", DEAL, {**DEAL, "deal_id": "D2", "owner": "Bo Berg"})
    assert Rep.objects.count() == 2
    undo(newest("pipeline_deals"))
    assert everything("pipeline_deals") == before
    assert not Deal.objects.exists()
    assert not Rep.objects.exists()


def test_whom_others_name_too_stays(load_one: LoadOne) -> None:
    load_one("d.csv", DEAL, {**DEAL, "deal_id": "D2", "owner": "Bo Berg"})
    load_one("a.csv", EVERY_ROW["accounts"])
    undo(newest("pipeline_deals"))
    assert list(Rep.objects.values_list("name", flat=True)) == ["Ana Almeida"]


def test_rows_that_others_need_are_not_taken_from_them(load_one: LoadOne) -> None:
    load_one("reps.csv", REP)
    load_one("d.csv", DEAL)
    with pytest.raises(NotNewestError, match="needed by others"):
        undo(newest("reps"))
    assert Rep.objects.filter(rep_id="r7").exists()


def test_only_the_newest_load_can_be_undone(load_one: LoadOne, dee: User) -> None:
    load_one("a.csv", MARKETING)
    load_one("b.csv", {**MARKETING, "leads": 61})
    first, second = DataLoad.objects.order_by("id")
    assert "is not the newest load of marketing_channels" in loading.can_undo(first)
    assert loading.can_undo(second) == ""
    with pytest.raises(NotNewestError, match="is not the newest"):
        undo(first)
    undo(second, dee)
    second.refresh_from_db()
    assert second.message == f"was undone by {dee}"
    assert loading.can_undo(second) == "This load was undone already."
    first.refresh_from_db()
    undo(first)
    assert not MarketingDay.objects.exists()


def test_an_edit_since_stands_in_the_way(load_one: LoadOne) -> None:
    load_one("a.csv", MARKETING)
    dataset = BY_NAME["marketing_channels"]
    (given,) = rows.texts(dataset, MarketingDay.objects.all())
    rows.write(dataset, [{**given, "leads": "61"}], kind="edit", source="by hand", by=None)
    load = DataLoad.objects.get(kind="file")
    assert "the data were changed since" in loading.can_undo(load)
    assert loading.can_undo(newest("marketing_channels")).startswith("Only a file")


def test_a_file_of_the_same_rows_can_be_undone_without_effect(load_one: LoadOne) -> None:
    load_one("a.csv", MARKETING)
    before = everything("marketing_channels")
    load_one("b.csv", {**MARKETING, "spend": "1000.5000"})
    undo(newest("marketing_channels"))
    assert everything("marketing_channels") == before


def test_the_command_undoes_and_says_so(load_one: LoadOne) -> None:
    load_one("c.csv", CUSTOMER)
    load_one("c2.csv", {**CUSTOMER, "plan": "Starter"}, {**CUSTOMER, "customer_id": "C2"})
    out = io.StringIO()
    call_command("undo", "revenue_customers", "--check", stdout=out)
    call_command("undo", "revenue_customers", stdout=out)
    assert out.getvalue().splitlines() == [
        "The load of c2.csv can be undone.",
        "c2.csv: undone, 1 rows removed, 1 as they were before.",
    ]
    with pytest.raises(CommandError, match="Nothing of pipeline_deals was loaded"):
        call_command("undo", "pipeline_deals")
