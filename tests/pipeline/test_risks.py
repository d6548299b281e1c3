"""What threatens a deal: each flag from its limit on, and what follows from flags and score."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipeline.analytics import bands, health, risks
from pipeline.analytics.scorecard import PUBLISHED, WEIGHTS, Rules

DAY = date(2025, 5, 15)
SOUND: dict[str, Any] = {
    "days_in_stage": 7,
    "expected_days": 10,
    "rotten_days": None,
    "later_days": 14,
    "created_at": "2025-01-05",
    "last_activity_at": "2025-05-13",
    "engaged_contacts": 4,
    "has_champion": True,
    "has_economic_buyer": True,
    "stage_probability": 0.5,
    "close_date": "2025-07-20",
    "push_count": 0,
    "next_activity_at": "2025-05-20",
    "next_is_known": True,
    "amount": 100_000,
    "amount_30d_ago": 100_000,
    "discount_pct": 0.05,
    "value": 100_000,
    "category": "Pipeline",
    "has_slipped": False,
    "stage_name": "Proposal",
    "champion": "Pia",
    "buyer": "Ben",
    "contact": "Cem",
    "manager": "Bo",
    "muted": (),
}
DAYS = ("created_at", "last_activity_at", "close_date", "next_activity_at")


def judged(rules: Rules = PUBLISHED, **changes: Any) -> dict[str, Any]:
    frame = pd.DataFrame([{**SOUND, **changes}]).astype(
        {"has_champion": object, "has_economic_buyer": object}
    )
    for name in DAYS:
        frame[name] = pd.to_datetime(frame[name])
    found = risks.with_risks(health.with_health(frame, DAY, rules), DAY, rules)
    return {str(name): value for name, value in found.iloc[0].to_dict().items()}


def flags(**changes: Any) -> list[str]:
    return list(judged(**changes)["risk_flags"])


def test_a_sound_deal_has_no_flag_and_is_only_kept_in_touch_with() -> None:
    deal = judged()
    assert deal["risk_flags"] == ()
    assert (deal["urgency"], deal["slip_risk"]) == ("LOW", "LOW")
    assert (deal["primary_action"], deal["action_target"]) == ("email", "Pia")
    assert deal["action_reason"] == "Follow up on Proposal."


@pytest.mark.parametrize(
    ("flag", "raised", "spared"),
    [
        ("PAST_DUE", {"close_date": "2025-05-14"}, {"close_date": "2025-05-15"}),
        ("STUCK", {"days_in_stage": 20}, {"days_in_stage": 19}),
        ("STUCK", {"rotten_days": 7}, {"rotten_days": 8}),
        (
            "STUCK",
            {"expected_days": 0, "days_in_stage": 30},
            {"expected_days": None, "days_in_stage": 29},
        ),
        ("GOING_DARK", {"last_activity_at": "2025-05-01"}, {"last_activity_at": "2025-05-02"}),
        ("GOING_DARK", {"last_activity_at": None}, {"created_at": "2025-05-10"}),
        (
            "NO_EB",
            {"has_economic_buyer": None, "stage_probability": 0.4},
            {"has_economic_buyer": None, "stage_probability": 0.39},
        ),
        ("NO_CHAMPION", {"has_champion": False}, {"stage_probability": 0.1}),
        ("SINGLE_THREADED", {"engaged_contacts": 1}, {"engaged_contacts": 2}),
        ("CLOSE_DATE_SLIPPED", {"has_slipped": True}, {}),
        ("CLOSE_DATE_PUSHED", {"push_count": 2}, {"push_count": 1}),
        ("AMOUNT_DROP", {"amount": 80_000}, {"amount": 80_001}),
        ("NO_NEXT_STEP", {"next_activity_at": "2025-05-30"}, {"next_activity_at": "2025-05-29"}),
        ("NO_NEXT_STEP", {"next_activity_at": None}, {"next_is_known": False}),
        ("HEAVY_DISCOUNT", {"discount_pct": 0.21}, {"discount_pct": 0.20}),
        (
            "COMMIT_AT_RISK",
            {"category": "Commit", "days_in_stage": 99, "last_activity_at": None},
            {"category": "Commit"},
        ),
    ],
)
def test_each_flag_is_raised_from_its_limit_on(
    flag: str, raised: dict[str, Any], spared: dict[str, Any]
) -> None:
    assert flag in flags(**raised)
    assert flag not in flags(**spared)


def test_flags_are_told_in_their_order_with_their_labels() -> None:
    found = flags(close_date="2025-05-01", last_activity_at=None, engaged_contacts=0)
    assert risks.display(found) == "Past Due • Going Dark • Single-Threaded"


@pytest.mark.parametrize(
    ("changes", "urgency"),
    [
        ({"close_date": "2025-06-13", "days_in_stage": 18}, "CRITICAL"),
        ({"close_date": "2025-06-14", "days_in_stage": 18}, "MEDIUM"),
        ({"close_date": "2025-05-01", "category": "Commit"}, "CRITICAL"),
        ({"close_date": "2025-05-01"}, "HIGH"),
        ({"days_in_stage": 21}, "HIGH"),
        ({"days_in_stage": 16}, "MEDIUM"),
        ({"close_date": None, "expected_days": None, "days_in_stage": 99}, "LOW"),
    ],
)
def test_urgency_is_the_first_that_fits(changes: dict[str, Any], urgency: str) -> None:
    assert judged(**changes)["urgency"] == urgency


@pytest.mark.parametrize(
    ("changes", "risk"),
    [
        ({"close_date": None}, "HIGH"),
        ({"close_date": "2025-05-25"}, "HIGH"),  # 10 of 17 days are less than 60 %
        ({"close_date": "2025-05-26"}, "MEDIUM"),
        ({"close_date": "2025-06-01"}, "LOW"),
        ({"push_count": 3}, "HIGH"),
        ({"push_count": 1}, "MEDIUM"),
    ],
)
def test_a_deal_slips_where_the_days_left_are_too_few(changes: dict[str, Any], risk: str) -> None:
    assert judged(**changes)["slip_risk"] == risk


def test_what_is_large_and_critical_is_escalated_to_the_manager_where_nobody_is_known() -> None:
    late: dict[str, Any] = {"close_date": "2025-05-01", "category": "Commit", "value": 500_000}
    nobody: dict[str, Any] = {"champion": "", "buyer": "", "contact": ""}
    deal = judged(**late, **nobody)
    assert (deal["primary_action"], deal["action_target"]) == ("escalate", "Bo")
    assert judged(**{**late, "value": 499_999})["primary_action"] == "call"
    assert judged(**nobody)["action_target"] == ""


def test_a_muted_flag_stays_true_but_gives_no_reason() -> None:
    deal = judged(close_date="2025-05-01", engaged_contacts=1, muted=("PAST_DUE",))
    assert deal["risk_flags"] == ("PAST_DUE", "SINGLE_THREADED")
    assert deal["heeded"] == ("SINGLE_THREADED",)
    assert deal["urgency"] == "HIGH"
    assert deal["action_reason"] == "Only 1 engaged in 90 days: bring more people in."


def test_other_weights_keep_points_whole_and_a_hundred_at_best() -> None:
    weights = {**WEIGHTS, "stage_velocity": 13, "close_date": 27}
    own = Rules(weights=weights, healthy_from=99)
    best, slow = judged(own), judged(own, days_in_stage=15)
    assert best["health_score"] == 100
    assert slow["stage_velocity_points"] == 9  # 18 of 25, of 13
    assert slow["health_category"] == "Monitor"
    assert Rules.of(own.changed()) == own


def test_rounded_shares_add_up_to_a_hundred() -> None:
    third = pd.Series([1 / 3, 1 / 3, 1 / 3, 0.0])
    assert bands.rounded(third) == [0.34, 0.33, 0.33, 0.0]
