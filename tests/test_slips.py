"""A mistyped day moves no clock for good: not before it is mended, where it lies in the future."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from marketing.datasets import MARKETING_CHANNELS
from marketing.models import MarketingDay
from revenue.datasets import REVENUE_CUSTOMERS
from revenue.models import CustomerMonth
from revops_site.kernel import freshness
from revops_site.kernel.loading import FileReport, rows
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.sample_rows import sample

CUSTOMER = sample(REVENUE_CUSTOMERS) | {"start_date": "2025-01-10", "mrr": "500"}


def write_customer(**changes: str) -> FileReport:
    return rows.write(REVENUE_CUSTOMERS, [CUSTOMER | changes], kind="edit", source="test", by=None)


def days_of(client: Client) -> str:
    shown = client.get("/marketing/").content.decode()
    return shown.split("Data as of", 1)[1].split("</time>", 1)[0]


def ledger() -> list[tuple[object, ...]]:
    months = CustomerMonth.objects.order_by("customer_id", "month")
    return list(months.values_list("customer_id", "month", "mrr"))


@pytest.mark.usefixtures("workspace")
def test_a_start_in_the_future_is_told_of_and_makes_no_months() -> None:
    assert write_customer().accepted == 1
    before = ledger()
    assert before
    report = write_customer(start_date="2062-01-15")
    assert report.warnings["start_date: rows lie in the future"] == 1
    assert set(ledger()) <= set(before)
    write_customer()
    assert ledger() == before


@pytest.mark.usefixtures("marketing_days")
def test_a_marketing_day_of_the_future_leaves_the_data_as_of_their_day(
    dee: User, as_user: AsUser
) -> None:
    client = as_user(dee)
    before = days_of(client)
    sent = sample(MARKETING_CHANNELS) | {"date": "2062-01-15"}
    report = rows.write(MARKETING_CHANNELS, [sent], kind="edit", source="test", by=None)
    assert report.accepted == 1, report.sample
    assert days_of(client) == before


@pytest.mark.parametrize("is_mended", [True, False], ids=["mended", "deleted"])
@pytest.mark.usefixtures("marketing_days")
def test_a_slip_into_the_past_is_forgotten_once_it_is_gone(
    dee: User, as_user: AsUser, is_mended: bool
) -> None:
    client = as_user(dee)
    before = days_of(client)
    last = freshness.of(["marketing_channels"], freshness.workspace()).last_day
    assert last
    slip = MarketingDay.objects.filter(date=last).order_by("key")[0]
    (row,) = rows.texts(MARKETING_CHANNELS, [slip])
    wrong = row | {"date": (last + timedelta(days=40)).isoformat()}
    rows.write(MARKETING_CHANNELS, [wrong], kind="edit", source="test", by=None)
    assert days_of(client) != before
    stored = MarketingDay.objects.get(date=last + timedelta(days=40))
    if is_mended:
        rows.write(
            MARKETING_CHANNELS, [wrong | {"spend": "3"}], kind="edit", source="test", by=None
        )
        assert days_of(client) != before
    rows.remove(
        MARKETING_CHANNELS,
        [rows.key(MARKETING_CHANNELS, stored)],
        kind="edit",
        source="test",
        by=None,
    )
    assert days_of(client) == before
