"""The worked examples of the lists: files through the loader, the queries and the sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pipeline.models import PipelineTerms
from pipeline.panels.lists import contract
from pipeline.queries import cashflow, waits
from pipeline.queries import orders as of_orders
from revops_site.kernel import freshness
from revops_site.kernel.filters import Slice
from tests.golden.adapters.pipeline import REQUIRED, _slice, load, workspace_of
from tests.golden.files import Golden

LISTS = {"overdue": "overdue_days", "stuck": "days_in_stage", "inactive": "idle_days"}
NAMED = {"inactive": "days_since_activity"}
KPIS = (
    *("activities_count", "projects_count", "estimated_value_sar", "moved_to_production_count"),
    *("overdue_deals_count", "stuck_deals_count"),
)


def ops_lists(golden: Golden) -> dict[str, Any]:
    """The three lists, each deal with its days, the longest first."""
    slice_ = _begin(golden, golden.input["deals"])
    return {
        kind: [
            {"id": deal_id, NAMED.get(kind, days): waited}
            for deal_id, waited in waits.waiting(slice_, kind)
            .order_by(f"-{days}", "deal_id")
            .values_list("deal_id", days)
        ]
        for kind, days in LISTS.items()
    }


def cashflow_projection(golden: Golden) -> dict[str, Any]:
    """The dates of each deal that can be projected, and the weeks they add up to."""
    stages = [
        {"stage_id": f"S{place}", "pipeline_id": "P", "stage_order": place, **row}
        for place, row in enumerate(golden.input["stages"])
    ]
    load("pipelines", [{"pipeline_id": "P", "pipeline_name": "Projects"}])
    load("stages", [{k: v for k, v in row.items() if k != "confidence"} for row in stages])
    terms = golden.settings["payment_terms_days"]
    PipelineTerms.objects.update_or_create(pipeline_id="P", defaults={"payment_terms_days": terms})
    deals = [{"pipeline_id": "P", **deal} for deal in golden.input["deals"]]
    slice_ = _begin(golden, deals)
    names = ("deal_id", "expected_invoice_date", "expected_payment_date", "confidence")
    found = {
        key: {names[1]: f"{invoice}", names[2]: f"{payment}", names[3]: confidence}
        for key, invoice, payment, confidence in cashflow.projected(slice_).values_list(*names)
    }
    buckets = cashflow.buckets(slice_, golden.settings["period_type"])
    told = buckets[buckets["deal_count"] > 0]
    return {
        "deals": found,
        "buckets": [
            {"period": period, "expected_invoice_value_sar": value, "deal_count": count}
            for period, value, count in zip(
                told["period"], told["expected_invoice_value"], told["deal_count"], strict=True
            )
        ],
    }


def owner_kpis(golden: Golden) -> dict[str, Any]:
    """What each owner has, did and lets wait."""
    names = {one["owner"] for key in ("deals", "activities") for one in golden.input[key]}
    load("reps", [{"rep_id": name, "name": name} for name in sorted(names)])
    slice_ = _begin(golden, golden.input["deals"])
    activities = [
        {"activity_id": str(nth), "rep_id": one["owner"], "type": "call", **one}
        for nth, one in enumerate(golden.input["activities"])
    ]
    load("activities", [{k: v for k, v in one.items() if k != "owner"} for one in activities])
    load("stage_history", golden.input["stage_history"], ("exited_at",))
    return {
        "owners": [
            {"owner": one["owner"], **{name: one[name] for name in KPIS}}
            for one in contract.owner_kpis(slice_)
        ]
    }


def compliance_orders(golden: Golden) -> dict[str, Any]:
    """The papers of each order, and the orders that wait."""
    orders = {one["deal_id"]: one for one in golden.input["orders"]}
    papers = {one["deal_id"]: one for one in golden.input["deals"]}
    deals = [
        {
            "deal_id": key,
            "stage": "Order Received" if key in orders else "Under Progress",
            "value_sar": orders.get(key, {}).get("value_sar"),
            "last_stage_change": orders.get(key, {}).get("entered_at"),
            "status": "open",
        }
        for key in papers
    ]
    slice_ = _begin(golden, deals)
    load(
        "orders",
        [
            {
                "order_id": key,
                "received_on": orders.get(key, {}).get("entered_at", "2025-01-01"),
                "end_user_identified": orders.get(key, {}).get("end_user_identified"),
                **one,
            }
            for key, one in papers.items()
        ],
    )
    counts = of_orders.compliance_totals(slice_)
    waiting = contract.order_received(slice_)
    return {
        "status": dict(of_orders.ordered(slice_).values_list("deal_id", "compliance")),
        **{name: counts[name] for name in ("compliant", "missing", "unknown", "not_required")},
        "compliance_rate": contract.compliance(slice_)["compliance_rate"],
        "order_received": {
            "count": waiting["order_received_count"],
            "value_sar": waiting["order_received_value"],
            "avg_days_in_stage": waiting["avg_days_in_stage"],
            "end_user_identified_rate": waiting["end_user_identified_rate"],
            "end_user_unknown": waiting["end_user_unknown"],
        },
    }


def _begin(golden: Golden, deals: list[dict[str, Any]]) -> Slice:
    workspace = workspace_of(golden.settings)
    as_of = golden.settings["as_of"]
    load("pipeline_deals", [_deal(deal, as_of) for deal in deals], REQUIRED)
    slice_ = _slice(freshness.workspace() or workspace, as_of, "365d")
    return replace(slice_, as_of=date.fromisoformat(as_of))


def _deal(deal: Mapping[str, Any], as_of: str) -> dict[str, Any]:
    named = {"stage_name": "stage", "value_sar": "amount"}
    own = {named.get(name, name): value for name, value in deal.items()}
    closed = {"closed_at": own.get("last_stage_change")} if own["status"] != "open" else {}
    return {"stage": "Demo", "created_at": "2025-01-01", "amount": 0, **closed, **own}


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "ops_lists": ops_lists,
    "cashflow_projection": cashflow_projection,
    "owner_kpis": owner_kpis,
    "compliance_orders": compliance_orders,
}
