"""Frames of operands as facts: what becomes of rows without a segment, a reason or a past."""

from __future__ import annotations

from datetime import date

import pandas as pd

from insights.analytics import reading

MAY = date(2025, 5, 1)
FLOWS = pd.DataFrame(
    {
        "segment": ["", "ENT", "SMB"],
        "won": [1, 2, 0],
        "lost": [1, 8, 0],
        "won_amount": [10.0, 100.0, 0.0],
        "won_missing": [0, 1, 0],
        "won_unrated": [0, 0, 0],
    }
)
LOST = pd.DataFrame(
    {
        "segment": ["ENT", "SMB", "SMB"],
        "churn_reason": ["Price", "Price", ""],
        "lost_customers": [1, 2, 3],
        "mrr_lost": [50.0, 30.0, 120.0],
    }
)
KEPT = pd.DataFrame(
    {
        "segment": ["ENT", "SMB", "New"],
        "year_ago": [100.0, 50.0, 0.0],
        "year_ago_now": [90.0, 60.0, 0.0],
        "year_ago_customers": [4, 6, 0],
    }
)


def test_deals_without_a_segment_count_among_all_of_them() -> None:
    all_, large = reading.decided(FLOWS, {"ENT": 0.15}, (), "USD")
    assert (all_.segment, all_.won, all_.lost, all_.priced) == ("", 3, 9, 2)
    assert (large.segment, large.won, large.target) == ("ENT", 2, 0.15)


def test_one_segment_alone_is_not_repeated_as_all_of_them() -> None:
    only = FLOWS[FLOWS["segment"] == "ENT"]
    assert [one.segment for one in reading.decided(only, {}, ("ENT",), "USD")] == ["ENT"]
    kept = reading.retention(KEPT[KEPT["segment"] == "ENT"], {}, ("ENT",), MAY, "USD")
    assert [one.segment for one in kept] == ["ENT"]


def test_a_reason_is_summed_over_segments_and_silence_is_none() -> None:
    (top,) = reading.reasons(LOST, "USD")
    assert (top.reason, top.count, top.mrr_lost) == ("Price", 3, 80)
    assert (top.all_lost, top.churned, top.known) == (200, 6, 3)
    assert reading.reasons(LOST[LOST["churn_reason"] == ""], "USD") == ()


def test_a_segment_that_did_not_pay_a_year_ago_is_not_held_against_its_target() -> None:
    found = reading.retention(KEPT, {"SMB": 1.05}, (), MAY, "USD")
    assert [(one.segment, one.then, one.now, one.target) for one in found] == [
        ("", 150, 150, None),
        ("ENT", 100, 90, None),
        ("SMB", 50, 60, 1.05),
    ]


def test_a_month_that_began_without_customers_has_no_churn() -> None:
    sums = pd.DataFrame({"starting_customers": [0], "churn_customers": [0], "churn": [0.0]})
    assert reading.churn(sums, MAY, "USD") == ()
    (found,) = reading.churn(sums.assign(starting_customers=10, churn_customers=2), MAY, "USD")
    assert (found.starting, found.churned) == (10, 2)
