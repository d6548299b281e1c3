"""What customers pay at a month's end, and who of a year before still does."""

from __future__ import annotations

from revenue.metrics.kinds import AT_RATE, CONSTANT, HISTORY, count, money, rate

MRR = money(
    "mrr",
    "total_mrr",
    "MRR",
    "mrr",
    "What all customers pay for a month, at its end or, in a running month, on the last day.",
    AT_RATE,
    "R02",
)
ARR = money(
    "arr",
    "total_arr",
    "ARR",
    "12 * mrr",
    "Twelve times MRR: a run rate, not the revenue that was booked in a year.",
    AT_RATE,
    "R03",
)
CUSTOMERS = count(
    "customers",
    "active_customers",
    "Paying customers",
    "customers",
    "Customers with an MRR above 0.",
    "R14",
)
ARPA = money(
    "arpa",
    "arpa",
    "ARPA",
    "mrr / customers",
    "Average MRR of a paying customer.",
    "Unknown where nobody pays.",
    "R13",
    show="money",
)
MONTH_METRICS = (MRR, ARR, CUSTOMERS, ARPA)

NRR = rate(
    "nrr",
    "avg_nrr",
    "NRR",
    "year_ago_now / year_ago",
    "Of what customers paid twelve months ago, the share that these very customers pay now.",
    f"Those who left count 0, those who came since do not count. {CONSTANT} {HISTORY}",
    "R08",
    show="percent",
)
GRR = rate(
    "grr",
    "grr",
    "GRR",
    "year_ago_kept / year_ago",
    "As NRR, but without what anybody pays more than twelve months ago: never above 100%.",
    f"{CONSTANT} {HISTORY}",
    "R09",
    show="percent",
)
LOGO_RETENTION = rate(
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
