"""RepPerformanceView: a row for each rep, by the names and types of the published contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from coaching.panels import figures
from coaching.panels.team.known import DATASETS
from coaching.queries.people import Group, Person, group
from pipeline.queries.widgets import stamps
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice

NUMBERS = (
    *("ytd_attainment", "win_rate", "avg_deal_size", "avg_sales_cycle_days"),
    *("team_avg_win_rate", "team_avg_deal_size", "team_avg_cycle"),
    *("win_rate_vs_team", "cycle_vs_team"),
    *("attainment_change_qoq", "win_rate_change_qoq"),
)
WHOLE = ("overall_rank", "rank_change_qoq")
VIEW = (
    *("rep_id", "rep_name", "manager_name", "region", "segment"),
    *("ytd_attainment", "ytd_attainment_display", "win_rate", "avg_deal_size"),
    *("avg_sales_cycle_days", "overall_rank", "total_reps", "rank_display", "rank_change_qoq"),
    *("team_avg_win_rate", "team_avg_deal_size", "team_avg_cycle"),
    *("win_rate_vs_team", "win_rate_vs_team_display", "cycle_vs_team"),
    *("attainment_change_qoq", "win_rate_change_qoq", "performance_tier"),
)


def performance(slice_: Slice) -> list[dict[str, Any]]:
    """A row for each rep whom the reader may see and asked for."""
    found = group(slice_)
    return views(slice_, found) if found.shown else []


def views(slice_: Slice, found: Group) -> list[dict[str, Any]]:
    """The same of the shown ones of a group, in the order of their names."""
    whole = pd.concat([figures.standing(slice_, found), figures.rates(slice_, found)], axis=1)
    stamped = stamps(DATASETS)
    sold = figures.segments(slice_, found)
    return [
        {**view(one, whole.loc[one.rep_id].to_dict(), sold.get(one.rep_id, "")), **stamped}
        for one in found.people
        if one.rep_id in found.shown
    ]


def view(one: Person, row: Mapping[Any, Any], segment: str) -> dict[str, Any]:
    """One rep's row; ``row`` has the columns of ``standing`` and ``rates``."""
    known: dict[str, Any] = {name: _number(row[name]) for name in NUMBERS}
    places = {name: _whole(row[name]) for name in WHOLE}
    total = int(row["total_reps"])
    rank = places["overall_rank"]
    known |= {
        **places,
        "rep_id": one.rep_id,
        "rep_name": one.name,
        "manager_name": one.manager_name,
        "region": one.region,
        "segment": segment,
        "total_reps": total,
        "rank_display": None if rank is None else formats.show((rank, total), "rank"),
        "ytd_attainment_display": _said(known["ytd_attainment"], "percent"),
        "win_rate_vs_team_display": _said(known["win_rate_vs_team"], "percentDelta"),
        "performance_tier": row["performance_tier"] or None,
    }
    return {name: known[name] for name in VIEW}


def _said(value: float | None, show: str) -> str | None:
    return None if value is None else formats.show(value, show)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
