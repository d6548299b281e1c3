"""Patterns over weeks: breaks in a trend, and series that move together.

Each is a test whose p-values are corrected for how many were made (Benjamini and Hochberg), and
has to be large enough to matter. None says anything about a cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from insights.analytics.anomalies import Array
from insights.analytics.series import Series

FALSE_SHARE = 0.05  # of all patterns that are told, at most
MIN_WEEKS = 40
EDGE = 8  # weeks that either side of a break has at least
BLOCK = 6  # weeks that are kept together when weeks are dealt anew
DEALS = 4_999  # how often they are
LEAST_CHANGE = 0.25  # of the mean week before a break
LONGEST_LAG = 8
NEAR = 4  # weeks over which a series' own memory is reckoned
LEAST_RANK = 0.4
SEED = 20260701


@dataclass(frozen=True)
class Break:
    """Where a weekly series changes its level most, beside its trend: the first week after it."""

    place: int
    before: float
    after: float
    p: float

    @property
    def change(self) -> float:
        """Of the mean week before."""
        return (self.after - self.before) / abs(self.before) if self.before else 0.0


@dataclass(frozen=True)
class Together:
    """The rank correlation of two series' weekly changes, the second ``lag`` weeks later."""

    lag: int
    rank: float
    weeks: int
    p: float


@dataclass(frozen=True)
class Found:
    """A pattern that survived: the series, the other one if there is one, the test, its q."""

    series: Series
    other: Series | None
    said: Break | Together
    q: float


def find(weeks: Sequence[Series]) -> tuple[list[Found], Mapping[str, int]]:
    """All patterns of these weekly series, and how many tests were made of each kind.

    Breaks are looked for in each of them, relations between those of the whole company.
    """
    looked = [one for one in weeks if not one.silence and _is_whole(one.values)]
    dice = np.random.default_rng(SEED)
    breaks = [
        (one, found) for one in looked if (found := trend_break(one.values, dice)) is not None
    ]
    kept = [
        Found(one, None, found, q)
        for (one, found), q in zip(breaks, adjusted([found.p for _, found in breaks]), strict=True)
        if q <= FALSE_SHARE and abs(found.change) >= LEAST_CHANGE
    ]
    pairs = [
        (one, other, found)
        for one, other in _pairs([one for one in looked if not one.by])
        for found in together(one, other)
    ]
    sure = [
        Found(one, other, found, q)
        for (one, other, found), q in zip(
            pairs, adjusted([found.p for _, _, found in pairs]), strict=True
        )
        if q <= FALSE_SHARE and abs(found.rank) >= LEAST_RANK
    ]
    return [*kept, *_strongest(sure)], {"break": len(breaks), "relation": len(pairs)}


def adjusted(p: Sequence[float]) -> list[float]:
    """Each test's q: the share of false ones among all that are as sure (Benjamini, Hochberg)."""
    given = np.asarray(p, dtype=np.float64)
    order = np.argsort(given)[::-1]
    ranks = np.arange(len(given), 0, -1)
    stepped = np.minimum.accumulate(np.minimum(given[order] * len(given) / ranks, 1.0))
    found = np.empty(len(given))
    found[order] = stepped
    return [float(one) for one in found]


def trend_break(values: Array, dice: np.random.Generator) -> Break | None:
    """Where the level changes most beside a straight trend, and how often chance does as much.

    The largest F over all weeks that leave enough on either side; weeks are dealt anew in blocks,
    so that a series that remembers its last weeks is not taken for one that broke.
    """
    size = len(values)
    if size < MIN_WEEKS or not np.ptp(values) > 0:
        return None
    known = np.sqrt(values) if values.min() >= 0 else values
    trend = np.linalg.qr(np.column_stack([np.ones(size), np.arange(size)]))[0]
    places = np.arange(EDGE, size - EDGE + 1)
    jumps = (np.arange(size)[:, None] >= places).astype(np.float64)
    jumps -= trend @ (trend.T @ jumps)
    jumps /= np.linalg.norm(jumps, axis=0)
    left = known - trend @ (trend.T @ known)
    explained = _explained(jumps, left[:, None])[0]
    place = int(places[explained.argmax()])
    dealt = left[_dealt(size, dice)]
    dealt -= trend @ (trend.T @ dealt)
    as_much = (_explained(jumps, dealt).max(axis=1) >= explained.max()).sum()
    p = (1 + int(as_much)) / (1 + DEALS)
    return Break(place, float(values[:place].mean()), float(values[place:].mean()), p)


def together(one: Series, other: Series) -> Iterator[Together]:
    """How the changes of one series from week to week go with those of another, lag by lag."""
    from scipy.stats import rankdata  # type: ignore[import-untyped]
    from scipy.stats import t as student

    first, second = _common(one, other)
    if len(first) < MIN_WEEKS:
        return
    a, b = np.diff(np.sqrt(np.abs(first))), np.diff(np.sqrt(np.abs(second)))
    for lag in range(LONGEST_LAG + 1):
        x, y = rankdata(a[: len(a) - lag]), rankdata(b[lag:])
        if not (np.ptp(x) > 0 and np.ptp(y) > 0):
            continue
        rank = float(np.corrcoef(x, y)[0, 1])
        n = len(x) / max(1.0, 1 + 2 * sum(_own(x, k) * _own(y, k) for k in range(1, NEAR + 1)))
        strength = abs(rank) * np.sqrt((n - 2) / max(1e-12, 1 - rank**2))
        yield Together(lag, rank, len(x), float(2 * student.sf(strength, n - 2)))


def _is_whole(values: Array) -> bool:
    return bool(np.isfinite(values).all()) and len(values) >= MIN_WEEKS


def _explained(jumps: Array, left: Array) -> Array:
    """The share of what is left that each jump explains: a row a series."""
    whole = (left**2).sum(axis=0)
    share: Array = ((jumps.T @ left) ** 2 / np.where(whole > 0, whole, 1.0)).T
    return share


def _dealt(size: int, dice: np.random.Generator) -> np.ndarray:
    """Orders of the weeks in which blocks of them stand anew: a column each."""
    blocks = -(-size // BLOCK)
    turned = (np.arange(size)[:, None] + dice.integers(0, size, DEALS)) % size
    places = np.resize(np.arange(blocks * BLOCK), (DEALS, blocks, BLOCK))
    mixed = dice.permuted(np.tile(np.arange(blocks), (DEALS, 1)), axis=1)
    chosen = np.take_along_axis(places, mixed[:, :, None], axis=1).reshape(DEALS, -1)
    rows = np.stack([row[row < size] for row in chosen])
    return np.take_along_axis(turned, rows.T, axis=0)


def _pairs(series: Sequence[Series]) -> Iterator[tuple[Series, Series]]:
    """Both orders of each two that are not made of the same numbers."""
    for one, other in combinations(series, 2):
        if _operands(one) & _operands(other):
            continue
        yield one, other
        yield other, one


def _operands(one: Series) -> set[str]:
    return {one.measure.above, one.measure.below} - {""}


def _common(one: Series, other: Series) -> tuple[Array, Array]:
    """The weeks that both are known of."""
    start = max(one.start, other.start)
    first, second = (each.values[(start - each.start).days // 7 :] for each in (one, other))
    size = min(len(first), len(second))
    return first[:size], second[:size]


def _own(x: Array, lag: int) -> float:
    """How a series goes with itself so many weeks later; 0 where all that stays of it is equal."""
    early, late = x[:-lag], x[lag:]
    if not (np.ptp(early) > 0 and np.ptp(late) > 0):
        return 0.0
    return float(np.corrcoef(early, late)[0, 1])


def _strongest(found: Sequence[Found]) -> list[Found]:
    """Of each two series the lag at which they go together most."""
    best: dict[frozenset[str], Found] = {}
    for one in found:
        assert one.other is not None
        assert isinstance(one.said, Together)
        pair = frozenset((one.series.measure.slug, one.other.measure.slug))
        held = best.get(pair)
        if held is None or one.q < held.q:
            best[pair] = one
    return list(best.values())
