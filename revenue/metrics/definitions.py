"""The same measures by another definition, to stand beside the one that the pages go by."""

from __future__ import annotations

from revenue.metrics.kinds import CONSTANT, HISTORY, rate

NRR_STRICT = rate(
    "nrr-without-returns",
    "nrr_without_returns",
    "NRR without returns",
    "(year_ago_now - year_ago_returned) / year_ago",
    "As NRR, but whoever left within the twelve months and came back counts 0, as if still gone.",
    f"{CONSTANT} {HISTORY}",
    "R08",
    show="percent",
)
GRR_STRICT = rate(
    "grr-without-returns",
    "grr_without_returns",
    "GRR without returns",
    "(year_ago_kept - year_ago_returned_kept) / year_ago",
    "As GRR, but whoever left within the twelve months and came back counts 0, as if still gone.",
    f"{CONSTANT} {HISTORY}",
    "R09",
    show="percent",
)
NET_CHURN_STRICT = rate(
    "net-mrr-churn-without-returns",
    "net_mrr_churn_without_returns",
    "Net MRR churn without returns",
    "(churn + contraction - expansion) / started",
    "As net MRR churn, but without what customers pay that came back.",
    "Over several months: all that was lost, of the MRR at each month's start.",
    "R12",
    better="down",
)
CHURN_BY_NOTICE = rate(
    "churn-by-notice",
    "churn_rate_by_notice",
    "Churn by notice, monthly",
    "noticed_customers / unnoticed_customers",
    "Of the customers at the start of the last whole month that had not given notice, the share "
    "that gave it in that month.",
    "By the dates of the list of customers; whose notice is not known gave it on the churn date. "
    "Who left on an unknown day is left out.",
    "R10",
    better="down",
)
STRICT = (NRR_STRICT, GRR_STRICT)
