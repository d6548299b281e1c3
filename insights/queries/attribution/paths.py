"""The journeys of a slice by the way they took, whether they ended in a win or not."""

from __future__ import annotations

from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet

from insights.queries.attribution import daily
from insights.queries.attribution.credit import terms, whole
from insights.queries.attribution.ended import ended_sql, is_whole
from insights.rollups import MOVES, PART
from marketing.analytics.markov import merged
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.queries import shared, to_frame, workspace
from revops_site.kernel.replica import connection

COLUMNS = {
    "path": "object",
    "journeys": "int64",
    "won": "int64",
    "lost": "int64",
    "leads": "int64",
    "value": "float64",
}
PATHS = """
    WITH {ended}
    SELECT way, sum(won + lost + leads), sum(won), sum(lost), sum(leads), sum(value)
    FROM (
        SELECT {way} AS way, count(*) FILTER (WHERE is_won) AS won,
            count(*) FILTER (WHERE NOT is_won) AS lost, 0 AS leads,
            sum(value) AS value
        FROM ended AS journey GROUP BY 1
        {leads}
    ) AS told GROUP BY way
"""
ENDS = """
    SELECT {way} AS way, count(*) FILTER (WHERE is_won) AS won,
        count(*) FILTER (WHERE NOT is_won) AS lost, 0 AS leads, 0::float8 AS value
    FROM ended AS journey GROUP BY 1
    {leads}
"""
MOVED_ON = """
    WITH {ended}
    SELECT before, after, sum(journeys)::bigint, sum(won)::bigint
    FROM ({moves}) AS move GROUP BY 1, 2 ORDER BY 1, 2
"""
# Ways of all days together; OFFSET has them counted first, and only then taken to pieces.
UNDATED = f"""
    SELECT NULL::date AS ended_on, string_to_array(way, {PART})::varchar[] AS path,
        won + lost + leads AS journeys, won FROM ({{ends}} OFFSET 0) AS told
"""  # noqa: S608
LEADS = """
    UNION ALL
    SELECT {way}, 0, 0, count(*), 0::float8
    FROM insights_leadjourney AS journey
    WHERE ended_on <= %s AND (%s::date IS NULL OR ended_on >= %s) AND (%s::date IS NULL
        OR ended_on < %s) AND (%s::text[] IS NULL OR segment = ANY(%s))
        AND (%s::text[] IS NULL OR region = ANY(%s))
    GROUP BY 1
"""
# Of leads as of deals: their channels behind one another. By another lookback than the workspace's
# the touches that count are told anew; days are in their order, so that the place is soon found.
OF_LEAD = f"array_to_string(journey.path, {PART})"
ANEW = (
    "array_to_string(journey.channels[width_bucket(journey.ended_on - {lookback} - 1, "
    f"journey.days) + 1:], {PART})"
)
SIGN = "\x1f"
MOVED = {"before": "str", "after": "str", "journeys": "int64", "won": "int64"}
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
    ways = ((_steps(way), *counts) for way, *counts in rows)
    if _is_as_kept(slice_):
        found = to_frame(ways, COLUMNS)
        return _most_won_first(found.sort_values("path", kind="stable"))
    found = to_frame(((merged(path), *counts) for path, *counts in ways), COLUMNS)
    together = found.groupby("path", as_index=False, sort=True).sum()
    return _most_won_first(together)


def _steps(way: str) -> tuple[str, ...]:
    return tuple(way.split(SIGN)) if way else ()


def _most_won_first(found: pd.DataFrame) -> pd.DataFrame:
    ordered = found.sort_values(["won", "journeys"], ascending=False, kind="stable")
    return ordered.reset_index(drop=True)[list(COLUMNS)]


@shared
def moves(slice_: Slice) -> pd.DataFrame:
    """How often journeys that ended in the period went from a channel to which: ``MOVED``.

    ``before`` is "" at the start, ``after`` at the end, where ``won`` are those that were won; the
    same journeys as ``paths`` tells.
    """
    asked = whole(slice_)
    key = f"moves:{asked.cache_key}:{workspace().generation}"
    return remembered(key, lambda: _read_moves(asked))


def _read_moves(slice_: Slice) -> pd.DataFrame:
    if _is_as_kept(slice_) and is_whole(slice_):
        return daily.moves(slice_, MOVED)
    return counted(slice_)


def counted(slice_: Slice) -> pd.DataFrame:
    """The moves of a slice journey by journey."""
    try:
        ended, params = ended_sql(slice_, _needed(slice_))
    except EmptyResultSet:
        return to_frame((), MOVED)
    told = MOVES.format(ends=UNDATED.format(ends=_ends(slice_)))
    text = MOVED_ON.format(ended=ended, moves=told)
    with connection.cursor() as cursor:
        cursor.execute(text, [*params, *_of_leads(slice_)])
        return to_frame(cursor.fetchall(), MOVED)


def _query(slice_: Slice) -> tuple[str, list[Any]]:
    ended, params = ended_sql(slice_, ("value", *_needed(slice_)))
    text = PATHS.format(ended=ended, way=_way(slice_), leads=_leads(slice_))
    return text, [*params, *_of_leads(slice_)]


def _needed(slice_: Slice) -> tuple[str, ...]:
    """What a way is read from."""
    return ("is_won", "way") if _is_as_kept(slice_) else ("is_won", "channels", "days", "ended_on")


def _is_as_kept(slice_: Slice) -> bool:
    return terms(slice_).lookback_days == workspace().lookback_days


def _ends(slice_: Slice) -> str:
    return ENDS.format(way=_way(slice_), leads=_leads(slice_))


def _way(slice_: Slice) -> str:
    return "way" if _is_as_kept(slice_) else _anew(slice_)


def _leads(slice_: Slice) -> str:
    way = OF_LEAD if _is_as_kept(slice_) else _anew(slice_)
    return LEADS.format(way=way) if _knows_leads(slice_) else ""


def _anew(slice_: Slice) -> str:
    return ANEW.format(lookback=min(terms(slice_).lookback_days, FARTHEST))


def _knows_leads(slice_: Slice) -> bool:
    return not (slice_.is_scoped or slice_.pipeline)


def _of_leads(slice_: Slice) -> list[Any]:
    if not _knows_leads(slice_):
        return []
    start = slice_.period.start if slice_.period else None
    end = slice_.period.end if slice_.period else None
    segments, regions = (list(one) or None for one in (slice_.segment, slice_.region))
    return [slice_.as_of, start, start, end, end, segments, segments, regions, regions]
