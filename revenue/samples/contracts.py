"""For how long each customer paid the same: the contracts that subscriptions are written of."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from revenue.samples.buyers import buyers
from revenue.samples.ledger import first_mrr, month_ends, month_starts, paid
from revops_site.kernel.world import World
from revops_site.kernel.world.frame import Days
from revops_site.kernel.world.leads import NEVER


@lru_cache(maxsize=1)
def contracts(world: World) -> pd.DataFrame:
    """One row per span of days in which a customer paid the same, by customer and time.

    Columns: customer (a place in ``buyers``), cents (MRR in hundredths), start and end (numbered
    days, half-open; ``NEVER`` for those that run). At each month's end they are the ledger.
    """
    frame, mrr = buyers(world), paid(world)
    starts = month_starts(world)
    before = np.column_stack([np.zeros(len(mrr)), mrr[:, :-1]])
    customer, month = np.nonzero((mrr > 0) & (mrr != before))
    start, back = frame["start"].to_numpy()[customer], frame["back"].to_numpy()[customer]
    first = np.where(month_ends(world)[month] >= back, back, start)
    began = np.where(before[customer, month] > 0, starts[month], first)
    table = pd.DataFrame({"customer": customer, "mrr": mrr[customer, month], "start": began})
    table = pd.concat([table, _over_before(world)], ignore_index=True)
    table = table.sort_values(["customer", "start"], kind="stable", ignore_index=True)
    table["end"] = _ends(frame, table)
    table["cents"] = np.round(table["mrr"] * 100).astype(np.int64)
    return table


def _over_before(world: World) -> pd.DataFrame:
    """The contracts of customers who left before the first end of a month in the files."""
    frame = buyers(world)
    left = frame["left"] <= month_ends(world)[0]
    gone = np.flatnonzero(left & (frame["start"] < world.first))
    return pd.DataFrame(
        {
            "customer": gone,
            "mrr": first_mrr(world)[gone],
            "start": frame["start"].to_numpy()[gone],
        }
    )


def _ends(frame: pd.DataFrame, table: pd.DataFrame) -> Days:
    """Where the next contract begins, or the customer left."""
    customer, start = table["customer"].to_numpy(), table["start"].to_numpy()
    following = np.append(np.where(customer[1:] == customer[:-1], start[1:], NEVER), NEVER)
    left = frame["left"].to_numpy()[customer]
    return np.where(start < left, np.minimum(following, left), following)
