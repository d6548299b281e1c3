"""Operands by group: what a change of revenue's numbers is taken apart by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from django.db.models import QuerySet

from revenue.queries import customers
from revenue.queries.known import month, window
from revenue.queries.months import OPERANDS, months, spans
from revops_site.kernel.filters import Slice
from revops_site.kernel.parted import folded, of_rows
from revops_site.kernel.periods import month as around

APART = (
    ("segment", "plan", "region"),
    ("owner",),
)  # each of them is read from a roll-up of its own
BY = {"segment": "segment", "plan": "plan", "region": "region", "owner": "owner"}
MONTH = {"mrr": "float64", "customers": "int64"}
COHORT = {
    **dict.fromkeys(("year_ago", "year_ago_now", "year_ago_kept", "year_ago_left"), "float64"),
    **dict.fromkeys(("year_ago_less", "year_ago_more"), "float64"),
    **dict.fromkeys(("year_ago_customers", "year_ago_still"), "int64"),
}
DATED = {"present_customers": "count(*)", "gone_customers": "count(*) FILTER (WHERE leaves)"}
LOST = {
    "lost_customers": "count(*)",
    "mrr_lost": "COALESCE(sum(value), 0)",
    "lost_unrated": "count(*) FILTER (WHERE rate IS NULL AND last_mrr <> 0)",
}
ENDS = ("starting", "ending")
MOVED = {**OPERANDS, **dict.fromkeys(ENDS, "float64")}
BRIDGE = {
    "mrr": {
        "new": 1,
        "expansion": 1,
        "reactivation": 1,
        "contraction": -1,
        "churn": -1,
        "fx_impact": 1,
    },
    "customers": {"new_customers": 1, "reactivation_customers": 1, "churn_customers": -1},
}


def of_month(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What is paid at the slice's month, and by how many, by dimension: ``MONTH``."""
    return _folded(_of_last(slice_), MONTH)


def of_cohort(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What those pay now who paid a year before, by dimension: ``COHORT``.

    ``year_ago_left`` was paid by those who pay nothing any more; ``year_ago_less`` is what others
    pay less than then, ``year_ago_more`` what others pay more.
    """
    return _folded([_with_parts(rows) for rows in _of_last(slice_)], COHORT)


def _with_parts(rows: pd.DataFrame) -> pd.DataFrame:
    kept = rows["year_ago_kept"]
    less = rows["year_ago"] - rows["year_ago_left"] - kept
    return rows.assign(year_ago_less=less, year_ago_more=rows["year_ago_now"] - kept)


def by_dates(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """Who was a customer at the start of the last whole month and who left in it: ``DATED``."""
    rows: QuerySet[Any, Any] = customers.present(slice_)
    own = rows.values("segment", "plan", "region", "owner_id", "leaves")
    return of_rows(own, {**BY, "owner": "owner_id"}, DATED)


def lost(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """Who left in the period, and what they paid: ``LOST``; by the reason too."""
    columns = ("segment", "plan", "region", "owner_id", "churn_reason", "value", "rate", "last_mrr")
    keys = {**BY, "owner": "owner_id", "reason": "churn_reason"}
    rows: QuerySet[Any, Any] = customers.lost(slice_)
    return of_rows(rows.values(*columns), keys, LOST)


def moved(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What the slice's months began with and what moved in them, by dimension: ``MOVED``."""
    found = window(slice_)
    if found is None:
        return {}
    return _folded([spans(slice_, *found, *by) for by in APART], MOVED)


def between(before: Slice, now: Slice, operand: str) -> dict[str, float] | None:
    """What led from the one month's end to the other's, signed, by the name of the movement.

    None where the months do not follow each other.
    """
    first, last = month(before), month(now)
    if first is None or last is None or not first < last:
        return None
    found = months(now, around(first).end, last)
    sums = found.iloc[0].to_dict() if len(found) else {}
    signs = BRIDGE[operand]
    return {name: sign * float(sums.get(name, 0.0)) for name, sign in signs.items()}


def _of_last(slice_: Slice) -> Sequence[pd.DataFrame]:
    """The operands of the slice's month by ``APART``."""
    at = month(slice_)
    return [months(slice_, at, at, *by) for by in APART] if at else []


def _folded(
    read: Sequence[pd.DataFrame], operands: Mapping[str, str]
) -> Mapping[str, pd.DataFrame]:
    """What was read by ``APART``, for each dimension alone."""
    found: dict[str, pd.DataFrame] = {}
    for rows, by in zip(read, APART, strict=False):
        found |= folded(rows, {name: name for name in by}, operands)
    return found
