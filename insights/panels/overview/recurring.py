"""What customers pay every month, as the Revenue page says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from revenue import analytics, metrics, queries
from revenue.panels.headlines import SPARK_MONTHS
from revenue.panels.known import label
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import change, measure
from revops_site.kernel.panels import Tile


def mrr(slice_: Slice) -> Sequence[Tile]:
    """MRR beside that of the month before; nothing where no customer's pay is known."""
    at = queries.month(slice_)
    if at is None:
        return []
    first = at
    for _ in range(SPARK_MONTHS - 1):
        first = periods.month(periods.plus(first, -1)).start
    months = queries.months(replace(slice_, period=None), first, at, "month")
    if months.empty:
        return []
    now = measure(metrics.MRR, months.tail(1))
    weeks = analytics.sparklines(months, (metrics.MRR,))[metrics.MRR.field]
    before = weeks[-2] if len(weeks) > 1 else None
    ended = periods.month(at).last_day <= slice_.as_of
    return [
        Tile(
            metric=metrics.MRR,
            now=now,
            before=before,
            change=change(metrics.MRR, now.value, before),
            weeks=weeks,
            note=f"At the end of {label(at)}." if ended else f"{label(at)}, so far.",
        )
    ]
