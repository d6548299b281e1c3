"""What was seen before customers left, against those who stayed; and whether health tells it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from revenue.metrics.health import BANDS, SIGNS
from revops_site.kernel.frames import array, framed
from revops_site.kernel.intervals import wilson

CERTAIN = 0.95  # of all signs together that none is shown which chance made
FEWEST_LEFT = 5  # of those with the sign
COLUMNS = (
    *("sign", "meaning", "seen", "left", "share", "other_share", "lift", "low", "high", "n"),
)


@dataclass(frozen=True)
class Lift:
    """How many times as often those with a sign left as those without, of the same segment."""

    value: float
    low: float
    high: float


def lift(strata: Sequence[tuple[int, int, int, int]], certain: float = 0.95) -> Lift | None:
    """The Mantel-Haenszel risk ratio of strata (seen, seen and left, not seen, those who left).

    With the interval of Greenland and Robins. None where it cannot be told: nobody left on one of
    the sides.
    """
    above = below = spread = 0.0
    for seen, seen_left, other, other_left in strata:
        whole = seen + other
        if not seen or not other:
            continue
        above += seen_left * other / whole
        below += other_left * seen / whole
        left = seen_left + other_left
        spread += (seen * other * left - seen_left * other_left * whole) / whole**2
    if not above or not below:
        return None
    ratio = above / below
    reach = NormalDist().inv_cdf(0.5 + certain / 2) * math.sqrt(spread / (above * below))
    return Lift(ratio, ratio * math.exp(-reach), ratio * math.exp(reach))


def signs(seen: pd.DataFrame) -> pd.DataFrame:
    """The signs that chance cannot explain, the strongest first: ``COLUMNS``.

    ``seen`` has per segment and sign the counts of ``queries.foretold.signs``. ``n`` is how many
    were looked at, ``seen`` those with the sign, ``left`` of them who left within three months. The
    interval is so wide that, of all signs tried together, one in twenty times a sign would be
    shown that is none (Bonferroni).
    """
    certain = 1 - (1 - CERTAIN) / len(SIGNS)
    rows = []
    for sign in SIGNS:
        names = [f"{sign.name}_{part}" for part in ("seen", "seen_left", "not", "not_left")]
        columns = ([int(one) for one in seen[name]] for name in names)
        strata = list(zip(*columns, strict=True))
        found = lift([(a, b, c, d) for a, b, c, d in strata], certain)
        having, left, other, other_left = (int(seen[name].sum()) for name in names)
        if found is None or left < FEWEST_LEFT or found.low <= 1:
            continue
        rows.append(
            (
                *(sign.label, sign.meaning, having, left, left / having, other_left / other),
                *(found.value, found.low, found.high, having + other),
            )
        )
    rows.sort(key=lambda row: -row[6])
    kinds = ("str", "str", "int64", "int64", *["float64"] * 5, "int64")
    by_column = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    return framed(
        {
            name: array(values, kind)
            for name, kind, values in zip(COLUMNS, kinds, by_column, strict=True)
        }
    )


def calibrated(now: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """The bands, the best first: customers and MRR now; and of past ones n, left, share, low, high.

    The last row (``band`` empty) is of those whose health is not known.
    """
    mine = now.set_index("band")
    then = past.set_index("band")
    rows = []
    for band in (*(name for name, _ in BANDS), ""):
        if band not in mine.index and band not in then.index:
            continue
        customers = int(mine["customers"].get(band, 0))
        mrr = float(mine["mrr"].get(band, 0.0))
        n, left = (int(then[name].get(band, 0)) for name in ("customers", "left"))
        ends = wilson(left, n) or (math.nan, math.nan)
        rows.append((band, customers, mrr, n, left, left / n if n else math.nan, *ends))
    names = ("band", "customers", "mrr", "n", "left", "share", "low", "high")
    kinds = ("str", "int64", "float64", "int64", "int64", "float64", "float64", "float64")
    by_column = list(zip(*rows, strict=True)) or [()] * len(names)
    return framed(
        {name: array(v, kind) for name, kind, v in zip(names, kinds, by_column, strict=True)}
    )


def tells(bands: pd.DataFrame) -> tuple[bool, str]:
    """Whether fewer of a better band left than of a worse one, by more than chance.

    And of which bands the opposite is so, in words; "" of none.
    """
    known = bands[(bands["band"] != "") & (bands["n"] > 0)].to_dict("records")
    pairs = [(better, worse) for nth, better in enumerate(known) for worse in known[nth + 1 :]]
    for better, worse in pairs:
        if better["low"] > worse["high"]:
            return False, f"more {better['band']} customers left than {worse['band']} ones"
    return any(better["high"] < worse["low"] for better, worse in pairs), ""


def shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Renewals with the shares that were renewed, by number (with interval) and by money."""
    n, kept = rows["due"].to_numpy("float64"), rows["renewed"].to_numpy("float64")
    ends = [wilson(one, of) or (math.nan, math.nan) for one, of in zip(kept, n, strict=True)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return rows.assign(
            rate=np.where(n > 0, kept / n, np.nan),
            low=[low for low, _ in ends],
            high=[high for _, high in ends],
            mrr_rate=np.where(rows["mrr_due"] > 0, rows["mrr_renewed"] / rows["mrr_due"], np.nan),
        )
