"""What is left of the customers that first paid in the same month, from the roll-up or a slice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db.models import (
    Case,
    CharField,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from revenue.models import CohortMonth, Customer, Movement
from revenue.queries.customers import named, rate_on
from revenue.queries.known import DIMENSIONS, OWNER, ends, month
from revenue.rollups import KEPT, LEFT_OF
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.queries import cut, shared, to_frame
from revops_site.kernel.replica import connection
from revops_site.kernel.summing import Sums

KEYS: Mapping[str, str] = {"cohort": "datetime64[s]", "month": "datetime64[s]", "currency": "str"}
AMOUNTS: Mapping[str, str] = {"customers": "int64", "mrr": "float64", "kept": "float64"}
RATES: Mapping[str, str] = {"month": "datetime64[s]", "currency": "str", "rate": "float64"}
RATED = """
    SELECT month::date, currency, found.rate
    FROM unnest(%s::text[]) AS currency,
        generate_series(%s::date, %s::date, interval '1 month') AS month
    LEFT JOIN LATERAL kernel_fx_rate(
        currency, %s, LEAST((month + interval '1 month - 1 day')::date, %s)
    ) AS found ON true
"""


@shared
def cohorts(slice_: Slice) -> pd.DataFrame:
    """What each cohort pays in each month up to the slice's: ``KEYS``, ``AMOUNTS``.

    In the currency that they pay in; a month in which nobody of a cohort pays has no row.
    """
    at, columns = month(slice_), {**KEYS, **AMOUNTS}
    if at is None:
        return to_frame((), columns)
    if slice_.is_scoped:
        return _of_some(slice_, at)
    sums = {name: f"sum({name})" for name in AMOUNTS}
    by = {name: name for name in KEYS}
    where = f"month <= DATE '{at}'"
    return Sums(CohortMonth, by, sums, when=None, dimensions=DIMENSIONS, where=where).read(
        slice_, columns
    )


@shared
def rates(slice_: Slice) -> pd.DataFrame:
    """The rate of each currency at each month's end: ``RATES``, NaN where none is known."""
    at, known = month(slice_), ends()
    currencies = sorted(set(cohorts(slice_)["currency"])) if at else []
    if at is None or known is None or not currencies:
        return to_frame((), RATES)
    with connection.cursor() as cursor:
        cursor.execute(RATED, [currencies, known[0], at, slice_.currency, slice_.as_of])
        return to_frame(cursor.fetchall(), RATES)


def members(slice_: Slice) -> QuerySet[Movement]:
    """The customers as the first month tells of them that they ever paid for."""
    rows = Movement.objects.filter(month=F("cohort"), mrr__gt=0)
    rows = cut(rows, slice_, when=None, dimensions=DIMENSIONS)
    if slice_.is_scoped:
        owned = cut(Customer.objects.all(), slice_, when=None, dimensions=OWNER)
        rows = rows.filter(customer_id__in=owned.values("customer_id"))
    return rows


def later(slice_: Slice, pairs: Mapping[date, date]) -> QuerySet[Movement]:
    """The members of the cohorts of ``pairs``, and what each pays in the month it has for them.

    ``first_value`` and ``later_value`` are in the reporting currency at the rate of that later
    month's end; ``kept_value`` is the later one without what a customer pays more than at first.
    ``later`` is in the ``later_currency``, and 0 for who pays nothing then, whose ``state`` is
    ``left``. With the columns of ``named``, too.
    """
    whens = [When(cohort=cohort, then=Value(at)) for cohort, at in sorted(pairs.items())]
    at = Case(*whens, default=None, output_field=DateField())
    then = Movement.objects.filter(
        customer_id=OuterRef("customer_id"), month=OuterRef("at"), mrr__gt=0
    )
    nothing = Value(0, output_field=MONEY)
    rows = members(slice_).filter(cohort__in=list(pairs)).annotate(at=at)
    rows = rows.annotate(
        later=Coalesce(Subquery(then.values("mrr")[:1]), nothing, output_field=MONEY),
        later_currency=Coalesce(Subquery(then.values("currency")[:1]), F("currency")),
    )
    end = "LEAST((%(expressions)s + interval '1 month - 1 day')::date, DATE '{}')"
    day = Func(F("at"), template=end.format(slice_.as_of), output_field=DateField())
    rows = rows.annotate(
        rate=rate_on(slice_, day),
        later_rate=Case(
            When(later_currency=F("currency"), then=rate_on(slice_, day)),
            default=rate_on(slice_, day, "later_currency"),
            output_field=MONEY,
        ),
        state=Case(
            When(later__gt=0, then=Value("stays")), default=Value("left"), output_field=CharField()
        ),
    )
    kept = Case(
        When(Q(later_currency=F("currency")), then=Least(F("later"), F("mrr"))),
        default=nothing,
        output_field=MONEY,
    )
    return named(
        rows.annotate(
            first_value=ExpressionWrapper(F("mrr") * F("rate"), MONEY),
            later_value=ExpressionWrapper(F("later") * F("later_rate"), MONEY),
            kept_value=ExpressionWrapper(kept * F("rate"), MONEY),
        )
    )


def is_gone() -> Q:
    """What makes a member of ``later`` one that pays nothing then."""
    return Q(state="left")


def _of_some(slice_: Slice, at: date) -> pd.DataFrame:
    """The same of some reps' customers, summed from what each of them pays."""
    columns = {**KEYS, **AMOUNTS}
    try:
        rows, params = members(slice_).values("customer_id").query.sql_with_params()
    except EmptyResultSet:
        return to_frame((), columns)
    text = f"""
        SELECT now.cohort, now.month, now.currency, count(*), sum(now.mrr), sum({KEPT})
        FROM {LEFT_OF.format(rows="revenue_movement")}
        WHERE now.mrr > 0 AND now.month <= %s AND now.customer_id IN ({rows})
        GROUP BY 1, 2, 3
        ORDER BY 1, 2, 3
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text, [at, *params])
        return to_frame(cursor.fetchall(), columns)
