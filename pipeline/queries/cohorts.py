"""How long deals that entered a stage have been there so far, and whether they moved on."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pandas as pd
from django.db import connection
from psycopg.sql import SQL, Literal

from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period, plus
from revops_site.kernel.queries import cut, shared, to_frame

COLUMNS = {
    "stage_name": "str",
    "days": "int64",
    **dict.fromkeys(("left", "inside", "moved_on", "dropped"), "int64"),
}
# A stay is all visits of a deal to a stage; one that is not over is as long as it has been so far.
# A stage's place is that of the deal's own pipeline, else of any that has a stage of that name.
COHORTS = """
    WITH asked AS (SELECT time_zone, %s::date AS day FROM kernel_workspace),
    wanted AS MATERIALIZED ({wanted}),
    recent AS MATERIALIZED (
        SELECT DISTINCT deal_id FROM pipeline_stagevisit WHERE entered_at >= %s
    ), own AS (
        SELECT COALESCE(pipeline_id, '') AS pipeline_id, stage_name, min(stage_order) AS place
        FROM pipeline_stage WHERE NOT is_closed GROUP BY 1, 2
    ), named AS (
        SELECT stage_name, min(place) AS place FROM own GROUP BY stage_name
    ), visit AS (
        SELECT deal_id, stage_name, status, closed_at,
            COALESCE(NULLIF(visit.pipeline_id, ''), wanted.pipeline_id, '') AS pipeline_id,
            (entered_at AT TIME ZONE time_zone)::date AS entered,
            CASE WHEN (exited_at AT TIME ZONE time_zone)::date <= day
                THEN (exited_at AT TIME ZONE time_zone)::date END AS left_on,
            day
        FROM pipeline_stagevisit AS visit
        JOIN recent USING (deal_id) JOIN wanted USING (deal_id) CROSS JOIN asked
        WHERE (entered_at AT TIME ZONE time_zone)::date <= day
    ), stay AS (
        SELECT deal_id, pipeline_id, stage_name, status, closed_at, day,
            min(entered) AS first_entered,
            sum(COALESCE(left_on, day) - entered) AS days,
            bool_or(left_on IS NULL) AS is_inside
        FROM visit
        GROUP BY deal_id, pipeline_id, stage_name, status, closed_at, day
    ), placed AS (
        SELECT stay.*, COALESCE(own.place, named.place) AS place,
            max(COALESCE(own.place, named.place)) OVER (PARTITION BY deal_id) AS furthest
        FROM stay
        LEFT JOIN own USING (pipeline_id, stage_name)
        LEFT JOIN named USING (stage_name)
    ), told AS (
        SELECT stage_name, days, is_inside,
            COALESCE(furthest > place, false)
                OR COALESCE(status = 'won' AND closed_at <= day, false) AS has_moved_on,
            COALESCE(status = 'lost' AND closed_at <= day, false) AS is_lost
        FROM placed
        WHERE first_entered >= %s
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
    text = str(connection.ops.compose_sql(sql, params))  # type: ignore[attr-defined]
    return text.replace("{stages}", among.as_string())


def _composed(slice_: Slice, entered: Period, last: str) -> tuple[str, list[Any]]:
    wanted = cut(deals.real(), slice_, when=None, dimensions=deals.CLOSED)
    rows = wanted.values("deal_id", "pipeline_id", "status", "closed_at")
    sql, params = rows.query.sql_with_params()
    # In whichever time zone.
    since = datetime.combine(plus(entered.start, -1), time(), UTC)
    given = [entered.last_day, *params, since, entered.start]
    return COHORTS.replace("{wanted}", sql) + last, given
