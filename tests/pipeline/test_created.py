"""What was created counts with the amount that was first known, whatever became of it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from insights.catalog import DATASETS
from pipeline.models import Deal
from pipeline.rollups import ROLLUPS
from revops_site.kernel import loading
from revops_site.kernel.models import DataLoad, User, Workspace
from tests.conftest import AsUser
from tests.insights import files

PERIOD = "period=custom&start=2025-05-01&end=2025-05-31"
EXPLAINED = "/explain/pipeline-created-amount"


def deal(deal_id: str, amount: str = "", **other: str) -> dict[str, str]:
    return {
        "deal_id": deal_id,
        "account": deal_id,
        "segment": "SMB",
        "owner": "ana",
        "stage": "Demo",
        "status": "open",
        "source_channel": "LinkedIn",
        "amount": amount,
        "currency": "USD",
        "created_at": "2025-05-05",
        "last_stage_change": "2025-06-30",
        **other,
    }


def change(deal_id: str, old: str, new: str, day: str, field: str = "amount") -> dict[str, str]:
    at = f"{day}T10:00:00Z"
    return {"deal_id": deal_id, "field": field, "old": old, "new": new, "changed_at": at}


DEALS = [
    deal("grown", "250"),
    deal("as ever", "1000"),
    deal("unknown at first", "700"),
    deal("unknown now"),
    deal("twice", "40", owner="cy"),
    deal("was in euros", "30", created_at="2025-05-20"),
    deal("of another month", "5", created_at="2025-04-01"),
]
CHANGES = [
    change("grown", "100", "250", "2025-06-10"),
    change("unknown at first", "", "600", "2025-05-20"),
    change("unknown at first", "600", "700", "2025-06-20"),
    change("unknown now", "20", "", "2025-06-20"),
    change("twice", "3", "4", "2025-06-02"),
    change("twice", "many", "3", "2025-06-01"),
    change("twice", "4", "40", "2025-06-03"),
    change("was in euros", "10", "30", "2025-06-03"),
    change("was in euros", "EUR", "USD", "2025-06-03", "currency"),
    change("of another month", "8", "5", "2025-06-03"),
    change("nobody knows it", "1", "2", "2025-06-03"),
]
RATES = [{"date": "2025-01-01", "from_currency": "EUR", "to_currency": "USD", "rate": "1.5"}]
FIRST = {
    "grown": "100",
    "as ever": "1000",
    "unknown at first": "600",
    "unknown now": "20",
    "twice": "3",
    "was in euros": "10",
}
NOW = 250 + 1000 + 700 + 40 + 30
THEN = 100 + 1000 + 600 + 20 + 3 + 10 * 1.5


@pytest.fixture(autouse=True)
def all_true(db: None):  # type: ignore[no-untyped-def]
    """Whatever is loaded or undone, sums are as they would be if made anew."""
    yield
    assert [one.name for one in ROLLUPS if one.differences()] == []


@pytest.fixture
def client(as_user: AsUser, dee: User, ana: User, cy: User, workspace: Workspace) -> Client:
    return as_user(dee)


def load(folder: Path, **given: files.Rows) -> None:
    files.load(folder, given)


@pytest.fixture
def told(client: Client, tmp_path: Path) -> Client:
    load(tmp_path, fx_rates=RATES, pipeline_deals=DEALS, deal_changes=CHANGES)
    return client


def rows(client: Client, address: str, query: str = PERIOD) -> list[dict[str, Any]]:
    answer = client.get(f"{address}.json?{query}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.getvalue())["rows"]
    return found


def created(client: Client, query: str = PERIOD) -> float:
    """The created amounts of the flow chart's weeks, which are those of the explained number."""
    weeks = rows(client, "/pipeline/panels/pipeline-flow", query)
    listed = rows(client, f"{EXPLAINED}/panels/rows", query)
    found = sum(row["created_amount"] for row in weeks)
    assert found == pytest.approx(sum(float(row["value"] or 0) for row in listed))
    return float(found)


def test_a_deal_that_has_grown_was_created_with_its_first_amount(told: Client) -> None:
    assert created(told) == THEN
    shown = told.get(f"{EXPLAINED}/?{PERIOD}").getvalue().decode()
    assert "$1,738.00" in shown
    assert "first_amount" in told.get(f"{EXPLAINED}/?{PERIOD}&owner=ana").getvalue().decode()


def test_the_rows_and_their_file_show_the_first_amount_in_its_currency(told: Client) -> None:
    listed = {row["deal_id"]: row for row in rows(told, f"{EXPLAINED}/panels/rows")}
    assert {name: float(row["created_amount"]) for name, row in listed.items()} == {
        name: float(amount) for name, amount in FIRST.items()
    }
    assert listed["was in euros"]["created_currency"] == "EUR"
    answer = told.get(f"{EXPLAINED}/panels/rows.csv?{PERIOD}")
    lines = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")))
    assert next(line for line in lines if line["deal_id"] == "grown")["created_amount"] == "100"


@pytest.mark.parametrize("day", ["2025-05-31", "2025-06-05", "2025-06-30"])
def test_it_is_the_same_on_any_day_since(told: Client, day: str) -> None:
    assert created(told, f"{PERIOD}&as_of={day}") == THEN


def test_it_is_the_same_for_a_rep_and_for_a_channel(
    told: Client, as_user: AsUser, ana: User
) -> None:
    assert created(as_user(ana)) == THEN - 3
    deals = rows(told, "/marketing/channels/LinkedIn/panels/sourced-deals")
    assert sum(float(row["value"]) for row in deals) == THEN


def test_a_load_that_finds_another_amount_leaves_the_first(client: Client, tmp_path: Path) -> None:
    load(tmp_path, pipeline_deals=[deal("grown", "100")])
    assert created(client) == 100
    for amount in ("250", "400"):
        load(tmp_path, pipeline_deals=[deal("grown", amount)])
        assert created(client) == 100
    load(tmp_path, pipeline_deals=[deal("grown", "400", created_at="2025-04-30")])
    assert created(client) == 0


def test_changes_may_come_before_their_deals_and_twice(client: Client, tmp_path: Path) -> None:
    load(tmp_path, fx_rates=RATES, deal_changes=CHANGES)
    load(tmp_path / "then", pipeline_deals=DEALS)
    assert created(client) == THEN
    load(tmp_path, deal_changes=CHANGES[:3])
    load(tmp_path, deal_changes=CHANGES)
    assert created(client) == THEN


def test_changes_that_are_undone_leave_today_s_amounts(client: Client, tmp_path: Path) -> None:
    load(tmp_path, pipeline_deals=DEALS)
    load(tmp_path / "changes", fx_rates=RATES, deal_changes=CHANGES)
    assert created(client) == THEN
    loading.undo(DataLoad.objects.filter(dataset="deal_changes").latest("id"), DATASETS)
    assert created(client) == NOW


def test_an_older_database_gets_its_first_amounts_from_the_rollup(told: Client) -> None:
    Deal.objects.update(first_amount=None, first_currency=None)
    call_command("rollup", verbosity=0)
    assert created(told) == THEN
