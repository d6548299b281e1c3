"""What a subscription item is worth a month: the one definition, in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

# An item with an end counted until then, whatever became of it after; a paused, unpaid or canceled
# one that does not tell since when counts on no day.
_COUNTS = """(
    item.usage_type = 'licensed' AND item.interval <> 'one_time'
    AND item.start_date <= {day} AND (item.trial_end IS NULL OR item.trial_end <= {day})
    AND (item.ended_on IS NULL OR item.ended_on > {day})
    AND (item.status IN ('active', 'past_due')
        OR (item.status <> 'trialing' AND item.ended_on IS NOT NULL))
)"""
_DISCOUNTED = """(
    item.discount_duration <> 'once'
    AND (item.discount_start IS NULL OR item.discount_start <= {day})
    AND (item.discount_end IS NULL OR item.discount_end > {day})
)"""
_PRICE = """(
    item.unit_amount * item.quantity * (1 - CASE
        WHEN {discounted} THEN COALESCE(item.percent_off, 0) ELSE 0 END / 100)
    - CASE WHEN {discounted} THEN COALESCE(item.amount_off, 0) ELSE 0 END
)"""
_TIMES_A_YEAR = """CASE item.interval
    WHEN 'day' THEN 365 WHEN 'week' THEN 52 WHEN 'month' THEN 12 WHEN 'quarter' THEN 4
    WHEN 'year' THEN 1
END"""
ON = """
    SELECT item.customer_id, item.item_id, item.currency, {mrr}
    FROM revenue_subscription AS item, (SELECT %s::date AS day) AS asked
    ORDER BY item.customer_id, item.item_id
"""


@dataclass(frozen=True)
class ItemMrr:
    """What an item is worth a month, unrounded, in its own currency; 0 where it does not count."""

    customer_id: str
    item_id: str
    currency: str
    mrr: Decimal


def mrr_sql(day: str) -> str:
    """SQL for what ``item``, a row of the subscriptions, is worth a month on ``day``, an SQL date.

    A year has 365 days, 52 weeks, 12 months; the percentage is taken off before the amount.
    """
    price = _PRICE.format(discounted=_DISCOUNTED.format(day=day))
    counts = _COUNTS.format(day=day)
    worth = f"GREATEST(0, {price} * {_TIMES_A_YEAR} / (12 * item.interval_count))"
    return f"CASE WHEN {counts} THEN {worth} ELSE 0 END"


def on(day: date) -> list[ItemMrr]:
    """What each item is worth a month on a day, by customer and item."""
    with connection.cursor() as cursor:
        cursor.execute(ON.format(mrr=mrr_sql("asked.day")), [day])
        return [ItemMrr(*row) for row in cursor.fetchall()]
