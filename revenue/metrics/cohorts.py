"""What is left of those who came together, and for how long customers stay."""

from __future__ import annotations

from revenue.metrics.kinds import rate
from revops_site.kernel.metrics import Metric

SAME_RATE = "Both sides at the rate of the later month's end, so that no currency moves it."
LATER = "Months after the data are unknown, never 0. Whoever comes back counts again."

COHORT_LOGO = rate(
    "cohort-logo",
    "logo_retention",
    "Customers kept, by cohort",
    "staying / customers",
    "Of the customers that first paid in the same month, the share that pays so many months later.",
    LATER,
    "R16",
    show="percent",
)
COHORT_NET = rate(
    "cohort-net",
    "revenue_retention",
    "Net MRR kept, by cohort",
    "mrr / base",
    "What these customers pay so many months later, of what they paid in their first month.",
    f"Above 100% where they pay more. {SAME_RATE} {LATER}",
    "R16",
    show="percent",
)
COHORT_GROSS = rate(
    "cohort-gross",
    "gross_retention",
    "Gross MRR kept, by cohort",
    "kept / base",
    "As net, but without what anybody pays more than in the first month: never above 100%.",
    f"A customer that changed its currency counts as lost. {SAME_RATE} {LATER}",
    "R16",
    show="percent",
)
LIFE = Metric(
    slug="revenue-customer-life",
    field="median_days",
    label="Median life of a customer",
    meaning="The days after which half of the customers have left, estimated as Kaplan and Meier "
    "do: whoever is still there counts for as long as is known, and no longer.",
    formula="median_days",
    better="up",
    show="days",
    exact="days",
    edge="Unknown while more than half stay. From start_date to churn_date; on the same day those "
    "who leave count before those who are still there. The band is a 95% interval by Greenwood's "
    "variance on the log-log scale.",
    ids=("R21",),
)
TOLD = (COHORT_LOGO, COHORT_NET, COHORT_GROSS, LIFE)
