"""What revenue's numbers can be taken apart by."""

from __future__ import annotations

from collections.abc import Mapping

from revenue import metrics
from revenue.queries import groups
from revenue.queries.months import KINDS
from revops_site.kernel.panels import Shown
from revops_site.kernel.parted import BELOW, Bridge, Parted

BY = ("segment", "plan", "region", "team", "owner")
MOVEMENTS = "new + expansion + reactivation - contraction - churn + fx_impact"
COUNTED = {kind: f"{kind}_customers" for kind in KINDS}
LEFT, LESS, MORE = (
    Shown("year_ago_left", "Churn", "money2"),
    Shown("year_ago_less", "Contraction", "money2"),
    Shown("year_ago_more", "Expansion", "money2"),
)
_MOVED = Parted(
    read=groups.moved,
    dimensions=BY,
    counted=COUNTED,
    finer={
        metrics.NET_NEW.formula: MOVEMENTS,
        metrics.GROWTH.formula: f"({MOVEMENTS}) / starting",
    },
    operands=(Shown("fx_impact", "Currency effect", "money2"),),
    sample="starting_customers",
)

PARTED: Mapping[str, Parted] = {
    "revenue-month": Parted(
        read=groups.of_month,
        dimensions=BY,
        counted={"mrr": "customers"},
        sample="customers",
        bridge=Bridge(
            between=groups.between,
            operands=tuple(groups.BRIDGE),
            labels={
                "new": metrics.NEW.label,
                "new_customers": metrics.NEW_CUSTOMERS.label,
                "expansion": metrics.EXPANSION.label,
                "reactivation": metrics.REACTIVATION.label,
                "reactivation_customers": metrics.REACTIVATED.label,
                "contraction": metrics.CONTRACTION.label,
                "churn": metrics.CHURN.label,
                "churn_customers": metrics.CHURNED.label,
                "fx_impact": metrics.FX_IMPACT.label,
            },
        ),
    ),
    "revenue-cohort": Parted(
        read=groups.of_cohort,
        dimensions=BY,
        finer={
            metrics.NRR.formula: (
                "(year_ago - year_ago_left - year_ago_less + year_ago_more) / year_ago"
            ),
            metrics.GRR.formula: "(year_ago - year_ago_left - year_ago_less) / year_ago",
        },
        operands=(LEFT, LESS, MORE),
        sample="year_ago_customers",
    ),
    "revenue-logos": Parted(read=groups.of_cohort, dimensions=BY, sample=BELOW),
    **{f"revenue-{kind}": _MOVED for kind in metrics.MOVEMENTS},
    "revenue-balance": _MOVED,
    "customers-by-dates": Parted(read=groups.by_dates, dimensions=BY, sample=BELOW),
    "lost-customers": Parted(
        read=groups.lost,
        dimensions=(*BY[:3], "reason", *BY[3:]),
        counted={"mrr_lost": "lost_customers"},
    ),
}
