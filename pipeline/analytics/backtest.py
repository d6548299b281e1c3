"""How good past forecasts were, beside simple ones; nothing here knows more than its day did."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.analytics.forecast import DEFAULT_INFLATION
from revops_site.kernel import scoring
from revops_site.kernel.formats import show
from revops_site.kernel.frames import Floats
from revops_site.kernel.intervals import wilson

LEARNED, BY_STAGE = "L1", "L0"
CALLED = {
    "weighted": "weighted",
    "pace": "pace",
    "last_quarter": "last quarter",
    "holt_winters": "Holt-Winters",
}
BASELINES = tuple(CALLED)
NAMED = 3  # of the simple methods that are better, so many are told of
BUCKETS = {"1-3": (1, 3), "4-10": (4, 10), "11-13": (11, 13), "all": (1, 13)}
JUDGED = "4-10"
WIDEST = 3.0
COVERED = 0.80
GOOD_COVERAGE = 0.70, 0.90
ENOUGH_ROWS, ENOUGH_QUARTERS = 8, 8
BINS = 10
SCORES = [
    *("n", "mape", "wape", "bias", "pinball_10", "pinball_50", "pinball_90"),
    *("coverage_80", "interval_inflation"),
]


def pace(closed: float, closed_then: pd.Series[float], ended: pd.Series[float]) -> float | None:
    """Won so far over the share that past quarters had won by the same week; None without any."""
    share = closed_then.sum() / ended.sum() if ended.sum() else 0.0
    return closed / share if share else None


def scores(rows: pd.DataFrame) -> dict[str, float | None]:
    """``SCORES`` of rows with forecast, q10, q90, actual; with ``baseline`` also the skill.

    Columns q10 and q90 may be unknown for methods that give no range.
    """
    if rows.empty:
        return dict.fromkeys(SCORES) | {"n": 0}
    forecast, actual = _numbers(rows["forecast"]), _numbers(rows["actual"])
    miss, whole = np.abs(forecast - actual), actual.sum()
    some = actual != 0
    found: dict[str, float | None] = {
        "n": len(rows),
        "mape": float((miss[some] / np.abs(actual[some])).mean()) if some.any() else None,
        "wape": scoring.wape(forecast, actual),
        "bias": scoring.bias(forecast, actual),
        "pinball_50": _pinball(0.5, actual, forecast),
        **_of_range(rows),
    }
    if "baseline" in rows and whole:
        other = float(np.abs(_numbers(rows["baseline"]) - actual).sum() / whole)
        found["skill_vs_baseline"] = 1 - float(miss.sum() / whole) / other if other else None
    return found


def inflation(rows: pd.DataFrame) -> float:
    """The smallest widening, in steps of 0.05 from 1 to 3, that covers four of five actuals."""
    return scoring.widening(*_ranged(rows), COVERED, WIDEST)


def coverage(rows: pd.DataFrame, widened: float = 1.0) -> float:
    """The share of actuals inside the widened range, its ends included."""
    return scoring.coverage(*_ranged(rows), widened)


def shown_coverage(rows: pd.DataFrame) -> float | None:
    """What the ranges people see would have covered: each quarter's widened as the others say."""
    inside = [
        coverage(mine, inflation(others)) * len(mine)
        for quarter, mine in rows.groupby("quarter")
        if len(others := rows[rows["quarter"] != quarter]) >= ENOUGH_ROWS
    ]
    return sum(inside) / len(rows) if inside else None


def shipped_inflation(rows: pd.DataFrame) -> float:
    """The widening to use from now on."""
    return inflation(rows) if len(rows) >= ENOUGH_ROWS else DEFAULT_INFLATION


def side_by_side(rows: pd.DataFrame, method: str) -> dict[str, tuple[float, float]]:
    """Each other method's WAPE beside the ``method``'s own, over what both have a forecast for.

    Columns of ``rows``: snapshot_date, method, forecast, actual. A method that shares no day with
    it, or days on which nothing was won, is left out.
    """
    found = {}
    mine = rows[rows["method"] == method]
    for name, theirs in rows.groupby("method"):
        shared = set(mine["snapshot_date"]) & set(theirs["snapshot_date"])
        both = (one[one["snapshot_date"].isin(shared)] for one in (mine, theirs))
        own, other = (scores(one)["wape"] for one in both)
        if name != method and own is not None and other is not None:
            found[str(name)] = own, other
    return found


def best_baseline(rows: pd.DataFrame) -> str | None:
    """The simple method that is closest to the truth, where it and the one by stage both speak."""
    found = side_by_side(rows, BY_STAGE)
    named = [(their / own if own else 1.0, name) for name, (own, their) in found.items()]
    return min((pair for pair in named if pair[1] in BASELINES), default=(0.0, None))[1]


def verdict(against: dict[str, tuple[float, float]], shown: float | None) -> tuple[str, str]:
    """The method to use, and why; of the learned one ``side_by_side`` in the middle weeks.

    It has to beat the one by stage and every baseline, and its ranges have to hold.
    """
    if BY_STAGE not in against:
        return BY_STAGE, "Not enough closed quarters to judge a learned forecast by."
    own, by_stage = against[BY_STAGE]
    if own >= by_stage:
        return BY_STAGE, (
            f"Learned chances (error {_share(own)}) were no better than those of the stages "
            f"({_share(by_stage)} in the same weeks)."
        )
    pairs = [(their, mine, name) for name, (mine, their) in against.items() if name in BASELINES]
    better = [
        f"{CALLED[name]} ({_share(their)}, learned {_share(mine)})"
        for their, mine, name in sorted(pairs)
        if their <= mine
    ]
    if better:
        named = ", ".join(better[:NAMED])
        return BY_STAGE, f"Learned chances were no better than a simple forecast: {named}."
    low, high = GOOD_COVERAGE
    if shown is None or not low <= shown <= high:
        return BY_STAGE, "The ranges of learned chances did not hold what they promise."
    return LEARNED, "Learned chances beat those of the stages and every simple forecast."


def _share(number: float) -> str:
    return show(number, "percent1")


def calibration(deals: pd.DataFrame) -> pd.DataFrame:
    """What was said beside what happened, by tenths of the chance: deals with p and won (0 or 1).

    Columns low, high (of the tenth), n, said (mean), happened (share), happened_low, happened_high.
    """
    tenths = (deals["p"].to_numpy("float64") * BINS).astype("int64").clip(0, BINS - 1)
    groups = deals.assign(tenth=tenths).groupby("tenth")
    sums = groups.agg(n=("won", "size"), said=("p", "mean"), won=("won", "sum")).reset_index()
    ends = [
        wilson(float(won), float(n)) or (0.0, 1.0)
        for won, n in zip(sums["won"], sums["n"], strict=True)
    ]
    return pd.DataFrame(
        {
            "low": sums["tenth"] / BINS,
            "high": (sums["tenth"] + 1) / BINS,
            "n": sums["n"],
            "said": sums["said"],
            "happened": sums["won"] / sums["n"],
            "happened_low": [low for low, _ in ends],
            "happened_high": [high for _, high in ends],
        }
    )


def _of_range(rows: pd.DataFrame) -> dict[str, float | None]:
    ranged = rows[rows["q10"].notna() & rows["q90"].notna()]
    if ranged.empty:
        return dict.fromkeys(("pinball_10", "pinball_90", "coverage_80", "interval_inflation"))
    actual = _numbers(ranged["actual"])
    return {
        "pinball_10": _pinball(0.1, actual, _numbers(ranged["q10"])),
        "pinball_90": _pinball(0.9, actual, _numbers(ranged["q90"])),
        "coverage_80": coverage(ranged),
        "interval_inflation": inflation(ranged),
    }


def _pinball(share: float, actual: npt.NDArray[np.float64], said: npt.NDArray[np.float64]) -> float:
    above = actual - said
    return float(np.maximum(share * above, (share - 1) * above).mean())


def _ranged(
    rows: pd.DataFrame,
) -> tuple[Floats, Floats, Floats, Floats]:
    forecast, low, high, actual = (
        _numbers(rows[name]) for name in ("forecast", "q10", "q90", "actual")
    )
    return forecast, low, high, actual


def _numbers(values: pd.Series[float]) -> npt.NDArray[np.float64]:
    return np.asarray(values, dtype="float64")
