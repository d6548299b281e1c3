"""The canonical files' headers and values land in their tables as they were meant."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from insights.catalog import DATASETS
from marketing.models import MarketingDay
from pipeline.models import Deal
from revenue.models import Customer
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import FileReport
from revops_site.kernel.loading.merge import STAMPS
from revops_site.kernel.models import Benchmark, FxRate, Workspace
from tests.loading.conftest import BENCHMARK, CUSTOMER, DEAL, MARKETING, ROWS, Row, text_of

LoadOne = Callable[..., FileReport]


@pytest.mark.parametrize("name", ROWS)
def test_a_canonical_row_is_loaded_without_warning(load_one: LoadOne, name: str) -> None:
    report = load_one("any name.csv", ROWS[name])
    assert (report.dataset, report.status) == (name, "loaded")
    assert (report.accepted, report.refused, report.inserted) == (1, 0, 1)
    assert report.warnings == {}


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_a_dataset_fills_every_column_of_its_table(dataset: Dataset) -> None:
    filled, fields = {*dataset.stored, *STAMPS}, dataset.fields
    by_itself = {name for name, f in fields.items() if f.has_db_default() or f.db_returning}
    by_roll_up = {"state_since", "first_amount", "first_currency"}
    kept = by_roll_up if dataset.name == "pipeline_deals" else set()
    assert set(fields) - by_itself - kept <= filled <= set(fields)


def test_a_marketing_row_is_stored_under_the_hash_of_what_it_is(load_one: LoadOne) -> None:
    load_one("m.csv", MARKETING)
    day = MarketingDay.objects.get()
    identity = "\x1f".join(["2024-01-01", "Google Ads", "Launch", "SMB", "US"])
    assert day.key == uuid.UUID(hashlib.md5(identity.encode(), usedforsecurity=False).hexdigest())
    assert (day.date, day.spend, day.mqls) == (date(2024, 1, 1), Decimal("1000.50"), 60)
    assert (day.roi, day.revenue) == (Decimal("120.5"), None)
    assert (day.currency, day.fx_rate) == ("USD", Decimal(1))
    assert day.row_created_at == day.row_updated_at
    assert day.load is not None
    assert day.load.file_name == "m.csv"


def test_foreign_money_is_stored_with_the_rate_of_its_day(
    load_one: LoadOne, workspace: Workspace
) -> None:
    FxRate.objects.create(
        date=date(2023, 12, 31), from_currency="EUR", to_currency="USD", rate=Decimal("1.25")
    )
    rows: list[Row] = [
        {**MARKETING, "currency": "eur"},
        {**MARKETING, "currency": "NOK", "geo": "EU"},
    ]
    report = load_one("m.csv", *rows)
    rates = dict(MarketingDay.objects.values_list("currency", "fx_rate"))
    assert rates == {"EUR": Decimal("1.25"), "NOK": None}
    assert report.warnings == {"no exchange rate is known": 1}


def test_a_deal_keeps_its_dates_and_its_owner(load_one: LoadOne) -> None:
    load_one("d.csv", DEAL)
    deal = Deal.objects.get()
    assert (deal.deal_id, deal.account_name, deal.status) == ("D1", "Acme", "open")
    assert (deal.close_date, deal.closed_at) == (date(2024, 6, 30), None)
    assert deal.owner is not None
    assert deal.owner.name == "Ana Almeida"
    assert deal.probability == Decimal("0.5")


@pytest.mark.parametrize(
    ("status", "stored"),
    [
        ("Open", "open"),
        ("OPEN", "open"),
        ("Closed_Won", "won"),
        ("closed won", "won"),
        ("won", "won"),
        ("LOST", "lost"),
        ("Closed_Lost", "lost"),
    ],
)
def test_a_status_may_be_written_in_several_ways(
    load_one: LoadOne, status: str, stored: str
) -> None:
    load_one("d.csv", {**DEAL, "status": status})
    assert Deal.objects.get().status == stored


def test_a_closed_deal_without_its_day_takes_that_of_its_last_stage(load_one: LoadOne) -> None:
    won = {**DEAL, "status": "won", "closed_at": ""}
    lost = {**DEAL, "deal_id": "D2", "status": "lost", "closed_at": "2024-02-02"}
    undated = {**DEAL, "deal_id": "D3", "status": "won", "last_stage_change": "", "closed_at": ""}
    still_open = {**DEAL, "deal_id": "D4", "closed_at": "2024-02-02"}
    report = load_one("d.csv", won, lost, undated, still_open)
    closed = dict(Deal.objects.values_list("deal_id", "closed_at"))
    assert closed == {"D1": date(2024, 2, 1), "D2": date(2024, 2, 2), "D4": None}
    assert [(row.line, row.column) for row in report.sample] == [(4, "closed_at")]
    assert report.warnings["closed_at comes from last_stage_change"] == 1
    assert report.warnings["closed_at of an open deal is left out"] == 1


def test_headers_may_have_other_names_any_case_and_any_order(load_one: LoadOne) -> None:
    names = {"owner": "Owner Name", "expected_close": "close-date", "deal_id": "OPPORTUNITY_ID"}
    row = {names.get(name, name): value for name, value in reversed(list(DEAL.items()))}
    assert load_one("d.csv", row).accepted == 1
    assert Deal.objects.get().close_date == date(2024, 6, 30)


@pytest.mark.parametrize("label", ["Mid-Market", "mid market", "mm"])
def test_a_segment_may_be_written_as_its_label(load_one: LoadOne, label: str) -> None:
    load_one("c.csv", {**CUSTOMER, "segment": label})
    assert Customer.objects.get().segment == "MM"


def test_numbers_may_look_as_spreadsheets_write_them(load_one: LoadOne) -> None:
    load_one("m.csv", {**MARKETING, "leads": "100.0", "spend": "1e3", "clicks": "+7"})
    day = MarketingDay.objects.get()
    assert (day.leads, day.spend, day.clicks) == (100, Decimal(1000), 7)


def test_the_steps_of_a_funnel_are_numbered_in_the_files_order(load_one: LoadOne) -> None:
    rate = {**BENCHMARK, "metric_type": "stage_conversion_benchmarks", "category": "SMB"}
    other = {**rate, "category": "MM"}
    ids = [(rate, "B7"), (other, "B8"), (rate, "B2"), (other, "B1"), (rate, "B9")]
    load_one("b.csv", *({**row, "benchmark_id": id_} for row, id_ in ids))
    steps = dict(Benchmark.objects.values_list("benchmark_id", "step"))
    assert steps == {"B7": 1, "B2": 2, "B9": 3, "B8": 1, "B1": 2}


def test_the_file_tells_how_far_its_data_reach(load_one: LoadOne) -> None:
    days = ("2024-03-02", "2024-03-01", "2024-03-09")
    report = load_one("m.csv", *({**MARKETING, "date": day} for day in days))
    assert (report.first_day, report.last_day) == (date(2024, 3, 1), date(2024, 3, 9))


def test_semicolons_and_a_byte_order_mark_do_no_harm(load_one: LoadOne) -> None:
    text = "\ufeff" + text_of(MARKETING, delimiter=";").replace("\n", "\r\n")
    assert load_one("m.csv", text).accepted == 1


def test_the_document_of_the_contracts_is_up_to_date() -> None:
    try:
        call_command("contracts", "--check")
    except CommandError as error:
        pytest.fail(str(error))
