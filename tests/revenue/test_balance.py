"""Each month begins with what the one before ended with, whatever is known of its currencies."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from django.test import Client

from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import rows

HEAD = customers.RATES[0]
GAINS = ("new_mrr", "expansion_mrr", "reactivation_mrr", "fx_impact")
ENDS = ("starting_mrr", "ending_mrr")
LOSSES = ("contraction_mrr", "churn_mrr")


def chain(client: Client) -> dict[str, dict[str, float]]:
    """The months, each of which starts where the one before ended, and adds up."""
    listed = rows(client, "mrr-waterfall", "period=all")
    months = {
        str(row["key"]): {name: float(str(row[name])) for name in (*GAINS, *LOSSES, *ENDS)}
        for row in listed
    }
    assert len(months) == 17
    for earlier, later in itertools.pairwise(months.values()):
        assert later["starting_mrr"] == pytest.approx(earlier["ending_mrr"])
    for key, month in months.items():
        moved = sum(month[name] for name in GAINS) - sum(month[name] for name in LOSSES)
        assert month["starting_mrr"] + moved == pytest.approx(month["ending_mrr"]), key
    return months


@pytest.mark.parametrize("name", ["vi", "ana"])
def test_a_currency_s_first_rate_breaks_no_chain_of_months(
    as_user: AsUser, vi: User, ana: User, cy: User, workspace: Workspace, tmp_path: Path, name: str
) -> None:
    rates = (HEAD, "2024-09-10,EUR,USD,1.2", "2025-02-03,GBP,USD,1.3", "2025-06-30,EUR,USD,1.1")
    report = customers.load(
        tmp_path,
        fx_rates=rates,
        revenue_customers=customers.CUSTOMERS,
        customer_mrr=customers.ledger(),
    )
    assert report.exit_code == 0
    months = chain(as_user({"vi": vi, "ana": ana}[name]))
    assert months["Sep 2024"]["fx_impact"] == pytest.approx(100 * 1.2)
    assert months["Jun 2025"]["fx_impact"] == pytest.approx(100 * -0.1)
    if name == "vi":
        assert months["Feb 2025"]["fx_impact"] == pytest.approx(20 * 1.3)


def test_months_without_any_rate_are_a_chain_as_well(
    as_user: AsUser, vi: User, ana: User, cy: User, workspace: Workspace, tmp_path: Path
) -> None:
    files = {"revenue_customers": customers.CUSTOMERS, "customer_mrr": customers.ledger()}
    assert customers.load(tmp_path, **files).exit_code == 0
    assert all(month["fx_impact"] == 0 for month in chain(as_user(vi)).values())
