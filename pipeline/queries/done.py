"""Activities that were completed: how many, and one by one."""

from __future__ import annotations

import pandas as pd
from django.db.models import CharField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncWeek

from pipeline.models import Activity, ActivityDay, Deal
from pipeline.queries.changes import days_of, local_day
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, shared, to_frame, written

KNOWN = {"team": "rep_id", "owner": "rep_id", "rep": "rep_id"}
OPERANDS = {"activities": "int64"}


@shared
def completed(slice_: Slice) -> pd.DataFrame:
    """How many activities were completed in the period, in one row: ``activities``."""
    found = _days(slice_).aggregate(activities=Coalesce(Sum("done"), 0))
    return to_frame([[found["activities"]]], OPERANDS)


def completed_sql(slice_: Slice) -> str:
    """The SQL that gives them."""
    rows = _days(slice_).values(everything=Value(1))
    return written(rows.annotate(activities=Coalesce(Sum("done"), 0)).order_by())


@shared
def completed_by(slice_: Slice, by: str) -> pd.DataFrame:
    """How many were completed per ``date``, ``week`` (datetime64), ``type`` or ``rep_id``."""
    rows = _days(slice_)
    rows = rows.annotate(week=TruncWeek("date")) if by == "week" else rows
    sums = rows.values(by).annotate(activities=Sum("done")).order_by(by)
    columns = {by: "datetime64[s]" if by in {"date", "week"} else "str", **OPERANDS}
    return to_frame(sums.values_list(*columns), columns)


def activities(slice_: Slice) -> QuerySet[Activity]:
    """The activities that were completed in the period, each with ``day`` and ``deal_name``."""
    rows = days_of(Activity.objects.filter(is_done=True), slice_, "done_at")
    deal = Deal.objects.filter(pk=OuterRef("deal_id"))
    names = (
        Subquery(deal.values(name)[:1], output_field=CharField())
        for name in ("opportunity_name", "account_name")
    )
    return cut(rows, slice_, when=None, dimensions=KNOWN).annotate(
        day=local_day("done_at"),
        rep_name=F("rep__name"),
        deal_name=Coalesce(*names, Value("")),
    )


def _days(slice_: Slice) -> QuerySet[ActivityDay]:
    return cut(ActivityDay.objects.all(), slice_, when="date", dimensions=KNOWN)
