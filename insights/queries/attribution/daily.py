"""Credit by channel and moves between channels, out of what is kept of each day.

They are those of a slice of all deals by the workspace's parameters. Deals that stood otherwise on
the slice's day are told beside; money is at the rate of the day that it was won.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db.models import Model

from insights.models import CreditDay, DealMove, LeadMove
from insights.queries.attribution.ended import otherwise_sql
from insights.rollups import MOVES, PART, PARTS, line_sql
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, filled, to_frame
from revops_site.kernel.replica import connection

RATED = """
    rated AS MATERIALIZED (
        SELECT pair.currency, pair.ended_on, COALESCE(found.rate, 0) AS rate
        FROM (SELECT DISTINCT currency, ended_on FROM line) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(pair.currency, %s, pair.ended_on) AS found ON true
    )
"""
CREDIT = """
    WITH line AS MATERIALIZED ({lines}), {rated}
    SELECT date_trunc('month', ended_on::timestamp)::date AS month, channel,
        sum(lines), sum(touches), {sums}
    FROM line JOIN rated USING (currency, ended_on)
    GROUP BY 1, 2 HAVING sum(lines) <> 0 ORDER BY 1, 2
"""
MOVED = """
    SELECT before, after, sum(journeys)::bigint, sum(won)::bigint
    FROM ({moves}) AS move GROUP BY 1, 2 HAVING sum(journeys) <> 0 ORDER BY 1, 2
"""
ENDED = f"""
    SELECT ended_on, string_to_array(way, {PART})::varchar[] AS path, times AS journeys,
        times * is_won::int AS won FROM ({{others}}) AS ended
"""  # noqa: S608
LINE = ("ended_on", "currency", "channel", "lines", "touches", "amount", *PARTS)
MOVE = ("ended_on", "before", "after", "journeys", "won")
OF_LINE = ("deal_id", "ended_on", "amount", "currency", "revision")


def credit(slice_: Slice, columns: Mapping[str, str]) -> pd.DataFrame:
    """What each channel earned in each month: ``columns`` are month, channel, and the sums."""
    try:
        lines = _of_days(CreditDay, slice_, LINE)
        if others := otherwise_sql(slice_, OF_LINE, only_won=True):
            lines += f" UNION ALL {line_sql(f'({others})', 'times')}"
    except EmptyResultSet:
        return to_frame((), columns)
    money = [name for name in LINE if name.endswith("amount")]
    sums = [
        f"sum({name} * rate)::float8" if name in money else f"sum({name})::float8"
        for name in LINE[5:]
    ]
    text = CREDIT.format(lines=lines, rated=filled(RATED, [slice_.currency]), sums=", ".join(sums))
    return _frame(text, columns)


def moves(slice_: Slice, columns: Mapping[str, str]) -> pd.DataFrame:
    """How often journeys went from a channel to which: ``columns`` before, after, and the sums."""
    try:
        parts = [_of_days(table, slice_, MOVE) for table in (DealMove, LeadMove)]
        if others := otherwise_sql(slice_, ("is_won", "way", "ended_on")):
            parts.append(MOVES.format(ends=ENDED.format(others=others)))
    except EmptyResultSet:
        return to_frame((), columns)
    return _frame(MOVED.format(moves=" UNION ALL ".join(parts)), columns)


def _of_days(table: type[Model], slice_: Slice, columns: tuple[str, ...]) -> str:
    found = cut(table._default_manager.order_by(), slice_, when="ended_on", dimensions={})
    return filled(*found.values(*columns).query.sql_with_params())


def _frame(text: str, columns: Mapping[str, str]) -> pd.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(text)
        return to_frame(cursor.fetchall(), columns)
