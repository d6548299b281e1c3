"""How long deals stayed in their stages, of those that have left them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from django.db.models import Min, QuerySet, Value
from django.db.models.functions import Coalesce
from psycopg.sql import SQL, Literal

from pipeline.models import Pipeline, Stage, StageStay, StageVisit
from pipeline.queries import deals
from revops_site.kernel import counts
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import cut, filled, lasting, shared, to_frame
from revops_site.kernel.replica import connection

MOST_AT_ONCE = 100_000  # visits that somebody waits for: a quarter of a second
KEYS = ["pipeline_id", "stage_name"]
SUMS = {
    "exits": "int64",
    "days": "float64",
    "exits_before": "int64",
    "days_before": "float64",
}
PLACES = {
    **dict.fromkeys(KEYS, "str"),
    "expected_days": "float64",
    "stage_order": "int64",
}
PASSED = (
    *("deal_id", "stage_pipeline", "stage_name", "segment", "next_stage", "entered_on", "left_on"),
    *("is_first", "is_only", "stay_days", "returned_on", "passed_on", "status", "closed_at"),
)
COLUMNS = {**dict.fromkeys((*KEYS, "segment"), "str"), **SUMS}
# A stay counts by the day it was over, unless the deal had come back before the window's end.
STAYS = """
    WITH stay AS (
        SELECT stage_pipeline AS pipeline_id, stage_name, segment, left_on, stay_days AS days
        FROM ({passed}) AS passed
        WHERE left_on >= %s AND left_on < %s AND stay_days IS NOT NULL
            AND (returned_on IS NULL OR returned_on >= %s)
    )
"""
BY_STAGE = """
    SELECT pipeline_id, stage_name, segment,
        count(*) FILTER (WHERE left_on >= %s),
        COALESCE(sum(days) FILTER (WHERE left_on >= %s), 0),
        count(*) FILTER (WHERE left_on < %s),
        COALESCE(sum(days) FILTER (WHERE left_on < %s), 0)
    FROM stay
    GROUP BY pipeline_id, stage_name, segment
    ORDER BY pipeline_id, stage_name, segment
"""
OPERANDS = """
    SELECT count(*) AS exits, COALESCE(sum(days), 0) AS stay_days
    FROM stay WHERE left_on >= %s AND {stages}
"""


def stays(slice_: Slice, window: Period) -> pd.DataFrame:
    """How many deals left each stage in a window and in the one before it, after how many days.

    Columns ``pipeline_id``, ``stage_name`` (text), ``exits``, ``days`` (sums over those that left
    in the window), ``exits_before``, ``days_before``. Days are whole calendar days.
    """
    found = by_segment(slice_, window)
    return found.groupby(KEYS, as_index=False)[[*SUMS]].sum()


@shared
def by_segment(slice_: Slice, window: Period) -> pd.DataFrame:
    """The same for each segment alone: with the column ``segment``, empty where none is known."""
    with connection.cursor() as cursor:
        cursor.execute(*_composed(slice_, window, BY_STAGE))
        found = to_frame(cursor.fetchall(), COLUMNS)
    return found[found["stage_name"].isin(slice_.stage)] if slice_.stage else found


def operands_sql(slice_: Slice, window: Period) -> str:
    """The SQL that gives how many stays ended in the window, and their days, in one row."""
    chosen = [Literal(name) for name in slice_.stage]
    among = SQL("stage_name IN ({})").format(SQL(", ").join(chosen)) if chosen else SQL("true")
    sql, params = _composed(slice_, window, OPERANDS)
    text = filled(sql, params)
    return text.replace("{stages}", among.as_string())


def _composed(slice_: Slice, window: Period, last: str) -> tuple[str, list[Any]]:
    sql, params = passed(slice_).query.sql_with_params()
    start, end = window.start, window.end
    given = [*params, window.shifted(-window.days).start, end, end, *[start] * last.count("%s")]
    return STAYS.replace("{passed}", sql) + last, given


def passed(slice_: Slice) -> QuerySet[Any, Any]:
    """How the deals of the slice passed through their stages, visit by visit."""
    rows: QuerySet[Any, Any] = cut(
        StageStay.objects.all(), slice_, when=None, dimensions=deals.CLOSED
    )
    return rows.values(*PASSED)


def earlier(found: pd.DataFrame) -> pd.DataFrame:
    """Of a frame of stays those of the window before, in the columns of the window itself."""
    before = {"exits_before": "exits", "days_before": "days"}
    return found[[*KEYS, *before]].rename(columns=before)


@lasting
def stage_places() -> pd.DataFrame:
    """The stages that deals go through, with how long they should stay.

    Columns ``pipeline_id``, ``stage_name`` (text, empty where not given), ``expected_days``
    (float, NaN where not given), ``stage_order`` (int).
    """
    rows = Stage.objects.filter(is_closed=False).order_by("pipeline_id", "stage_order", "stage_id")
    found = rows.annotate(place=Coalesce("pipeline_id", Value("")))
    return to_frame(
        found.values_list("place", "stage_name", "expected_days", "stage_order"), PLACES
    )


@lasting
def stage_plans() -> pd.DataFrame:
    """The same, each with the ``pipeline_name``."""
    names = dict(Pipeline.objects.values_list("pipeline_id", "pipeline_name"))
    found = stage_places()
    called = [names.get(pipeline, pipeline) for pipeline in found["pipeline_id"]]
    return found.assign(pipeline_name=pd.Series(called, index=found.index, dtype="str"))


@lasting
def first_visit() -> date | None:
    """The day on which the first deal that is known entered a stage; None where none did."""
    first = StageVisit.objects.aggregate(first=Min("entered_at"))["first"]
    return None if first is None else first.date()


def takes_long(slice_: Slice) -> bool:
    """Whether there are so many visits that nobody should wait for them."""
    return not slice_.is_scoped and counts.about(StageVisit) > MOST_AT_ONCE
