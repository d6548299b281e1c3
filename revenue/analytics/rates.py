"""How fast what is paid is lost and won back, month by month."""

from __future__ import annotations

from typing import Any

import pandas as pd

from revenue import metrics as m
from revenue.analytics.ledger import by_size, in_order
from revops_site.kernel.frames import arrays, framed, joined
from revops_site.kernel.metrics import values

RATES = {
    "churn_rate": m.CHURN_RATE,
    "gross_mrr_churn_rate": m.GROSS_CHURN,
    "net_mrr_churn_rate": m.NET_CHURN,
    "quick_ratio": m.QUICK_RATIO,
}
AGO = ("year_ago_customers", "year_ago", "year_ago_now", "year_ago_kept")
MOVED = (
    *("starting_customers", "churn_customers", "started"),
    *("new", "expansion", "reactivation", "contraction", "churn"),
)


def rates(months: pd.DataFrame) -> pd.DataFrame:
    """The churn rates and the quick ratio of each month (R10 to R12, R15), the oldest first.

    Columns month, starting_customers, churned_customers, started, lost_mrr and ``RATES``;
    NaN where there was nothing to divide by.
    """
    of = in_order(months)
    return framed(
        {
            "month": of["month"],
            "starting_customers": of["starting_customers"],
            "churned_customers": of["churn_customers"],
            "started": of["started"],
            "lost_mrr": of["churn"] + of["contraction"],
            **{name: values(metric, of) for name, metric in RATES.items()},
        }
    )


def kept(groups: pd.DataFrame, moved: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per value of ``by``: what lasted for a year, and what the period's months lost.

    ``groups`` are the operands at the last month, ``moved`` those over the period; a group of which
    neither knows anything has no row. Columns ``by``, year_ago_customers, year_ago, avg_nrr, grr,
    churned, churn_rate, gross_mrr_churn_rate, net_mrr_churn_rate, quick_ratio.
    """
    then, now = arrays(groups), arrays(moved)
    both: dict[str, Any] = joined(
        {name: then[name] for name in (by, "mrr", *AGO)},
        {name: now[name] for name in (by, *MOVED)},
        by,
    )
    some = (both["year_ago_customers"] + both["starting_customers"] + both["mrr"]) != 0
    both = {name: one[some] for name, one in both.items()}
    return by_size(
        {
            by: both[by],
            "mrr": both["mrr"],
            "year_ago_customers": both["year_ago_customers"].astype("int64"),
            "year_ago": both["year_ago"],
            "avg_nrr": values(m.NRR, both),
            "grr": values(m.GRR, both),
            "churned": both["churn_customers"].astype("int64"),
            **{name: values(metric, both) for name, metric in RATES.items()},
        },
        by,
    )
