"""What each customer's MRR did in each month, and the months' sums brought along."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from revenue.rollups import horizon
from revenue.rollups.cohorts import COHORTS
from revenue.rollups.months import KEYS, MEASURES, MONTHS, OWNED, OWNERS, sums
from revops_site.kernel.rollups import Bucket, RollUp


def _paid(nth: int) -> str:
    """SQL for what the customer pays ``nth`` months later (or earlier), null where nothing.

    Where it pays month by month that is the ``nth`` row, else it is looked up.
    """
    there = f"(paid.month + interval '{nth} months')::date"
    way = f"lead({{}}, {nth})" if nth > 0 else f"lag({{}}, {-nth})"
    month, currency, mrr = (
        f"{way.format(f'paid.{column}')} OVER months" for column in ("month", "currency", "mrr")
    )
    return f"""CASE
        WHEN {month} = {there} AND {currency} = paid.currency THEN {mrr}
        WHEN {there} BETWEEN first_value(paid.month) OVER months AND horizon.last_month THEN (
            SELECT other.mrr FROM revenue_customermonth AS other
            WHERE other.customer_id = paid.customer_id AND other.month = {there}
                AND other.currency = paid.currency AND other.mrr > 0
        )
    END"""  # noqa: S608


# Pages read months: so rows of a month lie together, as far as they were written at once.
# A month without pay has a row where the month before or the one a year before had some.
SELECT = f"""
    WITH horizon AS MATERIALIZED ({horizon.HORIZON}),
    paying AS MATERIALIZED (
        SELECT
            paid.customer_id, paid.month, paid.currency, paid.mrr,
            COALESCE(NULLIF(paid.segment, ''), customer.segment, '') AS segment,
            COALESCE(NULLIF(paid.plan, ''), customer.plan, '') AS plan,
            COALESCE(customer.region, '') AS region,
            COALESCE(customer.owner_id, '') AS owner_id,
            COALESCE({_paid(-1)}, 0) AS starting,
            COALESCE({_paid(-12)}, 0) AS year_ago,
            {_paid(1)} IS NULL AS ends,
            {_paid(12)} IS NULL AS ends_within_a_year,
            (lag(paid.month, 12) OVER months
                = (paid.month - interval '12 months')::date) IS NOT TRUE AS broken,
            first_value(paid.month) OVER months AS first_month
        FROM horizon CROSS JOIN revenue_customermonth AS paid
        LEFT JOIN revenue_customer AS customer USING (customer_id)
        WHERE paid.mrr > 0 AND paid.customer_id {{among}}
        WINDOW months AS (PARTITION BY paid.customer_id ORDER BY paid.month)
    ), gone AS (
        SELECT paying.*, (month + interval '1 month')::date AS later,
            mrr AS paid, 0 AS paid_year_ago
        FROM paying WHERE ends
        UNION ALL
        SELECT paying.*, (month + interval '12 months')::date, 0, mrr
        FROM paying WHERE ends_within_a_year
    ), told AS (
        SELECT customer_id, month, currency, segment, plan, region, owner_id, mrr, starting,
            year_ago, first_month, broken
        FROM paying
        UNION ALL
        SELECT customer_id, later, currency,
            (array_agg(segment ORDER BY month DESC))[1], (array_agg(plan ORDER BY month DESC))[1],
            region, owner_id, 0, sum(paid), sum(paid_year_ago), first_month, false
        FROM gone
        WHERE later <= (SELECT last_month FROM horizon)
        GROUP BY customer_id, later, currency, region, owner_id, first_month
    )
    SELECT
        customer_id, month, currency, segment, plan, region, owner_id, mrr, starting, year_ago,
        CASE
            WHEN starting = 0 AND mrr > 0 AND month = first_month THEN 'new'
            WHEN starting = 0 AND mrr > 0 THEN 'reactivation'
            WHEN starting > 0 AND mrr = 0 THEN 'churn'
            WHEN mrr > starting THEN 'expansion'
            WHEN mrr < starting THEN 'contraction'
            ELSE ''
        END AS kind,
        first_month AS cohort, broken AND mrr > 0 AND year_ago > 0 AS returned
    FROM told
    ORDER BY month, customer_id
"""  # noqa: S608
BEFORE = """
    CREATE TEMPORARY TABLE movements_before AS
    SELECT * FROM revenue_movement WHERE customer_id = ANY(%s)
"""
# What the customers add to the months' sums now, less what they added before.
CARRIED = f"""
    CREATE TEMPORARY TABLE movements_carried AS
    SELECT {", ".join(OWNED)}, {sums("sign")}
    FROM (
        SELECT -1 AS sign, before.* FROM movements_before AS before
        UNION ALL
        SELECT 1 AS sign, now.* FROM revenue_movement AS now WHERE customer_id = ANY(%s)
    ) AS movement
    GROUP BY {", ".join(OWNED)}
"""  # noqa: S608


def _carry(table: str, keys: Sequence[str]) -> Sequence[str]:
    """SQL that brings a table of sums by these keys along."""
    same = " AND ".join(f"old.{key} = new.{key}" for key in keys)
    every = ", ".join(f'"{name}"' for name in (*keys, *MEASURES))
    changes = " OR ".join(f'new."{name}" <> 0' for name in MEASURES)
    carried = f"""(
        SELECT {", ".join(keys)}, {", ".join(f'sum("{name}") AS "{name}"' for name in MEASURES)}
        FROM movements_carried GROUP BY {", ".join(keys)}
    ) AS new"""  # noqa: S608
    return (
        f"""
        UPDATE {table} AS old
        SET {", ".join(f'"{name}" = old."{name}" + new."{name}"' for name in MEASURES)}
        FROM {carried}
        WHERE {same} AND ({changes})
        """,  # noqa: S608
        f"""
        INSERT INTO {table} ({every}) SELECT {every} FROM {carried}
        WHERE rows <> 0 AND NOT EXISTS (SELECT FROM {table} AS old WHERE {same})
        """,  # noqa: S608
        f"""
        DELETE FROM {table} AS old USING {carried} WHERE {same} AND old.rows = 0
        """,  # noqa: S608
    )


CARRY = (*_carry("revenue_revenuemonth", KEYS), *_carry("revenue_ownermonth", OWNED))
COHORTS_OF = """
    SELECT cohort FROM movements_before
    UNION SELECT cohort FROM revenue_movement WHERE customer_id = ANY(%s)
"""
FORGET = "DROP TABLE IF EXISTS movements_before, movements_carried"


@dataclass(frozen=True)
class Movements(RollUp):
    """Movements by customer; the sums of the months change by as much as they do.

    Cohorts are summed anew that one of the customers is or was of.
    """

    def refresh(self, buckets: Collection[Bucket]) -> None:
        """Compute these customers' movements anew, and carry what changed into the sums."""
        if horizon.has_moved():
            self.rebuild()
            return
        customers = [list(buckets)]
        with self.changing() as cursor, OWNERS.changing(), MONTHS.changing():
            cursor.execute(FORGET)
            cursor.execute(BEFORE, customers)
            super().refresh(buckets)
            cursor.execute(CARRIED, customers)
            cursor.execute(COHORTS_OF, customers)
            cohorts = [cohort for (cohort,) in cursor.fetchall()]
            for step in (*CARRY, FORGET):
                cursor.execute(step)
            COHORTS.refresh(cohorts)

    def rebuild(self) -> None:
        """Compute all movements anew, and sum the months and the cohorts anew."""
        super().rebuild()
        OWNERS.rebuild()
        MONTHS.rebuild()
        COHORTS.rebuild()


MOVEMENTS = Movements(
    name="movements", model="revenue.Movement", bucket="customer_id", select=SELECT
)
