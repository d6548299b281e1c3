"""How long deals that entered a stage have been there so far, and whether they moved on."""

from __future__ import annotations

from typing import Any

import pandas as pd
from psycopg.sql import SQL, Literal

from pipeline.queries import stays
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import filled, shared, to_frame
from revops_site.kernel.replica import connection

COLUMNS = {
    "stage_name": "str",
    "days": "int64",
    **dict.fromkeys(("left", "inside", "moved_on", "dropped"), "int64"),
}
# A stay is all visits of a deal to a stage; one that is not over is as long as it has been so far.
# Few stays have several visits: only those are put together.
COHORTS = """
    WITH asked AS MATERIALIZED (SELECT %s::date AS first, %s::date AS day),
    begun AS NOT MATERIALIZED (
        SELECT passed.*, day FROM ({passed}) AS passed CROSS JOIN asked
        WHERE is_first AND entered_on >= first AND entered_on <= day
    ), several AS (
        SELECT deal_id, stage_pipeline, stage_name,
            sum(CASE WHEN left_on <= day THEN left_on ELSE day END - entered_on) AS days,
            bool_or(COALESCE(left_on > day, true)) AS is_inside
        FROM pipeline_stagestay CROSS JOIN asked
        WHERE NOT is_only AND entered_on >= first AND entered_on <= day
        GROUP BY deal_id, stage_pipeline, stage_name
    ), stay AS (
        SELECT stage_name, passed_on, status, closed_at, day,
            CASE WHEN left_on <= day THEN left_on ELSE day END - entered_on AS days,
            COALESCE(left_on > day, true) AS is_inside
        FROM begun
        WHERE is_only
        UNION ALL
        SELECT stage_name, passed_on, status, closed_at, day, several.days, several.is_inside
        FROM begun JOIN several USING (deal_id, stage_pipeline, stage_name)
        WHERE NOT is_only
    ), told AS (
        SELECT stage_name, days, is_inside,
            COALESCE(passed_on <= day, false)
                OR COALESCE(status = 'won' AND closed_at <= day, false) AS has_moved_on,
            COALESCE(status = 'lost' AND closed_at <= day, false) AS is_lost
        FROM stay
    )
"""
BY_DAYS = """
    SELECT stage_name, days,
        count(*) FILTER (WHERE NOT is_inside),
        count(*) FILTER (WHERE is_inside),
        count(*) FILTER (WHERE has_moved_on),
        count(*) FILTER (WHERE is_lost AND NOT has_moved_on)
    FROM told
    GROUP BY stage_name, days
    ORDER BY stage_name, days
"""
# Half have left on the first day by which the product of those who stayed is a half at most.
OPERANDS = """
    , counted AS (
        SELECT days, count(*) FILTER (WHERE NOT is_inside) AS gone, count(*) AS n
        FROM told WHERE {stages} GROUP BY days
    ), risk AS (
        SELECT days, gone, sum(n) OVER (ORDER BY days DESC) AS at_risk FROM counted
    ), staying AS (
        SELECT days, CASE WHEN bool_or(gone = at_risk) OVER before THEN 0
            ELSE exp(sum(ln(1 - gone / NULLIF(at_risk, gone))) OVER before) END AS share
        FROM risk
        WINDOW before AS (ORDER BY days)
    )
    SELECT
        (SELECT min(days) FROM staying WHERE round(share, 9) <= 0.5) AS median_days,
        count(*) FILTER (WHERE has_moved_on) AS moved_on,
        count(*) FILTER (WHERE is_lost AND NOT has_moved_on) AS dropped
    FROM told WHERE {stages}
"""


@shared
def cohorts(slice_: Slice, entered: Period) -> pd.DataFrame:
    """How long the deals that first entered a stage within some days have been there.

    One row for each stage and number of days. Columns ``COLUMNS``: of the deals that have been
    there for so many ``days`` those that have ``left`` and those still ``inside`` on the last of
    the days; and of the same deals those that ``moved_on`` to a later stage or were won, and those
    that ``dropped``: were lost without that.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_composed(slice_, entered, BY_DAYS))
        found = to_frame(cursor.fetchall(), COLUMNS)
    return found[found["stage_name"].isin(slice_.stage)] if slice_.stage else found


def operands_sql(slice_: Slice, entered: Period) -> str:
    """The SQL that gives the median stay and what moved on or dropped out, in one row."""
    chosen = [Literal(name) for name in slice_.stage]
    among = SQL("stage_name IN ({})").format(SQL(", ").join(chosen)) if chosen else SQL("true")
    sql, params = _composed(slice_, entered, OPERANDS)
    text = filled(sql, params)
    return text.replace("{stages}", among.as_string())


def _composed(slice_: Slice, entered: Period, last: str) -> tuple[str, list[Any]]:
    sql, params = stays.passed(slice_).query.sql_with_params()
    given = [entered.start, entered.last_day, *params]
    return COHORTS.replace("{passed}", sql) + last, given
