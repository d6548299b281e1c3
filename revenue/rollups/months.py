"""Each month's MRR and what moved it, as sums of what each customer's did: by owner, and of all."""

from __future__ import annotations

from dataclasses import dataclass

from revops_site.kernel.rollups import RollUp

KEYS = ("month", "segment", "plan", "region", "currency")
OWNED = (*KEYS, "owner_id")
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
    "year_ago_left": "CASE WHEN mrr = 0 THEN year_ago ELSE 0 END",
    "year_ago_still": "(year_ago > 0 AND mrr > 0)::int",
    "rows": "1",
}


def sums(sign: str = "1") -> str:
    """SQL for the sums over movements, each of them taken ``sign`` times."""
    return ", ".join(f'sum({sign} * {sql}) AS "{name}"' for name, sql in MEASURES.items())


def _summed(table: str, keys: tuple[str, ...], measures: str) -> str:
    grouped = ", ".join(keys)
    return f"SELECT {grouped}, {measures} FROM {table} WHERE month {{among}} GROUP BY {grouped}"  # noqa: S608


@dataclass(frozen=True)
class Owners(RollUp):
    """Summed in memory as a whole: PostgreSQL would sort all movements otherwise, for minutes."""

    def rebuild(self) -> None:
        """Sum everything anew."""
        with self.changing() as cursor:
            cursor.execute("SET LOCAL work_mem = '256MB'")
            super().rebuild()
            cursor.execute("SET LOCAL work_mem TO DEFAULT")


OWNERS = Owners(
    name="owner_months",
    model="revenue.OwnerMonth",
    bucket="month",
    select=_summed("revenue_movement", OWNED, sums()),
)
# Summed of the owners' sums, which are few beside the movements.
MONTHS = RollUp(
    name="revenue_months",
    model="revenue.RevenueMonth",
    bucket="month",
    select=_summed(
        "revenue_ownermonth", KEYS, ", ".join(f'sum("{name}") AS "{name}"' for name in MEASURES)
    ),
)
