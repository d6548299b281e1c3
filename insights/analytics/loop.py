"""The closed loop's arithmetic: sums of four tables side by side, with what they make together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from marketing.analytics.attribution import UNATTRIBUTED

ADDED = (
    *("spend", "leads", "created", "pipeline", "deals", "won", "customers", "new_mrr"),
    *("known_customers", "known_mrr", "retained_mrr"),
)


def closed_loop(
    by: Sequence[str],
    spent: pd.DataFrame,
    sourced: pd.DataFrame,
    won: pd.DataFrame,
    paid: pd.DataFrame,
    *,
    is_own: bool = False,
) -> pd.DataFrame:
    """One row per value of ``by``, the largest spend first, what is nobody's last.

    The frames have ``by`` and some of ``ADDED``, of which each column adds up to its whole.
    Columns ``by``, ``ADDED``, win_value_per_spend, retention (of the MRR of who came twelve months
    ago), payback_months: the months of retained MRR that give the spend back. It is unknown until
    all customers of a row have had twelve months, where nothing was spent or is retained, and where
    customers are some reps' own (``is_own``): the spend is everybody's.
    """
    keys = list(by)
    parts = [one.groupby(keys)[_added(one)].sum() for one in (spent, sourced, won, paid)]
    found = pd.concat(parts, axis=1).reindex(columns=list(ADDED)).fillna(0.0).reset_index()
    found[keys] = found[keys].fillna("").astype("str")
    over = np.isclose(found["known_customers"], found["customers"]) & (found["customers"] > 0)
    kept = found["retained_mrr"].where(over & (found["retained_mrr"] > 0))
    spend = found["spend"].where(found["spend"] > 0)
    told = found.assign(
        won_per_spend=np.nan if is_own else found["won"] / spend,
        retention=found["retained_mrr"] / found["known_mrr"].where(found["known_mrr"] > 0),
        payback_months=np.nan if is_own else spend / kept,
    )
    told["retained_mrr"] = told["retained_mrr"].where(told["known_customers"] > 0)
    nobody = (told[keys[0]] == UNATTRIBUTED).to_numpy()
    order = np.lexsort((told[keys[-1]].to_numpy(), -told["spend"].to_numpy(), nobody))
    return told.iloc[order].reset_index(drop=True)


def _added(frame: pd.DataFrame) -> list[str]:
    return [str(name) for name in frame if name in ADDED]
