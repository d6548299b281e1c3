"""On which day of each month somebody was last in touch with an account, or about a deal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from revops_site.kernel.queries import workspace
from revops_site.kernel.replica import connection

MONTHS = """
    WITH account AS MATERIALIZED (SELECT DISTINCT unnest(%(accounts)s::text[]) AS account_id),
        named AS MATERIALIZED (SELECT DISTINCT unnest(%(deals)s::text[]) AS deal_id),
        asked AS MATERIALIZED (
            SELECT deal.deal_id, CASE WHEN account.account_id IS NULL THEN 'deal ' || deal.deal_id
                ELSE 'account ' || deal.account_id END AS whose
            FROM pipeline_deal AS deal
            LEFT JOIN account ON account.account_id = deal.account_id
            LEFT JOIN named ON named.deal_id = deal.deal_id
            WHERE NOT deal.is_deleted
                AND (account.account_id IS NOT NULL OR named.deal_id IS NOT NULL)
        )
    SELECT asked.whose, date_trunc('month', done.day::timestamp)::date AS month,
        max(done.day) AS day
    FROM asked JOIN (
        SELECT deal_id, (done_at AT TIME ZONE %(zone)s)::date AS day
        FROM pipeline_activity
        WHERE is_done AND type <> 'task' AND deal_id <> ''
    ) AS done USING (deal_id)
    GROUP BY 1, 2
"""
AT_ONCE = 5000


def by_month(accounts: Sequence[str], deals: Sequence[str]) -> Iterator[tuple[str, date, date]]:
    """Of these accounts (``account …``), and of these deals of none of them (``deal …``).

    Each with the month's first day and the last day of it on which a call, mail, meeting or demo
    was done, in the company's zone.
    """
    with connection.cursor() as cursor:
        given: dict[str, Any] = {
            "accounts": list(accounts),
            "deals": list(deals),
            "zone": workspace().time_zone,
        }
        cursor.execute(MONTHS, given)
        while some := cursor.fetchmany(AT_ONCE):
            yield from some
