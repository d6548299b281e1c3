"""What received orders wait for, and what is still to be had of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.metrics.lists import END_USER, REQUIRED

READY = "Nothing: ready to begin"


def checklist(order: Mapping[str, Any]) -> tuple[str, ...]:
    """What an order lacks; what is only unknown is asked for with a question mark."""
    identified = order["end_user_identified"]
    found = [] if identified is True else [END_USER if identified is False else f"{END_USER}?"]
    for when, what, name in REQUIRED:
        if order[when] is True and order[what] is not True:
            found.append(name if order[what] is False else f"{name}?")
    return tuple(found)


def blockers(orders: pd.DataFrame) -> pd.DataFrame:
    """What orders wait for, the most frequent first: blocker, orders, amount, is_known.

    Needs ``checklist`` (tuples, as it gives) and value (NaN where unknown). An order that lacks
    nothing waits for ``READY``: the fast wins. ``is_known`` is False of what ends in a question
    mark.
    """
    lines = [
        (name, 1, 0.0 if pd.isna(value) else value)
        for names, value in zip(orders["checklist"], orders["value"], strict=True)
        for name in (names or (READY,))
    ]
    frame = pd.DataFrame(lines, columns=["blocker", "orders", "amount"])
    sums = frame.groupby("blocker", as_index=False)[["orders", "amount"]].sum()
    found = sums.sort_values(["orders", "blocker"], ascending=[False, True], ignore_index=True)
    return found.assign(is_known=~found["blocker"].str.endswith("?"))
