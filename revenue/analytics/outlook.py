"""What MRR will be: from what customers do every month, and by simple rules to hold it against."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from revops_site.kernel.frames import Floats, framed, listed

AHEAD = 12
FIT = 12  # months that rates are learned from, at most
FEWEST = 9  # months that movements are known of, at least
DRAWS = 1000
PARTS, LAST, GROWTH, SEASON, TREND = "parts", "last_value", "last_growth", "season", "trend"
BASELINES = (LAST, GROWTH, SEASON, TREND)
METHODS = (PARTS, *BASELINES)
LABELS = {
    PARTS: "Parts",
    LAST: "Last value",
    GROWTH: "Last growth",
    SEASON: "Same months a year before",
    TREND: "Linear trend",
}
LEVELS = (0.80, 0.95)
MOVES = ("new", "reactivation", "expansion", "contraction", "churn")
A_YEAR = 12


@dataclass(frozen=True)
class Past:
    """The months that are over, the oldest first, by group: arrays of months × groups.

    ``level`` is MRR at each month's end; ``moves`` what moved it by kind, all above 0;
    ``started`` what it is a share of. ``months`` are their first days.
    """

    months: tuple[pd.Timestamp, ...]
    groups: tuple[str, ...]
    level: Floats
    started: Floats
    moves: dict[str, Floats]

    def until(self, count: int) -> Past:
        """The first so many months."""
        return Past(
            self.months[:count],
            self.groups,
            self.level[:count],
            self.started[:count],
            {kind: rows[:count] for kind, rows in self.moves.items()},
        )

    @property
    def total(self) -> Floats:
        """MRR at each month's end, of all groups."""
        total: Floats = self.level.sum(axis=1)
        return total


@dataclass(frozen=True)
class Path:
    """Expected MRR of the next months, and the ends of its ranges before they are widened.

    ``ranges`` by level: low and high.
    """

    mean: Floats
    ranges: dict[float, tuple[Floats, Floats]]

    def widened(self, level: float, times: float) -> tuple[Floats, Floats]:
        """The range's ends, widened about the mean; MRR is never below 0."""
        low, high = self.ranges[level]
        least: Floats = np.maximum(0.0, self.mean - times * (self.mean - low))
        most: Floats = self.mean + times * (high - self.mean)
        return least, most


def past(months: pd.DataFrame, by: str) -> Past:
    """Operands by month and ``by`` as arrays; a month in which a group has no row is 0."""
    days = sorted({pd.Timestamp(day) for day in months["month"]})
    groups = sorted(set(listed(months[by])))
    shape = len(days), len(groups)
    at = {day: nth for nth, day in enumerate(days)}
    row = [at[pd.Timestamp(day)] for day in months["month"]]
    place = {group: nth for nth, group in enumerate(groups)}
    col = [place[group] for group in months[by]]

    def table(name: str) -> Floats:
        found: Floats = np.zeros(shape)
        np.add.at(found, (row, col), months[name].to_numpy("float64"))
        return found

    return Past(
        tuple(days), tuple(groups), table("mrr"), table("started"), {k: table(k) for k in MOVES}
    )


def forecast(method: str, past_: Past, seed: int = 0) -> Path | None:
    """The next months by a method; None where it needs more months than are known."""
    if len(past_.months) < FEWEST:
        return None
    if method == PARTS:
        mean = steps(past_)["mrr"].sum(axis=1)
        return Path(mean, _drawn(past_, mean, seed))
    return _simple(method, past_.total)


def steps(past_: Past) -> dict[str, Floats]:
    """Each of the next months × group: starting, mrr and what moves it, as expected.

    What customers add, take away and cancel are shares of what the month begins with, learned
    from the last months as ratios of sums; what is new and comes back is their mean.
    """
    window = slice(-FIT, None)
    begun = past_.started[window].sum(axis=0)
    rates = {
        kind: np.divide(rows[window].sum(axis=0), begun, out=np.zeros_like(begun), where=begun > 0)
        for kind, rows in past_.moves.items()
    }
    news = {kind: past_.moves[kind][window].mean(axis=0) for kind in ("new", "reactivation")}
    level = past_.level[-1]
    found: dict[str, list[Floats]] = {name: [] for name in ("starting", *MOVES, "mrr")}
    for _ in range(AHEAD):
        found["starting"].append(level)
        moved = {kind: level * rates[kind] for kind in ("expansion", "contraction", "churn")} | news
        for kind, one in moved.items():
            found[kind].append(one)
        level = np.maximum(
            0.0,
            level + sum(moved[k] for k in MOVES[:3]) - moved["contraction"] - moved["churn"],
        )
        found["mrr"].append(level)
    return {name: np.array(rows) for name, rows in found.items()}


def _drawn(past_: Past, mean: Floats, seed: int) -> dict[float, tuple[Floats, Floats]]:
    """The ranges of months like the last ones: drawn whole, so that groups move together.

    Each future draws first which months it has learned from, and then its own from among them:
    so that it is also in doubt what the rates are.
    """
    started, level = past_.started[-FIT:], past_.level[-1]
    count = len(started)
    safe = np.where(started > 0, started, np.nan)
    change = sum(past_.moves[kind][-FIT:] * sign for kind, sign in _SIGNS.items())
    rate = np.nan_to_num(change / safe)
    news = past_.moves["new"][-FIT:] + past_.moves["reactivation"][-FIT:]
    dice = np.random.default_rng(seed)
    learned = dice.integers(0, count, (DRAWS, count))
    here = np.repeat(level[None, :], DRAWS, axis=0)
    ends = np.empty((AHEAD, DRAWS))
    for month in range(AHEAD):
        chosen = learned[np.arange(DRAWS), dice.integers(0, count, DRAWS)]
        here = np.maximum(0.0, here * (1 + rate[chosen]) + news[chosen])
        ends[month] = here.sum(axis=1)
    found = {}
    for level_ in LEVELS:
        tail = (1 - level_) / 2
        low, high = np.quantile(ends, (tail, 1 - tail), axis=1)
        found[level_] = np.minimum(low, mean), np.maximum(high, mean)
    return found


_SIGNS = {"expansion": 1.0, "contraction": -1.0, "churn": -1.0}


def _simple(method: str, total: Floats) -> Path | None:
    ahead = np.arange(1, AHEAD + 1, dtype="float64")
    changes = np.diff(total)[-FIT:]
    count = len(changes)
    if method == TREND:
        return _line(total[-FIT:], ahead)
    if method == LAST:
        mean = np.full(AHEAD, total[-1])
        spread = _rms(changes) * np.sqrt(ahead)
    elif method == GROWTH:
        mean = total[-1] + ahead * changes.mean()
        spread = _rms(changes - changes.mean()) * np.sqrt(ahead * (1 + ahead / count))
    else:
        if len(total) <= A_YEAR:
            return None
        mean = total[-1] + np.cumsum(np.diff(total)[-A_YEAR:])
        spread = _rms(changes - changes.mean()) * np.sqrt(2 * ahead)
    return _normal(np.maximum(0.0, mean), spread)


def _line(levels: Floats, ahead: Floats) -> Path:
    """The straight line through the last levels, and how far new ones lie from it."""
    count = len(levels)
    x = np.arange(count, dtype="float64")
    slope, start = np.polyfit(x, levels, 1)
    off = levels - (start + slope * x)
    sigma = float(np.sqrt((off**2).sum() / max(count - 2, 1)))
    future = count - 1 + ahead
    reach = 1 + 1 / count + (future - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
    return _normal(np.maximum(0.0, start + slope * future), sigma * np.sqrt(reach))


def _normal(mean: Floats, spread: Floats) -> Path:
    ranges = {}
    for level in LEVELS:
        z = NormalDist().inv_cdf(1 - (1 - level) / 2)
        ranges[level] = (np.maximum(0.0, mean - z * spread), mean + z * spread)
    return Path(mean, ranges)


def _rms(values: Floats) -> float:
    return float(np.sqrt((values**2).mean())) if len(values) else 0.0


def parts(past_: Past) -> pd.DataFrame:
    """The expected months: month, starting, kept, the ``MOVES``, mrr; of all groups together."""
    found = {name: rows.sum(axis=1) for name, rows in steps(past_).items()}
    kept = found["starting"] - found["contraction"] - found["churn"]
    return framed({"month": ahead(past_), **found, "kept": kept})


def ahead(past_: Past) -> np.ndarray:
    """The first days of the months that are forecast."""
    first = past_.months[-1]
    days = [first + pd.DateOffset(months=nth) for nth in range(1, AHEAD + 1)]
    return np.array(days, dtype="datetime64[s]")
