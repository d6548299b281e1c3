"""The same measures by another definition, side by side, and who is known to leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import rows, text

HEAD = f"{customers.CUSTOMERS[0]},notice_date"
# Gave notice in March and left in April; gave notice in June and leaves in August; came back.
PEOPLE = (
    HEAD,
    "A1,Acme,SMB,Starter,2024-01-05,150,0,0,0,false,,,USD,EMEA,ana,",
    "A3,Corex,SMB,Starter,2024-01-05,0,0,0,0,true,2025-04-15,Price,USD,EMEA,ana,2025-03-20",
    "A4,Dune,MM,Starter,2024-01-05,90,0,0,0,true,2025-08-31,Price,USD,EMEA,ana,2025-06-10",
    "C1,Canary One,MM,Business,2024-01-05,300,0,0,0,false,,,USD,APAC,cy,",
    "C2,Canary Two,MM,Business,2024-01-05,70,0,0,0,true,2025-07-15,Merger,USD,APAC,cy,2025-07-01",
)
PAID = {
    "A1": {"2025-01": 0},  # pays 100, is away for a month, and comes back
    "A3": {"2025-04": 0, "2025-05": 0, "2025-06": 0},
    "A4": {},
    "C1": {},
    "C2": {},
}
BASE = {"A1": 100, "A3": 50, "A4": 90, "C1": 300, "C2": 70}


@pytest.fixture
def loaded(ana: User, cy: User, workspace: Workspace, tmp_path: Path) -> None:
    lines = ["customer_id,month,mrr"]
    for who, changes in PAID.items():
        lines += [f"{who},{at},{changes.get(at, BASE[who])}" for at in customers.MONTHS]
    report = customers.load(tmp_path, revenue_customers=PEOPLE, customer_mrr=lines)
    assert report.exit_code == 0


@pytest.fixture
def page(loaded: None, as_user: AsUser, vi: User) -> Client:
    return as_user(vi)


def found(client: Client, slug: str, which: str = "") -> dict[str, dict[str, Any]]:
    here = f"/revenue/definitions/{which}"
    listed: list[dict[str, Any]] = rows(client, slug, "as_of=2025-06-30", here)
    return {row["key"]: row for row in listed}


def test_who_came_back_counts_in_nrr_and_not_without_returns(page: Client) -> None:
    june = found(page, "returns-in-nrr")["Jun 2025"]
    whole, kept = 100 + 50 + 90 + 300 + 70, 100 + 90 + 300 + 70
    assert june["avg_nrr"] == pytest.approx(kept / whole)
    assert june["nrr_without_returns"] == pytest.approx((kept - 100) / whole)
    assert june["nrr_by"] == pytest.approx(100 / whole)
    assert june["grr_without_returns"] == pytest.approx((kept - 100) / whole)
    assert june["returned_mrr"] == 100
    december = found(page, "returns-in-nrr").get("Dec 2024")
    assert december is None or december["nrr_by"] == 0


def test_churn_by_notice_comes_before_churn_by_the_last_day(page: Client) -> None:
    months = found(page, "churn-by-notice", "notice/")
    assert months["Mar 2025"]["churn_rate_by_notice"] == pytest.approx(1 / 5)
    assert months["Mar 2025"]["churn_rate_by_dates"] == 0
    assert months["Apr 2025"]["churn_rate_by_dates"] == pytest.approx(1 / 5)
    assert months["Apr 2025"]["churn_rate_by_notice"] == 0
    assert months["Jun 2025"]["churn_rate_by_notice"] == pytest.approx(1 / 4)
    assert months["Jun 2025"]["churn_rate_by_dates"] == 0


def test_churn_by_notice_is_explained_with_the_customers_that_it_is_of(page: Client) -> None:
    query = "period=custom&start=2025-06-01&end=2025-06-30&as_of=2025-06-30"
    listed: list[dict[str, Any]] = rows(page, "rows", query, "/explain/revenue-churn-by-notice/")
    assert {row["account_name"]: row["gives"] for row in listed} == {
        "Acme": False,
        "Dune": True,
        "Canary One": False,
        "Canary Two": False,
    }


def test_who_leaves_later_is_shown_and_not_yet_counted(page: Client) -> None:
    query, here = "as_of=2025-06-30", "/revenue/definitions/notice/"
    listed = rows(page, "known-to-leave", query, here)
    assert [(row["account_name"], row["value"]) for row in listed] == [("Dune", 90)]
    assert "1 customer with an MRR of $90 known to leave" in text(page, f"{here}?{query}")
    assert found(page, "returns-in-nrr")["Jun 2025"]["avg_nrr"] > 0.9


def test_a_notice_that_was_not_given_yet_is_not_known(page: Client) -> None:
    here = "/revenue/definitions/notice/"
    assert rows(page, "known-to-leave", "as_of=2025-05-31", here) == []


def test_a_rep_sees_the_own_leavers_alone(loaded: None, as_user: AsUser, cy: User) -> None:
    here = "/revenue/definitions/notice/"
    assert rows(as_user(cy), "known-to-leave", "as_of=2025-06-30", here) == []
    assert "Dune" not in text(as_user(cy), here)


def test_one_definition_leads_to_the_other(page: Client) -> None:
    assert 'href="/revenue/definitions/notice/"' in text(page, "/revenue/definitions/")
    assert 'href="/revenue/definitions/"' in text(page, "/revenue/definitions/notice/")


def test_each_number_says_which_definition_it_goes_by_and_what_the_other_one_says(
    page: Client,
) -> None:
    query = "period=custom&start=2025-06-01&end=2025-06-30&as_of=2025-06-30"
    nrr = text(page, f"/explain/revenue-nrr/?{query}")
    whole, kept = 100 + 50 + 90 + 300 + 70, 100 + 90 + 300 + 70
    assert f"NRR is {kept / whole:.2%}, and {(kept - 100) / whole:.2%} without them." in nrr
    churn = text(page, f"/explain/revenue-churn-rate/?{query}")
    assert "churn is 0.00% so, and 25.00% by the day of the notice." in churn
    tiles = text(page, f"/revenue/?{query}")
    assert "Returners counted." in tiles
    assert "by last day." in tiles
    assert "Returners" not in text(page, f"/explain/revenue-mrr/?{query}")
