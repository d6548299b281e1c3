"""The list of those who pay: found and ordered by what is known of them elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as customers
from tests.conftest import AsUser
from tests.revenue.asking import rows


@pytest.fixture
def page(
    as_user: AsUser, vi: User, ana: User, cy: User, workspace: Workspace, tmp_path: Path
) -> Client:
    """Z9 pays too, whom no list knows."""
    report = customers.load(
        tmp_path,
        fx_rates=customers.RATES,
        revenue_customers=customers.CUSTOMERS,
        customer_mrr=[*customers.ledger(), "Z9,2025-06,70,USD"],
    )
    assert report.exit_code == 0
    return as_user(vi)


def names(client: Client, query: str) -> list[object]:
    return [row["account_name"] for row in rows(client, "customers", query)]


def test_whom_no_list_knows_pays_all_the_same(page: Client) -> None:
    known = ["Acme", "Bolt", "Canary One", "Canary Two", "Nobody's"]
    assert names(page, "sort=account_name") == [*known, None]
    assert names(page, "sort=-account_name") == [*known[::-1], None]
    (found,) = rows(page, "customers", "q=Z9&column=customer_id")
    assert (found["customer_id"], found["account_name"]) == ("Z9", None)


def test_customers_are_found_by_name_and_ordered_by_owner_and_start(page: Client) -> None:
    assert names(page, "q=canary&sort=account_name") == ["Canary One", "Canary Two"]
    assert names(page, "q=canary+two") == ["Canary Two"]
    assert names(page, "sort=-start_date")[0] == "Canary Two"
    assert set(names(page, "sort=owner_name")[:2]) == {"Acme", "Bolt"}
    groups = rows(page, "customers", "group=owner_name")
    assert [row["rows"] for row in groups] == [2, 2, 2]


@pytest.mark.parametrize("query", ["q=canary", "sort=account_name", "group=owner_name"])
def test_names_are_joined_and_not_looked_up_row_by_row(page: Client, query: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert rows(page, "customers", query)
    listed = [one["sql"] for one in asked if '"revenue_movement"' in one["sql"]]
    assert listed
    assert not any("(SELECT U0" in sql for sql in listed)
