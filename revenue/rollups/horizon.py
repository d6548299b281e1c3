"""How far revenue's data reach, which is what the ledger takes for its clock."""

from __future__ import annotations

from django.db import connection

# The last day that any load told of; a month that a file of MRR gives is known to its end. The
# list of customers speaks from the month of its own last day on.
HORIZON = """
    SELECT
        max(told) AS last_day,
        date_trunc('month', max(told)::timestamp)::date AS last_month,
        date_trunc('month', (
            max(told) FILTER (WHERE dataset = 'revenue_customers')
        )::timestamp)::date AS list_month
    FROM (
        SELECT dataset, CASE
            WHEN dataset = 'customer_mrr'
            THEN (date_trunc('month', last_day::timestamp) + interval '1 month - 1 day')::date
            ELSE last_day
        END AS told
        FROM kernel_dataload
        WHERE status = 'loaded'
            AND dataset IN ('revenue_customers', 'customer_mrr', 'subscriptions')
    ) AS load
"""
MOVED = f"""
    SELECT last_month IS DISTINCT FROM (SELECT max(month) FROM revenue_revenuemonth)
    FROM ({HORIZON}) AS horizon
"""  # noqa: S608


def has_moved() -> bool:
    """Whether the data reach into another month than the sums do: then all customers' go on."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED)
        return bool(cursor.fetchone()[0])
