"""How long deals stay in their stages, which way they take, and where they wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline import charts, metrics, queries
from pipeline.analytics import paths as ways
from pipeline.analytics import velocity as pace
from pipeline.panels.known import NO_SEGMENT, OPEN, left_out_of_open
from pipeline.panels.ledgers import DATASETS
from pipeline.panels.windows import entered, window
from pipeline.queries import ages, cohorts, paths, stays, widgets
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import shared

STAMPED = ("pipeline_deals", "stage_history")
NOTHING = "No deal left a stage in these days."


def stages(slice_: Slice) -> pd.DataFrame:
    """Each stage with its times, its passage and its open deals; none where nothing is known."""
    return widgets.stamped(_stages(slice_), STAMPED)


def times(slice_: Slice) -> pd.DataFrame:
    """The times alone of the stages that deals left in the period."""
    found = _stages(slice_)
    return found[found["exits"] > 0]


def notes(slice_: Slice) -> Sequence[str]:
    """Where most time is lost, and which averages say little."""
    small = pace.few(times(slice_))
    names = f"{', '.join(small)}: fewer than 5 deals left in these days, which says little."
    return [*_bottleneck(slice_), *([names] if small else [])]


@shared
def lost_time(slice_: Slice) -> pd.DataFrame:
    """The stages and segments in which deals were slower than planned."""
    return ways.lost_time(stays.by_segment(slice_, window(slice_)), _plans(slice_))


def moves(slice_: Slice) -> pd.DataFrame:
    """The moves between stages within the period."""
    return ways.moves(paths.paths(slice_, window(slice_)))


def waiting(slice_: Slice) -> pd.DataFrame:
    """The open deals by stage and by the days that they have been in it."""
    places = queries.stages(slice_.pipeline)["stage_name"].tolist()
    found = ways.ages(ages.ages(slice_, ways.AGES), places)
    return found.assign(is_planned=found["stage_name"].isin(places))


@shared
def _stages(slice_: Slice) -> pd.DataFrame:
    days, plans = window(slice_), _plans(slice_)
    stock = queries.stock(slice_, "stage_name")
    exits = stays.stays(slice_, days)
    begun = cohorts.cohorts(slice_, entered(slice_))
    if exits.empty and begun.empty and stock.empty:
        plans = plans.iloc[:0]
    return pace.velocity(exits, _before(slice_, days, exits), begun, stock, plans)


def _before(slice_: Slice, days: Period, exits: pd.DataFrame) -> pd.DataFrame:
    """The same of the compared period; of the days just before it is known already."""
    if slice_.compare == days.shifted(-days.days):
        return stays.earlier(exits)
    earlier = slice_.previous()
    return stays.stays(earlier, window(earlier)) if earlier else exits.iloc[:0]


def _plans(slice_: Slice) -> pd.DataFrame:
    """The stages of the pipelines and with the names that were asked for."""
    found = stays.stage_places()
    for name, chosen in (("pipeline_id", slice_.pipeline), ("stage_name", slice_.stage)):
        if chosen:
            found = found[found[name].isin([*chosen, ""])]
    return found


def _bottleneck(slice_: Slice) -> Sequence[str]:
    """The stage in which most days were lost beyond plan, and with which segment."""
    every = times(slice_)
    late = every[every["excess"] > 0].sort_values("excess", kind="stable")
    if late.empty:
        return ()
    stage = late.iloc[-1]
    found = lost_time(slice_)
    own = found[found["stage_name"] == stage["stage_name"]].iloc[0]
    segment = NO_SEGMENT.get(own["segment"], own["segment"])
    whole = {name: formats.show(stage[name], "decimal1") for name in BOTTLENECK}
    of = {name: formats.show(own[name], "decimal1") for name in BOTTLENECK}
    return (
        f"Most time is lost in {stage['stage_name']}: {_deals(stage['exits'])} left it after "
        f"{whole['avg_duration_days']} days on average, {whole['deviation_days']} more than "
        f"planned; {formats.show(stage['excess'], 'integer')} days in all. With {segment} "
        f"({_deals(own['exits'])}) it took {of['avg_duration_days']} days instead of "
        f"{of['benchmark_days']}.",
    )


def _deals(count: float) -> str:
    return f"{int(count):,} {'deal' if count == 1 else 'deals'}"


def _stage(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A stage that one can choose."""
    return {"stage": (row["stage_name"],)} if row["is_planned"] else None


BOTTLENECK = ("avg_duration_days", "deviation_days", "benchmark_days")
TRENDS = {"improving": "Faster", "stable": "Stable", "worsening": "Slower"}
LIGHTS = {"green": "On plan", "yellow": "A little slow", "red": "Too slow"}
STAGES = Panel(
    slug="stage-velocity",
    title="How long do stages take?",
    question="Days that deals spent in the stages they left in the period, all visits together; "
    "median and conversion are of the deals that entered in the year before its end.",
    frame=stages,
    columns=(
        Shown("stage_name", "Stage", drill="stage"),
        Shown("stage_order", "Order", "integer", filed=True),
        Shown("avg_duration_days", "Average", "days1", metric=metrics.STAGE_DURATION),
        Shown("median_duration_days", "Median", "days", metric=metrics.STAGE_MEDIAN),
        Shown("benchmark_days", "Planned", "days1", help="How long deals should stay."),
        Shown("deviation_days", "Beyond", "days1", help="Average less planned.", filed=True),
        Shown("duration_change_pct", "Change", "percentDelta", help="Of the average."),
        Shown(
            "trend_direction",
            "Trend",
            tone={"improving": "good", "worsening": "bad"},
            words=TRENDS,
            help="Slower or faster: by more than 10%.",
        ),
        Shown("conversion_rate", "Moved on", "percent", metric=metrics.STAGE_CONVERSION),
        Shown("deals_in_stage", "Open deals", "integer", metric=metrics.OPEN),
        Shown("amount_in_stage", "Open amount", "money", metric=metrics.TOTAL),
        Shown(
            "status_indicator",
            "Status",
            tone={"green": "good", "yellow": "warn", "red": "bad"},
            words=LIGHTS,
            help="Too slow: beyond plan by more than a fifth of it, and more than 3 days.",
        ),
        Shown("trend_display", "Beyond plan"),
        *(Shown(name, name, "text", filed=True) for name in widgets.STAMPS),
    ),
    dimensions=OPEN,
    width="col-12",
    note=notes,
    narrows=_stage,
    nothing=NOTHING,
    contract="/pipeline/velocity/stages.json",
)
TIMES = Panel(
    slug="stage-times",
    title="Does any stage take too long?",
    question="Average days of the deals that left each stage in the period, beside the plan.",
    frame=times,
    figure=charts.stage_times,
    columns=(
        Shown("stage_name", "Stage"),
        Shown("exits", "Deals", "integer", help="That left the stage in the period."),
        Shown("avg_duration_days", "Average", "days1", metric=metrics.STAGE_DURATION),
        Shown("benchmark_days", "Planned", "days1"),
        Shown("deviation_days", "Beyond", "days1"),
    ),
    dimensions=OPEN,
    height="tall",
    narrows=_stage,
    nothing=NOTHING,
)
LOST_TIME = Panel(
    slug="lost-time",
    title="Where is most time lost?",
    question="Stages left in the period that took longer than planned, by segment.",
    frame=lost_time,
    columns=(
        Shown("stage_name", "Stage", drill="stage"),
        Shown("segment", "Segment", drill="segment", words=NO_SEGMENT),
        Shown("exits", "Deals", "integer", help="That left the stage in the period."),
        Shown("avg_duration_days", "Average", "days1", metric=metrics.STAGE_DURATION),
        Shown("benchmark_days", "Planned", "days1", filed=True),
        Shown("deviation_days", "Beyond", "days1", filed=True),
        Shown("excess", "Lost", "integer", help="Days beyond plan, all deals."),
    ),
    dimensions=OPEN,
    narrows=lambda row: {"stage": (row["stage_name"],), "segment": (row["segment"],)},
    nothing="No stage took longer than planned.",
)
KINDS = {"on": "On", "back": "Back", "won": "Won", "lost": "Lost", "unknown": "Not known"}
PATHS = Panel(
    slug="process-paths",
    title="Which way do deals take?",
    question="Moves out of a stage in the period; a move back is a loop.",
    frame=moves,
    columns=(
        Shown("from_stage", "From", drill="stage"),
        Shown("to_stage", "To"),
        Shown("kind", "Move", words=KINDS, tone={"back": "bad", "won": "good", "lost": "warn"}),
        Shown("moves", "Moves", "integer"),
        Shown("share", "Share", "percent", help="Of all moves out of the stage."),
        Shown("median_days", "Median", "days1", help="Days of the visit that ended so."),
        Shown("days", "Days", "integer", help="Of all these visits together."),
    ),
    dimensions=OPEN,
    width="col-12",
    nothing=NOTHING,
)
AGES = Panel(
    slug="stage-ages",
    title="How long have open deals been waiting?",
    question="Open deals and their amount by stage and days in it, whatever the period.",
    frame=waiting,
    columns=(
        Shown("stage_name", "Stage", drill="stage"),
        *(
            column
            for name in ways.age_names()
            for column in (
                Shown(
                    f"deals_{name}",
                    f"{name.replace('-', '–')} days" if "-" in name else f"{name} days and more",
                    "integer",
                    heat=True,
                    below=f"amount_{name}",
                    link=f"/pipeline/velocity/{{stage_name}}/{name}/",
                ),
                Shown(f"amount_{name}", f"Amount {name}", "money", filed=True),
            )
        ),
        Shown("open_deals", "All", "integer", metric=metrics.OPEN),
        Shown("amount", "Amount", "money", metric=metrics.TOTAL),
    ),
    dimensions=OPEN,
    width="col-12",
    unit="money",
    note=left_out_of_open,
    narrows=_stage,
    nothing="No deal is open.",
)
PAGE = Page(
    slug="stage-velocity",
    title="Stage velocity",
    url="/pipeline/velocity/",
    panels=(STAGES, TIMES, LOST_TIME, AGES, PATHS),
    datasets=DATASETS,  # the clock of all of the pipeline's pages
    dimensions=OPEN,
    choices=queries.choices,
    default_period="90d",
)
