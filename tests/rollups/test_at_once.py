"""Loads, edits and rebuilds at the same time leave sums that are true."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from pipeline import rollups
from pipeline.models import OpenDealStock
from tests.rollups.conftest import Put

pytestmark = pytest.mark.django_db(transaction=True)


def in_a_session_of_its_own(work: Callable[[], object]) -> None:
    try:
        with transaction.atomic():
            work()
    finally:
        connection.close()


def test_what_is_rebuilt_meanwhile_is_neither_lost_nor_there_twice(put: Put) -> None:
    deals = [{"deal_id": f"D{nth}", "amount": 10, "owner_id": f"R{nth % 7}"} for nth in range(40)]
    put("pipeline_deals", *deals)
    stage = {"stage_id": "Demo", "stage_name": "Demo"}
    jobs: list[Callable[[], object]] = []
    for turn in range(1, 6):
        changed = [deal | {"amount": turn, "owner_id": f"R{turn}"} for deal in deals[turn::6]]
        jobs.append(lambda changed=changed: put("pipeline_deals", *changed))  # type: ignore[misc]
        jobs.append(lambda chance=turn / 10: put("stages", stage | {"probability": chance}))  # type: ignore[misc]
        jobs += [roll_up.rebuild for roll_up in rollups.ROLLUPS]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(in_a_session_of_its_own, jobs))
    assert [roll_up.differences() for roll_up in rollups.ROLLUPS] == [0, 0, 0, 0]
    assert sum(OpenDealStock.objects.values_list("deals", flat=True)) == 40
