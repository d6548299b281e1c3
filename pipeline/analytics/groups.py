"""Stages and owners beside each other: sums in, shares, rates and ranges out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline import metrics as m
from pipeline.analytics.rates import win_rates
from revops_site.kernel.frames import array, arrays, found, joined, listed, taken
from revops_site.kernel.metrics import values

NOBODY = "No owner"


def stage_distribution(stock: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    """One row per stage in stage order (P11), also the empty ones.

    Columns stage, open_deals, amount, weighted, share (fraction of the whole amount),
    avg_open_deal_size, is_planned. Stages that no plan names come last, the likelier to be won
    the later.
    """
    of: dict[str, Any] = joined(
        arrays(stock), {"stage_name": arrays(stages)["stage_name"]}, "stage_name"
    )
    place = found(listed(of["stage_name"]), arrays(stages), "stage_name")["stage_order"]
    amount, weighted, unplanned = of["open_amount"], of["open_weighted"], np.isnan(place)
    chance = np.divide(weighted, amount, out=np.zeros(len(place)), where=unplanned & (amount != 0))
    return taken(
        {
            "stage": of["stage_name"],
            "open_deals": of["open_deals"].astype("int64"),
            "amount": amount,
            "weighted": weighted,
            "share": amount / (amount.sum() or np.nan),
            "avg_open_deal_size": values(m.AVG_OPEN, of),
            "is_planned": ~unplanned,
        },
        np.lexsort((np.arange(len(place)), chance, place)).tolist(),
    )


def owner_performance(
    stock: pd.DataFrame, flows: pd.DataFrame, names: Mapping[str, str]
) -> pd.DataFrame:
    """One row per owner (P12), the largest open amount first, then by name.

    Columns owner, owner_id, open_deals, open_amount, won, lost, win_rate with its interval
    ``low`` and ``high``, few (so few decided deals that the rate says little), won_amount,
    avg_deal_size, avg_sales_cycle_days.
    """
    both: dict[str, Any] = joined(arrays(stock), arrays(flows), "owner_id")
    some = (both["open_deals"] + both["won"] + both["lost"]) > 0
    both = {name: one[some] for name, one in both.items()}
    ids = listed(both["owner_id"])
    owners = [names.get(one, one) or NOBODY for one in ids]
    keys = list(zip((-both["open_amount"]).tolist(), owners, ids, strict=True))
    return taken(
        {
            "owner": array(owners, "str"),
            "owner_id": both["owner_id"],
            "open_deals": both["open_deals"].astype("int64"),
            "open_amount": both["open_amount"],
            **{name: both[name].astype("int64") for name in ("won", "lost")},
            **win_rates(both),
            "won_amount": both["won_amount"],
            "avg_deal_size": values(m.DEAL_SIZE, both),
            "avg_sales_cycle_days": values(m.CYCLE, both),
        },
        sorted(range(len(keys)), key=keys.__getitem__),
    )
