"""How right calls of closed quarters were: each one's, and all of them week by week."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline import charts
from pipeline.analytics import calls as said
from pipeline.panels.calls.standing import DIMENSIONS, of_people, weekly
from pipeline.queries import called, calls, forecast
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.periods import fiscal_quarter
from revops_site.kernel.queries import shared

NOTHING = "No closed quarter was called."
VERDICTS = {said.HIGH: "bad", said.LOW: "warn", said.RIGHT: "good", said.FEW: "muted"}


@shared
def errors(slice_: Slice) -> pd.DataFrame:
    """Each week's call of closed quarters beside what came of them."""
    people = of_people(slice_)
    quarters = tuple(calls.past_quarters(people))
    found = weekly(people, quarters)
    if found.empty:
        return said.errors(found, said.NO_ACTUAL, said.NO_SYSTEM)
    teams, first_month = forecast.teams(), people.first_month
    won = calls.won(people, quarters[0].start, quarters[-1].end)
    kept = calls.kept(people, quarters)
    spans = {calls.label(quarter, people): quarter for quarter in quarters}
    of_month = {
        month: calls.label(fiscal_quarter(month.date(), first_month), people)
        for month in won["month"].unique()
    }
    actual = said.actuals(won.assign(quarter=won["month"].map(of_month)), found, teams)
    return said.errors(found, actual, said.expected(said.on_weeks(kept, spans), teams))


def accuracy(slice_: Slice) -> pd.DataFrame:
    """One row per rep and team that called a closed quarter, reps last."""
    found = said.accuracy(errors(slice_))
    names, managers = called.reps(found["rep_id"].tolist()), forecast.managers()
    who = [
        names.get(rep, rep) if rep else f"{managers.get(team) or team} (team {team})"
        for rep, team in zip(found["rep_id"], found["team"], strict=True)
    ]
    return found.assign(who=who)


def weeks(slice_: Slice) -> pd.DataFrame:
    """How far off calls were in each week of a quarter, of all together."""
    return said.week_errors(errors(slice_))


def notes(slice_: Slice) -> Sequence[str]:
    """Of which quarters it is, and what the columns say."""
    quarters = calls.past_quarters(of_people(slice_))
    if not quarters:
        return ()
    first, last = (calls.label(quarter, slice_) for quarter in (quarters[0], quarters[-1]))
    return (
        f"{first} to {last}. Error: all errors together, of all that was won; bias above 0: too "
        "high. Fewer than three closed quarters are not enough to judge anybody by.",
    )


ACCURACY = Panel(
    slug="calls-accuracy",
    title="Who calls it right?",
    question="Calls of closed quarters held against what was won, by the weeks they were made in.",
    frame=accuracy,
    columns=(
        Shown("who", "Who", link="/reps/{rep_id}/"),
        Shown("verdict", "So far", tone=VERDICTS),
        Shown("quarters", "Quarters", "integer"),
        Shown("calls", "Calls", "integer"),
        Shown("bias", "Bias", "percentDelta", help="Above 0: too high."),
        Shown("error", "Error", "percent", help="All errors together, of all that was won."),
        Shown("error_early", "Weeks 1–3", "percent"),
        Shown("error_middle", "Weeks 4–10", "percent"),
        Shown("error_late", "Weeks 11–13", "percent"),
        Shown("system_error", "Forecast", "percent", help="The product's error in those weeks."),
    ),
    dimensions=DIMENSIONS,
    width="col-12",
    note=notes,
    nothing=NOTHING,
)
WEEKS = Panel(
    slug="calls-errors",
    title="From which week on can calls be trusted?",
    question="The error of all calls of closed quarters by week, beside the product's.",
    frame=weeks,
    figure=charts.call_errors,
    columns=(
        Shown("week_number", "Week", "integer"),
        Shown("calls", "Calls", "integer"),
        Shown("error", "Error", "percent"),
        Shown("bias", "Bias", "percentDelta", help="Above 0: too high."),
        Shown("system_error", "Forecast's error", "percent"),
    ),
    dimensions=DIMENSIONS,
    width="col-12",
    nothing=NOTHING,
)
