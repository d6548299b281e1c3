"""Paths of leads and answers to them by the day that they came; deals, customers change them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import connection

from revops_site.kernel.rollups import RollUp

# The day of each step of each of ``{rows}``, columns of ``marketing_lead``. Whatever was taken
# was taken after the steps before it, even where nobody wrote these down.
STEPS = """
    SELECT lead.*, lead.created_at AS created_on,
        COALESCE(lead.mql_at, lead.sql_at, lead.converted_at, deal.created_at) AS mql_on,
        COALESCE(lead.sql_at, lead.converted_at, deal.created_at) AS sql_on,
        COALESCE(lead.converted_at, deal.created_at) AS deal_on,
        CASE WHEN deal.status = 'won' THEN deal.closed_at END AS won_on,
        CASE WHEN deal.status = 'lost' THEN deal.closed_at END AS lost_on,
        CASE WHEN deal.status = 'won' THEN LEAST(invoice.first, customer.first) END AS paid_on,
        CASE WHEN deal.status = 'won' THEN customer.left_on END AS left_on
    FROM ({rows}) AS lead
    LEFT JOIN pipeline_deal AS deal ON deal.deal_id = lead.deal_id
        AND lead.deal_id <> '' AND NOT deal.is_deleted
    LEFT JOIN (
        SELECT deal_id, min(invoiced_on) AS first FROM pipeline_order
        WHERE invoiced_on IS NOT NULL GROUP BY deal_id
    ) AS invoice ON invoice.deal_id = deal.deal_id
    LEFT JOIN (
        SELECT deal_id, min(start_date) AS first,
            CASE WHEN bool_and(churn_date IS NOT NULL) THEN max(churn_date) END AS left_on
        FROM revenue_customer WHERE deal_id <> '' GROUP BY deal_id
    ) AS customer ON customer.deal_id = deal.deal_id
"""
TAKEN = "mql_on, sql_on, deal_on, won_on, lost_on, paid_on, left_on"
ROWS = "SELECT * FROM marketing_lead WHERE created_at {among}"
LEAD_PATHS = RollUp(
    name="lead_paths",
    model="insights.LeadPath",
    bucket="created_on",
    select=f"""
        SELECT created_on, channel, segment, region, {TAKEN}, count(*)::int AS leads
        FROM ({STEPS.replace("{rows}", ROWS)}) AS step
        GROUP BY created_on, channel, segment, region, {TAKEN} ORDER BY created_on
    """,  # noqa: S608
    days=1,
)
# Of each of ``{rows}`` that was answered: when, and after how many hours, to two figures.
ANSWERS = """
    SELECT created_at AS created_on, channel, segment, region, 1 AS n,
        created_at + floor(response_hours / 24)::int AS answered_on,
        CASE WHEN response_hours < 10 THEN round(response_hours, 1)
            WHEN response_hours < 100 THEN round(response_hours)
            ELSE round(response_hours, -1) END::float8 AS hours
    FROM ({rows}) AS lead WHERE response_hours IS NOT NULL
"""
LEAD_ANSWERS = RollUp(
    name="lead_answers",
    model="insights.LeadAnswer",
    bucket="created_on",
    select=f"""
        SELECT created_on, channel, segment, region, answered_on, hours, count(*)::int AS leads
        FROM ({ANSWERS.replace("{rows}", ROWS)}) AS answer
        GROUP BY created_on, channel, segment, region, answered_on, hours ORDER BY created_on
    """,  # noqa: S608
    days=1,
)
MOST_DAYS = 40  # that a load sums anew by itself
DAYS, PAID, DEALS, PATHS = "lead_days", "paid", "deals", "paths"
FOLLOWED = frozenset({DAYS, PAID, DEALS})
FOUND = "SELECT DISTINCT created_at FROM marketing_lead WHERE deal_id = ANY(%s)"


def touched(what: str, keys: Collection[Any] | None) -> Collection[date] | None:
    """The days whose paths these keys are of, None for all."""
    if what == DAYS or keys is None:
        return keys
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [sorted(keys)])
        return [day for (day,) in cursor.fetchall()]


def sum_up(
    days: Collection[date] | None, whose: Iterable[RollUp] = (LEAD_PATHS, LEAD_ANSWERS)
) -> None:
    """Sum what is of these days anew, None for all."""
    for one in whose:
        if days is None:
            one.rebuild()
        else:
            one.refresh(days)


def retell(days: Iterable[str]) -> None:
    """The same of days as text, "" for all."""
    known = frozenset(days)
    sum_up(None if "" in known else [date.fromisoformat(day) for day in known])
