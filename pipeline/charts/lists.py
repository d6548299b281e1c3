"""The figures of the lists: a frame in, a figure out."""

from __future__ import annotations

import math

import pandas as pd

from revops_site.kernel.charts import Figure, bars, figure, line


def expected(periods: pd.DataFrame) -> Figure:
    """What is expected to be invoiced and paid, period by period."""
    traces = [
        bars(periods["period"], periods[name], label, paint, hovertemplate="%{y:,.0f}")
        for name, label, paint in (
            ("expected_invoice_value", "Invoices", "c1"),
            ("expected_payment_value", "Payments", "good"),
        )
    ]
    return figure(
        traces,
        barmode="group",
        xaxis={"type": "category"},
        yaxis={"tickformat": "~s"},
        hovermode="x unified",
    )


def kept(days: pd.DataFrame) -> Figure:
    """The share of passed checks over the days that were kept."""
    trace = line(days["snapshot_date"], days["score"], "Score")
    trace["hovertemplate"] = "%{y:.1%}"
    least = max(0.0, math.floor(10 * float(days["score"].min()) - 0.5) / 10)
    axis = {"tickformat": ".0%", "range": [least, 1.005]}
    return figure([trace], yaxis=axis, hovermode="x unified")
