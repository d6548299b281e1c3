"""What people see on the Revenue page, whole and in parts, and who sees what of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from revenue.panels import PAGE
from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import figure, rows, text

SLUGS = [*(panel.slug for panel in PAGE.panels), *(listing.slug for listing in PAGE.listings)]
# What is paid in June 2025 in dollars; nobody knows what a pound is worth.
MRR = 150 + 100 * 1.1 + 300 + 80


@pytest.fixture
def loaded(ana: User, cy: User, workspace: Workspace, tmp_path: Path) -> None:
    assert customers.load_all(tmp_path).exit_code == 0


@pytest.fixture
def page(loaded: None, as_user: AsUser, vi: User) -> Client:
    return as_user(vi)


def test_mrr_is_what_is_paid_at_the_month_s_end_at_its_rate(page: Client) -> None:
    assert figure(page, "total_mrr") == pytest.approx(MRR)
    assert figure(page, "total_arr") == pytest.approx(12 * MRR)
    assert figure(page, "arpa") == pytest.approx(MRR / 5)


def test_retention_is_of_those_who_paid_a_year_before_at_one_rate(page: Client) -> None:
    then = 100 + 100 * 1.1 + 50 + 400
    assert figure(page, "avg_nrr") == pytest.approx((150 + 110 + 0 + 300) / then)
    assert figure(page, "grr") == pytest.approx((100 + 110 + 0 + 300) / then)


def test_churn_is_that_of_a_month(page: Client) -> None:
    assert figure(page, "churn_rate") == 0
    april = "period=custom&start=2025-04-01&end=2025-04-30"
    assert figure(page, "churn_rate", april) == pytest.approx(1 / 5)


def test_what_has_no_rate_is_counted_and_said(page: Client) -> None:
    assert "1 customer pays in a currency without an exchange rate" in text(page)


def test_the_months_balance_and_currency_is_no_movement(page: Client) -> None:
    months = {row["key"]: row for row in rows(page, "mrr-waterfall")}
    assert len(months) == 12
    assert months["Mar 2025"]["expansion_mrr"] == 50
    assert months["Apr 2025"]["churn_mrr"] == 50
    assert months["May 2025"]["contraction_mrr"] == 100
    assert months["May 2025"]["new_mrr"] == 80
    assert months["Jun 2025"]["fx_impact"] == pytest.approx(-10)
    assert months["Jun 2025"]["net_new_mrr"] == pytest.approx(-10)


@pytest.mark.parametrize(
    ("query", "mrr"),
    [
        ("segment=SMB", 150),
        ("plan=Business", 490),
        ("region=APAC", 380),
        ("owner=ana", 260),
        ("team=APAC", 380),
        ("owner=ana&plan=Starter", 150),
        ("segment=ENT&region=APAC", None),
    ],
)
def test_a_filter_narrows_what_is_paid(page: Client, query: str, mrr: float | None) -> None:
    assert figure(page, "total_mrr", query) == (None if mrr is None else pytest.approx(mrr))
    segments = rows(page, "revenue-by-segment", query)
    plans = rows(page, "revenue-by-plan", query)
    for found in (segments, plans):
        assert sum(float(str(row["mrr"])) for row in found) == pytest.approx(mrr or 0)
    listed = rows(page, "customers", query)
    assert sum(float(str(row["value"] or 0)) for row in listed) == pytest.approx(mrr or 0)


def test_those_who_left_are_told_with_what_they_paid_and_why(page: Client) -> None:
    (lost,) = rows(page, "churn-reasons")
    assert (lost["churn_reason"], lost["count"], lost["mrr_lost"]) == ("Price", 1, 50)
    names = [row["account_name"] for row in rows(page, "customers", "flag=churned")]
    assert names == ["Corex"]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_part_comes_alone_and_as_files(page: Client, slug: str) -> None:
    assert page.get(f"/revenue/panels/{slug}/").status_code == 200
    for kind in ("csv", "xlsx", "json"):
        assert page.get(f"/revenue/panels/{slug}.{kind}").status_code == 200


def test_a_day_before_the_ledger_is_said_not_guessed(page: Client) -> None:
    shown = text(page, "/revenue/?as_of=2023-06-30")
    assert "The data start on 1 Jan 2024." in shown


def test_a_running_month_is_said_to_be_one(page: Client) -> None:
    assert "At the end of May 2025." in text(page, "/revenue/?as_of=2025-06-12")


@pytest.mark.parametrize("query", ["plan=%00", "period=custom&start=9999-12-31&end=9999-12-31"])
def test_odd_questions_are_answered(page: Client, query: str) -> None:
    assert page.get(f"/revenue/?{query}").status_code == 200


def test_a_rep_and_a_manager_see_the_customers_they_look_after(
    loaded: None, as_user: AsUser, ana: User, bo: User, cy: User, dee: User
) -> None:
    seen = {}
    for user in (ana, bo, cy, dee):
        client = as_user(user)
        listed = rows(client, "customers")
        seen[user.username] = {row["account_name"] for row in listed}
        total = sum(float(str(row["value"] or 0)) for row in listed)
        assert figure(client, "total_mrr") == pytest.approx(total)
    assert seen["ana"] == seen["bo"] == {"Acme", "Bolt"}
    assert seen["cy"] == {"Canary One", "Canary Two"}
    assert seen["dee"] == {"Acme", "Bolt", "Canary One", "Canary Two", "Nobody's"}


def test_no_word_of_another_s_customers_reaches_a_rep(
    loaded: None, as_user: AsUser, ana: User
) -> None:
    client = as_user(ana)
    answers = [
        text(client),
        text(client, "/revenue/?owner=cy"),
        text(client, "/revenue/?team=APAC"),
    ]
    files = [f"/revenue/panels/{slug}.{kind}" for slug in SLUGS for kind in ("csv", "json")]
    answers += [client.get(file).getvalue().decode() for file in files]
    assert not any("Canary" in answer for answer in answers)


def test_a_stranger_is_led_to_the_door(loaded: None) -> None:
    for address in ("/revenue/", *(f"/revenue/panels/{slug}.csv" for slug in SLUGS)):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


def test_nothing_loaded_is_said(as_user: AsUser, vi: User, workspace: Workspace) -> None:
    assert "needs a file of" in text(as_user(vi))


def test_the_average_of_a_customer_is_not_rounded_to_thousands(
    as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path
) -> None:
    lines = [line.replace(",150,", ",2345,") for line in customers.CUSTOMERS[:2]]
    assert customers.load(tmp_path, revenue_customers=lines).exit_code == 0
    assert ">$2,345<" in text(as_user(vi), "/revenue/panels/revenue-kpis/")


def test_the_line_of_a_figure_is_said_to_be_of_months(page: Client) -> None:
    shown = text(page, "/revenue/panels/revenue-kpis/")
    assert "13 months, " in shown
    assert " weeks, " not in shown
