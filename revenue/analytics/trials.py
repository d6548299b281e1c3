"""Forecasts months that are over again, with what was known before each; and judges the methods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from revenue.analytics import outlook
from revenue.analytics.outlook import BASELINES, FEWEST, LABELS, METHODS, PARTS, Past
from revops_site.kernel import scoring
from revops_site.kernel.formats import show
from revops_site.kernel.frames import Floats

FEWEST_ORIGINS = 6
UNTRIED = 1.5  # how much ranges are widened that were never held against what came
AIMS = {80: 0.80, 95: 0.95}
WIDEST = 4.0
ROWS = ["origin", "horizon", "method", "forecast", "low_80", "high_80", "low_95", "high_95"]


@dataclass(frozen=True)
class Judged:
    """The method to use and why, how its ranges are widened, and every method's scores."""

    method: str
    reason: str
    widened: Mapping[int, float]
    held: Mapping[int, float | None]
    months: int
    scores: list[dict[str, Any]]
    rows: pd.DataFrame


def tried(past: Past) -> pd.DataFrame:
    """What each method would have said at each month's end, of what came: ``ROWS`` and actual.

    Nothing after the month that it is said at is looked at.
    """
    total, rows = past.total, []
    for count in range(FEWEST, len(past.months)):
        known = past.until(count)
        for method in METHODS:
            path = outlook.forecast(method, known, seed=count)
            if path is None:
                continue
            ends = {
                f"{side}_{round(level * 100)}": path.ranges[level][nth]
                for level in outlook.LEVELS
                for nth, side in enumerate(("low", "high"))
            }
            rows += [
                {
                    "origin": known.months[-1],
                    "horizon": nth + 1,
                    "method": method,
                    "forecast": path.mean[nth],
                    **{name: one[nth] for name, one in ends.items()},
                    "actual": total[count + nth],
                }
                for nth in range(min(outlook.AHEAD, len(total) - count))
            ]
    return pd.DataFrame(rows, columns=[*ROWS, "actual"])


def judged(past: Past) -> Judged:
    """The scores of every method by months ahead, and the method that they speak for.

    Methods are held against each other where each of them had a forecast.
    """
    rows = tried(past)
    fair = _comparable(rows)
    errors = {method: _wape(fair[fair["method"] == method]) for method in METHODS}
    known = {method: one for method, one in errors.items() if one is not None}
    simple = min((m for m in BASELINES if m in known), key=lambda m: known[m], default=None)
    origins = int(fair["origin"].nunique())
    method, reason = verdict(known, simple, origins)
    mine = rows[rows["method"] == method]
    return Judged(
        method=method,
        reason=reason,
        widened={aim: _widened(mine, aim) for aim in AIMS},
        held={aim: _held(mine, aim) for aim in AIMS},
        months=int(rows["origin"].nunique()),
        scores=_scores(rows, fair, simple),
        rows=rows,
    )


def verdict(errors: Mapping[str, float], simple: str | None, origins: int) -> tuple[str, str]:
    """The method to use, and why: the parts have to beat the best simple one."""
    if origins < FEWEST_ORIGINS or simple is None or PARTS not in errors:
        return PARTS, (
            f"Not judged yet: {origins} of the {FEWEST_ORIGINS} months that are needed can be "
            "forecast again."
        )
    name, other, mine = LABELS[simple].lower(), _percent(errors[simple]), _percent(errors[PARTS])
    if errors[PARTS] < errors[simple]:
        return PARTS, (
            f"The parts beat every simple method: an error of {mine}, the best of these "
            f"({name}) {other}."
        )
    return simple, (
        f"The parts did not beat a simple method: an error of {mine}, {name} only {other}. "
        "The simple one is used."
    )


def _scores(rows: pd.DataFrame, fair: pd.DataFrame, simple: str | None) -> list[dict[str, Any]]:
    found = []
    for method in METHODS:
        for horizon in range(outlook.AHEAD + 1):
            mine, here = _of(rows, method, horizon), _of(fair, method, horizon)
            if mine.empty:
                continue
            error, other = _wape(here), _wape(_of(fair, simple or "", horizon))
            forecast, actual = _numbers(mine, "forecast"), _numbers(mine, "actual")
            found.append(
                {
                    "method": method,
                    "horizon": horizon,
                    "n": len(mine),
                    "wape": scoring.wape(forecast, actual),
                    "bias": scoring.bias(forecast, actual),
                    **{f"coverage_{aim}": scoring.coverage(*_ends(mine, aim)) for aim in AIMS},
                    "skill_vs_baseline": 1 - error / other if error is not None and other else None,
                }
            )
    return found


def _of(rows: pd.DataFrame, method: str, horizon: int) -> pd.DataFrame:
    mine = rows[rows["method"] == method]
    return mine[mine["horizon"] == horizon] if horizon else mine


def _comparable(rows: pd.DataFrame) -> pd.DataFrame:
    """The origins and horizons that every method has a forecast for."""
    counts = rows.groupby(["origin", "horizon"])["method"].transform("nunique")
    return rows[counts == len(METHODS)]


def _widened(rows: pd.DataFrame, aim: int) -> float:
    if rows["origin"].nunique() < FEWEST_ORIGINS:
        return UNTRIED
    return scoring.widening(*_ends(rows, aim), AIMS[aim], WIDEST)


def _held(rows: pd.DataFrame, aim: int) -> float | None:
    """What the ranges would have held, each origin's widened as the others say."""
    if rows["origin"].nunique() < FEWEST_ORIGINS:
        return None
    inside = 0.0
    for origin, mine in rows.groupby("origin"):
        widened = _widened(rows[rows["origin"] != origin], aim)
        inside += scoring.coverage(*_ends(mine, aim), widened) * len(mine)
    return inside / len(rows)


def _ends(rows: pd.DataFrame, aim: int) -> tuple[Floats, Floats, Floats, Floats]:
    forecast, low, high, actual = (
        _numbers(rows, name) for name in ("forecast", f"low_{aim}", f"high_{aim}", "actual")
    )
    return forecast, low, high, actual


def _wape(rows: pd.DataFrame) -> float | None:
    return scoring.wape(_numbers(rows, "forecast"), _numbers(rows, "actual")) if len(rows) else None


def _numbers(rows: pd.DataFrame, name: str) -> Floats:
    return np.asarray(rows[name], dtype="float64")


def _percent(number: float) -> str:
    return show(number, "percent2")
