"""Stages and owners beside each other: sums in, shares, rates and ranges out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline import metrics as m
from pipeline.analytics.rates import RATE, with_win_rate
from revops_site.kernel.frames import beside, together
from revops_site.kernel.metrics import column

NOBODY = "No owner"


def stage_distribution(stock: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    """One row per stage in stage order (P11), also the empty ones.

    Columns stage, open_deals, amount, weighted, share (fraction of the whole amount),
    avg_open_deal_size, is_planned. Stages that no plan names come last, the likelier to be won
    the later.
    """
    known = beside(together(stock, stages[["stage_name"]], "stage_name"), stages, "stage_name")
    unplanned = known["stage_order"].isna().to_numpy()
    amount, weighted = (known[name].to_numpy() for name in ("open_amount", "open_weighted"))
    chance = np.divide(weighted, amount, out=np.zeros(len(known)), where=unplanned & (amount != 0))
    order = np.lexsort((np.arange(len(known)), chance, known["stage_order"].to_numpy()))
    ordered = known.iloc[order].reset_index(drop=True)
    return pd.DataFrame(
        {
            "stage": ordered["stage_name"],
            "open_deals": ordered["open_deals"].astype("int64"),
            "amount": ordered["open_amount"],
            "weighted": ordered["open_weighted"],
            "share": ordered["open_amount"] / (ordered["open_amount"].sum() or np.nan),
            "avg_open_deal_size": column(m.AVG_OPEN, ordered),
            "is_planned": ordered["stage_order"].notna(),
        }
    )


def owner_performance(
    stock: pd.DataFrame, flows: pd.DataFrame, names: Mapping[str, str]
) -> pd.DataFrame:
    """One row per owner (P12), the largest open amount first, then by name.

    Columns owner, owner_id, open_deals, open_amount, won, lost, win_rate with its interval
    ``low`` and ``high``, few (so few decided deals that the rate says little), won_amount,
    avg_deal_size, avg_sales_cycle_days.
    """
    both = together(stock, flows, "owner_id")
    both = both[(both["open_deals"] + both["won"] + both["lost"]) > 0]
    both = with_win_rate(both).assign(
        **{name: both[name].astype("int64") for name in ("open_deals", "won", "lost")},
        owner=[names.get(one, one) or NOBODY for one in both["owner_id"]],
        avg_deal_size=column(m.DEAL_SIZE, both),
        avg_sales_cycle_days=column(m.CYCLE, both),
    )
    columns = ["owner", "owner_id", "open_deals", "open_amount", "won", "lost", *RATE]
    ordered = both.sort_values(
        ["open_amount", "owner", "owner_id"], ascending=[False, True, True], ignore_index=True
    )
    return ordered[[*columns, "won_amount", "avg_deal_size", "avg_sales_cycle_days"]]
