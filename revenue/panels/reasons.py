"""Why customers leave, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from revenue import analytics, charts, metrics, queries
from revenue.panels.known import LEFT, NO_SEGMENT, unpriced
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.queries import shared


@shared
def reasons(slice_: Slice) -> pd.DataFrame:
    """Who left in the period, by segment and reason (R22)."""
    rows = analytics.churn_reasons(queries.lost(slice_))
    sizes = {code: at for at, code in enumerate(analytics.SEGMENTS)}
    return rows.assign(place=[sizes.get(code, len(sizes)) for code in rows["segment"]])


def notes(slice_: Slice) -> Sequence[str]:
    """Which reason cost the most, and what is not known."""
    lost = queries.lost(slice_)
    said = [_dominant(slice_), *unpriced(slice_), *_unrated(lost)]
    return [sentence for sentence in said if sentence]


def _dominant(slice_: Slice) -> str:
    found = analytics.dominant_reason(reasons(slice_))
    if found is None:
        return ""
    reason, share, count = found
    who = "customer" if count == 1 else "customers"
    part = formats.show(share, "percent")
    return f"{reason} cost the most: {part} of what was lost, {count:,} {who}."


def _unrated(lost: pd.DataFrame) -> list[str]:
    unrated = int(lost["lost_unrated"].sum())
    if not unrated:
        return []
    who = "1 customer" if unrated == 1 else f"{unrated:,} customers"
    return [f"{who} without an exchange rate: counted, but in no amount."]


def _narrow(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if row["churn_reason"] == analytics.UNKNOWN:
        return None
    return {"segment": (row["segment"],), "reason": (row["churn_reason"],)}


REASONS = Panel(
    slug="churn-reasons",
    title="Why do customers leave?",
    question="Customers whose churn date lies in the period, by what they paid before.",
    frame=reasons,
    figure=charts.reasons,
    columns=(
        Shown("churn_reason", "Reason"),
        Shown("segment", "Segment", words=NO_SEGMENT),
        Shown("count", "Customers lost", "integer", metric=metrics.LOST_CUSTOMERS),
        Shown("mrr_lost", "MRR lost", "money", metric=metrics.LOST_MRR),
        Shown("share_of_lost_mrr", "Share", "percent"),
    ),
    dimensions=LEFT,
    unit="money",
    note=notes,
    narrows=_narrow,
)
