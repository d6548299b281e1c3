"""Money in two currencies: a missing rate and an old one are told beside the numbers made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from marketing.models import MarketingDay
from revops_site.kernel.models import FxRate, User
from tests.conftest import AsUser
from tests.loading.conftest import CUSTOMER, DEAL, MARKETING, Load, Write, load, text_of, write

__all__ = ["load", "write"]

AMONG = "?period=custom&start=2026-03-01&end=2026-03-31"
OLD = "EUR is converted at a rate of 2 Mar 2026, more than 7 days older than the money."
RATIOS = ("CAC", "CPL", "CTR", "CVR_stagewise", "ROI")
DAY = {name: cell for name, cell in MARKETING.items() if name not in RATIOS}
DEALS = {**DEAL, "created_at": "2026-03-01", "last_stage_change": "2026-03-30"}
PAYS = {**CUSTOMER, "start_date": "2026-03-20", "mrr": "100", "expansion_mrr": "0", "arpa": "100"}


@pytest.fixture(autouse=True)
def two_currencies(workspace: Any, load: Load, write: Write, dee: User) -> None:
    """Dollars, euros at a rate of the second of March, and pounds that nobody knows a rate of."""
    FxRate.objects.create(
        date=date(2026, 3, 2), from_currency="EUR", to_currency="USD", rate=Decimal("1.10")
    )
    days = [
        {**DAY, "date": f"2026-03-{day:02}", "spend": "100", "currency": code, "geo": code}
        for day, code in ((2, "USD"), (3, "EUR"), (30, "EUR"), (30, "GBP"), (31, "USD"))
    ]
    deals = [
        {**DEALS, "deal_id": f"{code}-{status}", "currency": code, "amount": "1000"}
        | {"status": status, "expected_close": "2026-03-30"}
        for code in ("USD", "EUR", "GBP")
        for status in ("open", "won")
    ]
    customers = [
        {**PAYS, "customer_id": code, "account": code, "currency": code}
        for code in ("USD", "EUR", "GBP")
    ]
    for name, rows in (
        ("marketing_channels", days),
        ("pipeline_deals", deals),
        ("revenue_customers", customers),
    ):
        report = load(write(f"{name}.csv", text_of(*rows)), dataset=name)
        assert report.exit_code == 0, report
        assert report.files[0].refused == 0, report


@pytest.fixture
def page(as_user: AsUser, dee: User) -> Callable[[str], str]:
    client = as_user(dee)

    def get(address: str) -> str:
        answer = client.get(address)
        assert answer.status_code == 200, address
        content = b"".join(answer) if answer.streaming else answer.content
        return " ".join(unescape(content.decode()).split())

    return get


MISSING = {
    "/marketing/": "1 row is without an exchange rate",
    "/pipeline/": "1 open deal without an exchange rate",
    "/revenue/": "1 customer pays in a currency without an exchange rate",
}


@pytest.mark.parametrize("address", MISSING)
def test_a_missing_and_an_old_rate_are_told_beside_the_tiles_and_tables(
    page: Callable[[str], str], address: str
) -> None:
    told = page(address + AMONG)
    assert MISSING[address] in told
    assert OLD in told
    assert "GBP is converted" not in told


@pytest.mark.parametrize(
    "address",
    [
        "/marketing/panels/marketing-kpis.json",
        "/pipeline/panels/pipeline-kpis.json",
        "/revenue/panels/revenue-kpis.json",
    ],
)
def test_a_file_for_programs_tells_it_too(page: Callable[[str], str], address: str) -> None:
    about = json.loads(page(address + AMONG))["about"]
    assert OLD in about["notes"]
    assert "without an exchange rate" in about["notes"]


@pytest.mark.parametrize(
    "slug", ["marketing-spend", "pipeline-total", "pipeline-won-amount", "revenue-mrr"]
)
def test_the_explanation_of_a_number_tells_it_too(page: Callable[[str], str], slug: str) -> None:
    told = page(f"/explain/{slug}/{AMONG}")
    assert OLD in told
    assert "without an exchange rate" in told


def test_currencies_are_never_summed(page: Callable[[str], str]) -> None:
    rows = json.loads(page("/marketing/panels/marketing-kpis.json" + AMONG))["rows"]
    (spend,) = [row["value"] for row in rows if row["field"] == "total_spend"]
    assert spend == 100 + 110 + 110 + 100


def test_a_rate_of_the_week_needs_no_word(page: Callable[[str], str]) -> None:
    early = "?period=custom&start=2026-03-01&end=2026-03-09"
    assert "is converted at a rate" not in page("/marketing/" + early)
    assert MarketingDay.objects.filter(currency="EUR").count() == 2
