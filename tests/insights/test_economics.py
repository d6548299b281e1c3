"""What a customer costs and is worth: spend beside the ledger, and what nobody can know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import rows, text

HERE = "/revenue/unit-economics/"
SPEND = (
    "date,channel,campaign,segment,geo,spend,impressions,clicks,leads,MQLs,SQLs,opportunities,"
    "closed_won",
    "2025-05-10,Google Ads,Spring,MM,APAC,600,100,10,5,4,3,2,1",
    "2025-06-10,Google Ads,Spring,SMB,EMEA,200,100,10,5,4,3,2,0",
    "2024-05-10,Google Ads,Old,MM,APAC,5000,100,10,5,4,3,2,1",
)
MARGINS = (
    *customers.TARGETS,
    "B7,gross_margin,SMB,,0.7,0.6,0.8,percentage,Margin",
    "B8,gross_margin,MM,,0.8,0.7,0.9,percentage,Margin",
    "B9,ltv_cac_targets,MM,,4,3,6,ratio,LTV to CAC",
    "BA,cac_payback_targets,MM,,6,3,9,months,Payback",
)
PERIOD = "period=custom&start=2025-01-01&end=2025-06-30"


@pytest.fixture
def loaded(ana: User, cy: User, workspace: Workspace, tmp_path: Path) -> None:
    report = customers.load(
        tmp_path,
        fx_rates=customers.RATES,
        benchmarks=MARGINS,
        revenue_customers=customers.CUSTOMERS,
        customer_mrr=customers.ledger(),
        marketing_channels=SPEND,
    )
    assert report.exit_code == 0


@pytest.fixture
def page(loaded: None, as_user: AsUser, vi: User) -> Client:
    return as_user(vi)


def of(client: Client, by: str, query: str = PERIOD) -> dict[str, dict[str, Any]]:
    listed: list[dict[str, Any]] = rows(client, f"economics-by-{by}", query, HERE)
    return {row[by]: row for row in listed}


def test_a_segment_is_held_against_its_targets(page: Client) -> None:
    mm = of(page, "segment")["MM"]
    assert (mm["cost"], mm["new_customers"], mm["cac"]) == (600, 1, 600)
    assert mm["gross_margin"] == 0.8
    assert mm["cac_payback_months"] == pytest.approx(600 / (80 * 0.8))
    assert mm["cac_payback_months_verdict"] == "missed"
    assert mm["ltv"] is None, "nobody left in twelve months"
    smb = of(page, "segment")["SMB"]
    assert smb["cac"] is None, "nobody came"
    arpa, churn = 150 / 2, 1 / smb_months()
    assert smb["ltv"] == pytest.approx(arpa * 0.7 / churn)
    assert smb["annualized_churn"] == pytest.approx(1 - (1 - churn) ** 12)


def smb_months() -> int:
    """Customers of SMB at the start of each of twelve months: three until one left in April."""
    return 3 * 10 + 2 * 2


def test_parts_add_up_to_the_company(page: Client) -> None:
    tiles = {row["field"]: row["value"] for row in rows(page, "unit-economics", PERIOD, HERE)}
    segments = of(page, "segment").values()
    cost, came = (sum(row[name] for row in segments) for name in ("cost", "new_customers"))
    assert tiles["cac"] == pytest.approx(cost / came)


def test_what_is_missing_is_said(page: Client) -> None:
    shown = text(page, f"{HERE}?{PERIOD}")
    assert "No file tells what sales costs" in shown
    assert "Marketing CAC" in shown


def test_without_a_margin_nothing_is_made_up(
    ana: User, cy: User, workspace: Workspace, as_user: AsUser, vi: User, tmp_path: Path
) -> None:
    assert customers.load_all(tmp_path).exit_code == 0
    shown = text(as_user(vi), f"{HERE}?{PERIOD}")
    assert "Gross margin is not known" in shown
    assert {row["ltv"] for row in of(as_user(vi), "segment").values()} == {None}


def test_of_a_rep_s_customers_nobody_knows_what_they_cost(
    loaded: None, as_user: AsUser, ana: User
) -> None:
    found = of(as_user(ana), "segment")
    assert {row["cac"] for row in found.values()} == {None}
    assert "Spend belongs to no rep" in text(as_user(ana), f"{HERE}?{PERIOD}")
