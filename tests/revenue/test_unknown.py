"""What the data do not tell is said not to be known, and never to be 0."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from revenue import metrics
from revenue.metrics import BALANCE_METRICS, COHORT_METRICS, MOVEMENTS
from revops_site.kernel.metrics import Metric
from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import figure, rows, text

OF_MONTHS = [metric for found in MOVEMENTS.values() for metric in found]
VALUE = re.compile(r'<data value="([^"]*)">([^<]*)</data>')


@pytest.fixture
def alone(as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path) -> Client:
    """A list of customers and nothing else, to May 2025."""
    assert customers.load(tmp_path, revenue_customers=customers.CUSTOMERS).exit_code == 0
    return as_user(vi)


@pytest.fixture
def page(
    as_user: AsUser, vi: User, ana: User, cy: User, workspace: Workspace, tmp_path: Path
) -> Client:
    assert customers.load_all(tmp_path).exit_code == 0
    return as_user(vi)


def test_a_list_of_customers_alone_says_what_it_cannot_know(alone: Client) -> None:
    assert figure(alone, "active_customers") is None
    assert figure(alone, "total_mrr") == 150 + 300 + 80
    assert [figure(alone, name) for name in ("avg_nrr", "grr", "churn_rate")] == [None] * 3
    assert rows(alone, "mrr-waterfall") == []
    assert "need MRR history" in text(alone)
    assert text(alone, "/revenue/panels/revenue-kpis/").count(">Needs MRR history.<") == 2


@pytest.mark.parametrize("slug", ["revenue-by-segment", "revenue-by-plan"])
def test_who_pays_is_listed_without_what_moved(alone: Client, slug: str) -> None:
    found = rows(alone, slug)
    assert sum(float(str(row["mrr"])) for row in found) == 150 + 300 + 80
    for name in ("expansion", "contraction", "churn", "churned", "churn_rate", "avg_nrr"):
        assert {row[name] for row in found} == {None}


def test_what_those_paid_who_left_is_not_known(alone: Client) -> None:
    (lost,) = rows(alone, "churn-reasons")
    assert (lost["churn_reason"], lost["count"]) == ("Price", 1)
    assert (lost["mrr_lost"], lost["share_of_lost_mrr"]) == (None, None)
    said = "What 1 of the 1 who left had paid is not known"
    assert said in text(alone)
    explained = text(alone, "/explain/revenue-lost-mrr/?period=all")
    assert VALUE.findall(explained)[0] == ("", "—")
    assert said in explained


@pytest.mark.parametrize(
    "metric", [*OF_MONTHS, *BALANCE_METRICS, *COHORT_METRICS], ids=lambda metric: metric.slug
)
def test_what_moved_is_explained_as_unknown(alone: Client, metric: Metric) -> None:
    shown = text(alone, f"/explain/{metric.slug}/?period=365d")
    assert VALUE.findall(shown)[0] == ("", "—")
    assert "MRR history" in shown
    assert "$0.00" not in shown


def test_a_month_before_the_ledger_is_unknown_too(page: Client) -> None:
    for metric in (metrics.MRR, metrics.CUSTOMERS, metrics.NEW):
        shown = text(page, f"/explain/{metric.slug}/?as_of=2023-06-30")
        assert VALUE.findall(shown)[0] == ("", "—")


def test_no_customer_of_the_first_known_month_is_said_to_be_new(alone: Client) -> None:
    found = rows(alone, "customers", "column=movement&column=moved_by&column=year_ago_value")
    assert len(found) == 5
    for name in ("movement", "moved_by", "year_ago_value"):
        assert {row[name] for row in found} == {None}
    assert rows(alone, "customers", "flag=new") == []
    assert "need MRR history" in text(alone, "/revenue/panels/customers/")


@pytest.mark.parametrize(
    "query", ["sort=movement", "sort=-moved_by", "sort=year_ago_value", "group=movement"]
)
def test_what_is_unknown_can_be_ordered_and_grouped_by(alone: Client, query: str) -> None:
    assert rows(alone, "customers", query)


@pytest.mark.parametrize("slug", ["mrr-waterfall", "retention-trend", "nrr-by-segment"])
def test_a_panel_without_history_says_so_and_blames_no_filter(alone: Client, slug: str) -> None:
    shown = text(alone, f"/revenue/panels/{slug}/")
    assert "it needs MRR history, from customer_mrr or subscriptions" in shown
    assert "No rows match" not in shown


@pytest.mark.parametrize("slug", ["mrr-waterfall", "retention-trend", "nrr-by-segment"])
def test_filters_that_match_nobody_are_blamed_where_there_is_history(
    page: Client, slug: str
) -> None:
    shown = text(page, f"/revenue/panels/{slug}/?segment=ENT&region=APAC")
    assert "No rows match these filters" in shown
    assert "MRR history" not in shown


def test_churn_is_told_by_dates_where_there_is_no_history(alone: Client) -> None:
    assert figure(alone, "churn_rate_by_dates") == pytest.approx(1 / 5)
    assert "In Apr 2025, without MRR history." in text(alone, "/revenue/panels/revenue-kpis/")
    assert figure(alone, "churn_rate_by_dates", "segment=SMB") == pytest.approx(1 / 3)
    assert figure(alone, "churn_rate_by_dates", "owner=cy") == 0
    query = "period=custom&start=2025-04-01&end=2025-04-30"
    assert VALUE.findall(text(alone, f"/explain/revenue-churn-by-dates/?{query}"))[0][1] == "20.00%"


def test_churn_by_dates_is_not_told_where_there_is_history(page: Client) -> None:
    assert figure(page, "churn_rate_by_dates") is None
    assert figure(page, "churn_rate") == 0


def test_nobody_a_year_ago_is_another_reason_than_no_history(page: Client) -> None:
    shown = text(page, "/revenue/panels/revenue-kpis/?segment=MM&owner=cy&plan=Business")
    assert "Of these, nobody paid back then." not in shown
    march = "period=custom&start=2025-05-01&end=2025-05-31"
    assert "Needs MRR history." not in text(page, f"/revenue/panels/revenue-kpis/?{march}")
    early = "period=custom&start=2024-03-01&end=2024-03-31"
    assert "Needs MRR history." in text(page, f"/revenue/panels/revenue-kpis/?{early}")
