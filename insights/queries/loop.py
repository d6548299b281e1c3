"""The closed loop: what was spent, and what came of it up to what is still paid a year later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet

from insights.models import DealBrief
from insights.queries.attribution import credits_behind, revised_sql, standing, whole
from insights.rollups import WORTH
from marketing.analytics.attribution import RULES, UNATTRIBUTED
from pipeline.queries import deals
from revenue import queries as revenue
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.queries import cut, filled, shared, to_frame, workspace, written
from revops_site.kernel.replica import connection

KEYS = {"channel": "str", "campaign": "str"}
CREATED = {**KEYS, "created": "int64", "pipeline": "float64"}
PAID: Mapping[str, str] = {
    **KEYS,
    "customers": "float64",
    "new_mrr": "float64",
    "known_customers": "float64",
    "known_mrr": "float64",
    "retained_mrr": "float64",
}
SOURCED = f"""
    SELECT COALESCE(NULLIF(source_channel, ''), '{UNATTRIBUTED}') AS channel, source_campaign,
        count(*) AS created, COALESCE(sum(created_value), 0) AS pipeline
    FROM ({{rows}}) AS deal GROUP BY 1, 2
"""  # noqa: S608
# As they stand where journeys are behind.
BEHIND = f"""
    SELECT source_channel, COALESCE(source_campaign, '') AS source_campaign,
        {WORTH.format(amount="created_amount", currency="created_currency", day="created_at")}
            AS created_value
    FROM ({{rows}}) AS deal LEFT JOIN insights_dealjourney USING (deal_id)
"""  # noqa: S608
OF_CREATED = ("deal_id", "source_channel", "created_amount", "created_currency", "created_at")
OF_BRIEF = ("source_channel", "source_campaign", "created_value")
# A customer belongs to whom the deal that won it is credited to; what it paid first and what it
# pays twelve months later are both at the rate of the first: no currency keeps or loses anybody.
RETAINED = """
    WITH moved (customer_id, month, currency, mrr) AS MATERIALIZED ({came}),
    rated AS MATERIALIZED (
        SELECT pair.currency, pair.month, found.rate
        FROM (SELECT DISTINCT currency, month FROM moved) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(pair.currency, %s, LEAST(
            (pair.month + interval '1 month - 1 day')::date, %s)) AS found ON true
    ), came AS (SELECT * FROM moved JOIN rated USING (currency, month)),
    since AS MATERIALIZED (
        SELECT came.customer_id, came.mrr * came.rate AS mrr,
            (came.month + interval '12 months')::date <= %s AS is_known,
            COALESCE(later.mrr, 0) * came.rate AS later
        FROM came LEFT JOIN revenue_movement AS later
            ON later.customer_id = came.customer_id AND later.currency = came.currency
            AND later.month = (came.month + interval '12 months')::date
    ), credited AS (
        SELECT since.*, COALESCE(credit.channel, '{nobody}') AS channel,
            COALESCE(credit.campaign, '') AS campaign, COALESCE(credit.{model}, 1) AS share
        FROM since LEFT JOIN revenue_customer AS customer USING (customer_id)
        LEFT JOIN {lines} AS credit
            ON credit.deal_id = customer.deal_id AND customer.deal_id <> ''
    )
    SELECT channel, campaign, sum(share), COALESCE(sum(share * mrr), 0),
        COALESCE(sum(share) FILTER (WHERE is_known), 0),
        COALESCE(sum(share * mrr) FILTER (WHERE is_known), 0),
        COALESCE(sum(share * later) FILTER (WHERE is_known), 0)
    FROM credited GROUP BY 1, 2
"""

LINES = "insights_creditline"
# The lines of a past day, where the ledger said otherwise then.
LINES_THEN = """(
    SELECT credit.* FROM insights_dealbrief AS brief
    LEFT JOIN ({revised}) AS revised USING (deal_id)
    JOIN insights_credit AS credit ON credit.deal_id = brief.deal_id
        AND credit.revision = COALESCE(revised.revision, brief.revision)
)"""


def sourced(slice_: Slice) -> pd.DataFrame:
    """The deals created in the period by their source: ``CREATED``; money when first known.

    The campaign is that of the first touch by the source channel up to the creation.
    """
    return _chosen(_sourced(whole(slice_)), slice_)


def retained(slice_: Slice, model: str) -> pd.DataFrame:
    """The customers that came in the slice's months, by who is credited for them: ``PAID``.

    customers and MRR are the parts that the model gives; ``known_`` those that came twelve months
    ago or more, ``retained_mrr`` what these pay now twelve months after their first.
    """
    if model not in RULES:
        raise ValueError(f"No rule is called {model}.")
    return _chosen(_retained(whole(slice_), model), slice_)


def came(slice_: Slice) -> QuerySet[Any]:
    """The first months of the customers behind that, narrowed to the slice's channels."""
    rows = revenue.customers.named(revenue.customers.moved(whole(slice_), "new"))
    for name in ("channel", "campaign"):
        if chosen := getattr(slice_, name):
            lines = standing(slice_).exclude(channel=UNATTRIBUTED)
            of = lines.filter(**{f"{name}__in": chosen})
            where = Q(listed__deal_id__in=of.values("deal_id"))
            if UNATTRIBUTED in chosen:
                where |= ~Q(listed__deal_id__in=lines.values("deal_id")) | Q(listed=None)
            rows = rows.filter(where)
    return rows


def retained_sql(slice_: Slice, model: str) -> str:
    """The SQL that gives the customers' parts; "" where no month is known."""
    try:
        return filled(*_paid(whole(slice_), model))
    except EmptyResultSet:
        return ""


@shared
def _sourced(slice_: Slice) -> pd.DataFrame:
    key = f"sourced:{slice_.cache_key}:{workspace().generation}"
    return remembered(key, lambda: _read_sourced(slice_))


def _read_sourced(slice_: Slice) -> pd.DataFrame:
    kept = cut(DealBrief.objects.order_by(), slice_, when="created_at", dimensions=deals.CLOSED)
    try:
        if credits_behind():
            rows = deals.created_among(slice_).order_by().values(*OF_CREATED)
            text = BEHIND.format(rows=written(rows))
        else:
            text = written(kept.values(*OF_BRIEF))
    except EmptyResultSet:
        return to_frame((), CREATED)
    return to_frame(_rows(SOURCED.format(rows=text), None), CREATED)


@shared
def _retained(slice_: Slice, model: str) -> pd.DataFrame:
    key = f"retained:{model}:{slice_.cache_key}:{workspace().generation}"
    return remembered(key, lambda: _read_retained(slice_, model))


def _read_retained(slice_: Slice, model: str) -> pd.DataFrame:
    try:
        return to_frame(_rows(*_paid(slice_, model)), PAID)
    except EmptyResultSet:
        return to_frame((), PAID)


def _paid(slice_: Slice, model: str) -> tuple[str, list[Any]]:
    rows = revenue.customers.moved(slice_, "new").order_by()
    columns = ("customer_id", "month", "currency", "mrr")
    sql, params = rows.values(*columns).query.sql_with_params()
    revised = revised_sql(slice_.as_of)
    lines = LINES_THEN.format(revised=revised) if revised else LINES
    parts = {"came": sql, "nobody": UNATTRIBUTED, "model": model, "lines": lines}
    text = RETAINED.format(**parts)
    known_to = revenue.complete(replace(slice_, period=None))
    return text, [*params, slice_.currency, slice_.as_of, known_to]


def _rows(text: str, params: list[Any] | None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _chosen(found: pd.DataFrame, slice_: Slice) -> pd.DataFrame:
    for name in KEYS:
        if chosen := getattr(slice_, name):
            found = found[found[name].isin(chosen)]
    return found
