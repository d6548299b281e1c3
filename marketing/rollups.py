"""Keeps marketing's daily roll-up true: the touched days are taken out and summed anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

FORGET = "DELETE FROM marketing_marketingrollup WHERE date = ANY(%s)"
# A row's revenue is known where it is given, or follows from money spent and its return.
SUM_UP = """
    INSERT INTO marketing_marketingrollup (
        date, channel, segment, geo, spend, known_spend, known_revenue,
        impressions, clicks, leads, mqls, sqls, opportunities, closed_won, unrated, rows
    )
    SELECT
        date, channel, segment, geo,
        COALESCE(sum(spend * fx_rate), 0),
        COALESCE(sum(spend * fx_rate) FILTER (WHERE is_known), 0),
        COALESCE(sum(COALESCE(revenue, spend * (1 + roi / 100)) * fx_rate)
            FILTER (WHERE is_known), 0),
        sum(impressions), sum(clicks), sum(leads), sum(mqls), sum(sqls), sum(opportunities),
        sum(closed_won),
        count(*) FILTER (WHERE fx_rate IS NULL AND (spend <> 0 OR revenue <> 0)),
        count(*)
    FROM (
        SELECT *, revenue IS NOT NULL OR (spend <> 0 AND roi IS NOT NULL) AS is_known
        FROM marketing_marketingday
        WHERE date = ANY(%s)
    ) AS touched
    GROUP BY date, channel, segment, geo
"""


def refresh(days: Sequence[date]) -> None:
    """Recompute the roll-up of these days from their rows.

    Call it in the transaction that changed the rows. Money is in the reporting currency; what has
    no rate is in no sum of money, and counted as ``unrated``.
    """
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [list(days)])
        cursor.execute(SUM_UP, [list(days)])
        if len(days) > 1:
            cursor.execute("ANALYZE marketing_marketingrollup")
