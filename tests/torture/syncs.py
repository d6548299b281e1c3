"""Syncs of a company of 5,000 deals: 20 are killed, 300 run in bad weather; nothing is lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from django.conf import LazySettings

from pipeline.models import Deal
from tests.sync.conftest import Simulator, connect, outgoing, run, simulator
from tests.sync.killing import kill_loop
from tests.sync.test_changes import good
from tests.sync.test_faults import WEATHER
from tests.sync.truth import differences

__all__ = ["outgoing"]
KILLS, RUNS = 20, 300
FIELDS = ("pk", "amount", "stage_name", "status", "owner_id", "is_deleted", "account_name")


@pytest.fixture
def large(transactional_db: None, outgoing: LazySettings) -> Iterator[Simulator]:
    """A company of 5,000 deals."""
    with simulator("--deals", "5000", "--burst", "0") as one:
        connect(outgoing, one.url)
        yield one


def test_5_000_deals_come_as_they_are(large: Simulator) -> None:
    done = good()
    sys.stdout.write(f"\n5,000 deals: {done.requests} requests, {done.records:,} records")
    assert differences(large) == []


def test_20_killed_syncs_lose_nothing(large: Simulator) -> None:
    counts = kill_loop(large, KILLS)
    sys.stdout.write(f"\n{KILLS} kills: {counts}")
    assert sum(counts.values()) == KILLS


def test_300_syncs_in_bad_weather_end_as_in_good_one(
    transactional_db: None, outgoing: LazySettings
) -> None:
    with simulator("--deals", "200", "--burst", "0") as one:
        connect(outgoing, one.url)
        failed = 0
        for _ in range(RUNS):
            one.faults(WEATHER)
            failed += run().status != "success"
            one.change({"op": "random", "n": 2, "every": 7})
        one.faults("")
        good()
        assert differences(one) == []
        seen = list(Deal.objects.order_by("pk").values_list(*FIELDS))
        good(full=True)
        assert seen == list(Deal.objects.order_by("pk").values_list(*FIELDS))
        sys.stdout.write(
            f"\n{RUNS} syncs in bad weather, {failed} of them failed; equal to a clean one"
        )
