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
from psycopg.sql import SQL, Composed, Literal

from insights.models import LeadAnswer, LeadPath
from insights.rollups import ANSWERS, STEPS, TAKEN, behind
from insights.rollups import PATHS as PATHS_DUE
from marketing.queries import leads
from pipeline.datasets import PIPELINE_DEALS
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, filled, shared, to_frame
from revops_site.kernel.summing import asked, over

STATES = ("lead", "mql", "sql", "open", "won", "lost")
REACHED = ("mqls", "sqls", "opportunities", "won", "lost", "paying", "kept", "left")
COUNTS = {"leads": "int64", **dict.fromkeys(REACHED, "int64")}
BY_WEEK = {"week": "datetime64[s]", **COUNTS}
BY_GROUP = {"channel": "str", "segment": "str", **COUNTS}
WAITS = {
    **dict.fromkeys(("channel", "segment", "step", "state"), "str"),
    "wait": "float64",
    "n": "int64",
}
KEPT = {name: name for name in ("segment", "channel", "region")}
LONGEST = 400  # days of waiting beyond these are one

# What was taken by the day, null where it was not; ``n`` leads have done the same.
PATHS = """
    WITH path AS (
        SELECT given.created_on, given.channel, given.segment, given.n,
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
            FROM ({rows}) AS step
        ) AS given
    )
"""
# The same of single leads, where the kept paths know too little.
SINGLE = f"SELECT *, 1 AS n FROM ({STEPS}) AS single"  # noqa: S608
SUMS = """
    COALESCE(sum(n), 0)::bigint AS leads,
    COALESCE(sum(n) FILTER (WHERE mql_on IS NOT NULL), 0)::bigint AS mqls,
    COALESCE(sum(n) FILTER (WHERE sql_on IS NOT NULL), 0)::bigint AS sqls,
    COALESCE(sum(n) FILTER (WHERE deal_on IS NOT NULL), 0)::bigint AS opportunities,
    COALESCE(sum(n) FILTER (WHERE won_on IS NOT NULL), 0)::bigint AS won,
    COALESCE(sum(n) FILTER (WHERE lost_on IS NOT NULL), 0)::bigint AS lost,
    COALESCE(sum(n) FILTER (WHERE paid_on IS NOT NULL), 0)::bigint AS paying,
    COALESCE(sum(n) FILTER (WHERE kept_on IS NOT NULL), 0)::bigint AS kept,
    COALESCE(sum(n) FILTER (WHERE left_on IS NOT NULL AND is_over), 0)::bigint AS left
"""
# A step, the day that one was there for it, of going on, and of being out.
BETWEEN = (
    ("mqls", "created_on", "mql_on", "NULL::date"),
    ("sqls", "mql_on", "sql_on", "NULL::date"),
    ("opportunities", "sql_on", "deal_on", "NULL::date"),
    ("won", "deal_on", "won_on", "lost_on"),
    ("paying", "won_on", "paid_on", "NULL::date"),
    ("kept", "paid_on", "kept_on", "left_on"),
)
SPLIT = ("sqls", "opportunities", "won")  # steps whose waits are told apart


def _waited(step: str, entered: str, moved: str, dropped: str) -> str:
    """How long leads stayed before a step. Who is out will not go on: they wait to this day."""
    whose = f"CASE WHEN {moved} IS NOT NULL THEN {{}} ELSE '' END" if step in SPLIT else "''"
    return f"""
    SELECT channel, segment, '{step}' AS step,
        CASE WHEN moved THEN 'moved' WHEN dropped THEN 'dropped' ELSE 'waiting' END AS state,
        wait::float8 AS wait, n
    FROM (
        SELECT {whose.format("channel")} AS channel, {whose.format("segment")} AS segment,
            {moved} IS NOT NULL AS moved,
            {moved} IS NULL AND {dropped} IS NOT NULL AS dropped,
            COALESCE({moved} - {entered}, LEAST({{day}} - {entered}, {LONGEST})) AS wait,
            sum(n)::bigint AS n
        FROM path WHERE {entered} IS NOT NULL GROUP BY 1, 2, 3, 4, 5
    ) AS waited
    """  # noqa: S608


WEEKS = f"""{PATHS}
    SELECT date_trunc('week', created_on::timestamp)::date AS week, {SUMS}
    FROM path GROUP BY 1 ORDER BY 1
"""  # noqa: S608
GROUPS = f"{PATHS} SELECT channel, segment, {SUMS} FROM path GROUP BY 1, 2 ORDER BY 1, 2"  # noqa: S608
TOTALS = f"{PATHS} SELECT {SUMS} FROM path"  # noqa: S608
WRITTEN = f"""{PATHS.replace("{rows}", "{path}")}
    SELECT {SUMS},
        (SELECT count(*) FROM ({{rows}}) AS lead
            WHERE created_at + floor(response_hours / 24)::int <= {{day}}) AS answered
    FROM path
"""  # noqa: S608
WAITED = f"""{PATHS} {" UNION ALL ".join(_waited(*step) for step in BETWEEN)}
    ORDER BY 1, 2, 3, 4, 5
"""
# An answer has come by the day if so many hours after the lead's own day it was there.
ANSWERED = """
    SELECT channel, segment, 'answered' AS step, 'moved' AS state, hours, sum(n)::bigint AS n
    FROM ({rows}) AS answer WHERE answered_on <= {day} GROUP BY 1, 2, 5 ORDER BY 1, 2, 5
"""
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
    """Per channel and segment: how many leads there are, answered, and how many reached a step."""
    found = to_frame(_asked(GROUPS, slice_), BY_GROUP)
    told = waits(slice_)
    answered = told[(told["step"] == "answered") & (told["state"] == "moved")]
    keys = ["channel", "segment"]
    sums = answered.groupby(keys)["n"].sum().rename("answered").reset_index()
    return found.merge(sums, on=keys, how="left").fillna({"answered": 0})


@shared
def waits(slice_: Slice) -> pd.DataFrame:
    """How long leads stayed before each step: channel, segment, step, state, wait, n.

    ``state`` is ``moved``, ``dropped`` or ``waiting``; ``wait`` is in days, before an answer in
    hours, to two figures, of those that got one. Of those that did not go on it is how long they
    could have. Channel and segment are told of those that went on at an answer or a ``SPLIT`` step.
    """
    return to_frame([*_asked(WAITED, slice_), *_answers(slice_)], WAITS)


def totals(slice_: Slice) -> dict[str, float]:
    """How many leads there are, and how many reached each step, by name."""
    found = _asked(TOTALS, slice_)
    sums = dict(zip(COUNTS, map(float, found[0] if found else [0] * len(COUNTS)), strict=True))
    return {**sums, "answered": float(by_group(slice_)["answered"].sum())}


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives these counts, in one row."""
    return filled(*over(WRITTEN.replace("{path}", SINGLE), _narrow(slice_), day=_day(slice_)))


def rows(slice_: Slice) -> QuerySet[Any]:
    """The leads; ``state`` says where each is: lead, mql, sql, open, won or lost."""
    sql = NOW.replace("{deals}", PIPELINE_DEALS.table._meta.db_table)
    state = RawSQL(sql, [slice_.as_of] * 5, output_field=CharField())  # noqa: S611
    return leads.rows(slice_).annotate(state=state, owner_name=F("owner__name"))


def _asked(sql: str, slice_: Slice) -> list[tuple[Any, ...]]:
    text, source = _over(sql, slice_)
    return asked(text, source, day=_day(slice_))


def _over(sql: str, slice_: Slice) -> tuple[str, QuerySet[Any, Any]]:
    """The SQL with the rows that it sums: kept paths, or leads where the paths know too little."""
    if _are_kept(slice_):
        return sql, _paths(slice_)
    return sql.replace("{rows}", SINGLE), _narrow(slice_)


def _answers(slice_: Slice) -> list[tuple[Any, ...]]:
    if not _are_kept(slice_):
        rows = _narrow(slice_).filter(response_hours__isnull=False)
        return asked(ANSWERED.replace("{rows}", ANSWERS), rows, day=_day(slice_))
    kept = cut(LeadAnswer.objects.order_by(), slice_, when="created_on", dimensions=KEPT)
    return asked(
        ANSWERED,
        kept.values("channel", "segment", "answered_on", "hours", n=F("leads")),
        day=_day(slice_),
    )


@shared
def _are_behind() -> bool:
    return behind((PATHS_DUE,))


def _are_kept(slice_: Slice) -> bool:
    """Whether the kept paths know all that the slice asks for, and are as the leads are."""
    asks = slice_.campaign or slice_.team or slice_.owner or slice_.reps is not None
    return not asks and not _are_behind()


def _paths(slice_: Slice) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = cut(
        LeadPath.objects.order_by(), slice_, when="created_on", dimensions=KEPT
    )
    return found.values("created_on", "channel", "segment", *TAKEN.split(", "), n=F("leads"))


def _day(slice_: Slice) -> Composed:
    return SQL("{}::date").format(Literal(slice_.as_of))


def _narrow(slice_: Slice) -> QuerySet[Any, Any]:
    """What the sums need of each lead."""
    columns = ("created_at", "channel", "segment", "region", "response_hours", "mql_at")
    found: QuerySet[Any, Any] = leads.rows(slice_).order_by()
    return found.values(*columns, "sql_at", "converted_at", "deal_id")
