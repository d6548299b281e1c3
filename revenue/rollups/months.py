"""Each month's MRR and what moved it, as sums of what each customer's did."""

from __future__ import annotations

from revops_site.kernel.rollups import RollUp

KEYS = ("month", "segment", "plan", "region", "currency")
KINDS = ("new", "expansion", "contraction", "churn", "reactivation")
# What is summed, as SQL over a movement.
MEASURES = {
    "customers": "(mrr > 0)::int",
    "mrr": "mrr",
    "starting_customers": "(starting > 0)::int",
    "starting": "starting",
    **{f"{kind}_customers": f"(kind = '{kind}')::int" for kind in KINDS},
    **{kind: f"CASE WHEN kind = '{kind}' THEN abs(mrr - starting) ELSE 0 END" for kind in KINDS},
    "year_ago_customers": "(year_ago > 0)::int",
    "year_ago": "year_ago",
    "year_ago_now": "CASE WHEN year_ago > 0 THEN mrr ELSE 0 END",
    "year_ago_kept": "LEAST(mrr, year_ago)",
    "year_ago_returned": "CASE WHEN returned THEN mrr ELSE 0 END",
    "year_ago_returned_kept": "CASE WHEN returned THEN LEAST(mrr, year_ago) ELSE 0 END",
    "rows": "1",
}


def sums(sign: str = "1") -> str:
    """SQL for the sums over movements, each of them taken ``sign`` times."""
    return ", ".join(f'sum({sign} * {sql}) AS "{name}"' for name, sql in MEASURES.items())


MONTHS = RollUp(
    name="revenue_months",
    model="revenue.RevenueMonth",
    bucket="month",
    select=f"""
        SELECT {", ".join(KEYS)}, {sums()}
        FROM revenue_movement
        WHERE month {{among}}
        GROUP BY {", ".join(KEYS)}
    """,  # noqa: S608
)
