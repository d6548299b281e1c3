"""Whose forecast it is: by team, rep, region and segment; and the deals that decide it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline import analytics, metrics
from pipeline.analytics import outlook
from pipeline.panels.forecasts import reckon
from pipeline.panels.known import CATEGORY_LINK, DEAL_LINK, NO_SEGMENT, OPEN
from pipeline.queries import called, categories, forecast, quotas
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

MOST = 15
NO_TEAM, NO_REGION = "No team", "No region"


def by_team(slice_: Slice) -> pd.DataFrame:
    """One row per team, with its target."""
    teams = forecast.teams()

    def team(deals: pd.DataFrame) -> pd.DataFrame:
        return deals.assign(team=[teams.get(owner, "") for owner in deals["owner_id"]])

    found = reckon(slice_)
    found = replace(found, deals=team(found.deals))
    targets = quotas.of_quarter_by_team(slice_) if forecast.knows_targets(slice_) else {}
    return outlook.by_part(found, team(forecast.won(slice_)), "team", targets)


def by_rep(slice_: Slice) -> pd.DataFrame:
    """One row per rep, with the rep's target."""
    targets = quotas.of_quarter_by_rep(slice_) if forecast.knows_targets(slice_) else {}
    found = outlook.by_part(reckon(slice_), forecast.won(slice_), "owner_id", targets)
    names = {"": analytics.NOBODY, **called.reps(found["key"].tolist())}
    return found.assign(
        owner_id=found["key"].where(found["is_part"], ""),
        key=[names.get(key, key) for key in found["key"]],
    )


def by_column(name: str) -> Callable[[Slice], pd.DataFrame]:
    """One row per value of a column of the deals, which no target knows."""
    return lambda slice_: outlook.by_part(reckon(slice_), forecast.won(slice_), name, None)


def swing(slice_: Slice) -> pd.DataFrame:
    """The deals that decide the quarter, with their names."""
    found = outlook.swing(reckon(slice_), MOST)
    ids = found["deal_id"].tolist()
    named = found.merge(called.deals(ids), how="left", on="deal_id")
    return named.assign(by_hand=categories.set_by(ids, named["category"].tolist()))


def _columns(first: Shown, *, has_target: bool) -> tuple[Shown, ...]:
    target = (
        Shown("quarter_target", "Target", "money", help=metrics.TARGET.meaning),
        Shown("gap_to_target", "Gap", "money", help=metrics.GAP.meaning),
    )
    return (
        first,
        Shown("closed_won_amount", "Won", "money", metric=metrics.CLOSED_WON),
        Shown(
            "pipeline_commit",
            "In commit",
            "money",
            metric=metrics.PIPELINE_COMMIT,
            filed=not has_target,
        ),
        Shown("pipeline_total", "Pipeline", "money", metric=metrics.PIPELINE_TOTAL),
        Shown("expected_open", "Expected", "money", help="Of the open deals, by their chances."),
        Shown("ai_forecast", "Forecast", "money", help=metrics.FORECAST.meaning, meter=has_target),
        *(target if has_target else ()),
        Shown("open_deals", "Deals", "integer", help="Open deals expected in the quarter."),
    )


def _narrow(name: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any] | None]:
    def narrowed(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return {name: (row["key"],)} if row["is_part"] and row["key"] else None

    return narrowed


TEAMS = Panel(
    slug="forecast-by-team",
    title="Which team makes its number?",
    question="The forecast of each team beside its target.",
    frame=by_team,
    columns=_columns(Shown("key", "Team", words={"": NO_TEAM}), has_target=True),
    dimensions=OPEN,
    unit="money",
    width="col-12",
    narrows=_narrow("team"),
    nothing="No deal was won or is expected in this quarter.",
)
REPS = Panel(
    slug="forecast-by-rep",
    title="Who makes the number?",
    question="The forecast of each rep beside the target; no rank, the largest forecast first.",
    frame=by_rep,
    columns=_columns(Shown("key", "Rep", link="/reps/{owner_id}/"), has_target=True),
    dimensions=OPEN,
    unit="money",
    width="col-12",
    narrows=lambda row: {"owner": (row["owner_id"],)} if row["owner_id"] else None,
    nothing="No deal was won or is expected in this quarter.",
)
REGIONS = Panel(
    slug="forecast-by-region",
    title="From where?",
    question="The forecast by region; targets are people's.",
    frame=by_column("region"),
    columns=_columns(Shown("key", "Region", words={"": NO_REGION}), has_target=False),
    dimensions=OPEN,
    unit="money",
    narrows=_narrow("region"),
    nothing="No deal was won or is expected in this quarter.",
)
SEGMENTS = Panel(
    slug="forecast-by-segment",
    title="From whom?",
    question="The forecast by segment; targets are people's.",
    frame=by_column("segment"),
    columns=_columns(Shown("key", "Segment", words=NO_SEGMENT), has_target=False),
    dimensions=OPEN,
    unit="money",
    narrows=_narrow("segment"),
    nothing="No deal was won or is expected in this quarter.",
)
SWING = Panel(
    slug="swing-deals",
    title="Which deals decide the quarter?",
    question="Open deals by how far the result moves with each of them alone.",
    frame=swing,
    columns=(
        Shown("deal_name", "Deal", link=DEAL_LINK, steps="swing-deals"),
        Shown("account_name", "Account", link="/accounts/{account_id}/"),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
        Shown("stage_name", "Stage"),
        Shown("category", "Category", link=CATEGORY_LINK),
        Shown("by_hand", "Set by", help="Who set the category by hand, whatever the file says."),
        Shown("amount", "Amount", "money"),
        Shown("p", "Chance", "percent", help="To be won by the quarter's end."),
        Shown("swing", "Moves", "money", help="One standard deviation.", meter=True),
        Shown("close_date", "Expected close", "date"),
        Shown("health_score", "Health", "integer", help="From 0 to 100."),
    ),
    dimensions=OPEN,
    unit="money",
    width="col-12",
    nothing="No open deal is uncertain.",
)
