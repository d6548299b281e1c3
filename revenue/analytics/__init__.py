"""Revenue's arithmetic: frames of operands in, balances, retention, shares and reasons out."""

from revenue.analytics.balances import by_customer as balance_by_customer
from revenue.analytics.balances import by_group as balance_by_group
from revenue.analytics.balances import by_quarter as balance_by_quarter
from revenue.analytics.cohorts import by_month as cohorts_by_month
from revenue.analytics.cohorts import by_quarter as cohorts_by_quarter
from revenue.analytics.cohorts import triangle
from revenue.analytics.economics import GIVEN as ECONOMICS_GIVEN
from revenue.analytics.economics import annualized, economics, judged, margins
from revenue.analytics.ledger import (
    SEGMENTS,
    UNKNOWN,
    blended_target,
    breakdown,
    by_size,
    churn_reasons,
    dominant_reason,
    kpis,
    nrr_by_segment,
    retention,
    sparklines,
    waterfall,
)
from revenue.analytics.lives import AT as LIVED
from revenue.analytics.lives import curves, lives, summary
from revenue.analytics.rates import (
    by_cohort,
    churn_by_dates,
    definitions,
    kept,
    rates,
    trends,
)
from revops_site.kernel.survival import Curve

__all__ = [
    "ECONOMICS_GIVEN",
    "LIVED",
    "SEGMENTS",
    "UNKNOWN",
    "Curve",
    "annualized",
    "balance_by_customer",
    "balance_by_group",
    "balance_by_quarter",
    "blended_target",
    "breakdown",
    "by_cohort",
    "by_size",
    "churn_by_dates",
    "churn_reasons",
    "cohorts_by_month",
    "cohorts_by_quarter",
    "curves",
    "definitions",
    "dominant_reason",
    "economics",
    "judged",
    "kept",
    "kpis",
    "lives",
    "margins",
    "nrr_by_segment",
    "rates",
    "retention",
    "sparklines",
    "summary",
    "trends",
    "triangle",
    "waterfall",
]
