"""For how long customers stay, as Kaplan and Meier estimate it (R21)."""

from __future__ import annotations

import math

import pandas as pd

from revops_site.kernel.frames import array, framed, listed
from revops_site.kernel.survival import Curve, curve

EVERY = 30  # days between the points that a figure shows
AT = (90, 180, 365, 730)
SMALL = 10


def lives(counts: pd.DataFrame) -> dict[str, Curve]:
    """A curve for each group of what ``queries.lives`` gives."""
    of: dict[str, list[tuple[int, int, int]]] = {}
    columns = ("group", "days", "ended", "lasting")
    for group, *told in zip(*(listed(counts[name]) for name in columns), strict=True):
        of.setdefault(group, []).append((told[0], told[1], told[2]))
    return {group: curve(*zip(*sorted(told), strict=True)) for group, told in of.items()}


def curves(lives_: dict[str, Curve]) -> pd.DataFrame:
    """The curves every ``EVERY`` days, as far as anybody was watched.

    Columns group, day, staying, low, high (NaN where not known) and at_risk (customers that were
    there just before the last day on which one left).
    """
    rows = [
        (group, day, one.staying[at], one.low[at], one.high[at], one.at_risk[at])
        for group, one in lives_.items()
        for day in range(0, one.longest + 1, EVERY)
        if (at := one.at(day)) is not None
    ]
    kinds = {
        "group": "str",
        "day": "int64",
        **dict.fromkeys(("staying", "low", "high"), "float64"),
        "at_risk": "int64",
    }
    by_column = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return framed(
        {name: array(one, kind) for (name, kind), one in zip(kinds.items(), by_column, strict=True)}
    )


def summary(lives_: dict[str, Curve]) -> pd.DataFrame:
    """One row per group: n, left, the share that stays beyond each of ``AT`` days, the median.

    Columns group, n, ended, ``s<days>`` (NaN where nobody was watched that long), median_days,
    median_low, median_high (NaN where more than half stay) and few: ``few`` below 10 customers.
    """
    rows = [
        (
            group,
            one.n,
            one.ended,
            *(math.nan if (at := one.at(day)) is None else one.staying[at] for day in AT),
            one.median,
            *one.median_interval,
            "few" if one.n < SMALL else "",
        )
        for group, one in lives_.items()
    ]
    kinds = {
        "group": "str",
        "n": "int64",
        "ended": "int64",
        **{f"s{day}": "float64" for day in AT},
        **dict.fromkeys(("median_days", "median_low", "median_high"), "float64"),
        "few": "str",
    }
    by_column = list(zip(*rows, strict=True)) or [()] * len(kinds)
    return framed(
        {name: array(one, kind) for (name, kind), one in zip(kinds.items(), by_column, strict=True)}
    )
