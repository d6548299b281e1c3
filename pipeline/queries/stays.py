"""How long deals stayed in their stages, of those that have left them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pandas as pd
from django.db import connection
from django.db.models import Min
from psycopg.sql import SQL

from pipeline.models import Pipeline, Stage, StageVisit
from pipeline.queries import deals
from revops_site.kernel import counts
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period, plus
from revops_site.kernel.queries import cut, shared, to_frame

MOST_AT_ONCE = 100_000  # visits that somebody waits for: a quarter of a second
COLUMNS = {
    **dict.fromkeys(("pipeline_id", "stage_name"), "str"),
    "exits": "int64",
    "days": "float64",
    "exits_before": "int64",
    "days_before": "float64",
}
# One stay a deal and stage, its visits together: a deal that is in the stage again has not left.
# What was left long ago is put aside first, by the moment alone: to the day it costs much more.
STAYS = """
    WITH zone AS (SELECT time_zone FROM kernel_workspace),
    ended AS MATERIALIZED (
        SELECT DISTINCT deal_id, stage_name FROM pipeline_stagevisit WHERE exited_at >= %s
    ), wanted AS MATERIALIZED ({wanted}),
    visit AS (
        SELECT deal_id, stage_name,
            COALESCE(NULLIF(visit.pipeline_id, ''), wanted.pipeline_id, '') AS pipeline_id,
            (entered_at AT TIME ZONE zone.time_zone)::date AS entered,
            CASE WHEN (exited_at AT TIME ZONE zone.time_zone)::date < %s
                THEN (exited_at AT TIME ZONE zone.time_zone)::date END AS left_on
        FROM pipeline_stagevisit AS visit
        JOIN ended USING (deal_id, stage_name) JOIN wanted USING (deal_id) CROSS JOIN zone
    ), stay AS (
        SELECT pipeline_id, stage_name, max(left_on) AS left_on, sum(left_on - entered) AS days
        FROM visit
        WHERE entered < %s
        GROUP BY deal_id, pipeline_id, stage_name
        HAVING bool_and(left_on IS NOT NULL) AND max(left_on) >= %s
    )
    SELECT pipeline_id, stage_name,
        count(*) FILTER (WHERE left_on >= %s),
        COALESCE(sum(days) FILTER (WHERE left_on >= %s), 0),
        count(*) FILTER (WHERE left_on < %s),
        COALESCE(sum(days) FILTER (WHERE left_on < %s), 0)
    FROM stay
    GROUP BY pipeline_id, stage_name
    ORDER BY pipeline_id, stage_name
"""


@shared
def stays(slice_: Slice, window: Period) -> pd.DataFrame:
    """How many deals left each stage in a window and in the one before it, after how many days.

    Columns ``pipeline_id``, ``stage_name`` (text), ``exits``, ``days`` (sums over those that left
    in the window), ``exits_before``, ``days_before``. Days are whole calendar days.
    """
    wanted = cut(deals.real(), slice_, when=None, dimensions=deals.CLOSED)
    sql, params = wanted.values("deal_id", "pipeline_id").query.sql_with_params()
    earlier, start, end = window.shifted(-window.days).start, window.start, window.end
    since = datetime.combine(plus(earlier, -1), time(), UTC)  # in whichever time zone
    given = [since, *params, end, end, earlier, *[start] * 4]
    with connection.cursor() as cursor:
        cursor.execute(SQL(STAYS).format(wanted=SQL(sql)), given)
        found = to_frame(cursor.fetchall(), COLUMNS)
    return found[found["stage_name"].isin(slice_.stage)] if slice_.stage else found


@shared
def stage_plans() -> pd.DataFrame:
    """The stages that deals go through, with how long they should stay.

    Columns ``pipeline_id``, ``pipeline_name``, ``stage_name`` (text, empty where not given),
    ``expected_days`` (float, NaN where not given).
    """
    names = dict(Pipeline.objects.values_list("pipeline_id", "pipeline_name"))
    rows = Stage.objects.filter(is_closed=False).order_by("pipeline_id", "stage_order", "stage_id")
    return to_frame(
        [
            (pipeline or "", names.get(pipeline, pipeline or ""), stage, days)
            for pipeline, stage, days in rows.values_list(
                "pipeline_id", "stage_name", "expected_days"
            )
        ],
        {
            **dict.fromkeys(("pipeline_id", "pipeline_name", "stage_name"), "str"),
            "expected_days": "float64",
        },
    )


@shared
def first_visit() -> date | None:
    """The day on which the first deal that is known entered a stage; None where none did."""
    first = StageVisit.objects.aggregate(first=Min("entered_at"))["first"]
    return None if first is None else first.date()


def takes_long(slice_: Slice) -> bool:
    """Whether there are so many visits that nobody should wait for them."""
    return not slice_.is_scoped and counts.about(StageVisit) > MOST_AT_ONCE
