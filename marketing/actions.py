"""Changes marketing's rows because somebody asked: another reporting currency, another rate."""

from __future__ import annotations

from typing import Any

from django.db import connection

from marketing import rollups
from marketing.datasets import BUDGET_RATE, FX_RATE

# A currency's rate of a day is looked up once, however many rows that day has.
RERATE = f"""
    WITH fresh AS MATERIALIZED (
        SELECT currency, date, ({FX_RATE})::numeric(30, 18) AS rate
        FROM (SELECT DISTINCT currency, date FROM marketing_marketingday) AS pair
    ), rerated AS (
        UPDATE marketing_marketingday AS day SET fx_rate = fresh.rate
        FROM fresh
        WHERE fresh.currency = day.currency AND fresh.date = day.date
            AND day.fx_rate IS DISTINCT FROM fresh.rate
        RETURNING day.date
    )
    SELECT DISTINCT date FROM rerated ORDER BY date
"""  # noqa: S608
RERATE_BUDGETS = f"""
    UPDATE marketing_marketingbudget AS budget SET fx_rate = fresh.rate
    FROM (
        SELECT key, ({BUDGET_RATE})::numeric(30, 18) AS rate FROM marketing_marketingbudget
    ) AS fresh
    WHERE fresh.key = budget.key AND budget.fx_rate IS DISTINCT FROM fresh.rate
"""  # noqa: S608


def rerate(**_: Any) -> None:
    """Give each day the rate that now holds, and sum anew the days where it is another one.

    Listens to ``rates_changed``; runs in the transaction that changed the currency or the rate.
    """
    with connection.cursor() as cursor:
        cursor.execute(RERATE)
        days = [row[0] for row in cursor.fetchall()]
        cursor.execute(RERATE_BUDGETS)
    if days:
        rollups.DAYS.refresh(days)
        rollups.CAMPAIGN_MONTHS.refresh({day.replace(day=1) for day in days})
