"""The rules about customers: when each speaks, and when it keeps quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from insights.analytics.facts import Churn, Reason, Retention
from insights.rules.revenue import DOMINANT_CHURN_REASON, HIGH_CHURN, LOW_NRR

MAY = date(2025, 5, 1)
CHURN = Churn(MAY, starting=100, churned=8, churned_mrr=4000, currency="USD")


def test_more_than_a_twentieth_leaving_in_a_month_is_high_and_a_twentieth_is_not() -> None:
    found = HIGH_CHURN.judge(CHURN)
    assert found is not None
    assert found.strength.confidence == pytest.approx(0.05 + 0.9 * (0.3 + 0.3 * 100 / 130 + 0.2))
    assert found.said.money == pytest.approx((1 - 0.05 / 0.08) * 4000 * 12)
    assert found.said.evidence.changes["end"] == date(2025, 5, 31)
    assert HIGH_CHURN.judge(replace(CHURN, churned=5)) is None


def test_fewer_than_twenty_customers_say_nothing_about_churn() -> None:
    assert HIGH_CHURN.judge(replace(CHURN, starting=19, churned=10)) is None
    assert HIGH_CHURN.judge(replace(CHURN, starting=20, churned=10)) is not None
    assert HIGH_CHURN.judge(replace(CHURN, starting=0, churned=0)) is None


REASON = Reason(
    "Price", count=4, mrr_lost=4000, all_lost=10_000, churned=10, known=8, currency="USD"
)


def test_a_reason_behind_more_than_three_tenths_of_the_loss_dominates() -> None:
    found = DOMINANT_CHURN_REASON.judge(REASON)
    assert found is not None
    assert found.said.money == 48_000
    assert found.strength.filled == 0.8
    assert found.said.evidence.changes == {"reason": ("Price",)}
    assert DOMINANT_CHURN_REASON.judge(replace(REASON, mrr_lost=3000)) is None


def test_fewer_than_five_who_left_have_no_dominant_reason() -> None:
    assert DOMINANT_CHURN_REASON.judge(replace(REASON, churned=4)) is None
    assert DOMINANT_CHURN_REASON.judge(replace(REASON, churned=5)) is not None
    assert DOMINANT_CHURN_REASON.judge(replace(REASON, mrr_lost=0, all_lost=0)) is None


NRR = Retention("", MAY, customers=80, then=100_000, now=100_000, target=None, currency="USD")


def test_retention_below_what_is_asked_is_low_and_what_is_asked_is_not() -> None:
    found = LOW_NRR.judge(NRR)
    assert found is not None
    assert found.said.money == pytest.approx(0.05 * 100_000 * 12)
    assert LOW_NRR.judge(replace(NRR, now=105_000)) is None


def test_a_segment_s_retention_is_held_against_its_own_target() -> None:
    large = replace(NRR, segment="ENT", now=110_000, target=1.12)
    found = LOW_NRR.judge(large)
    assert found is not None
    assert found.said.subject == "segment ENT"
    assert LOW_NRR.judge(replace(large, target=1.10)) is None
    assert LOW_NRR.judge(replace(large, target=None)) is None


def test_fewer_than_ten_customers_say_nothing_about_retention() -> None:
    assert LOW_NRR.judge(replace(NRR, customers=9)) is None
    assert LOW_NRR.judge(replace(NRR, customers=10)) is not None
    assert LOW_NRR.judge(replace(NRR, then=0)) is None
