"""Changes marketing's rows because somebody asked: another reporting currency, another rate."""

from __future__ import annotations

from typing import Any

from django.db import connection

from marketing import rollups
from marketing.datasets import FX_RATE

RERATE = f"""
    WITH fresh AS (
        SELECT key, ({FX_RATE})::numeric(30, 18) AS rate FROM marketing_marketingday
    ), rerated AS (
        UPDATE marketing_marketingday AS day SET fx_rate = fresh.rate
        FROM fresh
        WHERE fresh.key = day.key AND day.fx_rate IS DISTINCT FROM fresh.rate
        RETURNING day.date
    )
    SELECT DISTINCT date FROM rerated ORDER BY date
"""  # noqa: S608


def rerate(**_: Any) -> None:
    """Give each day the rate that now holds, and sum anew the days where it is another one.

    Listens to ``rates_changed``; runs in the transaction that changed the currency or the rate.
    """
    with connection.cursor() as cursor:
        cursor.execute(RERATE)
        days = [row[0] for row in cursor.fetchall()]
    if days:
        rollups.refresh(days)
