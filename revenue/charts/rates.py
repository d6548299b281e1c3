"""How fast customers and their MRR are lost, and what is won for each unit lost."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel.charts import Figure, bars, dated, figure, line

RATES = (
    ("Customers that left", "churn_rate"),
    ("Gross MRR churn", "gross_mrr_churn_rate"),
    ("Net MRR churn", "net_mrr_churn_rate"),
)


def churn(months: pd.DataFrame) -> Figure:
    """The share of customers and of MRR that each month lost."""
    lines = [
        line(months["key"], months[name], label, nth) for nth, (label, name) in enumerate(RATES)
    ]
    for one in lines:
        one["hovertemplate"] = "%{y:.1%}"
    return figure(
        lines,
        xaxis={"type": "category", **dated(months["key"].tolist())},
        yaxis={"tickformat": ".1%", "rangemode": "tozero"},
        hovermode="x unified",
    )


def quick_ratio(months: pd.DataFrame) -> Figure:
    """How much MRR was won for each unit that was lost; a month without loss has no bar."""
    trace = bars(months["key"], months["quick_ratio"], "Quick ratio", hovertemplate="%{y:.1f}")
    return figure(
        [trace],
        xaxis={"type": "category", **dated(months["key"].tolist())},
        yaxis={"tickformat": ".1f", "rangemode": "tozero"},
        hovermode="closest",
    )
