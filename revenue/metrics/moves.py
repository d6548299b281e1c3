"""What moved MRR from month to month, and who left."""

from __future__ import annotations

from revenue.metrics.kinds import AT_RATE, HISTORY, count, money, rate
from revops_site.kernel.metrics import Metric

NEW = money(
    "new",
    "new_mrr",
    "New MRR",
    "new",
    "MRR of customers that never paid before.",
    AT_RATE,
    "R04",
)
NEW_CUSTOMERS = count(
    "new-customers",
    "new_customers",
    "New customers",
    "new_customers",
    "Customers that pay and never paid before.",
    "R04",
)
EXPANSION = money(
    "expansion",
    "expansion_mrr",
    "Expansion MRR",
    "expansion",
    "What customers pay more than a month before.",
    AT_RATE,
    "R04",
)
CONTRACTION = money(
    "contraction",
    "contraction_mrr",
    "Contraction MRR",
    "contraction",
    "What customers that still pay pay less than a month before.",
    f"Shown as a positive amount. {AT_RATE}",
    "R04",
    better="down",
)
CHURN = money(
    "churn",
    "churn_mrr",
    "Churned MRR",
    "churn",
    "What customers paid a month before that pay nothing any more.",
    f"Shown as a positive amount. {AT_RATE}",
    "R04",
    better="down",
)
CHURNED = count(
    "churned-customers",
    "churned_customers",
    "Churned customers",
    "churn_customers",
    "Customers that paid a month before and pay nothing any more.",
    "R04",
)
REACTIVATION = money(
    "reactivation",
    "reactivation_mrr",
    "Reactivated MRR",
    "reactivation",
    "MRR of customers that came back after a month or more without pay.",
    AT_RATE,
    "R04",
)
REACTIVATED = count(
    "reactivated-customers",
    "reactivated_customers",
    "Reactivated customers",
    "reactivation_customers",
    "Customers that pay again after a month or more without pay.",
    "R04",
)
# By the kind of movement: what explains it.
MOVEMENTS = {
    "new": (NEW, NEW_CUSTOMERS),
    "expansion": (EXPANSION,),
    "contraction": (CONTRACTION,),
    "churn": (CHURN, CHURNED),
    "reactivation": (REACTIVATION, REACTIVATED),
}

STARTING = money(
    "starting",
    "starting_mrr",
    "Starting MRR",
    "starting",
    "MRR at the end of the month before the first one.",
    "At the rate of that month's end.",
    "R04",
    better="neither",
)
ENDING = money(
    "ending",
    "ending_mrr",
    "Ending MRR",
    "ending",
    "MRR at the end of the last month.",
    AT_RATE,
    "R04",
)
FX_IMPACT = money(
    "fx-impact",
    "fx_impact",
    "Currency effect",
    "fx_impact",
    "What rates alone did to the MRR that each month began with.",
    "No movement of a customer: each movement is at the rate of its own month's end. What had no "
    "rate before enters here in the month of its first one.",
    "R05",
    better="neither",
)
NET_NEW = money(
    "net-new",
    "net_new_mrr",
    "Net new MRR",
    "ending - starting",
    "How much MRR grew.",
    AT_RATE,
    "R06",
)
GROWTH = rate(
    "growth",
    "mrr_growth_rate",
    "MRR growth",
    "(ending - starting) / starting",
    "How much MRR grew, for each unit that there was.",
    "Unknown where there was none.",
    "R07",
)
CHURN_RATE = rate(
    "churn-rate",
    "churn_rate",
    "Churn, monthly",
    "churn_customers / starting_customers",
    "Of the customers at a month's start, the share that left in it.",
    "New customers of the month are not in it. Over several months: all that left, of the "
    f"customers at each month's start. {HISTORY}",
    "R10",
    better="down",
)
CHURN_BY_DATES = rate(
    "churn-by-dates",
    "churn_rate_by_dates",
    "Churn by dates, monthly",
    "gone_customers / present_customers",
    "Of the customers at the start of the last whole month, the share whose churn date lies in it.",
    "Stands in for monthly churn where there is no MRR history: a customer is one from its start "
    "date until its churn date. Who left on an unknown day is left out.",
    "R10",
    better="down",
)
GROSS_CHURN = rate(
    "gross-mrr-churn",
    "gross_mrr_churn_rate",
    "Gross MRR churn, monthly",
    "(churn + contraction) / started",
    "Of the MRR at a month's start, the share that was lost by leaving or paying less.",
    "Over several months: all that was lost, of the MRR at each month's start.",
    "R11",
    better="down",
)
NET_CHURN = rate(
    "net-mrr-churn",
    "net_mrr_churn_rate",
    "Net MRR churn, monthly",
    "(churn + contraction - expansion - reactivation) / started",
    "As gross churn, less what others pay more: below 0 it is growth.",
    "Over several months: all that was lost, of the MRR at each month's start.",
    "R12",
    better="down",
)
QUICK_RATIO = Metric(
    slug="revenue-quick-ratio",
    field="quick_ratio",
    label="Quick ratio",
    meaning="MRR won for each unit of MRR lost.",
    formula="(new + expansion + reactivation) / (churn + contraction)",
    better="up",
    show="ratio",
    exact="decimal",
    edge="Unknown where nothing was lost.",
    ids=("R15",),
)
BALANCE_METRICS = (
    STARTING,
    ENDING,
    NET_NEW,
    GROWTH,
    FX_IMPACT,
    CHURN_RATE,
    GROSS_CHURN,
    NET_CHURN,
    QUICK_RATIO,
)

LOST_CUSTOMERS = count(
    "lost-customers",
    "total_churned",
    "Customers lost",
    "lost_customers",
    "Customers whose churn date lies in the period.",
    "R22",
)
LOST_MRR = money(
    "lost-mrr",
    "total_mrr_lost",
    "MRR lost",
    "mrr_lost",
    "What these customers paid before they left, as far as it is known.",
    "In the reporting currency at the rate of the day that they left.",
    "R22",
    better="down",
)
LOST_METRICS = (LOST_CUSTOMERS, LOST_MRR)
