"""Why a rep wins and loses: reasons, traits of deals, and the stages where they stop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from coaching.charts import rep as charts
from coaching.panels.rep.known import KNOWN, beside, nothing
from coaching.queries.people import Person, of_all, team_of
from pipeline.metrics.stages import STAGE_CONVERSION
from pipeline.queries import cohorts, habits, reasons, stays
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.intervals import wilson
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.periods import Period, plus
from revops_site.kernel.queries import shared

REASONS = ("reason", "lost", "share", "team_share", "lost_amount")
TRAITS = (
    *("trait", "with_text", "without_text", "team_with", "team_without"),
    *("with_rate", "with_n", "without_rate", "without_n"),
)
STAGES = (
    *("stage_name", "moved_on", "resolved", "conversion_rate", "team_conversion_rate", "finding"),
)
TOLD = {
    "champion": "Champion known",
    "economic_buyer": "Economic buyer known",
    "contacts": "3 engaged contacts or more",
    "discount": "Discount over 20 %",
}
FEW = 5
FINDING = {"behind": "bad", "ahead": "good", "few": "muted"}
WORDS = {"behind": "Fewer than the team", "ahead": "More than the team", "few": "Fewer than 5"}


def lost(slice_: Slice, whose: Person) -> pd.DataFrame:
    """Why deals of the period were lost, the most frequent first, beside the team."""
    if not team_of(slice_, whose.rep_id).shown:
        return nothing(REASONS)
    team = beside(slice_, whose)
    found = reasons.lost(of_all(slice_, {whose.rep_id, *team}))
    own = found[found["owner_id"] == whose.rep_id]
    if own.empty:
        return nothing(REASONS)
    of_team = found[found["owner_id"].isin(list(team))].groupby("reason")["lost"].sum()
    rows = own.assign(
        share=own["lost"] / own["lost"].sum(),
        team_share=(own["reason"].map(of_team) / of_team.sum()) if team else float("nan"),
    )
    rows = rows.sort_values(["lost", "reason"], ascending=[False, True], ignore_index=True)
    return rows[[*REASONS]]


def traits(slice_: Slice, whose: Person) -> pd.DataFrame:
    """How often deals of the period were won that have a trait, and that lack it."""
    if not team_of(slice_, whose.rep_id).shown:
        return nothing(TRAITS)
    team = beside(slice_, whose)
    found = habits.traits(of_all(slice_, {whose.rep_id, *team}))
    rows = []
    for trait, label in TOLD.items():
        named = found[found["trait"] == trait]
        own = _rates(named, (whose.rep_id,))
        if own["with_n"] + own["without_n"]:
            of_team = _rates(named, team)
            rows.append(
                {
                    "trait": label,
                    **own,
                    **{f"{part}_text": _said(own, part) for part in ("with", "without")},
                    "team_with": of_team["with_rate"],
                    "team_without": of_team["without_rate"],
                }
            )
    return pd.DataFrame(rows)[[*TRAITS]] if rows else nothing(TRAITS)


def _rates(found: pd.DataFrame, ids: Collection[str]) -> dict[str, float]:
    sums = found[found["owner_id"].isin(list(ids))]
    told: dict[str, float] = {}
    for part in ("with", "without"):
        won, missed = (int(sums[f"{part}_{end}"].sum()) for end in ("won", "lost"))
        told[f"{part}_n"] = won + missed
        told[f"{part}_rate"] = won / (won + missed) if won + missed else float("nan")
    return told


def _said(told: Mapping[str, float], part: str) -> str:
    """A win rate and of how many deals: "54%, n 61"."""
    n = told[f"{part}_n"]
    return f"{formats.show(told[f'{part}_rate'], 'percent')}, n {n:,}" if n else ""


def stages(slice_: Slice, whose: Person) -> pd.DataFrame:
    """Of the deals that entered a stage in a year and are resolved, the share that moved on."""
    if not team_of(slice_, whose.rep_id).shown:
        return nothing(STAGES)
    own = _moved(slice_, (whose.rep_id,))
    team = _moved(slice_, beside(slice_, whose))
    places = stays.stage_places().drop_duplicates("stage_name")["stage_name"].tolist()
    rows = []
    for name in [one for one in places if one in own]:
        moved, resolved = own[name]
        beside_ = team[name][0] / team[name][1] if name in team else float("nan")
        rows.append(
            {
                "stage_name": name,
                "moved_on": int(moved),
                "resolved": int(resolved),
                "conversion_rate": moved / resolved,
                "team_conversion_rate": beside_,
                "finding": _finding(moved, resolved, beside_),
            }
        )
    return pd.DataFrame(rows)[[*STAGES]] if rows else nothing(STAGES)


@shared
def _moved(slice_: Slice, ids: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """By stage how many deals moved on, and how many are resolved; the latter above 0."""
    if not ids:
        return {}
    year = Period(plus(slice_.as_of, -364), plus(slice_.as_of, 1))
    found = cohorts.cohorts(of_all(slice_, ids), year)
    sums = found.groupby("stage_name")[["moved_on", "dropped"]].sum()
    told = zip(sums.index, sums["moved_on"].tolist(), sums["dropped"].tolist(), strict=True)
    return {str(name): (moved, moved + lost) for name, moved, lost in told if moved + lost}


def _finding(moved: float, resolved: float, team: float) -> str:
    """Whether the team's share lies outside of where the rep's may be."""
    if resolved < FEW:
        return "few"
    ends = wilson(moved, resolved)
    if ends is None or team != team:
        return ""
    low, high = ends
    return "behind" if high < team else "ahead" if low > team else ""


def _stage(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """What narrows to a stage: of the year before the day, whatever period the page is of."""
    return {"stage": (row["stage_name"],), "period": "this_year", "start": None, "end": None}


LOST = Panel(
    slug="rep-lost",
    title="Why are deals lost?",
    question="Lost deals of the period by the reason given.",
    frame=lambda _: nothing(REASONS),
    columns=(
        Shown("reason", "Reason", words={"": "No reason given"}),
        Shown("lost", "Lost", "integer", meter=True),
        Shown("share", "Share", "percent"),
        Shown("team_share", "Team", "percent", help="The share of the reason in the team."),
        Shown("lost_amount", "Amount", "money"),
    ),
    dimensions=KNOWN,
    unit="money",
    nothing="No deal was lost in the period.",
)
WON = Panel(
    slug="rep-traits",
    title="What do won deals have in common?",
    question="Win rate of the period’s deals that have it, and of those that lack it.",
    frame=lambda _: nothing(TRAITS),
    columns=(
        Shown("trait", "What"),
        Shown("with_text", "With"),
        Shown("without_text", "Without"),
        Shown("team_with", "Team with", "percent"),
        Shown("team_without", "without", "percent"),
        Shown("with_rate", "Win rate with", "percent", filed=True),
        Shown("with_n", "Deals with", "integer", filed=True),
        Shown("without_rate", "Win rate without", "percent", filed=True),
        Shown("without_n", "Deals without", "integer", filed=True),
    ),
    dimensions=KNOWN,
    nothing="Nothing was won or lost in the period.",
)
PASSAGE = Panel(
    slug="rep-stages",
    title="Where do deals stop?",
    question="Of the deals that entered a stage in a year and are resolved, those that moved on.",
    frame=lambda _: nothing(STAGES),
    figure=charts.stages,
    columns=(
        Shown("stage_name", "Stage"),
        Shown("conversion_rate", "Moved on", "percent", metric=STAGE_CONVERSION),
        Shown("resolved", "n", "integer", help="Deals that moved on or were lost."),
        Shown("team_conversion_rate", "Team", "percent"),
        Shown("finding", "Finding", tone=FINDING, words=WORDS, help="Beyond a 95 % range."),
    ),
    dimensions=KNOWN,
    narrows=_stage,
    nothing="No deal that entered a stage in the last year is resolved.",
)
