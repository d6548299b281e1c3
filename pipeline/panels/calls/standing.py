"""What stands of the running quarter: each one's call beside what the product expects."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipeline import metrics
from pipeline.analytics import calls as said
from pipeline.panels.outlook.whose import by_rep, by_team
from pipeline.queries import calls, forecast
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.periods import Period, quarter_label, week_of_quarter
from revops_site.kernel.queries import shared

DIMENSIONS = ("team", "owner")
NOTHING = "Nobody sells in this quarter, and nobody has said anything of it."
FIGURES = ("ai_forecast", "closed_won_amount", "quarter_target")


def of_people(slice_: Slice) -> Slice:
    """The slice by what calls know: who, and when."""
    return replace(slice_, segment=(), channel=(), campaign=(), region=(), pipeline=(), stage=())


def weekly(slice_: Slice, quarters: tuple[Period, ...]) -> pd.DataFrame:
    """The call of each week of some quarters, of each rep and team."""
    labels = {calls.label(quarter, slice_): quarter for quarter in quarters}
    found = calls.calls(slice_, tuple(labels))
    return said.by_week(said.placed(found, labels))


def this_quarter(slice_: Slice) -> pd.DataFrame:
    """The call of each week of the slice's quarter."""
    return weekly(slice_, (slice_.quarter,))


def week_of(slice_: Slice) -> int:
    """The week of the slice's quarter; the first one before it begins."""
    return week_of_quarter(max(slice_.as_of, slice_.quarter.start), slice_.first_month)


@shared
def standing(slice_: Slice) -> pd.DataFrame:
    """One row per team with its manager's call, followed by its reps with theirs."""
    people = of_people(slice_)
    week = week_of(slice_)
    now = said.newest(this_quarter(people), week)
    reps = by_rep(people)
    reps = reps[reps["is_part"] & (reps["owner_id"] != "")]
    team_of = forecast.teams()
    reps = reps.rename(columns={"owner_id": "rep_id", "key": "who"}).assign(
        team=[team_of.get(rep, "") for rep in reps["owner_id"]]
    )
    teams = by_team(people)
    seen = calls.names_of(calls.whole_teams(people)) if not people.owner else ()
    teams = teams[teams["is_part"] & teams["key"].isin(seen)].rename(columns={"key": "team"})
    managers = forecast.managers()
    teams = teams.assign(rep_id="", who=[managers.get(team) or team for team in teams["team"]])
    names = ["who", "rep_id", "team", *FIGURES]
    return said.together(teams[names], reps[names], now)


def notes(slice_: Slice) -> list[str]:
    """Of which week it is, and who has not spoken in it."""
    label = quarter_label(slice_.quarter.start, slice_.first_month)
    if slice_.as_of < slice_.quarter.start:
        return [f"{label} has not begun: it is called from its first day on."]
    week = week_of(slice_)
    found = standing(slice_)
    late = int((found["of_week"] != week).sum())
    more = f" {late:,} of {len(found):,} have not called in it." if late else ""
    return [f"{label}, week {week} of 13; the last call of a week is the week's.{more}"]


STANDING = Panel(
    slug="calls",
    title="What does everybody say?",
    question="Each one's call of the quarter, what it moved by since the week before, beside what "
    "the product expects.",
    frame=standing,
    columns=(
        Shown("who", "Who", link="/reps/{rep_id}/"),
        Shown("team", "Team"),
        Shown("commit_amount", "Commit", "money", help="What the quarter will bring at least."),
        Shown("change", "Moved", "money", help="Since their call of an earlier week."),
        Shown("best_case_amount", "Best case", "money"),
        Shown("reps_commit", "Their reps", "money", help="What the team's reps commit together."),
        Shown("ai_forecast", "Forecast", "money", help=metrics.FORECAST.meaning),
        Shown("closed_won_amount", "Won", "money", help=metrics.CLOSED_WON.meaning),
        Shown("quarter_target", "Target", "money", help=metrics.TARGET.meaning),
        Shown("of_week", "Of week", "integer", help="The week of the quarter it was made in."),
        Shown("day", "Made on", "date"),
        Shown("submitted_by", "By", filed=True),
        Shown("note", "Note"),
    ),
    dimensions=DIMENSIONS,
    unit="money",
    width="col-12",
    note=notes,
    nothing=NOTHING,
)
