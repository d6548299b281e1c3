"""Deals as a long table lists them: open and closed ones with the same columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from django.db.models import CharField, F, Field, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from pipeline.models import Deal
from pipeline.queries import deals
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


def open_deals(slice_: Slice) -> QuerySet[Deal]:
    """The open deals of the day, as ``deals.open_`` gives them, with what is listed of them."""
    return _listed(deals.open_(slice_)).annotate(cycle_days=Cast(Value(None), IntegerField()))


def closed_deals(slice_: Slice) -> QuerySet[Deal]:
    """The deals won and lost in the period, with the same columns; they are in no stage."""
    nothing: dict[str, Field[Any, Any]] = {
        "chance": MONEY,
        "weighted": MONEY,
        "days_in_stage": IntegerField(),
    }
    return _listed(deals.decided(slice_)).annotate(
        **{name: Cast(Value(None), kind) for name, kind in nothing.items()}
    )


def created_deals(slice_: Slice) -> QuerySet[Deal]:
    """The deals created in the period, as ``deals.created`` gives them."""
    return _listed(deals.created(slice_))


def _listed(rows: QuerySet[Deal]) -> QuerySet[Deal]:
    """With ``deal_name``: what it is called, else its account, else its id."""
    names = (NullIf(F(name), Value("")) for name in ("opportunity_name", "account_name"))
    return deals.named(rows).annotate(
        deal_name=Coalesce(*names, F("deal_id"), output_field=CharField())
    )


@shared
def longest_stuck(slice_: Slice, most: int) -> pd.DataFrame:
    """The stuck deals that have been in their stage the longest, ``most`` of them.

    Columns as ``STUCK``; ``value`` in the reporting currency.
    """
    rows = open_deals(slice_).filter(deals.is_stuck(slice_))
    found = rows.order_by(F("days_in_stage").desc(), "deal_id").values_list(*STUCK)
    return to_frame(found[:most], STUCK)
