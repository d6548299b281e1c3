"""When what is ordered, or may be, is invoiced and paid: deal by deal, by week and by month.

A deal is invoiced as many days from now as its stage usually takes to the invoice, less those that
it has been in it; whoever has been there for long gets there later, and less surely.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

import pandas as pd
from django.db.models import (
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest

from pipeline.models import Order
from pipeline.queries import deals, listed, plans, terms
from revops_site.kernel import lapses
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import filled, shared, to_frame
from revops_site.kernel.summing import asked, over, sums_over

Bucket: TypeAlias = Literal["week", "month"]
HORIZON_DAYS = 90
# Days in the stage, the days that it takes longer then, and by how much it is less sure.
DELAYS = ((60, 14, 0.10), (30, 7, 0.05))
LATE, NORMAL = 0.85, 0.70
NO_DAYS, NO_VALUE = "Its stage has no days to the invoice", "No amount that can be converted"
INVOICED = "Its order was invoiced already"
LATER = f"Its invoice is expected after these {HORIZON_DAYS} days"
WHOLE, SHARE = IntegerField(), FloatField()
FORMATS: Mapping[Bucket, str] = {"week": 'IYYY-"W"IW', "month": "YYYY-MM"}
BUCKETS = {
    "period": "str",
    "expected_invoice_value": "float64",
    "deal_count": "int64",
    "sure": "float64",
    "expected_payment_value": "float64",
}
BY_PERIOD = """
    SELECT period, sum(invoiced), sum(deals)::bigint, sum(sure), sum(paid) FROM (
        SELECT to_char(expected_invoice_date, {format}) AS period, expected_value AS invoiced,
            1 AS deals, expected_value * confidence AS sure, 0::float8 AS paid
        FROM ({rows}) AS invoices WHERE expected_invoice_date <= {end}
        UNION ALL
        SELECT to_char(expected_payment_date, {format}), 0, 0, 0, expected_value
        FROM ({rows}) AS payments WHERE expected_payment_date <= {end}
    ) AS expected
    GROUP BY period ORDER BY period
"""
OPERANDS = {
    "expected_invoices": "COALESCE(sum(expected_value), 0)::float8",
    "expected_payments": "COALESCE(sum(paid_value), 0)::float8",
    "projected_deals": "count(*)",
}
TOTALS = sums_over(OPERANDS)
LEFT_OUT = {
    **dict.fromkeys(("why_not", "stage_name"), "str"),
    "deals": "int64",
    "amount": "float64",
}
WHY_NOT = """
    SELECT why_not, stage_name, count(*), COALESCE(sum(value), 0)::float8
    FROM ({rows}) AS left_out GROUP BY why_not, stage_name ORDER BY 3 DESC, 1, 2
"""


def projected(slice_: Slice) -> QuerySet[Any]:
    """The open deals that are expected to be invoiced within ``HORIZON_DAYS``.

    As ``listed.open_deals`` gives them, with expected_invoice_date, expected_payment_date,
    days_left, delay_days, to_invoice, p, expected_value (reporting currency), paid_value (of it,
    what is paid within the same days) and confidence.
    """
    return _within(_annotated(listed.open_deals(slice_), slice_), slice_)


def left_out(slice_: Slice) -> QuerySet[Any]:
    """The open deals that are not in the projection, each with ``why_not``; all the others are.

    ``later_on`` is the day of the invoice of those that are only too late (``LATER``).
    """
    return _left_out(listed.open_deals(slice_), slice_)


@shared
def buckets(slice_: Slice, by: Bucket) -> pd.DataFrame:
    """What is expected within the horizon by ISO week (2026-W01) or month (2026-01), in order.

    Columns ``BUCKETS``: ``sure`` is the sum of value × confidence; payments stand in the period
    they are expected in, of the deals that are invoiced within the horizon.
    """
    found = asked(BY_PERIOD, _expected(slice_), format=FORMATS[by], end=_end(slice_))
    return to_frame(found, BUCKETS)


@shared
def totals(slice_: Slice) -> dict[str, float]:
    """The operands of the projection by name: ``OPERANDS``."""
    (values,) = asked(TOTALS, _expected(slice_)) or [(0,) * len(OPERANDS)]
    return dict(zip(OPERANDS, map(float, values), strict=True))


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives the operands of the projection."""
    return filled(*over(TOTALS, _expected(slice_)))


@shared
def why_not(slice_: Slice) -> pd.DataFrame:
    """What is not in the projection, by reason and stage: ``LEFT_OUT``."""
    rows = _left_out(deals.open_(slice_), slice_).values("why_not", "stage_name", "value")
    return to_frame(asked(WHY_NOT, rows), LEFT_OUT)


def _end(slice_: Slice) -> date:
    return slice_.as_of + timedelta(days=HORIZON_DAYS)


def _expected(slice_: Slice) -> QuerySet[Any, Any]:
    wanted = (
        *("expected_invoice_date", "expected_payment_date"),
        *("expected_value", "paid_value", "confidence"),
    )
    rows = _within(_annotated(deals.open_(slice_), slice_), slice_)
    found: QuerySet[Any, Any] = rows.values(*wanted)
    return found


def _within(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.filter(
        ~Exists(_invoiced(slice_)),
        to_invoice__isnull=False,
        value__isnull=False,
        expected_invoice_date__lte=_end(slice_),
    )
    return found


def _invoiced(slice_: Slice) -> QuerySet[Order]:
    """The orders of a deal that had been invoiced by the end of the day."""
    return Order.objects.filter(deal_id=OuterRef("deal_id"), invoiced_on__lte=slice_.as_of)


def _left_out(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    is_invoiced = Exists(_invoiced(slice_))
    why = Case(
        When(is_invoiced, then=Value(INVOICED)),
        When(to_invoice=None, then=Value(NO_DAYS)),
        When(value=None, then=Value(NO_VALUE)),
        default=Value(LATER),
        output_field=CharField(),
    )
    unknown = Q(to_invoice=None) | Q(value=None)
    late = Q(expected_invoice_date__gt=_end(slice_))
    known = When(unknown | is_invoiced, then=Value(None, output_field=lapses.DATE))
    found: QuerySet[Any] = (
        _annotated(rows, slice_)
        .filter(unknown | late | is_invoiced)
        .annotate(why_not=why, later_on=Case(known, default=F("expected_invoice_date")))
    )
    return found


def _annotated(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    as_of = lapses.on(slice_.as_of)
    told = rows.annotate(
        to_invoice=plans.of_stage("days_to_invoice"),
        is_execution=plans.of_stage("is_execution", default=False),
        delay_days=_by_stay([days for _, days, _ in DELAYS], 0, WHOLE),
        terms_days=terms.limit("payment_terms_days"),
    )
    left = Greatest(Value(0), F("to_invoice") - F("days_in_stage"), output_field=WHOLE)
    told = told.annotate(days_left=ExpressionWrapper(left + F("delay_days"), WHOLE))
    usual = Coalesce(plans.of_stage("probability"), Cast("chance", SHARE), Value(0.0))
    sure = Case(
        When(to_invoice__lte=terms.limit("late_days"), then=Value(LATE)),
        default=Value(NORMAL),
        output_field=SHARE,
    )
    is_sure = Case(When(is_execution=True, then=Value(1.0)), default=usual, output_field=SHARE)
    found: QuerySet[Any] = told.annotate(
        expected_invoice_date=lapses.later(as_of, F("days_left")),
        expected_payment_date=lapses.later(as_of, F("days_left"), F("terms_days")),
        p=is_sure,
        confidence=ExpressionWrapper(sure - _by_stay([d for _, _, d in DELAYS], 0.0, SHARE), SHARE),
    ).annotate(expected_value=ExpressionWrapper(Cast("value", SHARE) * F("p"), SHARE))
    in_time = When(expected_payment_date__lte=_end(slice_), then=F("expected_value"))
    paid: QuerySet[Any] = found.annotate(
        paid_value=Case(in_time, default=Value(0.0), output_field=SHARE)
    )
    return paid


def _by_stay(
    values: list[Any], default: Any, kind: IntegerField[Any, Any] | FloatField[Any, Any]
) -> Case:
    whens = [
        When(days_in_stage__gte=days, then=Value(value))
        for (days, _, _), value in zip(DELAYS, values, strict=True)
    ]
    return Case(*whens, default=Value(default), output_field=kind)
