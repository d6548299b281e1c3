"""How the calls of the running quarter went, week by week."""

from __future__ import annotations

import pandas as pd

from pipeline import charts, metrics
from pipeline.analytics import calls as said
from pipeline.panels.calls.standing import DIMENSIONS, of_people, this_quarter, week_of
from pipeline.panels.forecasts import forecast_history
from pipeline.queries import forecast
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown


def course(slice_: Slice) -> pd.DataFrame:
    """One row a week of the quarter; none where nobody has called it."""
    people = of_people(slice_)
    weekly = this_quarter(people)
    found = said.course(weekly, week_of(slice_))
    kept = {row["week_number"]: row for row in forecast_history(people)} if len(weekly) else {}
    target = forecast.target(people)
    known = found.assign(
        forecast=_kept(found, kept, "cumulative_forecast"),
        won=_kept(found, kept, "cumulative_closed"),
        target=float("nan") if target is None else target,
    )
    return known if len(weekly) else known.iloc[:0]


def _kept(found: pd.DataFrame, kept: dict[int, dict[str, float]], name: str) -> pd.Series[float]:
    return found["week_number"].map({week: row[name] for week, row in kept.items()}).astype(float)


COURSE = Panel(
    slug="calls-by-week",
    title="Where have the calls been going?",
    question="What reps and managers committed to, week by week, beside forecast and won.",
    frame=course,
    figure=charts.calls_by_week,
    columns=(
        Shown("week_number", "Week", "integer"),
        Shown("reps_commit", "Reps commit", "money"),
        Shown("reps_best_case", "Reps' best case", "money"),
        Shown("managers_commit", "Managers commit", "money"),
        Shown("forecast", "Forecast", "money", help=metrics.FORECAST.meaning),
        Shown("won", "Won", "money", help=metrics.CLOSED_WON.meaning),
        Shown("target", "Target", "money", help=metrics.TARGET.meaning),
    ),
    dimensions=DIMENSIONS,
    unit="money",
    width="col-12",
    nothing="Nobody has called this quarter yet.",
)
