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
_A_MONTH = """GREATEST(0, ({amount}) * CASE interval
    WHEN 'day' THEN 365 WHEN 'week' THEN 52 WHEN 'month' THEN 12 WHEN 'quarter' THEN 4
    WHEN 'year' THEN 1
END / (12 * interval_count))"""
_AMOUNT = "unit_amount * quantity"
_LESS = "unit_amount * quantity * (1 - COALESCE(percent_off, 0) / 100) - COALESCE(amount_off, 0)"
# The items with what they are worth a month, in full and with their discount. A year has 365 days,
# 52 weeks, 12 months; the percentage is taken off before the amount.
PRICED = f"""
    SELECT
        *, {_A_MONTH.format(amount=_AMOUNT)} AS full_price,
        CASE WHEN num_nonnulls(percent_off, amount_off) = 0 THEN NULL ELSE
            {_A_MONTH.format(amount=_LESS)}
        END AS less_price
    FROM revenue_subscription
"""  # noqa: S608
ON = """
    SELECT item.customer_id, item.item_id, item.currency, {mrr}
    FROM ({priced}) AS item, (SELECT %s::date AS day) AS asked
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
    """SQL for what ``item``, of the ``PRICED``, is worth a month on ``day``, an SQL date."""
    return f"""CASE
        WHEN NOT {_COUNTS.format(day=day)} THEN 0
        WHEN item.less_price IS NOT NULL AND {_DISCOUNTED.format(day=day)} THEN item.less_price
        ELSE item.full_price
    END"""


def on(day: date) -> list[ItemMrr]:
    """What each item is worth a month on a day, by customer and item."""
    with connection.cursor() as cursor:
        cursor.execute(ON.format(mrr=mrr_sql("asked.day"), priced=PRICED), [day])
        return [ItemMrr(*row) for row in cursor.fetchall()]
