"""The headline figures: what is open, how much of it is won, how fast, and what needs a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pipeline import analytics, metrics, queries
from pipeline.panels.known import (
    OPEN,
    left_out_of_open,
    left_out_of_won,
    stage_not_applied,
    without_stage,
)
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric, change
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame
from revops_site.kernel.periods import Period, week

HEADLINES = (
    metrics.TOTAL,
    metrics.WEIGHTED,
    metrics.WIN_RATE,
    metrics.DEAL_SIZE,
    metrics.CYCLE,
    metrics.VELOCITY,
    metrics.PAST_DUE,
    metrics.STUCK_VALUE,
)
OF_THE_PERIOD = (metrics.WIN_RATE, metrics.DEAL_SIZE, metrics.CYCLE)
SPARK_WEEKS = 13


def headlines(slice_: Slice) -> Sequence[Tile]:
    """The headline figures, beside those of the compared period.

    What is open is held against what was on that period's last day, where history tells of it.
    None where the slice has no deal.
    """
    now = measured(slice_)
    sums = queries.totals(slice_)
    if not queries.open_totals(slice_)["open_deals"] and queries.flows(slice_, "segment").empty:
        return []
    before = _before(slice_)
    weeks = analytics.sparklines(queries.flows(_spark_window(slice_), "week"), OF_THE_PERIOD)
    low, high = analytics.win_rate_range(sums)
    decided = int(sums["won"] + sums["lost"])
    tiles = [
        Tile(
            metric=metric,
            now=now[metric.field],
            before=before.get(metric.field),
            change=change(metric, now[metric.field].value, before.get(metric.field)),
            weeks=weeks.get(metric.field, ()),
        )
        for metric in HEADLINES
    ]
    extras: Mapping[Metric, dict[str, Any]] = {
        metrics.WIN_RATE: {"low": low, "high": high, "n": decided},
        metrics.STUCK_VALUE: {"note": _stuck_note(slice_, now)},
        metrics.PAST_DUE: {"note": _past_due_note(slice_, now)},
        metrics.VELOCITY: {"note": "Per day."},
    }
    return [replace(tile, **extras.get(tile.metric, {})) for tile in tiles]


def measured(slice_: Slice) -> Mapping[str, Measured]:
    """Every metric but the median cycle by field name, each with its operands."""
    every_stage = without_stage(slice_)
    of_period = queries.totals(slice_)
    moving = {**queries.open_totals(every_stage), **of_period}
    return {
        **analytics.kpis({**queries.open_totals(slice_), **queries.watched(slice_)}),
        **analytics.kpis(of_period),
        **analytics.kpis(moving, metrics.VELOCITY_METRICS),
    }


def notes(slice_: Slice) -> Sequence[str]:
    """What the figures leave out, and why nothing may stand beside them."""
    previous = slice_.previous()
    late = previous is not None and not _has_data(previous)
    said = [
        *(["Nothing to compare with: the data start later."] if late else []),
        *stage_not_applied(slice_),
        *left_out_of_open(slice_),
        *left_out_of_won(slice_),
    ]
    return list(dict.fromkeys(said))


def _before(slice_: Slice) -> dict[str, float | None]:
    previous = slice_.previous()
    if previous is None or not _has_data(previous):
        return {}
    since = queries.recorded_since()
    if since is not None and since <= previous.as_of:
        return {field: one.value for field, one in measured(previous).items()}
    found = analytics.kpis(queries.totals(previous), OF_THE_PERIOD)
    return {field: one.value for field, one in found.items()}


def _has_data(slice_: Slice) -> bool:
    """Deals were closed from the first day of its period on."""
    first = queries.first_close()
    return first is not None and slice_.period is not None and slice_.period.start >= first


def _spark_window(slice_: Slice) -> Slice:
    """The last 13 complete weeks: one that has just begun would look like a fall."""
    last = min(slice_.period.last_day, slice_.as_of) if slice_.period else slice_.as_of
    end = week(last + timedelta(days=1)).start
    return replace(slice_, period=Period(end - timedelta(weeks=SPARK_WEEKS), end))


def _stuck_note(slice_: Slice, now: Mapping[str, Measured]) -> str:
    days, amount = queries.deals.limits(slice_)
    least = formats.show(amount, "amount_auto", slice_.currency)
    return f"{_deals(now[metrics.STUCK.field])} from {days:,} days in the stage and {least} on."


def _past_due_note(slice_: Slice, now: Mapping[str, Measured]) -> str:
    worth = formats.show(now[metrics.PAST_DUE_AMOUNT.field].value, "amount_auto", slice_.currency)
    return f"Worth {worth}."


def _deals(count: Measured) -> str:
    number = int(count.value or 0)
    return f"{number:,} {'deal' if number == 1 else 'deals'}"


HEADLINE = Panel(
    slug="pipeline-kpis",
    title="Headline figures",
    question="What is open, how much of it is won, and how fast?",
    frame=lambda slice_: tile_frame(headlines(slice_)),
    tiles=headlines,
    columns=TILE_COLUMNS,
    dimensions=OPEN,
    note=notes,
    width="col-12",
)
