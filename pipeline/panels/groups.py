"""The pipeline by stage and by owner: where deals are, and who wins them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline import analytics, charts, metrics, queries
from pipeline.panels.known import CLOSED, FEW, OPEN, left_out_of_open, without_stage
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown


def stages(slice_: Slice) -> pd.DataFrame:
    """Open deals by stage in stage order (P11), of the chosen stages alone; none where none is."""
    found = queries.stock(slice_, "stage_name")
    planned = queries.stages(slice_.pipeline)
    if found.empty:
        planned = planned.iloc[:0]
    if slice_.stage:
        planned = planned[planned["stage_name"].isin(slice_.stage)]
    return analytics.stage_distribution(found, planned).assign(
        is_past=queries.moved_since(slice_.as_of)
    )


def owners(slice_: Slice) -> pd.DataFrame:
    """What each owner has open, has won and has lost (P12); permission leaves the reader's own."""
    whole = without_stage(slice_)
    found = analytics.owner_performance(
        queries.stock(whole, "owner_id"), queries.flows(whole, "owner_id"), queries.owners()
    )
    return found.assign(is_active=found["owner_id"].isin(queries.active_owners()))


def _stage(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A stage that one can choose: of a past day some deals stand where none is open now."""
    return {"stage": (row["stage"],)} if row["is_planned"] or not row["is_past"] else None


def _owner(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """An owner whom one can choose, in all stages."""
    return {"owner": (row["owner_id"],), "stage": ()} if row["is_active"] else None


STAGES = Panel(
    slug="stage-distribution",
    title="Where are the open deals?",
    question="Open amount and deals by stage, whatever the period.",
    frame=stages,
    figure=charts.by_stage,
    columns=(
        Shown("stage", "Stage", drill="stage"),
        Shown("open_deals", "Open deals", "integer", metric=metrics.OPEN),
        Shown("amount", "Amount", "money", metric=metrics.TOTAL),
        Shown("weighted", "Weighted", "money", metric=metrics.WEIGHTED),
        Shown("share", "Share", "percent", help="Of the whole open amount.", meter=True),
        Shown("avg_open_deal_size", "Average", "money", metric=metrics.AVG_OPEN),
    ),
    dimensions=OPEN,
    unit="money",
    note=left_out_of_open,
    narrows=_stage,
)
OWNERS = Panel(
    slug="owner-performance",
    title="Who has the pipeline, and who wins?",
    question="Open deals of the day; won, lost and cycle of the period. Ratios are ratios of sums.",
    frame=owners,
    columns=(
        Shown("owner", "Owner", link="/reps/{owner_id}/"),
        Shown("open_deals", "Open", "integer", help="Open deals.", metric=metrics.OPEN),
        Shown("open_amount", "Open amount", "money", metric=metrics.TOTAL),
        Shown("won", "Won", "integer", metric=metrics.WON),
        Shown("lost", "Lost", "integer", metric=metrics.LOST),
        Shown("win_rate", "Win rate", "percent", metric=metrics.WIN_RATE),
        Shown("low", "95% from", "percent", help=metrics.WIN_RATE.edge),
        Shown("high", "to", "percent"),
        FEW,
        Shown("won_amount", "Won amount", "money", metric=metrics.WON_VALUE),
        Shown("avg_deal_size", "Deal size", "money", metric=metrics.DEAL_SIZE),
        Shown("avg_sales_cycle_days", "Cycle", "days", metric=metrics.CYCLE),
    ),
    dimensions=CLOSED,
    width="col-12",
    sort="-open_amount",
    narrows=_owner,
    most=25,
)
