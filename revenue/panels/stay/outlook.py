"""What MRR will be: with its ranges, its parts, its segments, and how good past forecasts were."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np
import pandas as pd

from revenue import metrics, queries
from revenue.analytics import kpis, outlook
from revenue.analytics.outlook import LABELS, PARTS, Past
from revenue.charts import stay as charts
from revenue.panels.known import KNOWN, NO_SEGMENT, label, unrated, with_days
from revenue.panels.stay.reckoned import forecast_of, reckon, totals
from revenue.queries import forecast, records
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import framed
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Shown, Tile, tile_frame

SHOWN_BEFORE = 13
TOLD = (0, 1, 3, 6, 12)  # months ahead that are told of methods which are not in use
RANGES = ("low_80", "high_80", "low_95", "high_95")
UNTRIED_YET = (
    "Past months were not forecast again yet. That is done in the background within minutes of a "
    "load, or by manage.py backtest."
)


def headlines(slice_: Slice) -> Sequence[Tile]:
    """What MRR is, will be in a year, and how sure that is."""
    found = reckon(slice_)
    if found is None:
        return []
    now = kpis(totals(slice_), metrics.FORECAST_METRICS)
    ends = found.ends()
    low, high = (formats.show(ends[n][-1], "amount_auto", slice_.currency) for n in RANGES[:2])
    after = label(pd.Timestamp(outlook.ahead(found.past)[-1]).date())
    said = {
        metrics.FORECAST: f"At the end of {after}: 8 of 10 times between {low} and {high}.",
        metrics.FORECAST_GROWTH: f"Method: {LABELS[found.method]}.",
    }
    return [
        Tile(one, now[one.field], None, None, (), note=said[one])
        for one in metrics.FORECAST_METRICS
    ]


def course(slice_: Slice) -> pd.DataFrame:
    """The last months as they were, then the next twelve as expected."""
    found = reckon(slice_)
    if found is None:
        return pd.DataFrame(columns=[*COURSE.names, "start", "end"])
    known = found.past.months[-SHOWN_BEFORE:]
    count, ahead = len(known), outlook.AHEAD
    gap = np.full(count - 1, nan)
    here = found.past.total[-count:]
    frame = framed(
        {
            "month": np.concatenate([np.array(known, "datetime64[s]"), outlook.ahead(found.past)]),
            "mrr": np.concatenate([here, np.full(ahead, nan)]),
            "forecast": np.concatenate([gap, here[-1:], found.path.mean]),
            **{
                name: np.concatenate([np.full(count, nan), one])
                for name, one in found.ends().items()
            },
        }
    )
    dated = with_days(frame, slice_)
    return dated.assign(is_expected=[nth >= count for nth in range(len(dated))])


def made_of(slice_: Slice) -> pd.DataFrame:
    """What each of the next months keeps, gains and loses, by rates of the last ones."""
    found = reckon(slice_)
    if found is None:
        return pd.DataFrame(columns=[*MADE_OF.names, "start", "end"])
    return with_days(outlook.parts(found.past), slice_)


def by_segment(slice_: Slice) -> pd.DataFrame:
    """Each segment forecast by itself, by the method in use."""
    months = forecast.past(slice_)
    if months is None or reckon(slice_) is None:
        return pd.DataFrame(columns=SEGMENTS.names)
    rows = []
    whole = outlook.past(months, "segment")
    for nth, segment in enumerate(whole.groups):
        mine = Past(
            whole.months,
            (segment,),
            whole.level[:, [nth]],
            whole.started[:, [nth]],
            {kind: one[:, [nth]] for kind, one in whole.moves.items()},
        )
        found = forecast_of(mine)
        if found is None:
            continue
        ends = {name: one[-1] for name, one in found.ends().items()}
        now, then = mine.total[-1], found.path.mean[-1]
        rows.append(
            {"segment": segment, "mrr": now, "forecast": then, "growth": then / now - 1, **ends}
        )
    return pd.DataFrame(rows, columns=SEGMENTS.names)


def scores(slice_: Slice) -> pd.DataFrame:
    """Each method's errors by months ahead; of the company, whatever the filters."""
    found, trial = records.scores(), records.trial()
    used = trial.method if trial else ""
    found = found[(found["method"] == used) | found["horizon"].isin(TOLD)]
    return found.assign(
        ahead=[f"{n}" if n else "All" for n in found["horizon"]], is_used=found["method"] == used
    )


def notes(slice_: Slice) -> Sequence[str]:
    """Which method is in use, and why; how the ranges did."""
    trial = records.trial()
    if trial is None:
        return [UNTRIED_YET, *unrated(slice_)]
    held = ""
    if trial.held_80 is not None and trial.held_95 is not None:
        eight, nineteen = (formats.show(n, "percent") for n in (trial.held_80, trial.held_95))
        held = (
            f" Widened {trial.widened_80:.2f} and {trial.widened_95:.2f} times, ranges meant to "
            f"hold 80% and 95% would have held {eight} and {nineteen}."
        )
    return [f"In use: {LABELS[trial.method]}. {trial.reason}{held}", *unrated(slice_)]


def parts_notes(slice_: Slice) -> Sequence[str]:
    """What the rates are learned from, and that another method may say another sum."""
    found = reckon(slice_)
    if found is None:
        return ()
    count = min(outlook.FIT, len(found.past.months))
    said = [
        f"What is added, taken away and cancelled are shares of the month's start, and what is new "
        f"is a mean, as in the {count} months up to {label(found.past.months[-1].date())}."
    ]
    if found.method != PARTS:
        said.append(
            f"The forecast above is by another method, {LABELS[found.method].lower()}: these parts "
            "sum to something else."
        )
    return said


def too_few(slice_: Slice) -> str:
    """Why there is no forecast."""
    months = forecast.past(slice_)
    known = 0 if months is None else months["month"].nunique()
    if queries.ends() is None or (months is not None and known >= outlook.FEWEST):
        return ""
    return (
        f"Not enough data: what moved MRR is known of {known} months that are over, and a forecast "
        f"takes {outlook.FEWEST}."
    )


HEADLINE = Panel(
    slug="mrr-forecast-kpis",
    title="Headline figures",
    question="What will MRR be in a year?",
    frame=lambda slice_: tile_frame(headlines(slice_)),
    tiles=headlines,
    columns=TILE_COLUMNS,
    dimensions=KNOWN,
    note=notes,
    nothing=too_few,
    width="col-12",
)
_ENDS = (
    Shown("low_80", "80% from", "money"),
    Shown("high_80", "to", "money"),
    Shown("low_95", "95% from", "money"),
    Shown("high_95", "to", "money"),
)
COURSE = Panel(
    slug="mrr-forecast",
    title="Where is MRR going?",
    question="MRR at the ends of the last months, and of the next twelve as expected; 8 of 10 and "
    "19 of 20 futures end within the bands.",
    frame=course,
    figure=charts.course,
    columns=(
        Shown("key", "Month"),
        Shown("mrr", "MRR", "money", help=metrics.MRR.meaning),
        Shown("forecast", "Expected", "money"),
        *_ENDS,
    ),
    dimensions=KNOWN,
    nothing=too_few,
    width="col-12",
    unit="money",
)
MADE_OF = Panel(
    slug="mrr-forecast-parts",
    title="What is it made of?",
    question="What each month begins with, what of it is kept, and what comes on top.",
    frame=made_of,
    columns=(
        Shown("key", "Month"),
        Shown("starting", "Starting", "money"),
        Shown("contraction", "Contraction", "money", help=metrics.CONTRACTION.meaning),
        Shown("churn", "Churn", "money", help=metrics.CHURN.meaning),
        Shown("kept", "Kept", "money", help="Starting less contraction and churn."),
        Shown("expansion", "Expansion", "money", help=metrics.EXPANSION.meaning),
        Shown("new", "New", "money", help=metrics.NEW.meaning),
        Shown("reactivation", "Reactivation", "money", help=metrics.REACTIVATION.meaning),
        Shown("mrr", "Ending", "money"),
    ),
    dimensions=KNOWN,
    note=parts_notes,
    nothing=too_few,
    width="col-12",
    unit="money",
)
SEGMENTS = Panel(
    slug="mrr-forecast-by-segment",
    title="Which segment will grow?",
    question="Each by itself, in twelve months; by a simple method they need not add up.",
    frame=by_segment,
    columns=(
        Shown("segment", "Segment", drill="segment", words=NO_SEGMENT),
        Shown("mrr", "MRR now", "money"),
        Shown("forecast", "In 12 months", "money", metric=metrics.FORECAST),
        Shown("growth", "Growth", "percentDelta", metric=metrics.FORECAST_GROWTH),
        *_ENDS,
    ),
    dimensions=KNOWN,
    nothing=too_few,
    narrows=lambda row: {"segment": (row["segment"],)},
    width="col-12",
    unit="money",
)
SCORES = Panel(
    slug="mrr-forecast-record",
    title="How good were past forecasts?",
    question="Months that are over forecast again, with what was known before each alone; the "
    "ranges as they were before they are widened.",
    frame=scores,
    columns=(
        Shown("method", "Method", words=LABELS),
        Shown("ahead", "Months ahead"),
        Shown("n", "Forecasts", "integer"),
        Shown("wape", "Error", "percent1", help="All errors together, of all results together."),
        Shown("bias", "Bias", "percentDelta", help="Above 0: too high."),
        Shown("coverage_80", "80% range held", "percent"),
        Shown("coverage_95", "95% range held", "percent"),
        Shown(
            "skill_vs_baseline",
            "Better",
            "percentDelta",
            help="Than the best simple method, where all had a forecast.",
        ),
        Shown("is_used", "In use", "yes"),
    ),
    dimensions=(),
    note=notes,
    nothing=UNTRIED_YET,
    width="col-12",
    most=80,
)
