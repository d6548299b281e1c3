"""The widgets of the published contract, each with exactly its fields, under its page's filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pipeline.analytics.bridge import movement as told
from pipeline.panels import bridge, forecasts, outlook, velocity
from pipeline.queries import forecast
from pipeline.queries.widgets import STAMPS, stamps
from revops_site.kernel.datasets import SEGMENTS
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page

HISTORY = (
    *("snapshot_date", "week_number", "quarter", "cumulative_target", "cumulative_closed"),
    *("cumulative_commit", "cumulative_forecast", "pipeline_commit", "pipeline_best_case"),
    *("pipeline_total", "avg_pipeline_health", *STAMPS),
)


def contract_words() -> Mapping[str, Mapping[str, str]]:
    """What the contract's filters call things: teams by who manages them, segments in full."""
    return {
        "team": {manager: team for team, manager in forecast.managers().items()},
        "segment": {name: code for code, names in SEGMENTS.items() for name in names},
    }


def kpis(slice_: Slice) -> dict[str, Any]:
    """DashboardKPIs."""
    return {**forecasts.dashboard_kpis(slice_), **stamps(forecasts.DATASETS)}


def history(slice_: Slice) -> list[dict[str, Any]]:
    """ForecastHistory, a row for each week that was kept."""
    stamped = stamps(forecasts.DATASETS)
    rows = ({**row, **stamped} for row in forecasts.forecast_history(slice_))
    return [{name: row[name] for name in HISTORY} for row in rows]


def stages(slice_: Slice) -> list[dict[str, Any]]:
    """StageVelocity, a row for each stage."""
    found = velocity.stages(slice_)[[*velocity.STAGES.names]].astype(object)
    rows = found.where(pd.notna(found), None).to_dict(orient="records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def movement(slice_: Slice) -> dict[str, Any]:
    """Why the quarter's open pipeline changed: its start, what each step moved, its end."""
    return {
        "first_date": bridge.before(slice_),
        "last_date": bridge.days(slice_).last_day,
        **told(bridge.movement(slice_, bridge.QUARTER)),
        **stamps(bridge.PAGE.datasets),
    }


WIDGETS: Mapping[tuple[str, str], tuple[Page, Callable[[Slice], Any]]] = {
    ("forecast", "kpis"): (outlook.PAGE, kpis),
    ("forecast", "history"): (outlook.PAGE, history),
    ("velocity", "stages"): (velocity.PAGE, stages),
    ("bridge", "movement"): (bridge.PAGE, movement),
}
