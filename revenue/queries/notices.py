"""Who leaves by the dates of the list: on the last day or on that of the notice, and who will."""

from __future__ import annotations

from datetime import date
from math import nan

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from revenue.models import Customer
from revenue.queries.customers import rate_on
from revenue.queries.known import DIMENSIONS, OWNER, last_whole, window
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.queries import cut, shared, to_frame, written
from revops_site.kernel.replica import connection

BY_MONTH = {
    "month": "datetime64[s]",
    **dict.fromkeys(
        ("present_customers", "gone_customers", "unnoticed_customers", "noticed_customers"), "int64"
    ),
}
LATEST = {"unnoticed_customers": "int64", "noticed_customers": "int64"}
LEAVING = {
    **dict.fromkeys(("customer_id", "account_name", "account_id", "owner_name", "owner_id"), "str"),
    **dict.fromkeys(("segment", "plan", "reason"), "str"),
    **dict.fromkeys(("notice_date", "churn_date"), "datetime64[s]"),
    "value": "float64",
}
# Customers alike in the months of their days are counted once for all the months.
OF_MONTHS = """
    WITH listed AS (
        SELECT date_trunc('month', start_date::timestamp)::date AS started,
            date_trunc('month', churn_date::timestamp)::date AS ended, churn_date <= %s AS has_gone,
            date_trunc('month', COALESCE(notice_date, churn_date)::timestamp)::date AS told,
            COALESCE(notice_date, churn_date) <= %s AS has_told,
            count(*) AS n
        FROM ({rows}) AS customer
        GROUP BY 1, 2, 3, 4, 5
    )
    SELECT month::date,
        COALESCE(sum(n) FILTER (WHERE ended IS NULL OR ended >= month), 0)::bigint,
        COALESCE(sum(n) FILTER (WHERE ended = month AND has_gone), 0)::bigint,
        COALESCE(sum(n) FILTER (WHERE told IS NULL OR told >= month), 0)::bigint,
        COALESCE(sum(n) FILTER (WHERE told = month AND has_told), 0)::bigint
    FROM generate_series(%s::date, %s::date, interval '1 month') AS month
    JOIN listed ON started < month
    GROUP BY 1
    ORDER BY 1
"""
TOLD = Coalesce("notice_date", "churn_date")


@shared
def by_month(slice_: Slice) -> pd.DataFrame:
    """Each of the slice's months: ``BY_MONTH``.

    ``present_customers`` are there at its start, by the day they left, and ``gone_customers`` left
    in it by the slice's day; ``unnoticed_customers`` had not given notice at its start,
    ``noticed_customers`` gave it.
    """
    found = window(slice_)
    if found is None:
        return to_frame((), BY_MONTH)
    try:
        rows, params = _listed(slice_).query.sql_with_params()
    except EmptyResultSet:
        return to_frame((), BY_MONTH)
    with connection.cursor() as cursor:
        day = slice_.as_of
        cursor.execute(OF_MONTHS.replace("{rows}", rows), [day, day, *params, *found])
        return to_frame(cursor.fetchall(), BY_MONTH)


def unnoticed(slice_: Slice) -> QuerySet[Customer]:
    """The customers at the start of the last whole month that had not given notice.

    Each with owner_name and ``gives``: whether it gave notice in that month.
    """
    at = last_whole(slice_)
    start = at or date.min
    end = periods.month(start).end
    rows = _listed(slice_) if at else Customer.objects.none()
    stays = Q(told__isnull=True) | Q(told__gte=start)
    return (
        rows.annotate(told=TOLD, owner_name=F("owner__name"))
        .filter(stays, start_date__lt=start)
        .annotate(
            gives=ExpressionWrapper(Q(told__isnull=False, told__lt=end), BooleanField()),
        )
    )


@shared
def by_notice(slice_: Slice) -> pd.DataFrame:
    """``unnoticed_customers`` and, of them, ``noticed_customers``, in one row; NaN: unknown."""
    if last_whole(slice_) is None:
        return pd.DataFrame([dict.fromkeys(LATEST, nan)])
    found = unnoticed(slice_).aggregate(**_counts())
    return to_frame([[found[name] for name in LATEST]], LATEST)


def by_notice_sql(slice_: Slice) -> str:
    """The SQL that gives them; "" where the data have no such month."""
    if last_whole(slice_) is None:
        return ""
    rows = unnoticed(slice_).values(everything=Value(1)).annotate(**_counts())
    return written(rows.order_by())


@shared
def leaving(slice_: Slice) -> pd.DataFrame:
    """The customers that are known on the slice's day to leave after it: ``LEAVING``.

    ``value`` is what each pays, in the reporting currency at the day's rate; the first to leave
    comes first.
    """
    as_of = Value(slice_.as_of)
    known = Q(notice_date__isnull=True) | Q(notice_date__lte=slice_.as_of)
    rows = _listed(slice_).filter(known, churn_date__gt=slice_.as_of, start_date__lte=slice_.as_of)
    rows = rows.annotate(
        owner_name=Coalesce(F("owner__name"), Value("")),
        reason=Coalesce(NullIf("churn_reason", Value("")), Value("Unknown")),
        value=ExpressionWrapper(F("last_mrr") * rate_on(slice_, as_of), MONEY),
    )
    found = rows.order_by("churn_date", "customer_id").values_list(*LEAVING)
    return to_frame(found, LEAVING)


def _listed(slice_: Slice) -> QuerySet[Customer]:
    """The customers that the slice lets through, but for those who left on an unknown day."""
    rows = cut(Customer.objects.all(), slice_, when=None, dimensions={**DIMENSIONS, **OWNER})
    return rows.exclude(churned_flag=True, churn_date__isnull=True)


def _counts() -> dict[str, Count]:
    return {
        "unnoticed_customers": Count("customer_id"),
        "noticed_customers": Count("customer_id", filter=Q(gives=True)),
    }
