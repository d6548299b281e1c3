"""The widgets of the published contract, each with exactly its fields, under its page's filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from pipeline.analytics import bands, risks
from pipeline.analytics.bridge import movement as told
from pipeline.panels import bridge, forecasts, outlook, velocity
from pipeline.panels.health import PAGE as PAGE_OF_HEALTH
from pipeline.panels.health import known as health
from pipeline.panels.lists import contract as lists
from pipeline.queries import forecast
from pipeline.queries.widgets import STAMPS, stamps
from revops_site.kernel import formats
from revops_site.kernel.datasets import SEGMENTS
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page
from revops_site.kernel.periods import quarter_label

HISTORY = (
    *("snapshot_date", "week_number", "quarter", "cumulative_target", "cumulative_closed"),
    *("cumulative_commit", "cumulative_forecast", "pipeline_commit", "pipeline_best_case"),
    *("pipeline_total", "avg_pipeline_health", *STAMPS),
)
DISTRIBUTION = (
    *(f"{band}_{sum_}" for band in bands.BANDS.values() for sum_ in ("count", "amount", "pct")),
    *("at_risk_change_1w", "trend_direction"),
)
STUCK = (
    *("opportunity_id", "account_name", "opportunity_name", "owner_name", "amount", "stage_name"),
    *("days_in_stage", "health_score", "close_date", "urgency", "risk_flags"),
    *("risk_flags_display", "days_until_close", "slip_risk", "primary_action", "action_target"),
    *("action_reason", "urgency_icon", "amount_display"),
)
MADE = {"opportunity_id", "amount", "risk_flags_display", "urgency_icon", "amount_display"}


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


def distribution(slice_: Slice) -> dict[str, Any]:
    """HealthDistribution."""
    found = bands.health_distribution(health.by_band(slice_), health.week_ago(slice_))
    return {
        "quarter": quarter_label(slice_.as_of, slice_.first_month),
        "team_filter": forecast.team_label(slice_),
        "snapshot_date": slice_.as_of,
        **{name: found[name] for name in DISTRIBUTION},
        **stamps(health.DATASETS),
    }


def stuck_deals(slice_: Slice) -> list[dict[str, Any]]:
    """StuckDealView, a row for each deal that is stuck or urgent, in its order."""
    stamped = stamps(health.DATASETS)
    stored = (name for name in STUCK if name not in MADE)
    rows = health.stuck(slice_).values("deal_id", "value", *stored)
    return [{**_stuck_deal(row, slice_.currency), **stamped} for row in rows]


def _stuck_deal(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    amount = None if row["value"] is None else float(row["value"])
    known = {
        **row,
        "opportunity_id": row["deal_id"],
        "amount": amount,
        "risk_flags_display": risks.display(row["risk_flags"]),
        "urgency_icon": risks.URGENCIES[row["urgency"]],
        "amount_display": formats.show(amount, "amount_auto", currency),
    }
    return {name: known[name] for name in STUCK}


WIDGETS: Mapping[tuple[str, str], tuple[Page, Callable[[Slice], Any]]] = {
    ("forecast", "kpis"): (outlook.PAGE, kpis),
    ("forecast", "history"): (outlook.PAGE, history),
    ("health", "distribution"): (PAGE_OF_HEALTH, distribution),
    ("health", "stuck"): (PAGE_OF_HEALTH, stuck_deals),
    ("velocity", "stages"): (velocity.PAGE, stages),
    ("bridge", "movement"): (bridge.PAGE, movement),
    **lists.WIDGETS,
}
