"""How healthy the pipeline is: its score, its share at risk, its bands, and what is urgent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline import analytics, metrics
from pipeline.analytics import bands
from pipeline.panels.health import known
from pipeline.panels.known import OPEN
from revops_site.kernel import formats, periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric, change, measure
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame

HEADLINES = (
    *(metrics.AVG_HEALTH, metrics.AT_RISK_SHARE),
    *metrics.BAND_METRICS,
    *(metrics.URGENT, metrics.SLIPPING),
)
KEPT = (metrics.AVG_HEALTH, metrics.AT_RISK_SHARE, *metrics.BAND_METRICS)
WORTH = {
    **{
        metric: amount.field
        for metric, amount in zip(metrics.BAND_METRICS, metrics.BAND_AMOUNTS, strict=True)
    },
    metrics.URGENT: "urgent_amount",
    metrics.SLIPPING: "slipping_amount",
}
NOW = {"worsening": "Worsening.", "improving": "Improving.", "stable": "Stable."}


def headlines(slice_: Slice) -> Sequence[Tile]:
    """The figures of the day, beside those kept a week before; none without a scored deal."""
    found = known.totals(slice_)
    if not found["scored_deals"]:
        return []
    now = analytics.kpis(found, metrics.HEALTH_METRICS)
    kept = known.week_ago(slice_)
    before = None if kept is None or kept.empty else bands.operands(kept, None)
    weeks = known.weeks(slice_).values()
    said = _notes(slice_, found)
    tiles = [_tile(metric, now, before, weeks, said.get(metric, "")) for metric in HEADLINES]
    then = periods.one(slice_.as_of - known.WEEK)
    return [replace(tile, against=then) for tile in tiles]


def _tile(
    metric: Metric,
    now: Mapping[str, Any],
    before: Mapping[str, float] | None,
    weeks: Collection[Mapping[str, float]],
    note: str,
) -> Tile:
    is_kept = metric in KEPT
    then = measure(metric, before).value if is_kept and before is not None else None
    course = [measure(metric, week).value for week in weeks] if is_kept else []
    return Tile(
        metric=metric,
        now=now[metric.field],
        before=then,
        change=change(metric, now[metric.field].value, then),
        weeks=course,
        note=note,
        base="vs a week before" if then is not None else "",
    )


def _notes(slice_: Slice, found: Mapping[str, Any]) -> dict[Metric, str]:
    moved = measure(metrics.AT_RISK_CHANGE, found).value
    way = bands.trend(moved)
    worth = formats.show(found["weak_amount"], "amount_auto", slice_.currency)
    said = {metrics.AT_RISK_SHARE: f"{worth} at risk or critical. {NOW.get(way or '', '')}".strip()}
    for metric, amount in WORTH.items():
        said[metric] = f"Worth {formats.show(found[amount], 'amount_auto', slice_.currency)}."
    count = int(found["scored_deals"])
    said[metrics.AVG_HEALTH] = f"Of 100, over {count:,} {'deal' if count == 1 else 'deals'}."
    return said


HEADLINE = Panel(
    slug="health-kpis",
    title="Headline figures",
    question="How healthy are the open deals?",
    frame=lambda slice_: tile_frame(headlines(slice_)),
    tiles=headlines,
    columns=TILE_COLUMNS,
    dimensions=OPEN,
    note=known.notes,
    width="col-12",
)
