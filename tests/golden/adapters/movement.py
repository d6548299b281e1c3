"""The worked example of what changed the pipeline: two days of deals, told by their history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from pipeline.panels.bridge import QUARTER, movement
from revops_site.kernel import freshness
from revops_site.kernel.filters import Allowed, Filters, narrow
from tests.golden.adapters.pipeline import REQUIRED, load
from tests.golden.files import Golden

NAMES = {"start": "starting_pipeline", "deleted": "removed", "end": "ending_pipeline"}
STEPS = ("start", "created", "pulled_in", "increased", "decreased", "pushed_out", "won", "lost")
OUT = {"decreased", "pushed_out", "won", "lost", "deleted"}


def pipeline_movement(golden: Golden) -> dict[str, Any]:
    """The steps by their names, what goes out as a number above 0."""
    start, end = (date.fromisoformat(golden.settings[f"quarter_{name}"]) for name in EDGES)
    before, after = (
        {deal["deal_id"]: deal for deal in golden.input[f"snapshot_{name}"]} for name in EDGES
    )
    between = start + timedelta(days=30)
    deals, events = [], []
    changes: list[dict[str, Any]] = []
    for deal_id in {**before, **after}:
        was, now = before.get(deal_id), after.get(deal_id)
        deals.append(_exported(was, now, start, between))
        if now is None or now["status"] != "open":
            status = "deleted" if now is None else now["status"]
            events.append({"deal_id": deal_id, "at": f"{between}T12:00:00Z", "status": status})
        if was and now:
            changes += _changes(was, now, between)
    load("pipeline_deals", deals, REQUIRED)
    load("status_events", events)
    load("deal_changes", changes)
    workspace = freshness.workspace()
    slice_ = narrow(
        Filters.parse(urlencode({"period": "custom", "start": start, "end": end, "as_of": end})),
        Allowed(),
        end,
        first_month=workspace.fiscal_year_start_month,
        currency=workspace.reporting_currency,
    )
    found = movement(slice_, QUARTER).set_index("step")["amount"]
    told = {NAMES.get(name, name): _part(found, name) for name in (*STEPS, "deleted", "end")}
    return {**told, "check": found["start"] + found.drop(["start", "end"]).sum() - found["end"]}


def _part(found: Any, name: str) -> float:
    amount = float(found.get(name, 0.0))
    return -amount if name in OUT else amount


def _exported(
    was: Mapping[str, Any] | None, now: Mapping[str, Any] | None, start: date, between: date
) -> dict[str, Any]:
    """The deal as a CRM has it in the end."""
    deal = now or was or {}
    created = start - timedelta(days=30) if was else between
    closed = "" if deal["status"] == "open" else between.isoformat()
    return {
        "deal_id": deal["deal_id"],
        "stage": "Demo",
        "amount": deal["amount"],
        "currency": freshness.workspace().reporting_currency,
        "created_at": created.isoformat(),
        "expected_close": deal["close_date"],
        "status": deal["status"],
        "closed_at": closed,
        "is_deleted": str(now is None).lower(),
    }


def _changes(was: Mapping[str, Any], now: Mapping[str, Any], day: date) -> Iterator[dict[str, Any]]:
    for field in ("amount", "close_date"):
        if was[field] != now[field]:
            yield {
                "deal_id": was["deal_id"],
                "field": field,
                "old": was[field],
                "new": now[field],
                "changed_at": f"{day}T12:00:00Z",
            }


EDGES = ("start", "end")
ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {"pipeline_movement": pipeline_movement}
