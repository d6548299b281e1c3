"""Pretend customers as they stand: those of deals that were won, and those from before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revenue.samples.buyers import buyers
from revenue.samples.ledger import customer_ids, month_starts, paid, plans
from revops_site.kernel.world import World, cast
from revops_site.kernel.world.accounts import accounts
from revops_site.kernel.world.company import SEGMENTS
from revops_site.kernel.world.frame import dates
from revops_site.kernel.world.leads import NEVER


def revenue_customers(world: World) -> pd.DataFrame:
    """One row per customer, in the order they came; money is monthly recurring revenue.

    A won deal's account is a customer from the day it was won, paying a twelfth of the amount.
    A customer who left has mrr 0; who gave notice pays until the churn_date, which lies ahead.
    ``new_mrr``, ``expansion_mrr`` and ``contraction_mrr`` are the moves within the month of
    ``as_of``; ``arpa`` repeats mrr; ``nrr`` is mrr by what it was at the month's start, 0 for
    those who left. Who came back is a customer as if never away.
    """
    frame, known = buyers(world), accounts(world)
    account, start = frame["account"].to_numpy(), frame["start"].to_numpy()
    mrr, before = paid(world)[:, -1], paid(world)[:, -2]
    churned = mrr == 0
    ends = frame["ends"].to_numpy()
    leaves = churned | ((ends > world.last) & (ends < NEVER))
    new = start >= month_starts(world)[-1]
    stayed = (mrr > 0) & (before > 0)
    expansion = np.where(stayed, np.maximum(0.0, mrr - before), 0.0).round(2)
    contraction = np.where(stayed, np.maximum(0.0, before - mrr), 0.0).round(2)
    base = mrr - expansion + contraction
    left = pd.Series(leaves)
    codes = np.array([each.code for each in SEGMENTS], dtype=object)
    return pd.DataFrame(
        {
            "customer_id": customer_ids(world),
            "account": known["account_name"].to_numpy(dtype=object)[account],
            "segment": codes[frame["segment"]],
            "plan": plans(world),
            "start_date": dates(start),
            "mrr": mrr,
            "new_mrr": np.where(new, mrr, 0.0),
            "expansion_mrr": expansion,
            "contraction_mrr": contraction,
            "churned_flag": leaves,
            "churn_date": pd.Series(dates(np.where(leaves, ends, 0))).where(left),
            "churn_reason": frame["reason"].where(left),
            "arpa": mrr,
            "nrr": np.round(np.divide(mrr, base, out=np.zeros_like(mrr), where=base > 0), 3),
            "notice_date": pd.Series(dates(np.where(leaves, frame["notice"], 0))).where(left),
            "currency": frame["currency"].to_numpy(dtype=object),
            "account_id": known["account_id"].to_numpy(dtype=object)[account],
            "deal_id": frame["deal_id"].to_numpy(dtype=object),
            "region": frame["geo"].to_numpy(dtype=object),
            "owner": cast.rep_ids(world)[frame["rep"]],
        }
    )
