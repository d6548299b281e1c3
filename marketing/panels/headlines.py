"""The headline figures, each beside the compared period and with its last 13 weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from marketing import analytics, metrics, queries
from marketing.panels.known import KNOWN, compared, lone, unrated
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import change
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame
from revops_site.kernel.periods import Period, week

HEADLINES = (
    metrics.SPEND,
    metrics.LEADS,
    metrics.MQLS,
    metrics.SQLS,
    metrics.CLOSED_WON,
    metrics.CAC,
    metrics.CPL,
    metrics.ROI,
)
SPARK_WEEKS = 13


def headlines(slice_: Slice) -> Sequence[Tile]:
    """The headline figures, beside the compared period where that has data from its first day.

    None where the slice has no data.
    """
    if queries.mix(slice_).empty:
        return []
    now = analytics.kpis(queries.mix(slice_))
    before = _before(slice_)
    weeks = analytics.sparklines(queries.weeks(_spark_window(slice_)), HEADLINES)
    return [
        Tile(
            metric=metric,
            now=now[metric.field],
            before=before.get(metric.field),
            change=change(metric, now[metric.field].value, before.get(metric.field)),
            weeks=weeks[metric.field],
        )
        for metric in HEADLINES
    ]


def notes(slice_: Slice) -> Sequence[str]:
    """What the figures leave out, and why nothing may stand beside them."""
    return (*lone(slice_), *unrated(slice_))


def _before(slice_: Slice) -> dict[str, float | None]:
    previous = compared(slice_)
    if previous is None:
        return {}
    measured = analytics.kpis(queries.mix(previous))
    return {field: one.value for field, one in measured.items()}


def _spark_window(slice_: Slice) -> Slice:
    """The last 13 complete weeks: one that has just begun would look like a fall."""
    last = min(slice_.period.last_day, slice_.as_of) if slice_.period else slice_.as_of
    end = week(last + timedelta(days=1)).start
    return replace(slice_, period=Period(end - timedelta(weeks=SPARK_WEEKS), end))


HEADLINE = Panel(
    slug="marketing-kpis",
    title="Headline figures",
    question="What was spent, and what did it bring?",
    frame=lambda slice_: tile_frame(headlines(slice_)),
    tiles=headlines,
    columns=TILE_COLUMNS,
    dimensions=KNOWN,
    note=notes,
    width="col-12",
)
