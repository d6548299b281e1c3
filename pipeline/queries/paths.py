"""From which stage deals went to which, and how long they had been there."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pandas as pd
from django.db import connection
from psycopg.sql import SQL

from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period, plus
from revops_site.kernel.queries import cut, shared, to_frame

COLUMNS = {
    **dict.fromkeys(("from_stage", "to_stage", "kind"), "str"),
    "moves": "int64",
    "days": "int64",
    "median_days": "float64",
}
# Deals that left no stage in these days are put aside first, by the moment alone.
PATHS = """
    WITH asked AS (
        SELECT time_zone, %s::date AS first, %s::date AS ends FROM kernel_workspace
    ), wanted AS MATERIALIZED ({wanted}),
    leaving AS MATERIALIZED (
        SELECT DISTINCT deal_id FROM pipeline_stagevisit WHERE exited_at >= %s AND exited_at < %s
    ), visit AS (
        SELECT deal_id, stage_name, status, closed_at, first, ends,
            COALESCE(NULLIF(visit.pipeline_id, ''), wanted.pipeline_id, '') AS pipeline_id,
            (entered_at AT TIME ZONE time_zone)::date AS entered,
            (exited_at AT TIME ZONE time_zone)::date AS left_on,
            lead(stage_name) OVER (PARTITION BY deal_id ORDER BY entered_at, key) AS to_stage
        FROM pipeline_stagevisit AS visit
        JOIN leaving USING (deal_id) JOIN wanted USING (deal_id) CROSS JOIN asked
    ), move AS (
        SELECT pipeline_id, stage_name AS from_stage, COALESCE(to_stage, '') AS to_stage,
            CASE WHEN to_stage IS NULL AND closed_at < ends THEN status END AS outcome,
            left_on - entered AS days
        FROM visit
        WHERE left_on >= first AND left_on < ends
    ), place AS MATERIALIZED (
        SELECT named.pipeline_id, named.stage_name, found.stage_order
        FROM (
            SELECT pipeline_id, from_stage AS stage_name FROM move
            UNION SELECT pipeline_id, to_stage FROM move
        ) AS named
        LEFT JOIN LATERAL (
            SELECT stage_order FROM pipeline_stage AS stage
            WHERE stage.stage_name = named.stage_name
            ORDER BY COALESCE(stage.pipeline_id, '') = named.pipeline_id DESC, stage_order
            LIMIT 1
        ) AS found ON true
    ), told AS (
        SELECT from_stage, to_stage, days, origin.stage_order AS place,
            CASE WHEN outcome IS NOT NULL THEN outcome
                WHEN to_stage = '' THEN 'unknown'
                WHEN target.stage_order <= origin.stage_order THEN 'back'
                ELSE 'on' END AS kind
        FROM move
        JOIN place AS origin
            ON origin.pipeline_id = move.pipeline_id AND origin.stage_name = move.from_stage
        JOIN place AS target
            ON target.pipeline_id = move.pipeline_id AND target.stage_name = move.to_stage
    )
    SELECT from_stage, to_stage, kind, count(*), sum(days),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY days)
    FROM told
    GROUP BY from_stage, to_stage, kind
    ORDER BY min(place) NULLS LAST, from_stage, count(*) DESC, to_stage, kind
"""


@shared
def paths(slice_: Slice, window: Period) -> pd.DataFrame:
    """The moves between stages in some days: from where to where, how often, after how long.

    Columns ``COLUMNS``: ``kind`` is ``won`` or ``lost`` where the deal was closed from there,
    ``back`` where it went to a stage that is not later, else ``on``; ``unknown`` where nobody knows
    what came next. ``to_stage`` is empty but of ``on`` and ``back``; ``days`` is the sum of the
    visits' days.
    """
    wanted = cut(deals.real(), slice_, when=None, dimensions=deals.CLOSED)
    sql, params = wanted.values(
        "deal_id", "pipeline_id", "status", "closed_at"
    ).query.sql_with_params()
    # In whichever time zone.
    around = [
        datetime.combine(plus(day, by), time(), UTC)
        for day, by in ((window.start, -1), (window.end, 1))
    ]
    with connection.cursor() as cursor:
        given = [window.start, window.end, *params, *around]
        cursor.execute(SQL(PATHS).format(wanted=SQL(sql)), given)
        found = to_frame(cursor.fetchall(), COLUMNS)
    return found[found["from_stage"].isin(slice_.stage)] if slice_.stage else found
