"""Lead to cash: the one funnel from a lead to a customer who stays, with the time of each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from insights.analytics import leads as sums
from insights.charts import leads as charts
from insights.metrics import leads as metrics
from insights.panels.cash.cohorts import PAGE as COHORTS
from insights.panels.cash.known import CHOICES, DATASETS, KNOWN, LEDGERS, NOTHING, notes
from insights.queries import leads
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown

__all__ = ["COHORTS", "LEDGERS", "PAGE"]

UNNAMED = {"": "Not named"}


def steps(slice_: Slice) -> pd.DataFrame:
    """Each step, with the key that its rate is explained by."""
    return sums.steps(leads.by_group(slice_), leads.waits(slice_))


def channels(slice_: Slice) -> pd.DataFrame:
    """The steps of each channel's leads."""
    return sums.by(leads.by_group(slice_), leads.waits(slice_), "channel")


def segments(slice_: Slice) -> pd.DataFrame:
    """The steps of each segment's leads."""
    return sums.by(leads.by_group(slice_), leads.waits(slice_), "segment")


def said(slice_: Slice) -> Sequence[str]:
    """Where most leads stop."""
    drop = sums.largest_drop(steps(slice_))
    found = []
    if drop is not None:
        step, lost, of = drop
        found.append(f"Most stop at {step}: {lost:,} of {of:,} have not gone on.")
    return [*found, *notes(slice_)]


def _of_step(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A step is counted over all that the page shows."""
    return {}


STEPS = Panel(
    slug="lead-steps",
    title="How far do leads come, and how long does each step take?",
    question=(
        "The leads that came in the period, to this day. Medians are of those that went on: "
        "days, and hours until a first answer."
    ),
    frame=steps,
    figure=charts.steps,
    columns=(
        Shown("step", "Step"),
        Shown("entered", "Reached before", "integer"),
        Shown("moved", "Went on", "integer"),
        Shown(
            "rate",
            "Share",
            "percent1",
            metric={label: metric for _, _, metric, label in sums.STEPS},
        ),
        Shown("median", "Median wait", "decimal1", help="Days; hours until a first answer."),
        Shown("waiting", "Still waiting", "integer", help="Neither on, nor out, by the day."),
        Shown("dropped", "Out", "integer", help="Deals lost; customers who left within a year."),
    ),
    dimensions=KNOWN,
    width="col-12",
    note=said,
    narrows=_of_step,
    nothing=NOTHING,
)


def paces(slice_: Slice) -> pd.DataFrame:
    """How soon leads take each step, those who have not taken it counted as far as they came."""
    return sums.paces(leads.waits(slice_))


IN_TABLE = (7, 30, 90, 180)
PACES = Panel(
    slug="lead-paces",
    title="How soon do leads go on?",
    question=(
        "The share of all who reached a step that had gone on so many days later. Who may still "
        "go on counts for as long as they have waited (Kaplan-Meier); who is out never will."
    ),
    frame=paces,
    figure=charts.paces,
    columns=(
        Shown("step", "Step"),
        Shown("n", "Reached before", "integer"),
        *(
            Shown(f"by_{day}", f"Within {day} days", "percent1", filed=day not in IN_TABLE)
            for day in sums.DAYS_ON
        ),
        Shown("low", "30 days, from", "percent1", help="Of the 95 % interval within 30 days."),
        Shown("high", "to", "percent1"),
        Shown(
            "half",
            "Half within, days",
            "integer",
            help="By then half of all had gone on; empty where fewer than half ever did.",
        ),
        Shown("key", "Key", filed=True),
    ),
    dimensions=KNOWN,
    width="col-12",
    unit="percent",
    nothing=NOTHING,
)


def _split(slug: str, name: str, label: str, frame: Any) -> Panel:
    def narrows(row: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: (row[name],)}

    rates = (
        Shown(f"{key}_rate", metric.label, "percent1", help=metric.meaning, metric=metric)
        for key, _, metric, _ in sums.STEPS
    )
    return Panel(
        slug=slug,
        title=f"Which {label.lower()} loses leads, and where?",
        question="Weakest is the selling step furthest below that of all leads, with ten or more.",
        frame=frame,
        columns=(
            Shown(name, label, words=UNNAMED),
            Shown("leads", "Leads", "integer", metric=metrics.CAME),
            *rates,
            Shown("answered_wait", "Answer, hours", "decimal1", help="Median of those answered."),
            Shown("sqls_wait", "MQL to SQL, days", "decimal1", help="Median of those accepted."),
            Shown("opportunities_wait", "SQL to deal, days", "decimal1", help="Median."),
            Shown("won_wait", "Deal to won, days", "decimal1", help="Median of those won."),
            Shown("weakest", "Weakest step"),
        ),
        dimensions=KNOWN,
        width="col-12",
        sort="-leads",
        narrows=narrows,
        nothing=NOTHING,
    )


PAGE = Page(
    slug="lead-to-cash",
    title="Lead to cash",
    url="/insights/lead-to-cash/",
    panels=(
        STEPS,
        PACES,
        _split("lead-steps-by-channel", "channel", "Channel", channels),
        _split("lead-steps-by-segment", "segment", "Segment", segments),
    ),
    datasets=DATASETS,
    dimensions=KNOWN,
    choices=CHOICES,
    default_period="365d",
)
