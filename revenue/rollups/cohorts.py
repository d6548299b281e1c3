"""What is left, month by month, of the customers that first paid in the same month."""

from __future__ import annotations

from revops_site.kernel.rollups import RollUp

# Each customer's rows beside that of its first month: the group it is in and what it paid.
LEFT_OF = """
    {rows} AS now JOIN revenue_movement AS first
        ON first.customer_id = now.customer_id AND first.month = now.cohort AND first.mrr > 0
"""
KEPT = "CASE WHEN first.currency = now.currency THEN LEAST(now.mrr, first.mrr) ELSE 0 END"
COHORTS = RollUp(
    name="cohorts",
    model="revenue.CohortMonth",
    bucket="cohort",
    select=f"""
        SELECT now.cohort, now.month, first.segment, first.plan, first.region, now.currency,
            count(*) AS customers, sum(now.mrr) AS mrr, sum({KEPT}) AS kept
        FROM {LEFT_OF.format(rows="revenue_movement")}
        WHERE now.cohort {{among}} AND now.mrr > 0
        GROUP BY 1, 2, 3, 4, 5, 6
    """,  # noqa: S608
)
