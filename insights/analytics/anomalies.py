"""Unusual points of a series (I03, I04): robust z against what was to be expected, and Rosner's.

Series are float arrays in the order of time, NaN where a point is not known. STL and Student's t
come from large libraries: only who scans imports them, never who shows what was found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Severity: TypeAlias = Literal["medium", "high", "critical"]
Method: TypeAlias = Literal["stl", "median"]

NORMAL = 0.6745  # the MAD of a standard normal; the MAD is unscaled here
MEAN_DEVIATION = 1.253314
LIMIT = 3.5
SEVERITIES: tuple[tuple[float, Severity], ...] = ((8.0, "critical"), (5.0, "high"), (0, "medium"))
RELATIVE = 0.20  # of what was expected
EXACT = 9  # decimals that limits are compared in, both inclusive
MIN_POINTS, MIN_BATCH = 14, 25
WINDOW = 28
SEASONS = 3  # full ones that STL needs
MOST_GAPS = 0.2  # of the points; with more of them there is no season to be seen
# A season that may change slowly, and a trend over some: with the shorter ones that are usual STL
# follows the noise, what is left of it looks small, and every tenth day unusual.
SEASONAL, TREND = 53, 6
CHANCE = 4.0  # standard deviations of counting: beyond them once in 16,000 points
LIKE_BEFORE = 0.5  # of the distance: so far off a year before or after, it is the season
LEAST_BEFORE = 3.0  # of |z|
ALPHA, OUTLIERS = 0.05, 0.10


@dataclass(frozen=True)
class Year:
    """How many points lie a year apart, and how far around that the same season may lie."""

    points: int = 0
    around: int = 0


@dataclass(frozen=True)
class Scan:
    """A series' points beside what was expected of each, and how far off each is.

    All arrays are as long as the series: ``expected``, ``z`` and ``relative`` NaN where there is
    nothing to say, ``is_excused`` where chance or the time of year is enough to explain a point.
    ``centre`` and ``mad`` are of the residuals.
    """

    method: Method
    expected: Array
    z: Array
    relative: Array
    is_excused: Flags
    centre: float
    mad: float

    @property
    def found(self) -> list[int]:
        """The places of the points that are unusual, in order."""
        far = np.round(np.abs(self.z), EXACT) >= LIMIT
        enough = np.round(self.relative, EXACT) >= RELATIVE
        places: list[int] = np.flatnonzero(far & enough & ~self.is_excused).tolist()
        return places


@dataclass(frozen=True)
class Batch:
    """Rosner's generalized ESD: each step's statistic and critical value, and what it names."""

    statistics: Array
    critical: Array
    outliers: tuple[int, ...]


def severity(z: float) -> Severity:
    """How unusual a point with this z is."""
    return next(name for least, name in SEVERITIES if round(abs(z), EXACT) >= least)


def direction(z: float) -> Literal["spike", "drop"]:
    """Whether a point is above what was expected or below."""
    return "spike" if z > 0 else "drop"


def scan(
    values: Array,
    *,
    period: int = 0,
    floor: float = 1.0,
    least: float = 0.0,
    min_points: int = MIN_POINTS,
    year: Year | None = None,
    chance: Callable[[Array], Array] | None = None,
) -> Scan | None:
    """How unusual each point is (I03); None of too few, or where all are as expected.

    ``period`` is the length of a season in points, 0 where there is none; ``floor`` what a point
    is held against where less is expected, in the series' unit; what is off by less than ``least``
    is nobody's business. ``chance`` gives, by what was expected, how many standard deviations of
    mere counting each point is off; ``year`` lets go what comes every year.
    """
    known = np.isfinite(values)
    if known.sum() < min_points:
        return None
    is_seasonal = _is_seasonal(known, period)
    expected = _by_season(values, period) if is_seasonal else _by_median(values)
    residual = np.where(known, values - expected, np.nan)
    centre = float(np.nanmedian(residual))
    mad = float(np.nanmedian(np.abs(residual - centre)))
    z = robust(residual, centre, mad)
    if z is None:
        return None
    relative = np.abs(residual) / np.maximum(np.abs(expected), floor)
    excused = np.abs(residual) < least
    if chance is not None:
        excused |= np.abs(chance(expected)) < CHANCE
    if year is not None and year.points:
        excused |= _every_year(z, relative, year)
    return Scan("stl" if is_seasonal else "median", expected, z, relative, excused, centre, mad)


def robust(residual: Array, centre: float, mad: float) -> Array | None:
    """The z of each residual; by the mean deviation where more than half are equal, else None."""
    if mad > 0:
        return NORMAL * (residual - centre) / mad
    mean = float(np.nanmean(np.abs(residual - centre)))
    return (residual - centre) / (MEAN_DEVIATION * mean) if mean > 0 else None


def gesd(values: Array, *, most: int | None = None, alpha: float = ALPHA) -> Batch | None:
    """The outliers of a batch (I04), by place; None of fewer than 25 points or of equal ones.

    ``most`` is how many there may be, a tenth of the points where it is not given.
    """
    from scipy.stats import t as student  # type: ignore[import-untyped]

    places = np.flatnonzero(np.isfinite(values))
    n = len(places)
    if n < MIN_BATCH:
        return None
    left, statistics, removed = values[places], [], []
    for _ in range(max(1, int(n * OUTLIERS)) if most is None else most):
        spread = left.std(ddof=1)
        if not spread > 0:
            break
        distance = np.abs(left - left.mean())
        worst = int(distance.argmax())
        statistics.append(float(distance[worst] / spread))
        removed.append(int(places[worst]))
        left, places = np.delete(left, worst), np.delete(places, worst)
    if not statistics:
        return None
    i = np.arange(1, len(statistics) + 1)
    t = student.ppf(1 - alpha / (2 * (n - i + 1)), n - i - 1)
    critical = (n - i) * t / np.sqrt((n - i - 1 + t**2) * (n - i + 1))
    above = np.flatnonzero(np.array(statistics) > critical)
    count = int(above[-1]) + 1 if len(above) else 0
    return Batch(np.array(statistics), critical, tuple(sorted(removed[:count])))


def _is_seasonal(known: Flags, period: int) -> bool:
    long_enough = period > 1 and len(known) >= SEASONS * period
    return bool(long_enough and (~known).mean() <= MOST_GAPS)


def _by_season(values: Array, period: int) -> Array:
    """Trend and season by robust STL; gaps lie on a straight line.

    What cannot be negative is fitted as its root: its noise and its week grow with it.
    """
    from statsmodels.tsa.seasonal import STL  # type: ignore[import-untyped]

    at, known = np.arange(len(values)), np.isfinite(values)
    whole = np.interp(at, at[known], values[known])
    is_rooted = whole.min() >= 0
    trend = TREND * period + 1 - TREND * period % 2
    fitted = STL(
        np.sqrt(whole) if is_rooted else whole,
        period=period,
        seasonal=SEASONAL,
        trend=trend,
        robust=True,
    ).fit()
    expected: Array = np.asarray(fitted.trend + fitted.seasonal, dtype=np.float64)
    return np.maximum(expected, 0.0) ** 2 if is_rooted else expected


def _by_median(values: Array) -> Array:
    """The median of the last 28 known points up to each; the first ones share theirs."""
    known = np.flatnonzero(np.isfinite(values))
    expected = np.full(len(values), np.nan)
    for nth, place in enumerate(known):
        last = max(nth + 1, min(WINDOW, len(known)))
        expected[place] = np.median(values[known[max(0, last - WINDOW) : last]])
    return expected


def _every_year(z: Array, relative: Array, year: Year) -> Flags:
    """Points that were about as far off, in the same direction, a year before or after."""
    found, size = np.zeros(len(z), dtype=bool), len(z)
    for apart in (-year.points, year.points):
        for near in range(apart - year.around, apart + year.around + 1):
            other = np.arange(size) + near
            inside = (other >= 0) & (other < size)
            mine, theirs = np.flatnonzero(inside), other[inside]
            found[mine] |= (
                (np.sign(z[mine]) == np.sign(z[theirs]))
                & (np.abs(z[theirs]) >= LEAST_BEFORE)
                & (relative[theirs] >= LIKE_BEFORE * relative[mine])
            )
    return found
