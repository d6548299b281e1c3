"""A number's course: the same number of each week, month or quarter that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import pandas as pd

from insights.analytics.asking.calendars import calendar
from insights.analytics.measures import MEASURES
from insights.charts import asked as charts
from insights.panels.why import Number
from revops_site.kernel import explain, formats, freshness, periods
from revops_site.kernel.charts import Figure
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.periods import Period, plus
from revops_site.kernel.queries import generation, workspace
from revops_site.kernel.unusual import MARKED, Named, marked

SLUG = "course"
MOST = 13  # steps: a year of months with the running one, or a quarter of weeks
WEEKS_UP_TO, MONTHS_UP_TO = 100, 400  # days
TICKS = {"percent": ".1~%", "money": "~s", "amount": "~s"}


def panel(number: Number, grain: str) -> Panel:
    """The course of a number that is dated."""
    metric = number.metric
    return Panel(
        slug=SLUG,
        title=f"{metric.label} over time",
        question=f"{metric.meaning} Each step as of its own last day.",
        frame=lambda slice_: steps(number, grain, slice_),
        columns=(
            Shown("label", "Step"),
            Shown("start", "From", "date"),
            Shown("end", "To", "date"),
            Shown(metric.field, metric.label, metric.exact, metric=metric),
            *([MARKED] if looked_at(metric) else []),
        ),
        dimensions=number.ledger.dimensions,
        figure=partial(_figure, metric),
        width="col-12",
        height="tall",
        narrows=lambda row: {"period": "custom", "start": row["start"], "end": row["end"]},
        about=repr((metric.slug, grain)),
    )


def steps(number: Number, grain: str, slice_: Slice) -> pd.DataFrame:
    """``label`` (text), ``start``, ``end`` (days, both inside), the number by its field.

    And what was unusual in it, as ``marked`` says it.
    """
    metric, ledger = number.metric, number.ledger
    first = freshness.of(ledger.datasets, workspace()).first_day
    found = windows(slice_, grain, first)
    values = [
        explain.measured(ledger, metric, slice_.at(one.last_day, one), generation()).value
        for one in found
    ]
    unit = chosen(slice_, grain)
    rows = pd.DataFrame(
        {
            "label": pd.Series([_label(one, unit, slice_) for one in found], dtype="str"),
            "start": [one.start for one in found],
            "end": [one.last_day for one in found],
            metric.field: pd.Series(values, dtype="float64"),
        }
    )
    return marked(rows, slice_, looked_at(metric), "start", "end")


def looked_at(metric: Metric) -> Named:
    """The series of this number that the worker looks at."""
    return {one.slug: (one.label, one.show) for one in MEASURES if one.metric == metric.slug}


def chosen(slice_: Slice, grain: str) -> str:
    """The step that was asked for, else one that gives about a dozen."""
    if grain:
        return grain
    days = slice_.period.days if slice_.period else MONTHS_UP_TO + 1
    if days <= WEEKS_UP_TO:
        return "week"
    return "month" if days <= MONTHS_UP_TO else "quarter"


def windows(slice_: Slice, grain: str, first: date | None) -> Sequence[Period]:
    """The last steps of the slice's days, the newest last; whole ones but for both ends."""
    unit = chosen(slice_, grain)
    last = slice_.period.last_day if slice_.period else slice_.as_of
    last = min(last, slice_.as_of)
    begin = max(filter(None, [slice_.period.start if slice_.period else None, first]), default=last)
    found: list[Period] = []
    day = last
    while len(found) < MOST and day >= begin:
        around = _around(day, unit, slice_.first_month)
        found.append(Period(max(around.start, begin), min(around.end, plus(last, 1))))
        day = plus(around.start, -1)
    return found[::-1]


def _around(day: date, unit: str, first_month: int) -> Period:
    if unit == "week":
        return periods.week(day)
    return calendar(unit, day, first_month if unit == "quarter" else 1)


def _label(window: Period, unit: str, slice_: Slice) -> str:
    if unit == "quarter":
        return periods.quarter_label(window.start, slice_.first_month)
    if unit == "month":
        return f"{formats.MONTHS[window.start.month - 1]} {window.start.year}"
    return f"{window.start.day} {formats.MONTHS[window.start.month - 1]} {window.start.year}"


def _figure(metric: Metric, rows: pd.DataFrame) -> Figure:
    ticks = next((to for name, to in TICKS.items() if metric.show.startswith(name)), "~g")
    if metric.show == "percentage":
        ticks = "~g"
    return charts.course(rows, metric.field, metric.label, ticks)
