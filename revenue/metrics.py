"""Revenue's definitions: what customers pay every month, what moved it, and who stays."""

from __future__ import annotations

from revops_site.kernel.metrics import Better, Metric

AT_RATE = "In the reporting currency at the rate of the month's end."
CONSTANT = "Both sides at the rate of the later month's end, so that no currency moves it."
HISTORY = "Unknown where the data do not go back that far: it needs MRR history."


def _money(
    slug: str,
    field: str,
    label: str,
    formula: str,
    meaning: str,
    edge: str,
    id_: str,
    better: Better = "up",
) -> Metric:
    return Metric(
        slug=f"revenue-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better=better,
        show="amount_auto",
        exact="money2",
        edge=edge,
        ids=(id_,),
    )


def _count(slug: str, field: str, label: str, operand: str, meaning: str, id_: str) -> Metric:
    return Metric(
        slug=f"revenue-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=operand,
        better="down" if "churned" in field else "up",
        show="integer",
        exact="integer",
        edge="A customer counts once, however many subscriptions it has.",
        ids=(id_,),
    )


def _rate(
    slug: str,
    field: str,
    label: str,
    formula: str,
    meaning: str,
    edge: str,
    id_: str,
    better: Better = "up",
    show: str = "percent_auto",
) -> Metric:
    return Metric(
        slug=f"revenue-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better=better,
        show=show,
        exact="percent2",
        edge=edge,
        ids=(id_,),
        change="points",
    )


MRR = _money(
    "mrr",
    "total_mrr",
    "MRR",
    "mrr",
    "What all customers pay for a month, at its end or, in a running month, on the last day.",
    AT_RATE,
    "R02",
)
ARR = _money(
    "arr",
    "total_arr",
    "ARR",
    "12 * mrr",
    "Twelve times MRR: a run rate, not the revenue that was booked in a year.",
    AT_RATE,
    "R03",
)
CUSTOMERS = _count(
    "customers",
    "active_customers",
    "Paying customers",
    "customers",
    "Customers with an MRR above 0.",
    "R14",
)
ARPA = _money(
    "arpa",
    "arpa",
    "ARPA",
    "mrr / customers",
    "Average MRR of a paying customer.",
    "Unknown where nobody pays.",
    "R13",
)
MONTH_METRICS = (MRR, ARR, CUSTOMERS, ARPA)

NRR = _rate(
    "nrr",
    "avg_nrr",
    "NRR",
    "year_ago_now / year_ago",
    "Of what customers paid twelve months ago, the share that these very customers pay now.",
    f"Those who left count 0, those who came since do not count. {CONSTANT} {HISTORY}",
    "R08",
    show="percent",
)
GRR = _rate(
    "grr",
    "grr",
    "GRR",
    "year_ago_kept / year_ago",
    "As NRR, but without what anybody pays more than twelve months ago: never above 100%.",
    f"{CONSTANT} {HISTORY}",
    "R09",
    show="percent",
)
LOGO_RETENTION = _rate(
    "logo-retention",
    "logo_retention_12m",
    "Customers kept",
    "year_ago_still / year_ago_customers",
    "Of the customers that paid twelve months ago, the share that pays now.",
    HISTORY,
    "R16",
    show="percent",
)
COHORT_METRICS = (NRR, GRR, LOGO_RETENTION)

NEW = _money(
    "new",
    "new_mrr",
    "New MRR",
    "new",
    "MRR of customers that never paid before.",
    AT_RATE,
    "R04",
)
NEW_CUSTOMERS = _count(
    "new-customers",
    "new_customers",
    "New customers",
    "new_customers",
    "Customers that pay and never paid before.",
    "R04",
)
EXPANSION = _money(
    "expansion",
    "expansion_mrr",
    "Expansion MRR",
    "expansion",
    "What customers pay more than a month before.",
    AT_RATE,
    "R04",
)
CONTRACTION = _money(
    "contraction",
    "contraction_mrr",
    "Contraction MRR",
    "contraction",
    "What customers that still pay pay less than a month before.",
    f"Shown as a positive amount. {AT_RATE}",
    "R04",
    better="down",
)
CHURN = _money(
    "churn",
    "churn_mrr",
    "Churned MRR",
    "churn",
    "What customers paid a month before that pay nothing any more.",
    f"Shown as a positive amount. {AT_RATE}",
    "R04",
    better="down",
)
CHURNED = _count(
    "churned-customers",
    "churned_customers",
    "Churned customers",
    "churn_customers",
    "Customers that paid a month before and pay nothing any more.",
    "R04",
)
REACTIVATION = _money(
    "reactivation",
    "reactivation_mrr",
    "Reactivated MRR",
    "reactivation",
    "MRR of customers that came back after a month or more without pay.",
    AT_RATE,
    "R04",
)
REACTIVATED = _count(
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

STARTING = _money(
    "starting",
    "starting_mrr",
    "Starting MRR",
    "starting",
    "MRR at the end of the month before the first one.",
    "At the rate of that month's end.",
    "R04",
    better="neither",
)
ENDING = _money(
    "ending",
    "ending_mrr",
    "Ending MRR",
    "ending",
    "MRR at the end of the last month.",
    AT_RATE,
    "R04",
)
FX_IMPACT = _money(
    "fx-impact",
    "fx_impact",
    "Currency effect",
    "fx_impact",
    "What rates alone did to the MRR that each month began with.",
    "No movement of a customer: each movement is at the rate of its own month's end.",
    "R05",
    better="neither",
)
NET_NEW = _money(
    "net-new",
    "net_new_mrr",
    "Net new MRR",
    "ending - starting",
    "How much MRR grew.",
    AT_RATE,
    "R06",
)
GROWTH = _rate(
    "growth",
    "mrr_growth_rate",
    "MRR growth",
    "(ending - starting) / starting",
    "How much MRR grew, for each unit that there was.",
    "Unknown where there was none.",
    "R07",
)
CHURN_RATE = _rate(
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
GROSS_CHURN = _rate(
    "gross-mrr-churn",
    "gross_mrr_churn_rate",
    "Gross MRR churn, monthly",
    "(churn + contraction) / started",
    "Of the MRR at a month's start, the share that was lost by leaving or paying less.",
    "Over several months: all that was lost, of the MRR at each month's start.",
    "R11",
    better="down",
)
NET_CHURN = _rate(
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

LOST_CUSTOMERS = _count(
    "lost-customers",
    "total_churned",
    "Customers lost",
    "lost_customers",
    "Customers whose churn date lies in the period.",
    "R22",
)
LOST_MRR = _money(
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

METRICS = (
    *MONTH_METRICS,
    *COHORT_METRICS,
    *(metric for metrics in MOVEMENTS.values() for metric in metrics),
    *BALANCE_METRICS,
    *LOST_METRICS,
)
