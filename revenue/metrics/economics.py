"""What a customer costs to win, what one is worth, and when the cost is earned back."""

from __future__ import annotations

from revenue.metrics.kinds import money, rate
from revops_site.kernel.metrics import Metric

MARGIN = (
    "Gross margin is the target of the benchmark gross_margin, of several segments weighted by MRR."
)
CAC = money(
    "cac",
    "cac",
    "Marketing CAC",
    "cost / new_customers",
    "What marketing spent for each customer that first paid in the period.",
    "Of marketing alone: no file tells what sales costs. Fully loaded it is higher, and what is "
    "compared with it less good. Unknown where nobody came, and of a part of the data that spend "
    "does not know, such as a rep's customers.",
    "R17",
    better="down",
    show="money",
)
LTV = money(
    "ltv",
    "ltv",
    "LTV",
    "arpa * gross_margin / monthly_churn",
    "What a customer brings over a lifetime: ARPA times gross margin, for as long as churn leaves.",
    "Monthly churn is of the twelve months up to the month: all that left, of the customers at "
    f"each month's start. Unknown where nobody left, or without a gross margin. {MARGIN}",
    "R18",
    show="money",
)
LTV_CAC = Metric(
    slug="revenue-ltv-cac",
    field="ltv_cac_ratio",
    label="LTV : CAC",
    meaning="What a customer is worth for each unit that it costs to win one.",
    formula="ltv / cac",
    better="up",
    show="ratio",
    exact="decimal",
    edge="Unknown where either is. Held against the benchmark ltv_cac_targets.",
    ids=("R19",),
)
PAYBACK = Metric(
    slug="revenue-cac-payback",
    field="cac_payback_months",
    label="CAC payback, months",
    meaning="Months until a new customer's margin has earned back what it cost to win.",
    formula="cac / (arpa_new * gross_margin)",
    better="down",
    show="decimal1",
    exact="decimal",
    edge="By what new customers pay in their first month. Held against cac_payback_targets.",
    ids=("R20",),
)
ANNUALIZED = rate(
    "annualized-churn",
    "annualized_churn",
    "Annualized churn",
    "annualized_churn",
    "The share of customers that a year of such monthly churn c takes: 1 - (1 - c)^12, not 12 c.",
    "Monthly churn is of the twelve months up to the month.",
    "R10",
    better="down",
)
ECONOMICS = (CAC, LTV, LTV_CAC, PAYBACK, ANNUALIZED)
