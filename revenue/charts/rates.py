"""How fast customers and their MRR are lost, and what is won for each unit lost."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel.charts import Figure, bars, dated, figure, line

MOST = 6  # beyond them colours repeat
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


def trends(groups: pd.DataFrame) -> Figure:
    """How NRR moves in each group."""
    months = groups["key"].drop_duplicates()
    traces = []
    for nth, (name, rows) in enumerate(list(groups.groupby("group", sort=False))[:MOST]):
        one = line(rows["key"], rows["avg_nrr"], str(name), nth)
        one["hovertemplate"] = "%{y:.1%}"
        traces.append(one)
    return figure(
        traces,
        showlegend=True,
        xaxis={"type": "category", **dated(months.tolist())},
        yaxis={"tickformat": ".0%"},
        hovermode="x unified",
    )


def returns(months: pd.DataFrame) -> Figure:
    """NRR with those who came back, and without."""
    return _two(
        months,
        (("NRR", "avg_nrr"), ("Without returns", "nrr_without_returns")),
        ".0%",
    )


def notices(months: pd.DataFrame) -> Figure:
    """Churn by the last day, and by the day of the notice."""
    return _two(
        months,
        (("By last day", "churn_rate_by_dates"), ("By notice", "churn_rate_by_notice")),
        ".1%",
    )


def leaving(customers: pd.DataFrame) -> Figure:
    """What those pay who are known to leave, by the month of their last day."""
    months = customers["churn_date"].dt.strftime("%b %Y")
    sums = customers["value"].groupby(months.to_numpy(), sort=False).sum()
    trace = bars(
        pd.Series(sums.index.astype("str")),
        sums.reset_index(drop=True),
        "MRR",
        "warn",
        hovertemplate="%{x}: %{y:,.0f}<extra></extra>",
    )
    return figure(
        [trace], xaxis={"type": "category"}, yaxis={"tickformat": "~s"}, hovermode="closest"
    )


def _two(months: pd.DataFrame, given: tuple[tuple[str, str], ...], ticks: str) -> Figure:
    lines = [
        line(months["key"], months[name], label, nth) for nth, (label, name) in enumerate(given)
    ]
    for one in lines:
        one["hovertemplate"] = "%{y:.1%}"
    return figure(
        lines,
        xaxis={"type": "category", **dated(months["key"].tolist())},
        yaxis={"tickformat": ticks},
        hovermode="x unified",
    )
