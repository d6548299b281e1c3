"""A deal's health is the sum of six components, each with its points and its reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.analytics import health

DAY = date(2025, 5, 15)
BEST: dict[str, Any] = {
    "days_in_stage": 7,
    "expected_days": 10,
    "last_activity_at": "2025-05-13",
    "engaged_contacts": 4,
    "has_champion": True,
    "has_economic_buyer": True,
    "stage_probability": 0.5,
    "close_date": "2025-06-20",
    "push_count": 0,
    "next_activity_at": "2025-05-20",
    "next_is_known": True,
    "amount": 100_000,
    "amount_30d_ago": 100_000,
    "discount_pct": 0.05,
}


def scored(**changes: Any) -> dict[str, Any]:
    row = {**BEST, **changes}
    frame = pd.DataFrame([row]).astype({"has_champion": object, "has_economic_buyer": object})
    for name in ("last_activity_at", "close_date", "next_activity_at"):
        frame[name] = pd.to_datetime(frame[name])
    found = health.with_health(frame, DAY).to_dict("records")[0]
    return {str(name): value for name, value in found.items()}


def points(deal: dict[str, Any]) -> list[int]:
    return [int(deal[f"{name}_points"]) for name in health.MAXIMA]


def test_a_deal_without_a_flaw_has_a_hundred_points() -> None:
    deal = scored()
    assert deal["health_score"] == 100
    assert deal["health_category"] == "Healthy"
    assert points(deal) == list(health.MAXIMA.values())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {
                "days_in_stage": 50,
                "expected_days": 14,
                "last_activity_at": "2025-04-28",
                "engaged_contacts": 1,
                "has_champion": False,
                "has_economic_buyer": None,
                "stage_probability": 0.75,
                "close_date": "2025-05-30",
                "push_count": 1,
                "next_activity_at": None,
                "amount": 600_000,
                "amount_30d_ago": 800_000,
                "discount_pct": 0.25,
            },
            [0, 4, 1, 10, 0, 0],
        ),
        (
            {
                "days_in_stage": 14,
                "expected_days": 14,
                "last_activity_at": "2025-05-05",
                "engaged_contacts": 2,
                "has_champion": None,
                "has_economic_buyer": None,
                "stage_probability": 0.2,
                "close_date": "2025-05-10",
                "next_activity_at": "2025-06-20",
                "amount": None,
                "amount_30d_ago": None,
                "discount_pct": None,
            },
            [25, 10, 11, 0, 5, 10],
        ),
        ({"expected_days": None}, [12, 20, 20, 15, 10, 10]),
        ({"close_date": None}, [25, 20, 20, 0, 10, 10]),
        ({"last_activity_at": None}, [25, 0, 20, 15, 10, 10]),
        ({"amount": 95_000, "discount_pct": 0.2}, [25, 20, 20, 15, 10, 5]),
    ],
)
def test_each_flaw_costs_its_points(changes: dict[str, Any], expected: list[int]) -> None:
    deal = scored(**changes)
    assert points(deal) == expected
    assert deal["health_score"] == sum(expected)


def test_what_was_planned_on_a_past_day_is_not_guessed() -> None:
    assert points(scored(next_is_known=False))[4] == 5
    assert points(scored(next_is_known=False, next_step_kept=10.0))[4] == 10
    assert points(scored(next_is_known=False, next_step_kept=np.nan))[4] == 5


def test_every_component_says_why() -> None:
    deal = scored(push_count=2, days_in_stage=1, last_activity_at=None)
    said = {one.name: one for one in health.components(deal, DAY)}
    assert said["close_date"].reason == "Expected close pushed to a later month twice."
    assert said["stage_velocity"].reason == "1 day in a stage that usually takes 10."
    assert said["activity_recency"].evidence == {"last_activity_at": None}
    assert [one.max for one in said.values()] == list(health.MAXIMA.values())
    assert sum(one.points for one in said.values()) == deal["health_score"]


@given(st.integers(0, 200), st.integers(0, 6), st.integers(0, 9), st.floats(0, 1))
def test_a_score_stays_between_nothing_and_a_hundred(
    days: int, pushes: int, people: int, discount: float
) -> None:
    deal = scored(
        days_in_stage=days, push_count=pushes, engaged_contacts=people, discount_pct=discount
    )
    assert 0 <= deal["health_score"] <= 100
    assert deal["health_score"] == sum(points(deal))
