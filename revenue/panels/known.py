"""What all panels of revenue share: the filters their data know, and what cannot be known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from revenue import queries
from revenue.queries import customers
from revenue.queries.known import DATASETS
from revenue.queries.money import money
from revops_site.kernel import formats, periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import array, arrays, framed
from revops_site.kernel.panels import aged

__all__ = ["DATASETS", "KNOWN", "LEFT", "NO_PLAN", "NO_SEGMENT", "label", "one_month"]
__all__ += ["history", "no_movement", "no_year", "unknown", "unpriced", "unrated", "with_days"]

KNOWN = ("segment", "plan", "region", "team", "owner")
LEFT = tuple(name for name in customers.KNOWN if name != "rep")
NEEDS = "it needs MRR history, from customer_mrr or subscriptions"
NO_SEGMENT = {"": "No segment"}
NO_PLAN = {"": "No plan"}


def label(month: date) -> str:
    """A month as people write it: ``Nov 2026``."""
    return f"{formats.MONTHS[month.month - 1]} {month.year}"


def with_days(months: pd.DataFrame, slice_: Slice) -> pd.DataFrame:
    """With ``key`` (the month as people write it), its ``start`` and ``end``, and is_partial."""
    starts = [month.date() for month in months["month"]]
    ends = [periods.month(start).last_day for start in starts]
    days = {
        "key": array([label(start) for start in starts], "str"),
        "start": array(starts, "datetime64[s]"),
        "end": array([min(end, slice_.as_of) for end in ends], "datetime64[s]"),
        "is_partial": array([end > slice_.as_of for end in ends], "bool"),
    }
    return framed({**arrays(months), **days}, months.index)


def one_month(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The days of a row's month."""
    first, last = (pd.Timestamp(row[name]).date() for name in ("start", "end"))
    return {"period": "custom", "start": first, "end": last}


def unknown(slice_: Slice) -> Sequence[str]:
    """Says so where the ledger does not go back far enough, or money has no exchange rate."""
    return [*history(slice_), *unrated(slice_)]


def unrated(slice_: Slice) -> Sequence[str]:
    """Says so where money is left out for want of an exchange rate, or converted at an old one."""
    old = aged(slice_, money(slice_))
    count = queries.totals(slice_)["unrated"]
    if not count > 0:
        return old
    who = "1 customer pays" if count == 1 else f"{count:,.0f} customers pay"
    return [f"{who} in a currency without an exchange rate: counted, but in no amount.", *old]


def unpriced(slice_: Slice) -> Sequence[str]:
    """Says so where it is not known what those paid who left in the period."""
    found = queries.lost(slice_)
    count, whole = int(found["lost_unpriced"].sum()), int(found["lost_customers"].sum())
    if not count:
        return ()
    return (f"What {count:,} of the {whole:,} who left had paid is not known: {NEEDS}.",)


def no_movement(slice_: Slice) -> str:
    """Why nothing can be said of what moved; "" where that is not why."""
    if queries.ends() is None or queries.window(slice_) is not None:
        return ""
    return f"Nobody knows what was paid the month before: {NEEDS}."


def no_year(slice_: Slice) -> str:
    """Why NRR and GRR cannot be known; "" where that is not why."""
    if queries.ends() is None or queries.knows_history(slice_):
        return ""
    return f"Nobody knows what was paid twelve months before: {NEEDS}."


def history(slice_: Slice) -> Sequence[str]:
    """Says so where the ledger does not go back far enough."""
    known, at = queries.ends(), queries.month(slice_)
    if known is None:
        return []
    if at is None:
        return [f"What customers paid is known from {label(known[0])} on."]
    if known[0] == at:
        return [
            f"What customers paid is known for {label(at)} alone: what moved, NRR and GRR need "
            "MRR history, from customer_mrr or subscriptions."
        ]
    if queries.knows_history(slice_):
        return []
    return [
        f"What customers paid is known from {label(known[0])} on: NRR and GRR need twelve months "
        "of MRR history before the month."
    ]
