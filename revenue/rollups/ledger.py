"""The ledger of each customer's MRR by month: what no file gives comes from items and the list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg.sql import SQL, Composable, Literal

from revenue.rollups import horizon, items
from revenue.rollups.movements import MOVEMENTS
from revops_site.kernel import clock
from revops_site.kernel.datasets import hash_of
from revops_site.kernel.rollups import ALL, Bucket, Cursor, RollUp

COLUMNS = "customer_id, month, currency, mrr, segment, plan, origin"
# A month is seen from its end, the last one from the last day of the data.
DAY = "LEAST((month + interval '1 month - 1 day')::date, horizon.last_day)"
SELECT = f"""
    WITH horizon AS MATERIALIZED ({horizon.HORIZON}),
    item AS MATERIALIZED (
        SELECT *, row_number() OVER (
            PARTITION BY customer_id ORDER BY full_price DESC NULLS LAST, item_id
        ) AS place
        FROM ({items.PRICED}) AS priced
        WHERE customer_id {{among}}
    ), main AS (
        SELECT DISTINCT ON (customer_id) customer_id, item.currency
        FROM item LEFT JOIN revenue_customer AS customer USING (customer_id)
        ORDER BY customer_id, item.currency = customer.currency DESC NULLS LAST,
            item.start_date, item.item_id
    ), worth AS (
        SELECT
            customer_id, month::date AS month, place,
            {items.mrr_sql("day")} * CASE WHEN item.currency = main.currency THEN 1 ELSE (
                SELECT rate FROM kernel_fx_rate(item.currency, main.currency, day)
            ) END AS mrr
        FROM horizon CROSS JOIN item JOIN main USING (customer_id), LATERAL generate_series(
            date_trunc('month', item.start_date::timestamp),
            LEAST(horizon.last_month, item.ended_on), interval '1 month'
        ) AS month, LATERAL (SELECT {DAY} AS day) AS seen
    ), subscribed AS (
        SELECT customer_id, month, sum(mrr) AS mrr, min(place) AS place
        FROM worth
        WHERE mrr > 0
        GROUP BY customer_id, month
    ), word AS (
        SELECT customer_id, currency, mrr, segment, plan,
            horizon.list_month AS first, horizon.last_month AS last
        FROM horizon, revenue_customer
        WHERE customer_id {{among}} AND mrr > 0
        UNION ALL (
            SELECT DISTINCT ON (customer_id) customer_id, currency, mrr, segment, plan,
                (month + interval '1 month')::date, (list_month - interval '1 month')::date
            FROM horizon, revenue_customermonth
            WHERE customer_id {{among}} AND origin = 'customers' AND month < list_month
            ORDER BY customer_id, month DESC
        )
    ), derived AS (
        SELECT customer_id, month, main.currency, mrr, '' AS segment, item.plan,
            'subscriptions' AS origin
        FROM subscribed JOIN item USING (customer_id, place) JOIN main USING (customer_id)
        UNION ALL
        SELECT word.customer_id, month::date, word.currency, word.mrr, word.segment, word.plan,
            'customers'
        FROM horizon, word JOIN revenue_customer AS customer USING (customer_id),
            LATERAL (
                SELECT max(month) AS until FROM revenue_customermonth AS given
                WHERE given.customer_id = word.customer_id AND given.origin = 'file'
            ) AS filed,
            LATERAL generate_series(
                GREATEST(first, filed.until + interval '1 month'), last, interval '1 month'
            ) AS month,
            LATERAL (SELECT {DAY} AS day) AS seen
        WHERE (churn_date IS NULL OR churn_date > day) AND NOT EXISTS (
            SELECT FROM revenue_subscription AS item
            WHERE item.customer_id {{among}}
                AND item.customer_id = word.customer_id AND item.start_date <= day
        )
    )
    SELECT {COLUMNS}
    FROM derived
    WHERE NOT EXISTS (
        SELECT FROM revenue_customermonth AS given
        WHERE given.customer_id {{among}} AND given.origin = 'file'
            AND given.customer_id = derived.customer_id AND given.month = derived.month
    )
"""  # noqa: S608
# Of the list's words only those since its own last month can be had again.
IS_DERIVED = f"""(
    origin = 'subscriptions' OR origin = 'customers'
    AND month >= (SELECT list_month FROM ({horizon.HORIZON}) AS horizon)
)"""  # noqa: S608
KEEP = """
    UPDATE revenue_customermonth AS given SET mrr = known.mrr, currency = known.currency
    FROM revenue_movement AS known, revenue_customer AS customer
    WHERE given.customer_id {among} AND given.origin = 'file' AND given.mrr = 0
        AND known.customer_id = given.customer_id AND known.month = given.month AND known.mrr > 0
        AND customer.customer_id = given.customer_id
        AND customer.churn_date >= given.month + interval '1 month'
        AND NOT EXISTS (
            SELECT FROM kernel_dataload AS load WHERE load.id = given.load_id AND load.kind = 'edit'
        )
"""
FORGET = "DROP TABLE IF EXISTS ledger_fresh"
STAGE = f"""
    CREATE TEMPORARY TABLE ledger_fresh AS
    SELECT {COLUMNS} FROM revenue_customermonth WITH NO DATA
"""  # noqa: S608
FILL = f"INSERT INTO ledger_fresh {SELECT}"
DROP = f"""
    DELETE FROM revenue_customermonth AS old
    WHERE customer_id {{among}} AND {IS_DERIVED} AND NOT EXISTS (
        SELECT FROM ledger_fresh AS new
        WHERE new.customer_id = old.customer_id AND new.month = old.month
    )
"""  # noqa: S608
CHANGE = """
    UPDATE revenue_customermonth AS old
    SET currency = new.currency, mrr = new.mrr, segment = new.segment, plan = new.plan,
        origin = new.origin, row_updated_at = {at}, load_id = NULL
    FROM ledger_fresh AS new
    WHERE old.customer_id {among} AND old.customer_id = new.customer_id AND old.month = new.month
        AND (old.currency, old.mrr, old.segment, old.plan, old.origin)
        IS DISTINCT FROM (new.currency, new.mrr, new.segment, new.plan, new.origin)
"""
ADD = f"""
    INSERT INTO revenue_customermonth ({COLUMNS}, key, row_created_at, row_updated_at)
    SELECT {COLUMNS}, {hash_of("customer_id", "to_char(month, 'YYYY-MM')")}, {{at}}, {{at}}
    FROM ledger_fresh AS new
    WHERE NOT EXISTS (
        SELECT FROM revenue_customermonth AS old
        WHERE old.customer_id {{among}}
            AND old.customer_id = new.customer_id AND old.month = new.month
    )
"""  # noqa: S608
LAST_MRR = """
    UPDATE revenue_customer AS customer SET last_mrr = known.mrr
    FROM (
        SELECT customer_id, CASE WHEN mrr > 0 THEN mrr ELSE (
            SELECT paid.mrr FROM revenue_customermonth AS paid
            WHERE paid.customer_id = listed.customer_id AND paid.mrr > 0
            ORDER BY paid.month DESC LIMIT 1
        ) END AS mrr
        FROM revenue_customer AS listed
        WHERE customer_id {among}
    ) AS known
    WHERE known.customer_id = customer.customer_id AND known.mrr <> customer.last_mrr
"""
DIFFER = f"""
    WITH kept AS (SELECT {COLUMNS} FROM revenue_customermonth WHERE {IS_DERIVED}),
    fresh AS (TABLE ledger_fresh)
    SELECT (SELECT count(*) FROM (TABLE kept EXCEPT ALL TABLE fresh) AS wrong)
        + (SELECT count(*) FROM (TABLE fresh EXCEPT ALL TABLE kept) AS missing)
"""  # noqa: S608


@dataclass(frozen=True)
class Ledger(RollUp):
    """The customers' months that no file of MRR gives, and what is kept against files.

    A month that a file of MRR gives stays as it is. Otherwise a customer with subscription items
    pays what they are worth at its end, from the start of the first item to the last month of the
    data; items in another currency than the customer's are converted at that day's rate. Otherwise
    they pay what the list of customers says: each list speaks from the month of its own last day
    until the next list, for nobody after their churn_date, and for those whom a file of MRR knows
    only after the last month that it gives for them. Of whom nothing tells anything for a month,
    they pay nothing in it.

    Lists and files give 0 for those who left. So ``Customer.last_mrr`` keeps the last MRR above 0
    that was known; and where a file gives 0 for a month that ended before the customer's
    churn_date, and an MRR above 0 was known for just that month, the ledger keeps what was known.
    Only a person's edit of the month itself sets it to 0.
    """

    def refresh(self, buckets: Collection[Bucket]) -> None:
        """Bring these customers' months up to date; all customers' when the data reach further."""
        if horizon.has_moved():
            self.rebuild()
        else:
            self._settle(SQL("= ANY({})").format(Literal(list(buckets))))

    def rebuild(self) -> None:
        """Bring all customers' months up to date."""
        self._settle(ALL)

    def differences(self) -> int:
        """How many derived months are not as they would be if derived anew."""
        with connection.cursor() as cursor:
            for step in (FORGET, STAGE, FILL, DIFFER):
                _execute(cursor, step, ALL)
            found = int(cursor.fetchone()[0])
            _execute(cursor, FORGET, ALL)
            return found

    def _settle(self, among: Composable) -> None:
        with self.changing() as cursor:
            for step in (KEEP, FORGET, STAGE, FILL, DROP, CHANGE, ADD, LAST_MRR, FORGET):
                _execute(cursor, step, among)
            if among is ALL:
                _execute(cursor, "ANALYZE revenue_customermonth", among)


def rerate(**_: Any) -> None:
    """Convert anew what customers with items in several currencies pay.

    Listens to ``rates_changed``; runs in the transaction that changed the currency or the rate.
    All else is kept in its own currency.
    """
    find = """
        SELECT customer_id FROM revenue_subscription
        GROUP BY customer_id HAVING count(DISTINCT currency) > 1
    """
    with connection.cursor() as cursor:
        cursor.execute(find)
        customers = [customer for (customer,) in cursor.fetchall()]
    if customers:
        LEDGER.refresh(customers)
        MOVEMENTS.refresh(customers)


def _execute(cursor: Cursor, step: str, among: Composable) -> None:
    cursor.execute(SQL(step).format(among=among, at=Literal(clock.now())))


LEDGER = Ledger(
    name="customer_months", model="revenue.CustomerMonth", bucket="customer_id", select=SELECT
)
