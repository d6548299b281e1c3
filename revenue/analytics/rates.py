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


def definitions(months: pd.DataFrame) -> pd.DataFrame:
    """NRR, GRR and net churn of each month with returners and without, the oldest first.

    Columns month, avg_nrr, nrr_without_returns, nrr_by, grr, grr_without_returns,
    net_mrr_churn_rate, net_mrr_churn_without_returns, returned_mrr; ``nrr_by`` is how much more
    the first is. NaN where unknown.
    """
    of = in_order(months)
    with_returns, without = values(m.NRR, of), values(m.NRR_STRICT, of)
    return framed(
        {
            "month": of["month"],
            "avg_nrr": with_returns,
            "nrr_without_returns": without,
            "nrr_by": with_returns - without,
            "grr": values(m.GRR, of),
            "grr_without_returns": values(m.GRR_STRICT, of),
            "net_mrr_churn_rate": values(m.NET_CHURN, of),
            "net_mrr_churn_without_returns": values(m.NET_CHURN_STRICT, of),
            "returned_mrr": of["year_ago_returned"],
        }
    )


def churn_by_dates(months: pd.DataFrame) -> pd.DataFrame:
    """The logo churn of each month by the last day and by the notice, and by how much they differ.

    Columns of ``months``, churn_rate_by_dates, churn_rate_by_notice, churn_by (the second less the
    first); NaN where nobody was there.
    """
    of = in_order(months)
    by_end, by_notice = values(m.CHURN_BY_DATES, of), values(m.CHURN_BY_NOTICE, of)
    return framed(
        {
            **of,
            "churn_rate_by_dates": by_end,
            "churn_rate_by_notice": by_notice,
            "churn_by": by_notice - by_end,
        }
    )


def trends(groups: pd.DataFrame, by: str) -> pd.DataFrame:
    """NRR and GRR of each group at each month's end, the oldest first; none where unknown.

    Columns month, ``by``, year_ago_customers, year_ago, avg_nrr, grr.
    """
    of = in_order(groups[groups["year_ago"] != 0])
    rates_ = {"avg_nrr": values(m.NRR, of), "grr": values(m.GRR, of)}
    return framed({name: of[name] for name in ("month", by, *AGO[:2])} | rates_)


def by_cohort(rows: pd.DataFrame) -> pd.DataFrame:
    """NRR and GRR by the year in which customers first paid, the newest first.

    Columns year, year_ago_customers, year_ago, avg_nrr, grr.
    """
    of: dict[str, Any] = arrays(rows.sort_values("year", ascending=False))
    rates_ = {"avg_nrr": values(m.NRR, of), "grr": values(m.GRR, of)}
    return framed({name: of[name] for name in ("year", *AGO[:2])} | rates_)
