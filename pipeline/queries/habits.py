"""How reps sell: contacts, discounts and lengths of the deals that they won and lost, as sums."""

from __future__ import annotations

from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from psycopg.sql import SQL

from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import Columns, lasting, shared, to_frame
from revops_site.kernel.replica import connection

SQUARED = ("deal_size", "cycle", "contacts", "discount")
HABITS: Columns = {
    "owner_id": "str",
    **dict.fromkeys(("decided", "won"), "int64"),
    **{
        f"{name}_{part}": "int64" if part == "n" else "float64"
        for name in SQUARED
        for part in ("n", "sum", "squares")
    },
}
TRAITS: Columns = {
    "owner_id": "str",
    "trait": "str",
    **dict.fromkeys(("with_won", "with_lost", "without_won", "without_lost"), "int64"),
}
MANY_CONTACTS = 3
OF_DEALS = "owner_id", "deal_id", "status", "value", "cycle_days", "discount_pct"
NAMED = "has_champion", "has_economic_buyer"
HEAVY = 0.2
DECIDED = """
    WITH decided AS MATERIALIZED ({decided}), engaged AS (
        SELECT deal_id, count(*) AS n FROM pipeline_contact JOIN decided USING (deal_id)
        WHERE last_engaged_at <= %s GROUP BY deal_id
    ), told AS (
        SELECT COALESCE(owner_id, '') AS owner_id, status = 'won' AS is_won,
            CASE WHEN status = 'won' THEN value END AS deal_size,
            CASE WHEN status = 'won' THEN cycle_days END AS cycle,
            CASE WHEN status = 'won' THEN discount_pct END AS discount,
            COALESCE(n, 0) AS contacts, discount_pct, has_champion, has_economic_buyer
        FROM decided LEFT JOIN engaged USING (deal_id)
    )
"""
BY_OWNER = """
    SELECT owner_id, count(*), count(*) FILTER (WHERE is_won), {sums}
    FROM told GROUP BY owner_id ORDER BY owner_id
"""
BY_TRAIT = """
    SELECT owner_id, trait,
        count(*) FILTER (WHERE has AND is_won), count(*) FILTER (WHERE has AND NOT is_won),
        count(*) FILTER (WHERE NOT has AND is_won), count(*) FILTER (WHERE NOT has AND NOT is_won)
    FROM told CROSS JOIN LATERAL (VALUES
        ('champion', has_champion), ('economic_buyer', has_economic_buyer),
        ('contacts', contacts >= {many}), ('discount', discount_pct > {heavy})
    ) AS of (trait, has)
    WHERE has IS NOT NULL GROUP BY owner_id, trait ORDER BY owner_id, trait
"""


@lasting
def habits(slice_: Slice) -> pd.DataFrame:
    """The deals that each owner decided in the period, as sums: ``HABITS``.

    Of won deals what they were worth (reporting currency), the days from creation to win and the
    discount (fraction); of all decided ones the contacts who were ever engaged. ``_n`` says of how
    many deals each is known, ``_sum`` and ``_squares`` add up values and their squares.
    """
    sums = ", ".join(
        f"count({name}), COALESCE(sum({name}), 0)::float8,"
        f" COALESCE(sum({name}::float8 * {name}), 0)"
        for name in SQUARED
    )
    return _read(slice_, BY_OWNER.format(sums=sums), HABITS)


@shared
def traits(slice_: Slice) -> pd.DataFrame:
    """How many of each owner's decided deals with and without a trait were won and lost.

    Columns ``TRAITS``; a deal of which a trait is not known is in none of its counts. ``contacts``
    means three engaged ones or more, ``discount`` one of more than 20 %.
    """
    return _read(slice_, BY_TRAIT.format(many=MANY_CONTACTS, heavy=HEAVY), TRAITS)


def _read(slice_: Slice, last: str, columns: Columns) -> pd.DataFrame:
    rows: QuerySet[Any, Any] = deals.decided(slice_).order_by().values(*OF_DEALS, *NAMED)
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return to_frame((), columns)
    text = SQL(DECIDED).format(decided=SQL(sql)).as_string() + last
    with connection.cursor() as cursor:
        cursor.execute(text, [*params, slice_.as_of])
        return to_frame(cursor.fetchall(), columns)
