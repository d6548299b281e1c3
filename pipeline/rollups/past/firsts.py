"""What a deal was worth when that was first known, of the recorded changes of its amount.

A part of one statement. The money is that of the time: where the currency changed as well, the old
one is the first amount's. A deal whose amount never changed, or from nothing else, has no row.
"""

from __future__ import annotations

PART = """
    first AS (
        SELECT DISTINCT ON (deal_id) deal_id, round(amount, 2) AS amount, currency
        FROM (
            SELECT deal_id, at, key,
                CASE WHEN field = 'amount' THEN pipeline_number(old) END AS amount,
                pipeline_latest(
                    CASE WHEN field = 'currency' AND old ~ '^[A-Z][A-Z][A-Z]$' THEN old END
                ) OVER (PARTITION BY deal_id ORDER BY at DESC) AS currency
            FROM told
            WHERE field IN ('amount', 'currency')
        ) AS priced
        WHERE amount IS NOT NULL
        ORDER BY deal_id, at, key
    )
"""
