"""What became of leads: their own steps, their deal's end, the first money, the year after.

Leads, deals, orders and customers meet by their keys; whatever lies after the slice's day has not
happened yet.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.fields import CharField
from psycopg.sql import SQL, Identifier, Literal

from marketing.queries import leads
from pipeline.datasets import ORDERS, PIPELINE_DEALS
from revenue.datasets import REVENUE_CUSTOMERS
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import filled, shared, to_frame
from revops_site.kernel.summing import asked, over

STATES = ("lead", "mql", "sql", "open", "won", "lost")
REACHED = ("mqls", "sqls", "opportunities", "won", "lost", "paying", "kept", "left")
COUNTS = {"leads": "int64", "answered": "int64", **dict.fromkeys(REACHED, "int64")}
BY_WEEK = {"week": "datetime64[s]", **COUNTS}
BY_GROUP = {"channel": "str", "segment": "str", **COUNTS}
WAITS = {
    **dict.fromkeys(("channel", "segment", "step", "state"), "str"),
    "wait": "float64",
    "n": "int64",
}
LONGEST = 400  # days of waiting beyond these are one

# The day of each step of each lead, null where it was not taken by the day.
PATHS = """
    WITH path AS (
        SELECT given.created_at, given.channel, given.segment, given.response_hours,
            CASE WHEN given.mql_on <= {day} THEN given.mql_on END AS mql_on,
            CASE WHEN given.sql_on <= {day} THEN given.sql_on END AS sql_on,
            CASE WHEN given.deal_on <= {day} THEN given.deal_on END AS deal_on,
            CASE WHEN given.won_on <= {day} THEN given.won_on END AS won_on,
            CASE WHEN given.lost_on <= {day} THEN given.lost_on END AS lost_on,
            CASE WHEN given.paid_on <= {day} THEN given.paid_on END AS paid_on,
            CASE WHEN given.year_on <= {day} AND (given.left_on IS NULL
                OR given.left_on >= given.year_on) THEN given.year_on END AS kept_on,
            CASE WHEN given.left_on <= {day} AND given.left_on < given.year_on
                THEN given.left_on END AS left_on,
            given.year_on <= {day} AS is_over
        FROM (
            SELECT step.*, (step.paid_on + interval '1 year')::date AS year_on
            FROM (
                SELECT lead.created_at, lead.channel, lead.segment, lead.response_hours,
                    COALESCE(lead.mql_at, lead.sql_at, lead.converted_at, deal.created_at)
                        AS mql_on,
                    COALESCE(lead.sql_at, lead.converted_at, deal.created_at) AS sql_on,
                    COALESCE(lead.converted_at, deal.created_at) AS deal_on,
                    CASE WHEN deal.status = 'won' THEN deal.closed_at END AS won_on,
                    CASE WHEN deal.status = 'lost' THEN deal.closed_at END AS lost_on,
                    CASE WHEN deal.status = 'won' THEN
                        LEAST(invoice.first, customer.first) END AS paid_on,
                    customer.left_on
                FROM ({rows}) AS lead
                LEFT JOIN {deals} AS deal ON deal.deal_id = lead.deal_id
                    AND lead.deal_id <> '' AND NOT deal.is_deleted
                LEFT JOIN (
                    SELECT deal_id, min(invoiced_on) AS first FROM {orders}
                    WHERE invoiced_on IS NOT NULL GROUP BY deal_id
                ) AS invoice ON invoice.deal_id = deal.deal_id
                LEFT JOIN (
                    SELECT deal_id, min(start_date) AS first,
                        CASE WHEN bool_and(churn_date IS NOT NULL) THEN max(churn_date) END
                            AS left_on
                    FROM {customers} WHERE deal_id <> '' GROUP BY deal_id
                ) AS customer ON customer.deal_id = deal.deal_id
            ) AS step
        ) AS given
    )
"""
SUMS = """
    count(*) AS leads, count(response_hours) AS answered, count(mql_on) AS mqls,
    count(sql_on) AS sqls, count(deal_on) AS opportunities, count(won_on) AS won,
    count(lost_on) AS lost, count(paid_on) AS paying, count(kept_on) AS kept,
    count(left_on) FILTER (WHERE is_over) AS left
"""
WEEKS = f"""{PATHS}
    SELECT date_trunc('week', created_at::timestamp)::date AS week, {SUMS}
    FROM path GROUP BY 1 ORDER BY 1
"""  # noqa: S608
GROUPS = f"{PATHS} SELECT channel, segment, {SUMS} FROM path GROUP BY 1, 2 ORDER BY 1, 2"  # noqa: S608
TOTALS = f"{PATHS} SELECT {SUMS} FROM path"  # noqa: S608
WAITED = f"""{PATHS}
    SELECT channel, segment, step, state,
        CASE WHEN state = 'moved' THEN wait ELSE LEAST(wait, {LONGEST}) END AS wait, count(*) AS n
    FROM (
        SELECT channel, segment, took.step,
            CASE WHEN took.moved IS NOT NULL THEN 'moved'
                WHEN took.dropped IS NOT NULL THEN 'dropped' ELSE 'waiting' END AS state,
            COALESCE(took.moved, took.dropped, {{day}} - took.entered)::float8 AS wait
        FROM path, LATERAL (VALUES
            ('answered', created_at, response_hours::float8, NULL::float8),
            ('mqls', created_at, (mql_on - created_at)::float8, NULL),
            ('sqls', mql_on, (sql_on - mql_on)::float8, NULL),
            ('opportunities', sql_on, (deal_on - sql_on)::float8, NULL),
            ('won', deal_on, (won_on - deal_on)::float8, (lost_on - deal_on)::float8),
            ('paying', won_on, (paid_on - won_on)::float8, NULL),
            ('kept', paid_on, (kept_on - paid_on)::float8, (left_on - paid_on)::float8)
        ) AS took (step, entered, moved, dropped)
        WHERE took.entered IS NOT NULL
    ) AS waited
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608
NOW = """(
    SELECT CASE WHEN deal.status = 'won' AND deal.closed_at <= %s THEN 'won'
        WHEN deal.status = 'lost' AND deal.closed_at <= %s THEN 'lost'
        WHEN COALESCE(given.converted_at, deal.created_at) <= %s THEN 'open'
        WHEN COALESCE(given.sql_at, given.converted_at, deal.created_at) <= %s THEN 'sql'
        WHEN COALESCE(given.mql_at, given.sql_at, given.converted_at, deal.created_at) <= %s
            THEN 'mql'
        ELSE 'lead' END
    FROM (SELECT marketing_lead.*) AS given
    LEFT JOIN {deals} AS deal ON deal.deal_id = given.deal_id
        AND given.deal_id <> '' AND NOT deal.is_deleted
)"""


@shared
def by_week(slice_: Slice) -> pd.DataFrame:
    """Per ISO week that leads came in (``week`` is its Monday): how many reached each step."""
    return to_frame(_asked(WEEKS, slice_), BY_WEEK)


@shared
def by_group(slice_: Slice) -> pd.DataFrame:
    """Per channel and segment: how many leads there are, and how many reached each step."""
    return to_frame(_asked(GROUPS, slice_), BY_GROUP)


@shared
def waits(slice_: Slice) -> pd.DataFrame:
    """How long leads stayed before each step: channel, segment, step, state, wait, n.

    ``state`` is ``moved``, ``dropped`` or ``waiting``; ``wait`` is in days, before an answer in
    hours for those that got one.
    """
    return to_frame(_asked(WAITED, slice_), WAITS)


def totals(slice_: Slice) -> dict[str, float]:
    """How many leads there are, and how many reached each step, by name."""
    found = _asked(TOTALS, slice_)
    return dict(zip(COUNTS, map(float, found[0] if found else [0] * len(COUNTS)), strict=True))


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives these counts, in one row."""
    return filled(*over(TOTALS, _narrow(slice_), **_named(slice_)))


def rows(slice_: Slice) -> QuerySet[Any]:
    """The leads; ``state`` says where each is: lead, mql, sql, open, won or lost."""
    sql = NOW.replace("{deals}", _table(PIPELINE_DEALS))
    state = RawSQL(sql, [slice_.as_of] * 5, output_field=CharField())  # noqa: S611
    return leads.rows(slice_).annotate(state=state, owner_name=F("owner__name"))


def _asked(sql: str, slice_: Slice) -> list[tuple[Any, ...]]:
    return asked(sql, _narrow(slice_), **_named(slice_))


def _narrow(slice_: Slice) -> QuerySet[Any, Any]:
    """What the sums need of each lead."""
    columns = ("created_at", "channel", "segment", "response_hours", "mql_at", "sql_at")
    found: QuerySet[Any, Any] = leads.rows(slice_).order_by()
    return found.values(*columns, "converted_at", "deal_id")


def _named(slice_: Slice) -> dict[str, Any]:
    tables = {"deals": PIPELINE_DEALS, "orders": ORDERS, "customers": REVENUE_CUSTOMERS}
    named = {name: Identifier(_table(one)) for name, one in tables.items()}
    return {**named, "day": SQL("{}::date").format(Literal(slice_.as_of))}


def _table(dataset: Dataset) -> str:
    return str(dataset.table._meta.db_table)
