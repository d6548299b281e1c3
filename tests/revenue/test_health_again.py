"""Health of customers is told again of the months that news is of, and as if all were told anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from insights.tasks import keep_customer_health, keep_customers
from revenue.models import CustomerHealth, HealthCount, HealthRun
from revops_site.kernel.models import User, Workspace
from tests import revenue_customers as few
from tests.revenue import many

DEAL = (
    "deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,"
    "status,source_channel,probability",
    "Z2,Acme,SMB,ana,Demo,10,2024-06-02,2025-12-01,2024-06-02,open,Referral,",
)
CUSTOMER = "M001,Acme,SMB,Starter,2023-01-01,100,0,0,0,false,,,USD,EMEA,ana,Z2"
DONE = "activity_id,deal_id,rep_id,type,due_date,done_at,is_done"


@pytest.fixture(autouse=True)
def customers(workspace: Workspace, ana: User, cy: User, tmp_path: Path) -> None:
    """Thirty months of many customers; with one of them a deal is open."""
    many.load_many(tmp_path)
    folder = tmp_path / "theirs"
    folder.mkdir()
    named = [f"{few.CUSTOMERS[0]},deal_id", CUSTOMER]
    assert few.load(folder, revenue_customers=named, pipeline_deals=DEAL).exit_code == 0
    meet(tmp_path, "A1", "2024-07-01")
    keep_customer_health()


def meet(folder: Path, key: str, day: str) -> None:
    """A call with the customer that was done on this day."""
    inside = folder / key
    inside.mkdir()
    call = f"{key},Z2,ana,call,{day},{day}T10:00:00Z,true"
    assert few.load(inside, activities=[DONE, call]).exit_code == 0


def told() -> list[Any]:
    """All that is kept, but for the moment."""
    with connection.cursor() as cursor:
        found: list[Any] = []
        for model in (CustomerHealth, HealthCount):
            cursor.execute(f"SELECT one::text FROM {model._meta.db_table} AS one ORDER BY 1")
            found += cursor.fetchall()
    return found


def places() -> dict[date, str]:
    """Where a month's rows lie; another place is another row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT month, max(xmin::text) FROM revenue_customerhealth GROUP BY 1")
        return dict(cursor.fetchall())


@pytest.mark.parametrize("day", ["2024-08-20", "2025-02-03", "2025-06-10"])
def test_a_contact_has_the_months_from_it_on_told_again_and_no_other(
    tmp_path: Path, day: str
) -> None:
    before, first = places(), date.fromisoformat(day).replace(day=1)
    meet(tmp_path, "A2", day)
    keep_customer_health()
    after = places()
    assert {month for month in after if after[month] != before[month]} == {
        month for month in after if month >= first
    }
    kept = told()
    keep_customers()
    assert told() == kept
    met = CustomerHealth.objects.get(customer_id="M001", month=first)
    assert met.last_contact == date.fromisoformat(day)


def test_the_first_contact_of_all_has_every_month_told_again(tmp_path: Path) -> None:
    before = places()
    meet(tmp_path, "A0", "2023-01-15")
    keep_customer_health()
    assert not set(places().values()) & set(before.values())
    kept = told()
    keep_customers()
    assert told() == kept


def test_a_contact_that_is_undone_is_gone_from_its_months(tmp_path: Path) -> None:
    kept = told()
    meet(tmp_path, "A2", "2025-02-03")
    keep_customer_health()
    assert told() != kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM revenue_customerhealth")
        (rows,) = cursor.fetchone()
    assert HealthRun.objects.get().rows == rows
    inside = tmp_path / "off"
    inside.mkdir()
    off = "A2,Z2,ana,call,2025-02-03,,false"
    assert few.load(inside, activities=[DONE, off]).exit_code == 0
    keep_customer_health()
    assert told() == kept
