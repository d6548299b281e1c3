"""The journeys of a slice by the way they took, whether they ended in a win or not."""

from __future__ import annotations

from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connection

from insights.queries.attribution import daily
from insights.queries.attribution.credit import WORTH, terms, whole
from insights.queries.attribution.ended import OF_DEAL, ended_sql, is_whole
from insights.rollups import MOVES
from marketing.analytics.markov import merged
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
ENDS = """
    SELECT {path} AS path, count(*) FILTER (WHERE is_won) AS won,
        count(*) FILTER (WHERE NOT is_won) AS lost, 0 AS leads, 0::float8 AS value
    FROM ended AS journey GROUP BY 1
    {leads}
"""
PATHS = """
    WITH {worth}
    SELECT path, sum(won + lost + leads), sum(won), sum(lost), sum(leads), sum(value)
    FROM (
        {ends}
        UNION ALL
        SELECT {path}, 0, 0, 0, sum(value) FROM worth AS journey GROUP BY 1
    ) AS journey GROUP BY path
"""
MOVED_ON = """
    WITH {ended}
    SELECT before, after, sum(journeys)::bigint, sum(won)::bigint
    FROM ({moves}) AS move GROUP BY 1, 2 ORDER BY 1, 2
"""
# Ways of all days together.
UNDATED = """
    SELECT NULL::date AS ended_on, path, won + lost + leads AS journeys, won FROM ({ends}) AS way
"""
LEADS = """
    UNION ALL
    SELECT {path}, 0, 0, count(*), 0::float8
    FROM insights_leadjourney AS journey
    WHERE ended_on <= %s AND (%s::date IS NULL OR ended_on >= %s) AND (%s::date IS NULL
        OR ended_on < %s) AND (%s::text[] IS NULL OR segment = ANY(%s))
        AND (%s::text[] IS NULL OR region = ANY(%s))
    GROUP BY 1
"""
# By another lookback than the workspace's the touches that count are told anew.
ANEW = (
    "journey.channels[(SELECT count(*)::int + 1 FROM unnest(journey.days) AS day "
    "WHERE day < journey.ended_on - {lookback}):]"
)
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
    found = to_frame(((merged(path), *counts) for path, *counts in rows), COLUMNS)
    together = found.groupby("path", as_index=False, sort=True).sum()
    return together.sort_values(["won", "journeys"], ascending=False, kind="stable").reset_index(
        drop=True
    )[list(COLUMNS)]


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
    worth, params = _worth(slice_)
    text = PATHS.format(worth=worth, ends=_ends(slice_), path=_path(slice_))
    return text, [*params, *_of_leads(slice_)]


def _worth(slice_: Slice) -> tuple[str, list[Any]]:
    """The ended deals of both kinds, and what the won ones are worth."""
    columns = dict.fromkeys((*OF_DEAL, *_needed(slice_)))
    ended, params = ended_sql(slice_, tuple(columns))
    return f"{ended}, {WORTH}", [*params, slice_.currency]


def _needed(slice_: Slice) -> tuple[str, ...]:
    """What a way is read from."""
    return ("is_won", "path") if _is_as_kept(slice_) else ("is_won", "channels", "days", "ended_on")


def _is_as_kept(slice_: Slice) -> bool:
    return terms(slice_).lookback_days == workspace().lookback_days


def _ends(slice_: Slice) -> str:
    path = _path(slice_)
    return ENDS.format(path=path, leads=LEADS.format(path=path) if _knows_leads(slice_) else "")


def _path(slice_: Slice) -> str:
    lookback = min(terms(slice_).lookback_days, FARTHEST)
    return "path" if _is_as_kept(slice_) else ANEW.format(lookback=lookback)


def _knows_leads(slice_: Slice) -> bool:
    return not (slice_.is_scoped or slice_.pipeline)


def _of_leads(slice_: Slice) -> list[Any]:
    if not _knows_leads(slice_):
        return []
    start = slice_.period.start if slice_.period else None
    end = slice_.period.end if slice_.period else None
    segments, regions = (list(one) or None for one in (slice_.segment, slice_.region))
    return [slice_.as_of, start, start, end, end, segments, segments, regions, regions]
