"""What customers, segments, months and quarters began with, what moved, what they ended with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from revenue.analytics.ledger import CENT, GAINS, LOSSES
from revops_site.kernel import periods
from revops_site.kernel.frames import Floats, array, arrays, framed, listed

MOVES = (*(f"{kind}_mrr" for kind in (*GAINS, *LOSSES)), "fx_impact")
COUNTS = ("new_customers", "reactivated_customers", "churned_customers")
MONEY = ("starting_mrr", *MOVES, "transferred_mrr", "ending_mrr", "net_new_mrr")


def by_quarter(months: pd.DataFrame, first_month: int) -> pd.DataFrame:
    """The balance of each fiscal quarter of ``waterfall``'s months, the oldest first.

    Columns ``start`` and ``end`` (the first days of its first and last month), ``MONEY``,
    ``COUNTS``, starting_customers, months (how many of it there are) and check. Movements are the
    sums of the months'. ``transferred_mrr`` is what the filters let in or out between two months,
    as customers changed segment or plan. Raises ValueError where a balance is off by a cent.
    """
    of: dict[str, Any] = arrays(months)
    days = [pd.Timestamp(one).date() for one in listed(months["month"])]
    quarters = [periods.fiscal_quarter(day, first_month).start for day in days]
    rows = []
    for quarter in sorted(set(quarters)):
        at = [place for place, one in enumerate(quarters) if one == quarter]
        starts, ends = of["starting_mrr"][at], of["ending_mrr"][at]
        rows.append(
            {
                "start": days[at[0]],
                "end": days[at[-1]],
                "starting_mrr": starts[0],
                **{name: of[name][at].sum() for name in (*MOVES, *COUNTS)},
                "transferred_mrr": (starts[1:] - ends[:-1]).sum(),
                "ending_mrr": ends[-1],
                "starting_customers": of["starting_customers"][at[0]],
                "months": len(at),
            }
        )
    names = ("start", "end")
    numbers = (*MONEY[:-1], *COUNTS, "starting_customers", "months")
    columns: dict[str, Any] = {
        **{name: array([row[name] for row in rows], "datetime64[s]") for name in names},
        **{name: np.array([row[name] for row in rows], dtype="float64") for name in numbers},
    }
    return _checked(columns)


def by_group(months: pd.DataFrame, by: str) -> pd.DataFrame:
    """The balance of each value of ``by`` over all the months, which have a row for each of both.

    ``transferred_mrr`` is what customers brought that changed to it, less what those took along
    that changed from it: over all groups that is nothing, unless filters let only a part of them
    in. Columns ``by``, ``MONEY``, ``COUNTS``, check. Raises ValueError where a balance is off by a
    cent.
    """
    of: dict[str, Any] = arrays(months)
    names, when = listed(months[by]), listed(months["month"])
    known = sorted(set(when))
    nth = {month: place for place, month in enumerate(known)}
    groups = sorted(set(names))
    row = {name: place for place, name in enumerate(groups)}
    shape = (len(groups), max(len(known), 1))
    table = {
        name: np.zeros(shape)
        for name in (*GAINS, *LOSSES, "started", "mrr", "fx_impact", *_COUNTED.values())
    }
    for name, one in table.items():
        np.add.at(one, ([row[key] for key in names], [nth[month] for month in when]), of[name])
    gap = (table["started"][:, 1:] - table["mrr"][:, :-1]).sum(axis=1)
    return _checked(
        {
            by: array(groups, "str"),
            "starting_mrr": table["started"][:, 0],
            **{f"{kind}_mrr": table[kind].sum(axis=1) for kind in (*GAINS, *LOSSES)},
            "fx_impact": table["fx_impact"].sum(axis=1),
            "transferred_mrr": gap,
            "ending_mrr": table["mrr"][:, -1],
            **{name: table[source].sum(axis=1) for name, source in _COUNTED.items()},
        }
    )


def by_customer(rows: pd.DataFrame) -> pd.DataFrame:
    """The balance of each customer, those first whose MRR changed most; others in one row.

    ``rows`` are what ``queries.balances`` gives. Columns of ``rows``, ``net_new_mrr`` and check.
    Raises ValueError where a balance is off by a cent.
    """
    of: dict[str, Any] = arrays(rows)
    found = _checked(of)
    changed = np.abs(found["net_new_mrr"].to_numpy())
    is_rest = np.array([not one for one in listed(found["customer_id"])], dtype="bool")
    order = np.lexsort((-changed, is_rest))
    return found.iloc[order].reset_index(drop=True)


def _checked(of: dict[str, Any]) -> pd.DataFrame:
    """With ``net_new_mrr`` and ``check``: what is left of the balance."""
    gained: Floats = sum(of[f"{kind}_mrr"] for kind in GAINS)
    gone: Floats = sum(of[f"{kind}_mrr"] for kind in LOSSES)
    moved = gained - gone + of["fx_impact"] + of["transferred_mrr"]
    left = of["starting_mrr"] + moved - of["ending_mrr"]
    if (np.abs(left) >= CENT).any():
        raise ValueError(f"The balances are off: {left.tolist()}")
    net = of["ending_mrr"] - of["starting_mrr"]
    return framed({**of, "net_new_mrr": net, "check": left.round(6) + 0.0})


def largest(frame: pd.DataFrame, most: int) -> Sequence[int]:
    """The places of the rows whose MRR changed most, in the order that they stand in."""
    order = np.argsort(-np.abs(frame["net_new_mrr"].to_numpy()), kind="stable")[:most]
    found: list[int] = sorted(order.tolist())
    return found


_COUNTED = {
    "new_customers": "new_customers",
    "reactivated_customers": "reactivation_customers",
    "churned_customers": "churn_customers",
}
