"""From which stage deals went to which, and how long they had been there."""

from __future__ import annotations

import pandas as pd

from pipeline.queries import stays
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import shared, to_frame
from revops_site.kernel.replica import connection

COLUMNS = {
    **dict.fromkeys(("from_stage", "to_stage", "kind"), "str"),
    "moves": "int64",
    "days": "int64",
    "median_days": "float64",
}
# Moves are counted by their days before anything is looked up of their stages; the median is that
# of the counts: the middle one, or the mean of the two in the middle.
PATHS = """
    WITH move AS MATERIALIZED (
        SELECT stage_pipeline AS pipeline_id, stage_name AS from_stage, next_stage AS to_stage,
            CASE WHEN next_stage = '' AND closed_at < %s THEN status END AS outcome,
            left_on - entered_on AS days, count(*) AS n
        FROM ({passed}) AS passed
        WHERE left_on >= %s AND left_on < %s
        GROUP BY 1, 2, 3, 4, 5
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
        SELECT from_stage, to_stage, days, n, origin.stage_order AS place,
            CASE WHEN outcome IS NOT NULL THEN outcome
                WHEN to_stage = '' THEN 'unknown'
                WHEN target.stage_order <= origin.stage_order THEN 'back'
                ELSE 'on' END AS kind
        FROM move
        JOIN place AS origin
            ON origin.pipeline_id = move.pipeline_id AND origin.stage_name = move.from_stage
        JOIN place AS target
            ON target.pipeline_id = move.pipeline_id AND target.stage_name = move.to_stage
    ), ranked AS (
        SELECT told.*, sum(n) OVER one_way AS up_to, sum(n) OVER (
            PARTITION BY from_stage, to_stage, kind
        ) AS whole
        FROM told
        WINDOW one_way AS (
            PARTITION BY from_stage, to_stage, kind ORDER BY days ROWS UNBOUNDED PRECEDING
        )
    )
    SELECT from_stage, to_stage, kind, sum(n), sum(n * days),
        (min(days) FILTER (WHERE up_to * 2 >= whole)
            + min(days) FILTER (WHERE up_to * 2 > whole)) / 2.0
    FROM ranked
    GROUP BY from_stage, to_stage, kind
    ORDER BY min(place) NULLS LAST, from_stage, sum(n) DESC, to_stage, kind
"""


@shared
def paths(slice_: Slice, window: Period) -> pd.DataFrame:
    """The moves between stages in some days: from where to where, how often, after how long.

    Columns ``COLUMNS``: ``kind`` is ``won`` or ``lost`` where the deal was closed from there,
    ``back`` where it went to a stage that is not later, else ``on``; ``unknown`` where nobody knows
    what came next. ``to_stage`` is empty but of ``on`` and ``back``; ``days`` is the sum of the
    visits' days.
    """
    sql, params = stays.passed(slice_).query.sql_with_params()
    given = [window.end, *params, window.start, window.end]
    with connection.cursor() as cursor:
        cursor.execute(PATHS.replace("{passed}", sql), given)
        found = to_frame(cursor.fetchall(), COLUMNS)
    return found[found["from_stage"].isin(slice_.stage)] if slice_.stage else found
