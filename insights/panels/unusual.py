"""Anomalies and patterns: what was not to be expected, when, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
from django.db.models import Q

from insights.analytics.measures import MEASURES, NAMED, Measure
from insights.charts import unusual as charts
from insights.queries import unusual as queries
from marketing import metrics as marketing
from marketing import panels as marketing_panels
from pipeline import metrics as pipeline
from pipeline import panels as pipeline_panels
from revenue import metrics as revenue
from revenue import panels as revenue_panels
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.unusual import OF_PARTS

WHOLE = "Whole company"
GRAINS = {"day": "Day", "week": "Week", "month": "Month"}
TONES = {"critical": "bad", "high": "warn"}
UNITS = {"count": "count", "rate": "share"}
NOT_YET = (
    "The series were not looked at yet: the worker does so within five minutes of new data. Each "
    "needs fourteen whole days, weeks or months."
)
NO_CAUSE = (
    "A pattern says that two things happened, never that one caused the other: a season, a "
    "campaign or a third thing may be behind both."
)


def marks(slice_: Slice) -> pd.DataFrame:
    """All that is unusual: queries.POINTS, ``label``, ``name`` (with part), ``told``."""
    found = queries.points(slice_)
    rows = found.to_dict("records")
    return found.assign(
        label=[NAMED[row["series"]].label for row in rows],
        name=[_name(row["series"], row["part"]) for row in rows],
        told=[_told(row, slice_.currency) for row in rows],
    )


def patterns(slice_: Slice) -> pd.DataFrame:
    """The patterns in sentences: queries.FOUND, ``what`` and ``told``."""
    found = queries.patterns(slice_)
    rows = found.to_dict("records")
    return found.assign(
        what=[_of_pattern(row) for row in rows],
        told=[_said(row, slice_.currency) for row in rows],
    )


def looked(slice_: Slice) -> Sequence[str]:
    """How many series were looked at, and what an anomaly is."""
    run = queries.newest()
    if run is None:
        return []
    counted = "" if slice_.reps is not None else f" {run.scanned} series were looked at"
    left = f", {run.silent} left out because they are too short or too small" if counted else ""
    return [
        f"{counted.strip()}{left}." if counted else "You see series of everybody and of your team.",
        "Unusual is what lies 3.5 robust standard deviations and a fifth of its value from what "
        "its trend and season let expect, what mere chance of counting does not explain, and what "
        "does not come every year. Whole days, weeks and months alone.",
    ]


def tested(slice_: Slice) -> Sequence[str]:
    """How many tests were made, and what a pattern is not."""
    run = queries.newest()
    made = [f"Of {run.tests:,} tests."] if run is not None and slice_.reps is None else []
    return [*made, "Of all patterns told, at most 5 % are expected to be false.", NO_CAUSE]


def choices(generation: int) -> Mapping[str, Mapping[str, str]]:
    """What any of the pages lets one choose of these parts, value → label."""
    found: dict[str, dict[str, str]] = {}
    for page in (marketing_panels.PAGE, pipeline_panels.PAGE, revenue_panels.PAGE):
        for name, values in page.choices(generation).items():
            if name in OF_PARTS:
                labels = values if isinstance(values, Mapping) else {one: one for one in values}
                found.setdefault(name, {}).update(labels)
    return found


def nothing(slice_: Slice) -> str:
    """Why there is no row where no filter is the reason."""
    return NOT_YET if queries.newest() is None else ""


def no_pattern(slice_: Slice) -> str:
    """What is said where none survived."""
    return nothing(slice_) or "No pattern is sure enough to be told."


def _name(series: str, part: str) -> str:
    label = NAMED[series].label
    return f"{label} · {part}" if part else label


def _told(row: Mapping[Any, Any], currency: str) -> str:
    show = NAMED[row["series"]].show
    observed, expected = (
        formats.screen(formats.show(row[name], show, currency)) for name in ("observed", "expected")
    )
    day = formats.show(row["start"], "date")
    when = {"day": day, "week": f"week from {day}", "month": f"month from {day}"}[row["grain"]]
    return f"{when}: {observed}, {expected} expected"


def _of_pattern(row: Mapping[Any, Any]) -> str:
    name = _name(row["series"], row["part"])
    return f"{name} and {_name(row['other'], '')}" if row["other"] else name


def _said(row: Mapping[Any, Any], currency: str) -> str:
    if row["kind"] == "break":
        show = NAMED[row["series"]].show
        before, after = (
            formats.screen(formats.show(row[name], show, currency)) for name in ("before", "after")
        )
        return (
            f"Since the week from {formats.show(row['since'], 'date')} a usual week has {after}; "
            f"before it had {before}."
        )
    way = "the same way" if row["effect"] > 0 else "opposite ways"
    lag = {0: "in the same week", 1: "a week later"}.get(row["lag"], f"{row['lag']} weeks later")
    return f"The second tends to change {way} {lag}, more often than by chance."


def _narrows(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    days = {"start": _day(row["start"]), "end": _day(row["end"])}
    part = {str(row["by"]): (str(row["part"]),)} if row["by"] else {}
    return {"period": "custom", **days, **part}


def _unit(one: Measure, currency: str) -> str:
    return UNITS.get(one.unit, currency)


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


METRICS = {
    metric.slug: metric
    for metric in (*marketing.METRICS, pipeline.CREATED_VALUE, pipeline.ACTIVITIES, revenue.NET_NEW)
}
BY_LABEL = {one.label: METRICS[one.metric] for one in MEASURES}
WHEN = Panel(
    slug="unusual-when",
    title="When was what unusual?",
    question="Each mark is a day, week or month of a series; the list below has all of them.",
    frame=marks,
    figure=charts.when,
    columns=(
        Shown("name", "Series"),
        Shown("start", "From", "date"),
        Shown("told", "What"),
        Shown("severity", "Severity", tone=TONES),
    ),
    dimensions=OF_PARTS,
    note=looked,
    width="col-12",
    sort="-start",
    most=20,
    nothing=nothing,
)
PATTERNS = Panel(
    slug="patterns",
    title="Which patterns are there?",
    question="Breaks in the trend of a week's numbers, and series that move together.",
    frame=patterns,
    columns=(
        Shown("what", "Of what"),
        Shown("kind", "Pattern", words={"break": "Trend break", "relation": "Move together"}),
        Shown("told", "What"),
        Shown(
            "effect",
            "Size",
            "decimal",
            help="Of a break: the change as a share of before. Of two series: their rank "
            "correlation, from -1 to 1.",
        ),
        Shown("weeks", "Weeks", "integer"),
        Shown("q", "False among such", "percent1", help="Of all patterns as sure as this one."),
        Shown("lag", "Weeks between", "integer", filed=True),
        Shown("since", "Since", "date", filed=True),
        Shown("p", "p", "decimal", filed=True),
        Shown("tests", "Tests", "integer", filed=True),
    ),
    dimensions=OF_PARTS,
    note=tested,
    width="col-12",
    nothing=no_pattern,
)
ALL = Listing(
    slug="anomalies",
    title="All anomalies",
    question="What was observed leads to its explanation and to the rows behind it.",
    rows=lambda slice_: queries.named(
        slice_,
        label={one.slug: one.label for one in MEASURES},
        unit={one.slug: _unit(one, slice_.currency) for one in MEASURES},
        written={one.slug: one.show for one in MEASURES},
    ),
    columns=(
        Shown("label", "Series"),
        Shown("part", "Of", words={"": WHOLE}),
        Shown("grain", "Grain", words=GRAINS),
        Shown("start", "From", "date"),
        Shown("end", "to", "date"),
        Shown("observed", "Observed", "decimal", metric=BY_LABEL, shows="written"),
        Shown("expected", "Expected", "decimal", shows="written"),
        Shown("unit", "In", help="Money is in the reporting currency."),
        Shown("z", "z", "decimal1", help="Robust standard deviations from what was expected."),
        Shown("severity", "Severity", tone=TONES),
        Shown("direction", "Direction"),
        Shown("method", "Expected by", help="STL: trend and weekly season; else the median."),
        Shown("in_batch", "Batch test", "yes", help="Generalized ESD names it, too."),
        Shown("points", "Points", "integer"),
        Shown("by", "Dimension"),
    ),
    key=("series", "by", "part", "start"),
    sort="-start",
    search=("part", "series"),
    groups=("label", "part", "severity", "direction", "grain"),
    hidden=("end", "unit", "method", "in_batch", "points", "by"),
    flags={
        "whole": Flag("Whole company", Q(by=""), "Without the parts that an anomaly is seen in."),
        "grave": Flag("High or critical", Q(severity__in=("high", "critical")), "z from 5 on."),
        **{
            one.slug: Flag(one.label, Q(series=one.slug), f"{one.label} alone.") for one in MEASURES
        },
    },
    dimensions=OF_PARTS,
    noun="anomalies",
    nothing=nothing,
    narrows=_narrows,
)
PAGE = Page(
    slug="anomalies",
    title="Anomalies",
    url="/insights/anomalies/",
    panels=(WHEN, PATTERNS),
    listings=(ALL,),
    datasets=("marketing_channels", "pipeline_deals", "activities", "customer_mrr"),
    dimensions=OF_PARTS,
    choices=choices,
    default_period="365d",
    compared=False,
)
