"""Win rate and sales cycle by segment, each beside the range it should be in."""

from __future__ import annotations

import pandas as pd

from pipeline import analytics, charts, metrics, queries
from pipeline.panels.known import CLOSED, FEW, NO_SEGMENT
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown


def win_rates(slice_: Slice) -> pd.DataFrame:
    """Win rate by segment beside ``win_rate_targets``."""
    return analytics.win_rate_by_segment(
        queries.flows(slice_, "segment"), queries.yardsticks("win_rate_targets")
    )


def cycles(slice_: Slice) -> pd.DataFrame:
    """Sales cycle by segment beside ``sales_cycle_by_segment``."""
    return analytics.cycle_by_segment(
        queries.flows(slice_, "segment"), queries.yardsticks("sales_cycle_by_segment")
    )


def _verdict(above: str, below: str) -> Shown:
    words = {"above": "Above the range", "below": "Below the range", "within": "As expected"}
    return Shown(
        "verdict", "Verdict", tone={"above": above, "below": below, "within": "good"}, words=words
    )


WIN_RATES = Panel(
    slug="win-rate-by-segment",
    title="Is each segment won as often as it should be?",
    question="Won deals of all decided in the period; the band is the benchmark range.",
    frame=win_rates,
    figure=charts.win_rates,
    columns=(
        Shown("segment", "Segment", link="/segments/{segment}/", words=NO_SEGMENT),
        Shown("won", "Won", "integer", metric=metrics.WON),
        Shown("lost", "Lost", "integer", metric=metrics.LOST),
        Shown("win_rate", "Win rate", "percent", metric=metrics.WIN_RATE),
        Shown("low", "95% from", "percent", help=metrics.WIN_RATE.edge),
        Shown("high", "to", "percent"),
        FEW,
        Shown("min_value", "Range from", "percent"),
        Shown("target_value", "Target", "percent"),
        Shown("max_value", "to", "percent"),
        _verdict(above="good", below="bad"),
    ),
    dimensions=CLOSED,
    height="short",
    narrows=lambda row: {"segment": (row["segment"],)},
)
CYCLES = Panel(
    slug="cycle-by-segment",
    title="Does any segment take too long to win?",
    question="Average days from creation to win; the band is the benchmark range.",
    frame=cycles,
    figure=charts.cycles,
    columns=(
        Shown("segment", "Segment", drill="segment", words=NO_SEGMENT),
        Shown("won", "Won", "integer", metric=metrics.WON),
        Shown("avg_sales_cycle_days", "Cycle", "days", metric=metrics.CYCLE),
        FEW,
        Shown("min_value", "Range from", "days"),
        Shown("target_value", "Target", "days"),
        Shown("max_value", "to", "days"),
        _verdict(above="bad", below="good"),
    ),
    dimensions=CLOSED,
    height="short",
    narrows=lambda row: {"segment": (row["segment"],)},
)
