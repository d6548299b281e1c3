"""What moved MRR: by quarter and by segment as stacked bars, by customer as lying ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revenue.charts.ledger import BACK, CURRENCY, DOWN, UP
from revops_site.kernel.charts import Figure, bars, figure, points

CUSTOMERS = 14
GROUP = ("Changed group", "transferred_mrr", "c3")


def groups(balances: pd.DataFrame) -> Figure:
    """Gains upward, losses downward, the mark is what is left of them."""
    signed = [(label, balances[name], paint) for label, name, paint in (*UP, BACK)]
    signed += [(label, -balances[name], paint) for label, name, paint in DOWN]
    signed += [
        (label, balances[name], paint)
        for label, name, paint in (GROUP, CURRENCY)
        if balances[name].round(2).any()
    ]
    traces = [
        bars(balances["key"], values, label, paint, hovertemplate="%{y:,.0f}")
        for label, values, paint in signed
    ]
    net = points(balances["key"], balances["net_new_mrr"], "Net new", "text", "diamond")
    net["hovertemplate"] = "%{y:,.0f}"
    return figure(
        [*traces, net],
        barmode="relative",
        xaxis={"type": "category"},
        yaxis={"tickformat": "~s"},
        hovermode="x unified",
    )


def customers(balances: pd.DataFrame) -> Figure:
    """Whose MRR changed most, and by how much: the largest gain first."""
    known = balances[balances["customer_id"] != ""].head(CUSTOMERS)
    shown = known.sort_values("net_new_mrr", kind="stable")
    gained = (shown["net_new_mrr"] >= 0).to_numpy()
    names = shown["key"]
    traces = [
        bars(
            shown["net_new_mrr"].where(where, np.nan),
            names,
            label,
            paint,
            orientation="h",
            hovertemplate="%{y}: %{x:,.0f}<extra></extra>",
        )
        for label, paint, where in (("Net new", "good", gained), ("Net new, lost", "bad", ~gained))
    ]
    return figure(
        traces,
        barmode="overlay",
        xaxis={"tickformat": "~s"},
        yaxis={"dtick": 1},
        hovermode="closest",
    )
