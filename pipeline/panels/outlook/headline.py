"""Will the quarter be made: the forecast with its range, beside target, commit and coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline import analytics, metrics
from pipeline.panels.forecasts import notes, reckon, totals
from pipeline.panels.known import OPEN
from pipeline.queries import snapshots
from revops_site.kernel import formats, periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric, change
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame

HEADLINES = (
    metrics.FORECAST,
    metrics.TARGET_PROBABILITY,
    metrics.GAP,
    metrics.COMMIT,
    metrics.CLOSED_WON,
    metrics.COVERAGE,
)
KEPT = {metrics.FORECAST: "ai_forecast", metrics.COMMIT: "commit_amount"}


def headlines(slice_: Slice) -> Sequence[Tile]:
    """The figures of the quarter; none where it has neither deals nor a target."""
    found = reckon(slice_)
    if found.deals.empty and not found.target and not found.parts.ai_forecast:
        return []
    now = analytics.kpis(totals(slice_), metrics.FORECAST_METRICS)
    kept = snapshots.week_ago(slice_) or {}
    said = _notes(slice_, now, found.figures())
    tiles = [_tile(metric, now[metric.field], kept) for metric in HEADLINES]
    then = periods.one(periods.plus(slice_.as_of, -7))
    return [replace(tile, note=said.get(tile.metric, ""), against=then) for tile in tiles]


def _tile(metric: Metric, now: Measured, kept: Mapping[str, float]) -> Tile:
    before = kept.get(KEPT[metric]) if metric in KEPT else None
    return Tile(
        metric=metric,
        now=now,
        before=before,
        change=change(metric, now.value, before),
        weeks=(),
        base="vs a week before" if before is not None else "",
    )


def _notes(
    slice_: Slice, now: Mapping[str, Measured], figures: Mapping[str, Any]
) -> dict[Metric, str]:
    def show(metric: Metric, form: str = "") -> str:
        return formats.show(now[metric.field].value, form or metric.show, slice_.currency)

    low, high = show(metrics.FORECAST_LOW), show(metrics.FORECAST_HIGH)
    gap = now[metrics.GAP_PCT.field].value
    side = "short" if gap is not None and gap > 0 else "above"
    known = gap is not None
    week = figures["week_number"]
    week = f"week {week} of 13" if week else "which has not begun"
    share = formats.show(abs(gap or 0.0), "percent1")
    target = f"Target {show(metrics.TARGET)}." if known else "No target is known."
    return {
        metrics.FORECAST: f"8 of 10 quarters end between {low} and {high}; "
        f"{show(metrics.CONFIDENCE)} sure to 10%.",
        metrics.TARGET_PROBABILITY: target,
        metrics.GAP: f"{share} {side}. Risk: {figures['risk_level']}." if known else "",
        metrics.COMMIT: f"{show(metrics.COMMIT_CONFIDENCE)} sure to be reached.",
        metrics.CLOSED_WON: f"{figures['quarter']}, {week}.",
        metrics.COVERAGE: f"Past quarters took {show(metrics.REQUIRED_COVERAGE)}.",
    }


HEADLINE = Panel(
    slug="forecast-kpis",
    title="Headline figures",
    question="Will the quarter be made?",
    frame=lambda slice_: tile_frame(headlines(slice_)),
    tiles=headlines,
    columns=TILE_COLUMNS,
    dimensions=OPEN,
    note=notes,
    width="col-12",
    contract="/pipeline/forecast/kpis.json",
)
