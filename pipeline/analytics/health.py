"""How healthy each open deal is: six published components, whole points, 100 at best.

It is a scorecard of hygiene and momentum, not a probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analytics.health_reasons import REASONS
from pipeline.analytics.scorecard import PUBLISHED, WEIGHTS, Rules

MAXIMA: Mapping[str, int] = WEIGHTS
OK_FROM = 60
NOT_RECORDED = 5  # for a next step of a day on which nobody kept what was planned
Points = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Component:
    """A part of a deal's score: the points of so many, why, and the values it rests on."""

    name: str
    points: int
    max: int
    reason: str
    evidence: Mapping[str, Any]


def with_health(deals: pd.DataFrame, as_of: date, rules: Rules = PUBLISHED) -> pd.DataFrame:
    """Adds the points of each component, ``health_score`` (0 to 100) and ``health_category``.

    Needs one row per open deal with days_in_stage, expected_days, last_activity_at,
    engaged_contacts (of the last 90 days), has_champion, has_economic_buyer, stage_probability,
    close_date, push_count, next_activity_at, next_is_known, amount, amount_30d_ago, discount_pct;
    days as datetime64, what is unknown as NaN, NaT or None. Where ``next_step_kept`` is given, the
    points that were kept for the next step on the day itself count.
    """
    day = pd.Timestamp(as_of)
    points = {
        "stage_velocity": _stage_velocity(deals),
        "activity_recency": _activity_recency(deals, day),
        "stakeholders": _stakeholders(deals, rules),
        "close_date": _close_date(deals, day),
        "next_step": _next_step(deals, day, rules),
        "commercial": _commercial(deals, rules),
    }
    points = {name: _weighed(given, name, rules) for name, given in points.items()}
    points["next_step"] = _as_kept(deals, points["next_step"])
    score = sum(points.values(), start=np.zeros(len(deals), dtype=np.int64))
    scored = deals.assign(**{f"{name}_points": given for name, given in points.items()})
    return scored.assign(health_score=score, health_category=categories(score, rules))


def categories(score: Points, rules: Rules = PUBLISHED) -> list[str]:
    """Healthy from 80, Monitor from 60, At Risk from 40, Critical below, as published."""
    bands = rules.bands
    names = np.select([score >= least for _, least in bands], [name for name, _ in bands], "")
    return [str(name) for name in names]


def components(deal: Mapping[str, Any], as_of: date, rules: Rules = PUBLISHED) -> list[Component]:
    """The parts of one deal's score, of a row that ``with_health`` gave."""
    return [
        Component(name, int(deal[f"{name}_points"]), most, *REASONS[name](deal, as_of))
        for name, most in rules.weights.items()
    ]


def _weighed(points: Points, name: str, rules: Rules) -> Points:
    """The published points as a share of the component's own weight, whole again."""
    most = rules.weights[name]
    if most == WEIGHTS[name]:
        return points
    found: Points = np.floor(points * most / WEIGHTS[name] + 0.5).astype(np.int64)
    return found


def _stage_velocity(deals: pd.DataFrame) -> Points:
    expected = _numbers(deals["expected_days"])
    known = expected > 0
    ratio = _numbers(deals["days_in_stage"]) / np.where(known, expected, 1.0)
    ratio = ratio.round(9)
    steps = [~known, ratio <= 1, ratio <= 1.5, ratio <= 2, ratio <= 3]
    return np.select(steps, [12, 25, 18, 10, 5], 0)


def _activity_recency(deals: pd.DataFrame, day: pd.Timestamp) -> Points:
    days = _days(day - deals["last_activity_at"])
    return np.select([days <= 3, days <= 7, days <= 14, days <= 21], [20, 16, 10, 4], 0)


def _stakeholders(deals: pd.DataFrame, rules: Rules) -> Points:
    people = _numbers(deals["engaged_contacts"])
    contacts = np.select([people >= 4, people >= 3, people >= 2, people >= 1], [10, 8, 5, 1], 0)
    unknown = np.where(_numbers(deals["stage_probability"]) >= rules.late_stage, 0, 3)
    champion = np.where(_true(deals["has_champion"]), 5, unknown)
    buyer = np.where(_true(deals["has_economic_buyer"]), 5, unknown)
    return contacts + champion + buyer


def _close_date(deals: pd.DataFrame, day: pd.Timestamp) -> Points:
    honest = (deals["close_date"] >= day).to_numpy()
    pushes = _numbers(deals["push_count"])
    return np.select([~honest, pushes < 1, pushes < 2, pushes < 3], [0, 15, 10, 5], 0)


def _next_step(deals: pd.DataFrame, day: pd.Timestamp, rules: Rules) -> Points:
    days = _days(deals["next_activity_at"] - day)
    unknown = ~_true(deals["next_is_known"])
    steps = [unknown, (days >= 0) & (days <= rules.next_days), days > rules.next_days]
    return np.select(steps, [NOT_RECORDED, 10, 5], 0)


def _as_kept(deals: pd.DataFrame, points: Points) -> Points:
    """The points for the next step as they were kept on the day itself, where they were."""
    if "next_step_kept" not in deals:
        return points
    kept = _numbers(deals["next_step_kept"])
    return np.where(np.isnan(kept), points, np.nan_to_num(kept)).astype(np.int64)


def _commercial(deals: pd.DataFrame, rules: Rules) -> Points:
    fell, discount = fallen(deals), discounts(deals)
    for_amount = np.select([fell >= rules.much_drop, fell >= rules.some_drop], [6, 3], 0)
    for_discount = np.select(
        [discount > rules.much_discount, discount > rules.some_discount], [4, 2], 0
    )
    left: Points = 10 - for_amount - for_discount
    return left


def fallen(deals: pd.DataFrame) -> npt.NDArray[np.float64]:
    """By what share the amount is less than 30 days ago; NaN where nobody knows."""
    before = _numbers(deals["amount_30d_ago"])
    fell: npt.NDArray[np.float64] = 1 - _numbers(deals["amount"]) / np.where(
        before > 0, before, np.nan
    )
    return fell.round(9)


def discounts(deals: pd.DataFrame) -> npt.NDArray[np.float64]:
    """What was taken off the price, as a share; NaN where nobody knows."""
    return _numbers(deals["discount_pct"]).round(9)


def _numbers(values: pd.Series[Any]) -> npt.NDArray[np.float64]:
    return np.asarray(pd.to_numeric(values), dtype="float64")


def _days(lapse: pd.Series[Any]) -> npt.NDArray[np.float64]:
    return np.asarray(lapse.dt.days, dtype="float64")


def _true(values: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    """What is unknown counts as not so."""
    return values.eq(True).fillna(False).to_numpy(dtype=bool)
