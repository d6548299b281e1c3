"""Revenue's numbers are what its customers make them, wherever they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from revenue.panels import LEDGERS, PAGE
from revops_site.kernel.explain import Ledger, explain
from revops_site.kernel.filters import Filters, narrow
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.permissions import allowed
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.explained import SEEDS, Case, Reader, hold

Rows: TypeAlias = Sequence[Mapping[str, Any]]
MONTHS = [f"{year}-{month:02}" for year in (2023, 2024, 2025) for month in range(1, 13)][6:30]
REASONS = ("Price", "Competition", "")
RATES = (
    "date,from_currency,to_currency,rate",
    *(f"{month}-01,EUR,USD,1.{nth:02}" for nth, month in enumerate(MONTHS)),
)


def files() -> dict[str, Sequence[str]]:
    """Two years of customers with every gap that files may have."""
    head = customers.CUSTOMERS[0]
    listed, paid = [head], ["customer_id,month,mrr,currency,segment,plan"]
    for nth in range(90):
        segment, plan = ("SMB", "MM", "ENT", "")[nth % 7 % 4], ("Starter", "Business", "")[nth % 3]
        currency = ("USD", "EUR", "USD", "XAU")[nth % 11 % 4]
        owner, region = ("ana", "cy", "")[nth % 8 % 3], ("EMEA", "APAC", "")[nth % 5 % 3]
        first, last = nth % 13, len(MONTHS) - (nth % 4 == 0) * (1 + nth % 10)
        is_gone = last < len(MONTHS)
        left = f"true,{MONTHS[last]}-1{nth % 9},{REASONS[nth % 3]}" if is_gone else "false,,"
        mrr = 0 if is_gone else 100
        listed.append(
            f'K{nth},"Acme, {nth}",{segment},{plan},{MONTHS[first]}-03,{mrr},0,0,0,{left},'
            f"{currency},{region},{owner}"
        )
        for at in range(first, last):
            if nth % 2 or at == first or (at - first) % 4:
                amount = 100 + nth + (at // 2 % 3) * (nth % 5 - 2) * 7.25
                paid.append(f"K{nth},{MONTHS[at]},{amount},{currency},{segment},{plan}")
    return {"fx_rates": RATES, "revenue_customers": listed, "customer_mrr": paid}


def ratio(above: Decimal | int, below: Decimal | int) -> Decimal | None:
    return Decimal(above) / Decimal(below) if below else None


def worth(row: Mapping[str, Any], name: str = "mrr", rate: str = "rate") -> Decimal:
    return Decimal(0) if row[rate] is None else row[name] * row[rate]


def month(rows: Rows) -> Mapping[str, Any]:
    mrr = sum(map(worth, rows), Decimal(0))
    found = {"total_mrr": mrr, "total_arr": 12 * mrr, "active_customers": len(rows)}
    return {**found, "arpa": ratio(mrr, len(rows))}


def cohort(rows: Rows) -> Mapping[str, Any]:
    then = sum((worth(row, "year_ago") for row in rows), Decimal(0))
    kept = sum((min(worth(row), worth(row, "year_ago")) for row in rows), Decimal(0))
    stayed = [row for row in rows if not row["returned"]]
    stayed_now = sum(map(worth, stayed), Decimal(0))
    stayed_kept = sum((min(worth(row), worth(row, "year_ago")) for row in stayed), Decimal(0))
    return {
        "avg_nrr": ratio(sum(map(worth, rows), Decimal(0)), then),
        "grr": ratio(kept, then),
        "nrr_without_returns": ratio(stayed_now, then),
        "grr_without_returns": ratio(stayed_kept, then),
    }


def logos(rows: Rows) -> Mapping[str, Any]:
    return {"logo_retention_12m": ratio(sum(row["mrr"] > 0 for row in rows), len(rows))}


def moved(kind: str) -> Any:
    counted = {
        "new": "new_customers",
        "churn": "churned_customers",
        "reactivation": "reactivated_customers",
    }

    def again(rows: Rows) -> Mapping[str, Any]:
        found: dict[str, Any] = {f"{kind}_mrr": sum(map(shift, rows), Decimal(0))}
        return found | ({counted[kind]: len(rows)} if kind in counted else {})

    return again


def shift(row: Mapping[str, Any]) -> Decimal:
    return Decimal(0) if row["rate"] is None else abs(row["mrr"] - row["starting"]) * row["rate"]


def balance(rows: Rows) -> Mapping[str, Any]:
    by = {
        kind: sum((shift(row) for row in rows if row["kind"] == kind), Decimal(0))
        for kind in ("new", "expansion", "reactivation", "contraction", "churn")
    }
    began = [row for row in rows if row["starting"] > 0]
    started = sum((worth(row, "starting", "rate_before") for row in began), Decimal(0))
    opened = [row for row in began if row["opens"]]
    starting = sum((worth(row, "starting", "rate_before") for row in opened), Decimal(0))
    ending = sum((worth(row) for row in rows if row["closes"]), Decimal(0))
    gains = by["new"] + by["expansion"] + by["reactivation"]
    losses = by["churn"] + by["contraction"]
    left = sum(row["kind"] == "churn" for row in rows)
    drift = sum((worth(row, "starting") for row in began), Decimal(0)) - started
    return {
        "starting_mrr": starting,
        "ending_mrr": ending,
        "net_new_mrr": ending - starting,
        "mrr_growth_rate": ratio(ending - starting, starting),
        "fx_impact": drift,
        "churn_rate": ratio(left, len(began)),
        "gross_mrr_churn_rate": ratio(losses, started),
        "net_mrr_churn_rate": ratio(losses - by["expansion"] - by["reactivation"], started),
        "net_mrr_churn_without_returns": ratio(losses - by["expansion"], started),
        "quick_ratio": ratio(gains, losses),
    }


def lost(rows: Rows) -> Mapping[str, Any]:
    known = [row for row in rows if row["paid"] is not None]
    value = sum((worth(row, "paid") for row in known), Decimal(0))
    return {"total_churned": len(rows), "total_mrr_lost": value if known or not rows else None}


def by_dates(rows: Rows) -> Mapping[str, Any]:
    return {"churn_rate_by_dates": ratio(sum(row["leaves"] for row in rows), len(rows))}


def by_notice(rows: Rows) -> Mapping[str, Any]:
    return {"churn_rate_by_notice": ratio(sum(row["gives"] for row in rows), len(rows))}


RECOMPUTE = {
    "revenue-month": month,
    "revenue-cohort": cohort,
    "revenue-logos": logos,
    **{
        f"revenue-{kind}": moved(kind)
        for kind in ("new", "expansion", "contraction", "churn", "reactivation")
    },
    "revenue-balance": balance,
    "customers-by-dates": by_dates,
    "customers-by-notice": by_notice,
    "lost-customers": lost,
}

# The end of the first month of which it can be told: what is paid, what moved, what stayed.
PAID, MOVED, STAYED = date(2023, 7, 31), date(2023, 8, 31), date(2024, 7, 31)
DATED = {"customers-by-dates", "customers-by-notice", "lost-customers"}
SINCE = {
    **dict.fromkeys(RECOMPUTE.keys() - DATED, MOVED),
    "revenue-month": PAID,
    "revenue-cohort": STAYED,
    "revenue-logos": STAYED,
}


@SEEDS
def test_every_number_is_what_its_rows_make_it(
    as_user: AsUser,
    vi: User,
    ana: User,
    bo: User,
    cy: User,
    workspace: Workspace,
    tmp_path: Path,
    seed: int,
) -> None:
    assert customers.load(tmp_path, **files()).exit_code == 0
    readers = [Reader(one, as_user(one)) for one in (vi, ana, bo)]
    hold(Case(PAGE, LEDGERS, RECOMPUTE, SINCE), readers, seed=seed)


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.slug)
def test_a_rep_s_numbers_are_what_his_rows_make_them(
    ana: User, cy: User, workspace: Workspace, tmp_path: Path, ledger: Ledger
) -> None:
    assert customers.load(tmp_path, **files()).exit_code == 0
    day = date.fromisoformat(f"{MONTHS[-1]}-28")
    slice_ = narrow(Filters(), allowed(ana), day, first_month=1, currency="USD")
    rows = list(ledger.rows(slice_).values(*(shown.name for shown in ledger.columns)))
    assert {row["owner_name"] for row in rows} == {"Ana Almeida"}
    again = RECOMPUTE[ledger.slug](rows)
    for metric in ledger.metrics:
        value = explain(ledger, metric, slice_).measured.value
        assert value == pytest.approx(float(again[metric.field]))


def test_every_ledger_is_recomputed_here() -> None:
    assert {ledger.slug for ledger in LEDGERS} == set(RECOMPUTE)
