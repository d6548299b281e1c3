"""Whether spend keeps pace: sums that can be checked by eye, with a budget and without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from insights.catalog import DATASETS
from marketing.panels.pacing import LEDGER
from revops_site.kernel import loading
from revops_site.kernel.models import User, Workspace
from tests import marketing_days as marketing
from tests.conftest import AsUser

HALF = "as_of=2025-06-15"
BUDGETS = (
    "month,channel,campaign,amount",
    "2025-06,LinkedIn,,4000",
    "2025-06,Google Ads,Brand,900",
    "2025-05,Google Ads,,3100",
)


@pytest.fixture
def client(as_user: AsUser, vi: User, marketing_days: None) -> Client:
    return as_user(vi)


@pytest.fixture
def budgets(marketing_days: None, tmp_path: Path) -> None:
    path = tmp_path / "marketing_budgets.csv"
    path.write_text("\n".join(BUDGETS) + "\n")
    assert loading.load([path], DATASETS, strict=True).exit_code == 0


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.getvalue().decode()


def paced(client: Client, part: str, query: str = "") -> dict[str, dict[str, Any]]:
    address = f"/marketing/campaigns/panels/pacing-{part}.json?{query}"
    return {row["channel"]: row for row in json.loads(text(client, address))["rows"]}


def test_without_a_budget_spend_stands_beside_the_same_days_before(client: Client) -> None:
    found = paced(client, "month", "as_of=2025-06-25")
    assert found["LinkedIn"]["spend"] == found[""]["spend"] == 6000
    assert {row["before"] for row in found.values()} == {None}, "the data start in May"
    assert {row["verdict"] for row in found.values()} == {"none"}
    assert {row["budget"] for row in found.values()} == {None}
    shown = text(client, "/marketing/campaigns/panels/pacing-month/")
    assert "No budget is given for these months" in shown
    assert "marketing_budgets: month, channel, amount" in shown


def test_the_same_days_before_are_as_many(
    as_user: AsUser, vi: User, workspace: Workspace, tmp_path: Path
) -> None:
    early = "2025-04-20,LinkedIn,Launch,ENT,EU,10,20,4,5,4,3,3,0,,400,0.02,0.1,-100"
    assert marketing.load(tmp_path, (*marketing.ROWS, early)).exit_code == 0
    found = paced(as_user(vi), "month", "as_of=2025-06-19")
    assert found["Google Ads"]["before"] == 1000, "12 May, but not 20 May"
    assert found[""]["before"] == 1000
    assert found["Google Ads"]["change"] == pytest.approx(-1)


def test_a_budget_counts_by_the_days_that_are_over(client: Client, budgets: None) -> None:
    found = paced(client, "month", HALF)
    assert found["LinkedIn"]["budget"] == pytest.approx(4000 * 15 / 30)
    assert found["LinkedIn"]["whole"] == 4000
    assert found["LinkedIn"]["pace"] == pytest.approx(1)
    assert found[""]["budget"] == pytest.approx((4000 + 900) / 2)


def test_the_end_is_projected_from_the_last_28_days(client: Client, budgets: None) -> None:
    found = paced(client, "month", HALF)
    # LinkedIn spent 2,000 on 3 June, Google Ads 3,000 on 20 May: both lie in the 28 days.
    assert found["LinkedIn"]["projected"] == pytest.approx(2000 + 15 * 2000 / 28)
    assert found["Google Ads"]["projected"] == pytest.approx(15 * 3000 / 28)
    assert found["LinkedIn"]["verdict"] == "under"
    assert found["Google Ads"]["verdict"] == "over"


def test_a_quarter_is_judged_where_each_of_its_months_has_a_budget(
    client: Client, budgets: None
) -> None:
    found = paced(client, "quarter")
    assert {row["whole"] for row in found.values()} == {None}
    assert {row["pace"] for row in found.values()} == {None}
    assert found["LinkedIn"]["budget"] == 4000, "what is given, of June alone"
    shown = text(client, "/marketing/campaigns/panels/pacing-quarter/")
    assert "A channel with a budget for a part of the months alone is not judged." in shown


def test_filters_that_budgets_do_not_know_are_said_to_be_left_out(
    client: Client, budgets: None
) -> None:
    assert paced(client, "month", f"{HALF}&segment=SMB") == paced(client, "month", HALF)
    assert set(paced(client, "month", f"{HALF}&channel=LinkedIn")) == {"", "LinkedIn"}


def test_a_campaign_is_held_against_its_own_budget(client: Client, budgets: None) -> None:
    address = "/marketing/campaigns/Brand/panels/pacing-month.json?as_of=2025-06-30"
    rows = json.loads(text(client, address))["rows"]
    assert [(row["channel"], row["whole"]) for row in rows] == [("", 900), ("Google Ads", 900)]


def test_the_budget_to_date_is_explained_by_its_rows(client: Client, budgets: None) -> None:
    shown = text(client, f"/marketing/campaigns/panels/pacing-month/?{HALF}")
    link = "/explain/marketing-budget/?period=custom&amp;start=2025-06-01&amp;end=2025-06-15"
    assert link in shown
    explained = text(client, "/explain/marketing-budget/?start=2025-06-01&end=2025-06-15")
    assert "$2,450.00" in explained
    rows = json.loads(
        text(
            client,
            "/explain/marketing-budget/panels/rows.json?start=2025-06-01&end=2025-06-15",
        )
    )["rows"]
    assert [(row["channel"], float(row["share"])) for row in rows] == [
        ("Google Ads", 0.5),
        ("LinkedIn", 0.5),
    ]
    assert sum(float(row["amount"]) * float(row["share"]) for row in rows) == 2450
    assert LEDGER.metrics[0].field == "budget_to_date"
