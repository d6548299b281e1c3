"""Balances by month, quarter, segment and customer: each to the cent, all of one whole."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from revenue.panels import waterfall
from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import rows, text

GAINS = ("new_mrr", "expansion_mrr", "reactivation_mrr", "fx_impact", "transferred_mrr")
LOSSES = ("contraction_mrr", "churn_mrr")
MOVES = ("new_mrr", "expansion_mrr", "reactivation_mrr", "contraction_mrr", "churn_mrr")
QUERIES = ["period=all", "period=custom&start=2024-05-01&end=2025-05-31", "period=all&plan=Pro"]


@pytest.fixture(params=[1, 5])
def page(
    request: pytest.FixtureRequest, workspace: Workspace, as_user: AsUser, vi: User, tmp_path: Path
) -> Client:
    """Forty customers in two currencies that grow, shrink, pause, go and change their segment."""
    dice = random.Random(request.param)
    lines = ["customer_id,month,mrr,currency,segment,plan"]
    people = [customers.CUSTOMERS[0].removesuffix(",currency,region,owner")]
    for who in range(40):
        currency = dice.choice(("USD", "USD", "EUR"))
        segment, plan = dice.choice(("SMB", "MM")), dice.choice(("Basic", "Pro"))
        people.append(f"C{who},Customer {who},{segment},{plan},2024-01-01,0,0,0,0,false,,")
        for nth in range(dice.randrange(10), 18):
            segment = "ENT" if dice.random() < 0.03 else segment
            mrr = dice.choice((0, 80, 80, 80, 100, 140))
            at = f"{2024 + nth // 12}-{nth % 12 + 1:02}"
            lines.append(f"C{who},{at},{mrr},{currency},{segment},{plan}")
    rates = (customers.RATES[0], "2024-01-01,EUR,USD,1.2", "2025-02-10,EUR,USD,1.1")
    report = customers.load(tmp_path, fx_rates=rates, revenue_customers=people, customer_mrr=lines)
    assert report.exit_code == 0
    return as_user(vi)


def balances(client: Client, by: str, query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rows(client, f"balance-by-{by}", query, waterfall.address(by))
    assert found
    return found


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("by", waterfall.BY)
def test_every_balance_closes_to_the_cent(page: Client, by: str, query: str) -> None:
    for row in balances(page, by, query):
        moved = sum(row.get(name, 0) for name in GAINS) - sum(row[name] for name in LOSSES)
        assert row["starting_mrr"] + moved == pytest.approx(row["ending_mrr"], abs=0.005)
        assert row["check"] == pytest.approx(0, abs=0.005)
        assert row["net_new_mrr"] == pytest.approx(row["ending_mrr"] - row["starting_mrr"])


@pytest.mark.parametrize("query", QUERIES)
def test_months_quarters_segments_and_customers_tell_of_the_same_movements(
    page: Client, query: str
) -> None:
    found = {by: balances(page, by, query) for by in waterfall.BY}
    for name in MOVES:
        sums = {by: sum(row[name] for row in each) for by, each in found.items()}
        assert sums == pytest.approx(dict.fromkeys(waterfall.BY, sums["month"])), name
    starts = {by: sum(row["starting_mrr"] for row in found[by]) for by in ("segment", "customer")}
    first, last = found["month"][0], found["month"][-1]
    assert starts == pytest.approx(dict.fromkeys(starts, first["starting_mrr"]))
    assert found["quarter"][-1]["ending_mrr"] == pytest.approx(last["ending_mrr"])
    assert sum(row["ending_mrr"] for row in found["segment"]) == pytest.approx(last["ending_mrr"])


def test_what_one_segment_brings_another_gives(page: Client) -> None:
    moved = [row["transferred_mrr"] for row in balances(page, "segment", "period=all")]
    assert any(moved)
    assert sum(moved) == pytest.approx(0, abs=0.005)


def test_each_way_to_look_leads_to_the_others_with_the_filters(page: Client) -> None:
    shown = text(page, "/revenue/waterfall/quarter/?segment=SMB")
    for by in waterfall.BY:
        assert f'href="{waterfall.address(by)}?segment=SMB"' in shown
    assert shown.count('aria-current="true">Quarter') == 1


def test_a_bar_of_a_quarter_leads_to_the_customers_behind_it(page: Client) -> None:
    shown = text(page, "/revenue/waterfall/quarter/?period=all")
    here = "/explain/revenue-churn/?period=custom&amp;start=2025-04-01&amp;end=2025-06-30"
    assert here in shown
    (quarter,) = (row for row in balances(page, "quarter", "period=all") if row["key"] == "Q2 2025")
    query = "period=custom&start=2025-04-01&end=2025-06-30"
    behind: list[dict[str, Any]] = rows(page, "rows", query, "/explain/revenue-churn/")
    assert sum(row["moved_value"] for row in behind) == pytest.approx(quarter["churn_mrr"])


def test_a_rep_sees_the_balances_of_the_own_customers(
    ana: User, cy: User, workspace: Workspace, as_user: AsUser, tmp_path: Path
) -> None:
    assert customers.load_all(tmp_path).exit_code == 0
    found = balances(as_user(ana), "customer", "period=all")
    assert {row["key"] for row in found} == {"Acme", "Corex", waterfall.OTHERS}
    assert "Canary" not in text(as_user(ana), waterfall.address("customer"))


def test_who_grows_out_of_a_segment_takes_the_mrr_along(page: Client) -> None:
    """A customer's balance closes though it began in one segment and ended in another."""
    found = balances(page, "customer", "segment=SMB&period=all")
    (segment,) = balances(page, "segment", "segment=SMB&period=all")
    moved = [row["transferred_mrr"] for row in found]
    assert any(moved)
    assert sum(moved) == pytest.approx(segment["transferred_mrr"])
    assert sum(row["ending_mrr"] for row in found) == pytest.approx(segment["ending_mrr"])


def test_beyond_a_thousand_customers_the_others_stand_in_one_row(
    vi: User, workspace: Workspace, as_user: AsUser, tmp_path: Path
) -> None:
    lines = ["customer_id,month,mrr,currency"]
    for nth in range(1_003):
        lines += [f"K{nth},2025-01,{100 + nth},USD", f"K{nth},2025-02,{101 + 2 * nth},USD"]
    lines += ["Calm,2025-01,7,USD", "Calm,2025-02,7,USD"]
    people = [
        "customer_id,account,segment,plan,start_date,mrr,new_mrr,expansion_mrr,contraction_mrr,"
        "churned_flag,churn_date,churn_reason",
        "Calm,Calm,SMB,Starter,2025-01-01,7,0,0,0,false,,",
    ]
    report = customers.load(tmp_path, revenue_customers=people, customer_mrr=lines)
    assert report.exit_code == 0
    found = balances(as_user(vi), "customer", "period=all")
    *named, others = found
    assert [row["customer_id"] for row in named[:2]] == ["K1002", "K1001"]
    assert len(named) == 1_000
    assert (others["key"], others["customers"]) == (waterfall.REST, 4)
    assert others["expansion_mrr"] == pytest.approx(1 + 2 + 3)
    assert others["starting_mrr"] == pytest.approx(100 + 101 + 102 + 7)
