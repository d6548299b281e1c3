"""What closed quarters looked like week by week, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from django.db.models import FloatField, Q, QuerySet, Sum
from django.db.models.functions import Cast, Coalesce

from pipeline.models import DealSnapshot
from pipeline.queries import standing
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period, plus
from revops_site.kernel.queries import Columns, to_frame

KEPT: Columns = {
    "snapshot_date": "datetime64[s]",
    **dict.fromkeys(("deal_id", "stage_name", "category"), "str"),
    **dict.fromkeys(("stage_probability", "chance", "amount", "health_score"), "float64"),
    "close_date": "datetime64[s]",
}
ENDED: Columns = {
    "deal_id": "str",
    "amount": "float64",
    "created_at": "datetime64[s]",
    "closed_at": "datetime64[s]",
}
FROZEN_AFTER = 7  # days after a quarter's end; what happens later does not restate it
NUMBER = FloatField()


def kept(quarter: Period, until: date, days: Sequence[date], currency: str) -> pd.DataFrame:
    """The open deals of some days that were expected from a quarter's start until ``until``."""
    rows = DealSnapshot.objects.filter(
        snapshot_date__in=list(days),
        currency=currency,
        status="open",
        close_date__gte=quarter.start,
        close_date__lt=until,
    ).annotate(amount=Cast("value", NUMBER))
    return to_frame(rows.order_by("snapshot_date", "deal_id").values_list(*KEPT), KEPT)


def won_amount(slice_: Slice, quarter: Period) -> float:
    """What a quarter won, as known a week after its end."""
    return float(_won(slice_, quarter).aggregate(won=Sum("value"))["won"] or 0)


def closed_by_day(days: Sequence[date], currency: str) -> Mapping[date, float]:
    """What had been won in the quarter by each of the days that were kept."""
    rows = DealSnapshot.objects.filter(snapshot_date__in=list(days), currency=currency)
    won = Coalesce(Sum(Cast("value", NUMBER), filter=Q(status="won")), 0.0, output_field=NUMBER)
    sums = rows.values("snapshot_date").annotate(won=won)
    return {one["snapshot_date"]: one["won"] for one in sums}


def ended(slice_: Slice, quarter: Period) -> tuple[pd.DataFrame, int]:
    """The deals won in a quarter, and how many were decided, as known a week after its end."""
    columns = ("deal_id", "value", "created_at", "closed_at")
    found = to_frame(_won(slice_, quarter).order_by("deal_id").values_list(*columns), ENDED)
    return found, len(found) + standing.lost_on(_frozen(slice_, quarter), quarter).count()


def _won(slice_: Slice, quarter: Period) -> QuerySet[Any]:
    return standing.won_on(_frozen(slice_, quarter), quarter)


def _frozen(slice_: Slice, quarter: Period) -> Slice:
    """The slice as of when a quarter's result is final."""
    return replace(slice_, as_of=plus(quarter.end, FROZEN_AFTER - 1), period=None, compare=None)
