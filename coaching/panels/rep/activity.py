"""What a rep does: how much, of what, on which weekdays, how evenly; beside team and the best."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from coaching import metrics
from coaching.analytics.activity import SPANS, Activity, a_day, span
from coaching.charts import rep as charts
from coaching.panels import figures
from coaching.panels.rep.known import beside, nothing, top
from coaching.queries.people import Person, company, team_of
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

PEOPLE = ("team", "owner")
COLUMNS = (
    *("period", "total_activities", "call_count", "email_count", "meeting_count", "demo_count"),
    *("working_days", "avg_daily_activities", "team_avg_daily", "top_performer_daily"),
    "activity_consistency_score",
)
WORDS = {"30d": "Last 30 days", "7d": "Last 7 days", "today": "Today"}
WEEKDAYS = ("weekday", "average", "low")
LOW = "low"


def view(slice_: Slice, whose: Person, period: str) -> dict[str, Any]:
    """RepActivityMetrics of one period."""
    days = span(period, slice_.as_of)
    own = figures.one_activity(slice_, whose.rep_id, days)
    group = team_of(slice_, whose.rep_id)
    return {
        "rep_id": whose.rep_id,
        "period": period,
        "total_activities": own.total_activities,
        **{f"{kind}_count": n for kind, n in own.counts.items()},
        "avg_daily_activities": own.avg_daily_activities,
        "team_avg_daily": _daily(slice_, beside(slice_, whose), period),
        "top_performer_daily": _daily(slice_, top(slice_, group), period),
        **{f"{name.lower()}_avg": value for name, value in own.weekdays.items()},
        "low_activity_days": list(own.low_activity_days),
        "activity_consistency_score": own.activity_consistency_score,
    }


def contract(slice_: Slice, whose: Person) -> list[dict[str, Any]]:
    """RepActivityMetrics, a row for each period."""
    if not team_of(slice_, whose.rep_id).shown:
        return []
    return [view(slice_, whose, period) for period in SPANS]


def frame(slice_: Slice, whose: Person) -> pd.DataFrame:
    """One row a period; none where nothing was done in the longest."""
    if not _is_active(slice_, whose):
        return nothing(COLUMNS)
    rows = [
        {**view(slice_, whose, period), "working_days": _own(slice_, whose, period).working_days}
        for period in SPANS
    ]
    return pd.DataFrame(rows)[[*COLUMNS]]


def weekdays(slice_: Slice, whose: Person) -> pd.DataFrame:
    """What is done on each weekday of the last 30 days, and which are low."""
    if not _is_active(slice_, whose):
        return nothing(WEEKDAYS)
    own = _own(slice_, whose, "30d")
    rows = [
        (name, value, LOW if name in own.low_activity_days else "")
        for name, value in own.weekdays.items()
    ]
    return pd.DataFrame(rows, columns=[*WEEKDAYS]).astype({"average": "float64"})


def notes(slice_: Slice, whose: Person) -> Sequence[str]:
    """How even the days are, and when that says little."""
    own = _own(slice_, whose, "30d")
    if own.activity_consistency_score is None:
        return ()
    low = ", ".join(own.low_activity_days)
    said = [f"Consistency {own.activity_consistency_score} of 100."]
    if low:
        said.append(f"Low: {low}, below 70 % of the mean of all weekdays.")
    if own.low_volume:
        said.append("Below 4 activities a day chance alone makes days uneven.")
    return [" ".join(said)]


def _own(slice_: Slice, whose: Person, period: str) -> Activity:
    return figures.one_activity(slice_, whose.rep_id, span(period, slice_.as_of))


def _is_active(slice_: Slice, whose: Person) -> bool:
    shown = team_of(slice_, whose.rep_id).shown
    return bool(shown and _own(slice_, whose, "30d").total_activities)


def _daily(slice_: Slice, ids: Collection[str], period: str) -> float | None:
    """Activities a day of these reps together; None of none."""
    if not ids:
        return None
    found = figures.activity(slice_, company(slice_), span(period, slice_.as_of))
    own = found[found.index.isin(list(ids))]
    return a_day(float(own["done"].sum()), float(own["working_days"].sum()))


PANEL = Panel(
    slug="rep-activity",
    title="How much is done?",
    question="Completed activities, and how many that is a working day.",
    frame=lambda _: nothing(COLUMNS),
    columns=(
        Shown("period", "Days", words=WORDS),
        Shown("total_activities", "All", "integer", help="Tasks are in it."),
        Shown("call_count", "Calls", "integer"),
        Shown("email_count", "E-mails", "integer"),
        Shown("meeting_count", "Meetings", "integer"),
        Shown("demo_count", "Demos", "integer"),
        Shown("working_days", "Working days", "integer"),
        Shown(
            "avg_daily_activities",
            "A day",
            "decimal1",
            help=metrics.DAILY.meaning,
            metric={"30d": metrics.DAILY},
        ),
        Shown("team_avg_daily", "Team", "decimal1", help="A rep of the team a day."),
        Shown("top_performer_daily", "Top performers", "decimal1"),
        Shown(
            "activity_consistency_score",
            "Consistency",
            "integer",
            help=metrics.CONSISTENCY.edge,
            metric={"30d": metrics.CONSISTENCY},
        ),
    ),
    dimensions=PEOPLE,
    width="col-12",
    narrows=lambda row: {},
    nothing="Nothing was completed in the last 30 days.",
)
PATTERN = Panel(
    slug="rep-weekdays",
    title="On which days?",
    question="Activities of an average Monday to Friday in the last 30 days.",
    frame=lambda _: nothing(WEEKDAYS),
    figure=charts.weekdays,
    columns=(
        Shown("weekday", "Weekday"),
        Shown("average", "A day", "decimal1"),
        Shown("low", "Low", tone={LOW: "warn"}, words={LOW: "Low"}, help=metrics.CONSISTENCY.edge),
    ),
    dimensions=PEOPLE,
    nothing="Nothing was completed in the last 30 days.",
)
