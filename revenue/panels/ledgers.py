"""Which rows each metric of revenue is a sum of, and where its operands come from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db.models import QuerySet

from revenue import metrics, queries
from revenue.panels import switched
from revenue.panels.known import DATASETS, KNOWN, LEFT, unknown, unpriced, unrated
from revenue.queries import customers
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Shown

WHO = (
    Shown("customer_id", "Id"),
    Shown("account_name", "Customer", link="/customers/{customer_id}/"),
    Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
    Shown("segment", "Segment"),
    Shown("plan", "Plan"),
    Shown("region", "Region"),
)
OWN = (
    Shown("currency", "Currency"),
    Shown("rate", "Rate", "decimal", help="Into the reporting currency at the month's end."),
)
MONTH = Shown("month", "Month from", "date")
MRR = Shown("mrr", "MRR", "decimal", help="In the customer's own currency.")
STARTING = Shown("starting", "Before", "decimal", help="What it paid the month before.")
YEAR_AGO = Shown("year_ago", "A year before", "decimal", help="In its own currency.")
VALUE = Shown("value", "Value", "money2", help="Its MRR in the reporting currency.")
MOVED = Shown("moved_value", "Moved", "money2", help="By how much, in the reporting currency.")
YEAR_AGO_VALUE = Shown("year_ago_value", "Value a year before", "money2", help="At today's rate.")
RATE_BEFORE = Shown("rate_before", "Rate before", "decimal", help="At the month's start.")
RETURNED = Shown("returned", "Came back", "yes", help="Had left within the twelve months.")
STARTED_VALUE = Shown("started_value", "Value before", "money2")


# All of them are of the same data; most know the same filters.
of_customers = partial(Ledger, datasets=DATASETS, dimensions=KNOWN)


def _rows(of: Callable[[Slice], QuerySet[Any]]) -> Callable[[Slice], QuerySet[Any]]:
    return lambda slice_: customers.named(of(slice_))


def _moved(kind: str) -> Ledger:
    return of_customers(
        slug=f"revenue-{kind}",
        title=f"Movements: {kind}",
        metrics=metrics.MOVEMENTS[kind],
        totals=queries.sums,
        sql=queries.sums_sql,
        rows=_rows(lambda slice_: customers.moved(slice_, kind)),
        columns=(*WHO, MONTH, *OWN, STARTING, MRR, MOVED),
        order=("month", "customer_id", "currency"),
        note=unknown,
        counts=f"{kind}_customers",
    )


LEDGERS = (
    of_customers(
        slug="revenue-month",
        title="Who pays at the month's end",
        noun="customers",
        metrics=metrics.MONTH_METRICS,
        totals=queries.totals,
        sql=queries.totals_sql,
        rows=_rows(customers.paying),
        columns=(*WHO, MONTH, *OWN, MRR, VALUE),
        order=("customer_id", "currency"),
        note=unrated,
        counts="customers",
    ),
    of_customers(
        slug="revenue-cohort",
        title="Who paid twelve months before the month's end",
        noun="customers",
        metrics=(metrics.NRR, metrics.GRR, *metrics.STRICT),
        totals=queries.totals,
        sql=queries.cohort_sql,
        rows=_rows(customers.of_a_year_ago),
        columns=(*WHO, MONTH, *OWN, YEAR_AGO, MRR, YEAR_AGO_VALUE, VALUE, RETURNED),
        order=("customer_id", "currency"),
        note=switched.returns,
        operands=(
            Shown("year_ago", "What they paid a year before", "money2"),
            Shown("year_ago_now", "What they pay now", "money2"),
            Shown("year_ago_kept", "Of that, no more than they paid", "money2"),
            Shown("year_ago_returned", "Of what they pay now, who had left between", "money2"),
            Shown("year_ago_returned_kept", "Of that, no more than they paid", "money2"),
        ),
        counts="year_ago_customers",
    ),
    of_customers(
        slug="revenue-logos",
        title="Customers of a year before",
        metrics=(metrics.LOGO_RETENTION,),
        totals=queries.still,
        sql=queries.still_sql,
        rows=_rows(customers.of_a_year_ago),
        columns=(*WHO, MONTH, *OWN, YEAR_AGO, MRR),
        order=("customer_id", "currency"),
        note=unknown,
        operands=(
            Shown("year_ago_customers", "Customers of a year before", "integer"),
            Shown("year_ago_still", "Of them, who pay now", "integer"),
        ),
        counts="year_ago_customers",
    ),
    *map(_moved, metrics.MOVEMENTS),
    of_customers(
        slug="revenue-balance",
        title="What the months began with, and what moved in them",
        noun="balances and movements",
        metrics=(*metrics.BALANCE_METRICS, metrics.NET_CHURN_STRICT),
        totals=queries.sums,
        sql=queries.sums_sql,
        rows=_rows(customers.balance),
        columns=(
            *(*WHO, MONTH, Shown("kind", "Moved"), Shown("currency", "Currency")),
            *(STARTING, MRR, RATE_BEFORE, OWN[1], STARTED_VALUE, VALUE, MOVED),
            Shown("opens", "First month", "yes", help="Its value before is part of starting MRR."),
            Shown("closes", "Last month", "yes", help="Its value is part of ending MRR."),
        ),
        order=("month", "customer_id", "currency"),
        note=switched.notice,
        operands=(
            Shown("churn_customers", "Customers that left", "integer"),
            Shown("starting_customers", "Customers at each month's start", "integer"),
            Shown("started", "MRR at each month's start", "money2"),
            Shown("new", metrics.NEW.label, "money2"),
            Shown("expansion", metrics.EXPANSION.label, "money2"),
            Shown("reactivation", metrics.REACTIVATION.label, "money2"),
            Shown("contraction", metrics.CONTRACTION.label, "money2"),
            Shown("churn", metrics.CHURN.label, "money2"),
        ),
    ),
    of_customers(
        slug="customers-by-dates",
        title="Customers at the start of the last whole month",
        metrics=(metrics.CHURN_BY_DATES,),
        totals=queries.by_dates,
        sql=queries.by_dates_sql,
        rows=customers.present,
        columns=(
            *WHO,
            Shown("start_date", "Since", "date"),
            Shown("churn_date", "Left", "date"),
            Shown("leaves", "In the month", "yes", help="Left in that month."),
        ),
        order=("customer_id",),
        note=switched.notice,
        operands=(
            Shown("present_customers", "Customers at the month's start", "integer"),
            Shown("gone_customers", "Of them, who left in it", "integer"),
        ),
        counts="present_customers",
    ),
    of_customers(
        slug="customers-by-notice",
        title="Customers that had not given notice at the start of the last whole month",
        noun="customers without notice",
        metrics=(metrics.CHURN_BY_NOTICE,),
        totals=queries.by_notice,
        sql=queries.by_notice_sql,
        rows=queries.unnoticed,
        columns=(
            *WHO,
            Shown("start_date", "Since", "date"),
            Shown("notice_date", "Notice", "date"),
            Shown("churn_date", "Leaves", "date"),
            Shown("gives", "In the month", "yes", help="Gave notice in that month."),
        ),
        order=("customer_id",),
        note=switched.notice,
        operands=(
            Shown("unnoticed_customers", "Customers without notice at its start", "integer"),
            Shown("noticed_customers", "Of them, who gave it", "integer"),
        ),
        counts="unnoticed_customers",
    ),
    of_customers(
        slug="lost-customers",
        title="Customers that left",
        metrics=metrics.LOST_METRICS,
        totals=queries.lost_totals,
        sql=queries.lost_sql,
        rows=customers.lost,
        columns=(
            *WHO,
            Shown("churn_date", "Left", "date"),
            Shown("reason", "Reason"),
            Shown("paid", "MRR before", "decimal", help="In its own currency."),
            *OWN,
            VALUE,
        ),
        order=("churn_date", "customer_id"),
        dimensions=LEFT,
        note=unpriced,
        counts="lost_customers",
    ),
)
