"""The journeys of a slice by the way they took, whether they ended in a win or not."""

from __future__ import annotations

from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connection
from psycopg.sql import SQL

from insights.queries.attribution.credit import terms, whole, worth_sql
from marketing.analytics.markov import merged
from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.queries import shared, to_frame, workspace

COLUMNS = {
    "path": "object",
    "journeys": "int64",
    "won": "int64",
    "lost": "int64",
    "leads": "int64",
    "value": "float64",
}
PATHS = """
    WITH {worth}, ended (deal_id, ended_on) AS MATERIALIZED ({lost})
    SELECT path, sum(won + lost + leads), sum(won), sum(lost), sum(leads), sum(value)
    FROM (
        SELECT {path} AS path, count(*) AS won, 0 AS lost, 0 AS leads, sum(value) AS value
        FROM (SELECT deal_id, closed_at AS ended_on, value FROM worth) AS one
        JOIN insights_dealjourney AS journey USING (deal_id) GROUP BY 1
        UNION ALL
        SELECT {path}, 0, count(*), 0, 0
        FROM ended AS one JOIN insights_dealjourney AS journey USING (deal_id) GROUP BY 1
        {leads}
    ) AS journey GROUP BY path
"""
LEADS = """
    UNION ALL
    SELECT {path}, 0, 0, count(*), 0
    FROM insights_leadjourney AS journey
    WHERE ended_on <= %s AND (%s::date IS NULL OR ended_on >= %s) AND (%s::date IS NULL
        OR ended_on < %s) AND (%s::text[] IS NULL OR segment = ANY(%s))
        AND (%s::text[] IS NULL OR region = ANY(%s))
    GROUP BY 1
"""
# By another lookback than the workspace's the touches that count are told anew.
ANEW = (
    "channels[(SELECT count(*)::int + 1 FROM unnest(days) AS day "
    "WHERE day < ended_on - {lookback}):]"
)
FARTHEST = 100_000  # days: nothing lies further back


def paths(slice_: Slice) -> pd.DataFrame:
    """One row per way that journeys took which ended in the period, the most won first.

    Columns path (a tuple of channels, one that follows itself once; empty where nothing counted),
    journeys, of them won and lost deals and leads that came to no deal; value of what was won.
    Leads belong to nobody: a slice of some reps' deals, or of a pipeline's, has none.
    """
    return _paths(whole(slice_))


@shared
def _paths(slice_: Slice) -> pd.DataFrame:
    key = f"paths:{slice_.cache_key}:{workspace().generation}"
    return remembered(key, lambda: _read(slice_))


def _read(slice_: Slice) -> pd.DataFrame:
    try:
        text, params = _query(slice_)
    except EmptyResultSet:
        return to_frame((), COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        rows = cursor.fetchall()
    found = to_frame(((merged(path), *counts) for path, *counts in rows), COLUMNS)
    together = found.groupby("path", as_index=False, sort=True).sum()
    return together.sort_values(["won", "journeys"], ascending=False, kind="stable").reset_index(
        drop=True
    )[list(COLUMNS)]


def _query(slice_: Slice) -> tuple[str, list[Any]]:
    worth, params = worth_sql(slice_)
    rows = deals.closed(slice_).filter(status="lost").order_by()
    lost, more = rows.values("deal_id", "closed_at").query.sql_with_params()
    lookback = min(terms(slice_).lookback_days, FARTHEST)
    as_kept = lookback == workspace().lookback_days
    path = "path" if as_kept else ANEW.format(lookback=lookback)
    own = slice_.is_scoped or bool(slice_.pipeline)
    text = SQL(PATHS).format(
        worth=SQL(worth),
        lost=SQL(lost),
        path=SQL(path),
        leads=SQL("" if own else LEADS.format(path=path)),
    )
    return text.as_string(), [*params, *more, *([] if own else _of_leads(slice_))]


def _of_leads(slice_: Slice) -> list[Any]:
    start = slice_.period.start if slice_.period else None
    end = slice_.period.end if slice_.period else None
    segments, regions = (list(one) or None for one in (slice_.segment, slice_.region))
    return [slice_.as_of, start, start, end, end, segments, segments, regions, regions]
