"""The pipeline's worked examples: files through the loader, the queries and the sums."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from insights.catalog import DATASETS
from pipeline import analytics, queries
from pipeline.panels.headlines import measured
from pipeline.panels.velocity import stages as stages_of
from revops_site.kernel import freshness, loading, periods
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.models import Workspace
from tests.golden.adapters.kernel import save_rates
from tests.golden.files import Golden

HEADERS = {"stage_name": "stage", "owner_id": "owner", "account_name": "account"}
REQUIRED = (
    *("deal_id", "account", "segment", "owner", "stage", "amount", "created_at"),
    *("expected_close", "last_stage_change", "probability", "status", "source_channel"),
)
CLOSED = {"won", "lost"}


def pipeline_kpis(golden: Golden) -> dict[str, Any]:
    """Every measure by its field name, over the year that ends with the day."""
    workspace = workspace_of(golden.settings)
    save_rates(golden.input["fx_rates"])
    stages = [stage_row(place, row) for place, row in enumerate(golden.input["stages"])]
    load("stages", stages)
    load("pipeline_deals", map(_deal, golden.input["deals"]), REQUIRED)
    slice_ = _slice(workspace, golden.settings["as_of"], "365d")
    low, high = analytics.win_rate_range(queries.totals(slice_))
    found = {**measured(slice_), **analytics.kpis(queries.median_cycle(slice_))}
    return {
        **{field: one.value for field, one in found.items()},
        "win_rate_ci_low": low,
        "win_rate_ci_high": high,
    }


def closed_quarter(golden: Golden) -> dict[str, Any]:
    """The quarter of each day, from the export that a CRM gives on that day."""
    workspace = workspace_of(golden.settings)
    return {day: _quarter(golden, workspace, day) for day in golden.settings["as_of_dates"]}


def _quarter(golden: Golden, workspace: Workspace, as_of: str) -> dict[str, Any]:
    day, zone = date.fromisoformat(as_of), ZoneInfo(workspace.time_zone)
    events = [
        event
        for event in golden.input["status_events"]
        if datetime.fromisoformat(event["at"]).astimezone(zone).date() <= day
    ]
    exported = [_as_exported(deal, events) for deal in golden.input["deals"]]
    load("pipeline_deals", exported, REQUIRED)
    load("status_events", events)
    slice_ = _slice(workspace, as_of, "this_quarter")
    found = measured(slice_)
    reopened = queries.deals.open_(slice_).filter(queries.deals.reopened())
    return {
        "quarter": periods.quarter_label(day, workspace.fiscal_year_start_month),
        "closed_won_amount": found["closed_won_amount"].value,
        "won": found["won_deals"].value,
        "lost": found["lost_deals"].value,
        "win_rate": found["win_rate"].value,
        "reopened_open": reopened.count(),
    }


def _as_exported(deal: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A deal as a CRM has it once these events have happened: in the state of the last one."""
    own = sorted((one for one in events if one["deal_id"] == deal["deal_id"]), key=_moment)
    last = own[-1]
    closed_at = last["at"] if last["status"] in CLOSED else None
    state = {"created_at": own[0]["at"], "status": last["status"], "closed_at": closed_at}
    return {"stage": "Demo", **deal, **state}


def _moment(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(event["at"])


def stage_row(place: int, stage: Mapping[str, Any]) -> dict[str, Any]:
    return {"stage_id": f"S{place}", "pipeline_id": "P", **stage}


def _deal(deal: Mapping[str, Any]) -> dict[str, Any]:
    return {HEADERS.get(name, name): value for name, value in deal.items()}


def workspace_of(settings: Mapping[str, Any]) -> Workspace:
    """The workspace of the example, with its zone, its fiscal year and its currency."""
    workspace = freshness.workspace()
    for name in ("time_zone", "fiscal_year_start_month", "reporting_currency"):
        setattr(workspace, name, settings.get(name, getattr(workspace, name)))
    workspace.save()
    return workspace


def load(dataset: str, rows: Iterable[Mapping[str, Any]], required: Sequence[str] = ()) -> None:
    given = list(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{dataset}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            names = [*required, *(name for row in given for name in row)]
            writer = csv.DictWriter(file, list(dict.fromkeys(names)))
            writer.writeheader()
            writer.writerows(given)
        report = loading.load([path], DATASETS, dataset=dataset, strict=True)
    if report.stopped:
        cells = [f"line {row.line}, {row.column}: {row.reason}" for row in report.files[0].sample]
        raise ValueError("; ".join(cells) or report.files[0].message)


def _slice(workspace: Workspace, as_of: str, period: str) -> Slice:
    """All deals of a period, on a day that the data are known to reach."""
    return narrow(
        Filters.parse(urlencode({"as_of": as_of, "period": period})),
        Allowed(),
        date.fromisoformat(as_of),
        first_month=workspace.fiscal_year_start_month,
        currency=workspace.reporting_currency,
    )


def stage_velocity(golden: Golden) -> dict[str, Any]:
    """The times of stages over the days of the settings, from deals and their history."""
    workspace = workspace_of(golden.settings)
    visits = golden.input["stage_history"]
    stages = [stage_row(place, row) for place, row in enumerate(golden.input["stages"])]
    load("stages", stages)
    load("pipeline_deals", [_visited(deal, visits) for deal in golden.input["deals"]], REQUIRED)
    load("stage_history", visits)
    slice_ = _slice(workspace, golden.settings["as_of"], f"{golden.settings['period_days']}d")
    frame = stages_of(slice_)
    rows = frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
    return {"stages": rows}


def _visited(deal: Mapping[str, Any], visits: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A deal that was created when it entered its first stage, and stands in its last one."""
    own = [one for one in visits if one["deal_id"] == deal["deal_id"]]
    closed_at = own[-1]["exited_at"] if deal["status"] in CLOSED else None
    return {
        "stage": own[-1]["stage_name"],
        "created_at": own[0]["entered_at"],
        "closed_at": closed_at,
        **deal,
    }


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "pipeline_kpis": pipeline_kpis,
    "closed_quarter": closed_quarter,
    "stage_velocity": stage_velocity,
}
