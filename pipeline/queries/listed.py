"""Deals as a long table lists them: open and closed ones with the same columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from django.db.models import (
    CharField,
    DateField,
    F,
    Field,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from pipeline.models import Activity, DealState
from pipeline.queries import deals
from pipeline.queries.changes import after, days_of, local_day
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.queries import shared, to_frame

TEXTS = ("deal_name", "account_name", "account_id", "owner_name", "owner_id", "stage_name")
STUCK: Mapping[str, str] = {
    **dict.fromkeys(TEXTS, "object"),
    "days_in_stage": "int64",
    "value": "float64",
    "close_date": "datetime64[s]",
    "last_activity_at": "datetime64[s]",
    "deal_id": "object",
}


@shared
def open_deals(slice_: Slice) -> QuerySet[Any]:
    """The open deals of the day, as ``deals.open_`` gives them, with what is listed of them."""
    none = Cast(Value(None), IntegerField())
    rows: QuerySet[Any] = _listed(deals.open_(slice_), slice_).annotate(cycle_days=none)
    return rows


def closed_deals(slice_: Slice) -> QuerySet[Any]:
    """The deals won and lost in the period, with the same columns; they are in no stage."""
    nothing: dict[str, Field[Any, Any]] = {
        "chance": MONEY,
        "weighted": MONEY,
        "days_in_stage": IntegerField(),
    }
    rows: QuerySet[Any] = _listed(deals.decided(slice_), slice_).annotate(
        **{name: Cast(Value(None), kind) for name, kind in nothing.items()}
    )
    return rows


def created_deals(slice_: Slice) -> QuerySet[Any]:
    """The deals created in the period, as ``deals.created`` gives them."""
    return _listed(deals.created(slice_), slice_)


def _listed(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    """With ``deal_name``: what it is called, else its account, else its id."""
    names = (NullIf(F(name), Value("")) for name in ("opportunity_name", "account_name"))
    if rows.model is DealState:
        rows = rows.annotate(**_touches(slice_))
    called = Coalesce(*names, F("deal_id"), output_field=CharField())
    found: QuerySet[Any] = deals.named(rows).annotate(deal_name=called)
    return found


def _touches(slice_: Slice) -> dict[str, Subquery]:
    """The last and the next activity as of a past day, of the activities that are known."""
    of_deal = Activity.objects.filter(deal_id=OuterRef("deal_id")).order_by()
    done = days_of(of_deal.filter(is_done=True), replace(slice_, period=None), "done_at")
    ahead = of_deal.filter(
        Q(is_done=False) | Q(done_at__gte=after(slice_.as_of)), due_date__gte=slice_.as_of
    )
    last = done.values("deal_id").annotate(day=Max(local_day("done_at"))).values("day")
    next_ = ahead.values("deal_id").annotate(day=Min("due_date")).values("day")
    return {
        "last_activity_at": Subquery(last, output_field=DateField()),
        "next_activity_at": Subquery(next_, output_field=DateField()),
    }


@shared
def longest_stuck(slice_: Slice, most: int) -> pd.DataFrame:
    """The stuck deals that have been in their stage the longest, ``most`` of them.

    Columns as ``STUCK``; ``value`` in the reporting currency.
    """
    rows = open_deals(slice_).filter(deals.is_stuck(slice_))
    found = rows.order_by(F("days_in_stage").desc(), "deal_id").values_list(*STUCK)
    return to_frame(found[:most], STUCK)
