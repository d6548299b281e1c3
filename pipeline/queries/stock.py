"""What is open as of a day, by stage or owner; and what of it is past due or stuck.

Open deals of the newest day are read from their roll-up. Before that day, or where money lacks an
exchange rate, the deals themselves are read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import pandas as pd
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from pipeline.models import OpenDealStock
from pipeline.queries import deals
from pipeline.queries.states import moved_since
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.queries import cut, shared, to_frame, written

Key: TypeAlias = Literal["stage_name", "owner_id", "segment"]
OPERANDS: Mapping[str, str] = {
    "open_deals": "int64",
    "open_amount": "float64",
    "open_weighted": "float64",
    "open_missing": "int64",
    "open_unrated": "int64",
}
WATCHED: Mapping[str, str] = {
    "past_due": "int64",
    "past_due_amount": "float64",
    "stuck": "int64",
    "stuck_amount": "float64",
}
UNRATED = Q(amount__isnull=False, rate__isnull=True) & ~Q(amount=0)


@shared
def stock(slice_: Slice, by: Key) -> pd.DataFrame:
    """Operands of what is open per value of ``by``; what has no open deal has no row.

    Columns ``by`` (text), ``OPERANDS``: counts of deals, and money in the reporting currency at
    the rate of the slice's day.
    """
    columns = {by: "str", **OPERANDS}
    if not moved_since(slice_.as_of):
        sums = _kept(slice_).values(by).annotate(**_stock_sums()).order_by(by)
        found = to_frame(sums.values_list(*columns), columns)
        if not found["open_unrated"].any():
            return found
    else:
        sums_ = _then(slice_)[[by, *OPERANDS]].groupby(by, as_index=False, sort=True).sum()
        return sums_.astype(columns)
    key = Coalesce(F(by), Value(""))
    rows = deals.open_(slice_).values(key=key).annotate(**_deal_sums()).order_by("key")
    return to_frame(rows.values_list("key", *OPERANDS), columns)


@shared
def totals(slice_: Slice) -> pd.DataFrame:
    """The operands of all that is open, in one row."""
    return stock(slice_, "stage_name")[list(OPERANDS)].sum().to_frame().T


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives the operands of all that is open, in one row."""
    by_roll_up = not moved_since(slice_.as_of) and not totals(slice_)["open_unrated"].any()
    if by_roll_up:
        return written(
            _kept(slice_).values(everything=Value(1)).annotate(**_stock_sums()).order_by()
        )
    rows = deals.open_(slice_).values(everything=Value(1))
    return written(rows.annotate(**_deal_sums()).order_by())


@shared
def watched(slice_: Slice) -> pd.DataFrame:
    """How many open deals are past due, how many are stuck, and what they are worth, in one row.

    Columns ``WATCHED``; money in the reporting currency.
    """
    if moved_since(slice_.as_of):
        return _then(slice_)[list(WATCHED)].sum().to_frame().T.astype(WATCHED)
    sums = deals.open_(slice_).aggregate(**_watch_sums(slice_))
    return to_frame([[sums[name] for name in WATCHED]], WATCHED)


def watched_sql(slice_: Slice) -> str:
    """The SQL that gives the operands of ``watched``."""
    rows = deals.open_(slice_).values(everything=Value(1))
    return written(rows.annotate(**_watch_sums(slice_)).order_by())


@shared
def _then(slice_: Slice) -> pd.DataFrame:
    """All that is told of what was open on a past day, read once for whoever asks.

    Columns ``stage_name``, ``owner_id``, ``segment``, ``OPERANDS``, ``WATCHED``.
    """
    keys = {name: Coalesce(F(name), Value("")) for name in ("stage_name", "owner_id", "segment")}
    named = {f"{name}_key": key for name, key in keys.items()}
    sums = {**_deal_sums(), **_watch_sums(slice_)}
    rows = deals.open_(slice_).values(**named).annotate(**sums).order_by(*named)
    columns = {**dict.fromkeys(keys, "str"), **OPERANDS, **WATCHED}
    return to_frame(rows.values_list(*named, *OPERANDS, *WATCHED), columns)


def _kept(slice_: Slice) -> QuerySet[OpenDealStock]:
    rows = OpenDealStock.objects.exclude(forecast_category="Omitted")
    rows = cut(rows, slice_, when=None, dimensions=deals.OPEN)
    return rows.annotate(rate=deals.rate_of_day(slice_))


def _stock_sums() -> dict[str, Combinable]:
    return {
        "open_deals": Sum("deals"),
        "open_amount": _money(Sum(F("amount") * F("rate"))),
        "open_weighted": _money(Sum(F("weighted") * F("rate"))),
        "open_missing": Sum("missing_amount"),
        "open_unrated": Coalesce(
            Sum(F("deals") - F("missing_amount"), filter=Q(rate__isnull=True)), 0
        ),
    }


def _deals(**options: Any) -> Count:
    """How many deals: of a column that each has, so that the index of open deals says it all."""
    return Count("created_at", **options)


def _deal_sums() -> dict[str, Combinable]:
    return {
        "open_deals": _deals(),
        "open_amount": _money(Sum("value")),
        "open_weighted": _money(Sum("weighted")),
        "open_missing": _deals(filter=Q(amount__isnull=True)),
        "open_unrated": _deals(filter=UNRATED),
    }


def _watch_sums(slice_: Slice) -> dict[str, Combinable]:
    late, stuck = Q(close_date__lt=slice_.as_of), deals.is_stuck(slice_)
    return {
        "past_due": _deals(filter=late),
        "past_due_amount": _money(Sum("value", filter=late)),
        "stuck": _deals(filter=stuck),
        "stuck_amount": _money(Sum("value", filter=stuck)),
    }


def _money(total: Any) -> Combinable:
    return Coalesce(total, 0, output_field=MONEY)
