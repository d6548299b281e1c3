"""What each customer's MRR did in each month, and the months' sums brought along."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from revenue.rollups import horizon
from revenue.rollups.months import KEYS, MEASURES, MONTHS, sums
from revops_site.kernel.rollups import Bucket, RollUp

# What is paid in a month is told of that month, of the next and of the one a year on.
SELECT = f"""
    WITH horizon AS MATERIALIZED ({horizon.HORIZON}),
    paying AS (
        SELECT
            paid.customer_id, paid.month, paid.currency, paid.mrr,
            COALESCE(NULLIF(paid.segment, ''), customer.segment, '') AS segment,
            COALESCE(NULLIF(paid.plan, ''), customer.plan, '') AS plan,
            COALESCE(customer.region, '') AS region,
            min(paid.month) OVER (PARTITION BY paid.customer_id) AS first_month
        FROM revenue_customermonth AS paid
        LEFT JOIN revenue_customer AS customer USING (customer_id)
        WHERE paid.mrr > 0 AND paid.customer_id {{among}}
    ), told AS (
        SELECT
            customer_id, (paying.month + after)::date AS month, currency, first_month, region,
            (array_agg(segment ORDER BY paying.month DESC))[1] AS segment,
            (array_agg(plan ORDER BY paying.month DESC))[1] AS plan,
            COALESCE(sum(mrr) FILTER (WHERE nth = 0), 0) AS mrr,
            COALESCE(sum(mrr) FILTER (WHERE nth = 1), 0) AS starting,
            COALESCE(sum(mrr) FILTER (WHERE nth = 12), 0) AS year_ago
        FROM paying, (
            VALUES (0, interval '0'), (1, interval '1 month'), (12, interval '12 months')
        ) AS later (nth, after)
        WHERE (paying.month + after)::date <= (SELECT last_month FROM horizon)
        GROUP BY customer_id, (paying.month + after)::date, currency, first_month, region
    )
    SELECT
        customer_id, month, currency, segment, plan, region, mrr, starting, year_ago,
        CASE
            WHEN starting = 0 AND mrr > 0 AND month = first_month THEN 'new'
            WHEN starting = 0 AND mrr > 0 THEN 'reactivation'
            WHEN starting > 0 AND mrr = 0 THEN 'churn'
            WHEN mrr > starting THEN 'expansion'
            WHEN mrr < starting THEN 'contraction'
            ELSE ''
        END AS kind
    FROM told
"""  # noqa: S608
FORGET = "DROP TABLE IF EXISTS movements_before"
BEFORE = """
    CREATE TEMPORARY TABLE movements_before AS
    SELECT * FROM revenue_movement WHERE customer_id = ANY(%s)
"""
# The months' sums without what the customers added to them before, with what they add now.
CARRY = f"""
    MERGE INTO revenue_revenuemonth AS old
    USING (
        SELECT {", ".join(KEYS)}, {sums("sign")}
        FROM (
            SELECT -1 AS sign, before.* FROM movements_before AS before
            UNION ALL
            SELECT 1 AS sign, now.* FROM revenue_movement AS now WHERE customer_id = ANY(%s)
        ) AS movement
        GROUP BY {", ".join(KEYS)}
    ) AS new ON {" AND ".join(f"old.{key} = new.{key}" for key in KEYS)}
    WHEN MATCHED AND old.rows + new.rows = 0 THEN DELETE
    WHEN MATCHED AND {" OR ".join(f'new."{name}" <> 0' for name in MEASURES)} THEN
        UPDATE SET {", ".join(f'"{name}" = old."{name}" + new."{name}"' for name in MEASURES)}
    WHEN NOT MATCHED AND new.rows <> 0 THEN
        INSERT ({", ".join(f'"{name}"' for name in (*KEYS, *MEASURES))})
        VALUES ({", ".join(f'new."{name}"' for name in (*KEYS, *MEASURES))})
"""  # noqa: S608


@dataclass(frozen=True)
class Movements(RollUp):
    """Movements by customer; the sums of the months change by as much as they do."""

    def refresh(self, buckets: Collection[Bucket]) -> None:
        """Compute these customers' movements anew, and carry what changed into the months."""
        if horizon.has_moved():
            self.rebuild()
            return
        customers = [list(buckets)]
        with self.changing() as cursor, MONTHS.changing():
            cursor.execute(FORGET)
            cursor.execute(BEFORE, customers)
            super().refresh(buckets)
            cursor.execute(CARRY, customers)
            cursor.execute(FORGET)

    def rebuild(self) -> None:
        """Compute all movements anew, and sum the months anew."""
        super().rebuild()
        MONTHS.rebuild()


MOVEMENTS = Movements(
    name="movements", model="revenue.Movement", bucket="customer_id", select=SELECT
)
