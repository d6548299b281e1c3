"""Whether spend keeps pace: with its budget, else with the same days of the period before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from revops_site.kernel.frames import array, arrays, framed, grouped, listed, numbers
from revops_site.kernel.periods import Period

TOLERANCE = 0.1  # beside its pace by more than this part is worth a word
ALL = ""


def pace(
    spent: pd.DataFrame,
    before: pd.DataFrame | None,
    lately: pd.DataFrame,
    budgets: pd.DataFrame,
    *,
    period: Period,
    elapsed: int,
    lately_days: int,
    months: int,
) -> pd.DataFrame:
    """One row per channel, the largest spend first, after one for all of them (``channel`` "").

    ``spent`` are the sums of the ``elapsed`` days of ``period``, ``before`` of as many of the one
    before (None where the data start later), ``lately`` of the last ``lately_days`` days. A whole
    budget is known where all ``months`` of the period have one; without it nothing is judged.

    Columns: channel, spend, before, change (fraction), budget (to date), pace (spend / budget),
    whole (the period's budget), projected (spend at the period's end, if every day to come costs
    what days did lately), verdict: ``over`` or
    ``under`` where the projection is beside the whole budget by more than a tenth, ``ok``, ``none``
    without a budget.
    Unknown money is NaN.
    """
    sums = [_by_channel(one, "spend") for one in (spent, lately)]
    was = None if before is None else _by_channel(before, "spend")
    planned = _planned(budgets, months)
    paid = {name for known in (*sums, was or {}) for name, money in known.items() if money}
    names = {*planned} | paid
    ordered = sorted(names, key=lambda name: (-sums[0].get(name, 0.0), name))
    rest = period.days - elapsed
    wanted = [(ALL, ordered), *((name, [name]) for name in ordered)] if ordered else []
    rows = [(name, *_row(of, sums, was, planned, rest, lately_days)) for name, of in wanted]
    columns = list(zip(*rows, strict=True)) or [()] * len(KINDS)
    return framed(
        {
            name: array(values, kind)
            for (name, kind), values in zip(KINDS.items(), columns, strict=True)
        }
    )


KINDS = {
    "channel": "str",
    **dict.fromkeys(
        ("spend", "before", "change", "budget", "pace", "whole", "projected"), "float64"
    ),
    "verdict": "object",
}


def _row(
    names: list[str],
    sums: list[dict[str, float]],
    was: dict[str, float] | None,
    planned: dict[str, tuple[float, float]],
    rest: int,
    lately_days: int,
) -> tuple[Any, ...]:
    spend, lately = (sum(one.get(name, 0.0) for name in names) for one in sums)
    before = np.nan if was is None else sum(was.get(name, 0.0) for name in names)
    known = [planned[name] for name in names if name in planned]
    budget = sum(to_date for to_date, _ in known) if known else np.nan
    wholes = [whole for _, whole in known if not np.isnan(whole)]
    whole = sum(wholes) if wholes else np.nan
    projected = spend + rest * lately / lately_days if lately_days else np.nan
    return (
        spend,
        before,
        (spend - before) / before if before else np.nan,
        budget,
        spend / budget if budget and wholes else np.nan,
        whole,
        projected,
        _verdict(projected, whole),
    )


def _verdict(projected: float, whole: float) -> str:
    """What the period's end will say, as far as one can tell today."""
    if np.isnan(whole) or np.isnan(projected):
        return "none"
    if not whole:
        return "over" if projected > 0 else "ok"
    beside = round(projected / whole - 1, 9)
    return "over" if beside > TOLERANCE else "under" if beside < -TOLERANCE else "ok"


def _by_channel(mix: pd.DataFrame, name: str) -> dict[str, float]:
    groups = grouped(arrays(mix), ("channel",), {name: "float64"})
    return dict(zip(listed(groups["channel"]), listed(groups[name]), strict=True))


def _planned(budgets: pd.DataFrame, months: int) -> dict[str, tuple[float, float]]:
    """Budget to date of each channel, and in all where every month has one, else NaN."""
    money = numbers(budgets, ("budget", "whole")).T.tolist()
    known = zip(listed(budgets["channel"]), listed(budgets["months"]), money, strict=True)
    return {
        name: (to_date, whole if count == months else np.nan)
        for name, count, (to_date, whole) in known
    }
