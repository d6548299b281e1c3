"""How many days customers have been customers, and whether they left."""

from __future__ import annotations

import pandas as pd
from django.db.models import Count, DateField, DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce, Greatest, Least

from revenue.models import Customer
from revenue.queries.known import DIMENSIONS, OWNER
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, shared, to_frame

COLUMNS = {"days": "int64", "ended": "int64", "lasting": "int64"}


@shared
def lives(slice_: Slice, by: str = "") -> pd.DataFrame:
    """By ``by`` (segment, plan or region; "" for all together) and days since the start date.

    Columns ``group`` (text), ``days``, ``ended`` (so many left after so many days), ``lasting``
    (so many have been there for so long by the slice's day, and have not left), in order of both.
    Whoever is to leave later is still there; whoever left on an unknown day is not among them.
    """
    as_of = Value(slice_.as_of, output_field=DateField())
    rows = cut(Customer.objects.all(), slice_, when=None, dimensions={**DIMENSIONS, **OWNER})
    until = Least(Coalesce("churn_date", as_of), as_of)
    days = ExpressionWrapper(Greatest(until, F("start_date")) - F("start_date"), DurationField())
    gone = Q(churn_date__isnull=False, churn_date__lte=slice_.as_of)
    found = (
        rows.filter(start_date__lte=slice_.as_of)
        .exclude(churned_flag=True, churn_date__isnull=True)
        .annotate(group=F(by) if by else Value(""), days=days)
        .values("group", "days")
        .annotate(ended=Count("pk", filter=gone), lasting=Count("pk", filter=~gone))
        .order_by("group", "days")
        .values_list("group", "days", "ended", "lasting")
    )
    return to_frame(
        [(group, length.days, *counts) for group, length, *counts in found],
        {"group": "str", **COLUMNS},
    )


@shared
def undated(slice_: Slice) -> int:
    """How many left on a day that nobody knows."""
    rows = cut(Customer.objects.all(), slice_, when=None, dimensions={**DIMENSIONS, **OWNER})
    return rows.filter(churned_flag=True, churn_date__isnull=True).count()
