"""Loads, edits and rebuilds at the same time leave sums that are true."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, transaction

from pipeline import rollups
from pipeline.models import OpenDealStock
from revenue.models import CustomerMonth
from revenue.rollups import ROLLUPS as REVENUE
from tests.rollups.conftest import Put

pytestmark = pytest.mark.django_db(transaction=True)


def in_a_session_of_its_own(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


def in_a_transaction(work: Callable[[], object]) -> Callable[[], object]:
    return lambda: transaction.atomic(work)()


def test_what_is_rebuilt_meanwhile_is_neither_lost_nor_there_twice(put: Put) -> None:
    deals = [{"deal_id": f"D{nth}", "amount": 10, "owner_id": f"R{nth % 7}"} for nth in range(40)]
    put("pipeline_deals", *deals)
    stage = {"stage_id": "Demo", "stage_name": "Demo"}
    jobs: list[Callable[[], object]] = []
    for turn in range(1, 6):
        changed = [deal | {"amount": turn, "owner_id": f"R{turn}"} for deal in deals[turn::6]]
        jobs.append(lambda changed=changed: put("pipeline_deals", *changed))  # type: ignore[misc]
        jobs.append(lambda chance=turn / 10: put("stages", stage | {"probability": chance}))  # type: ignore[misc]
        jobs += [in_a_transaction(roll_up.rebuild) for roll_up in rollups.ROLLUPS]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(in_a_session_of_its_own, jobs))
    assert [roll_up.differences() for roll_up in rollups.ROLLUPS] == [0] * len(rollups.ROLLUPS)
    assert sum(OpenDealStock.objects.values_list("deals", flat=True)) == 40


def test_loads_that_wait_for_each_other_all_come_in(put: Put) -> None:
    """The database ends one of two that wait for each other; that one begins anew by itself."""
    customers = [f"C{nth}" for nth in range(40)]
    jobs: list[Callable[[], object]] = []
    for turn in range(6):
        paid = [
            {"customer_id": who, "month": f"2024-{month:02}", "mrr": turn + 5}
            for who in customers
            for month in range(1, 5 + turn)
        ]
        items = [
            {"item_id": f"I{who}{turn}", "customer_id": who, "unit_amount": 7} for who in customers
        ]
        jobs.append(lambda paid=paid: put("customer_mrr", *paid))  # type: ignore[misc]
        jobs.append(lambda items=items: put("subscriptions", *items))  # type: ignore[misc]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(in_a_session_of_its_own, jobs))
    assert [roll_up.differences() for roll_up in REVENUE] == [0] * len(REVENUE)


def test_months_that_another_load_derives_meanwhile_are_seen(put: Put) -> None:
    """The load of MRR waits for the months that items give, and then takes their place."""
    item = {"item_id": "I1", "customer_id": "C1", "unit_amount": 7, "start_date": "2024-01-01"}
    paid = {"customer_id": "C1", "month": "2024-01", "mrr": 5}
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            put("subscriptions", item)
            load = pool.submit(in_a_session_of_its_own, lambda: put("customer_mrr", paid))
            wait_until_somebody_waits()
        load.result()
    given = CustomerMonth.objects.get(customer_id="C1", month="2024-01-01")
    assert (given.origin, given.mrr) == ("file", Decimal(5))
    assert [roll_up.differences() for roll_up in REVENUE] == [0] * len(REVENUE)


def wait_until_somebody_waits() -> None:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    pytest.fail("nobody waits")
