"""The lists by the names and types of their published contract; money in the reporting currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd

from pipeline import analytics, metrics
from pipeline.analytics.orders import checklist
from pipeline.panels.lists import cash, orders, people, waiting
from pipeline.queries import cashflow, hygiene, recent, waits
from pipeline.queries import orders as of_orders
from pipeline.queries.widgets import stamps
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel

NAMES = {
    "deal_id": "id",
    "deal_name": "title",
    "pipeline_name": "pipeline",
    "stage_name": "stage",
    "owner_name": "owner",
    "value": "value_sar",
}
DATASETS = ("pipeline_deals",)
PAPERS = {name: name for name in of_orders.FLAGS if name != "end_user_identified"}


def waiting_deals(slice_: Slice, kind: str) -> list[dict[str, Any]]:
    """OverdueDeal, StuckDeal or InactiveDeal: a row for each deal, the longest first."""
    days, _ = waits.KINDS[kind]
    rows = waits.waiting(slice_, kind).order_by(f"-{days}", "deal_id")
    named = {"idle_days": "days_since_activity"}.get(days, days)
    return _deals(rows, {**NAMES, days: named})


def owners(slice_: Slice, kind: str) -> list[dict[str, Any]]:
    """Who lets how much wait."""
    return _records(waiting.owners(slice_, kind))


def recovery(slice_: Slice) -> list[dict[str, Any]]:
    """Who gets stuck deals moving again; ``low_sample`` where too few were decided for a rate."""
    found = waiting.recovery(slice_)
    return _records(found.assign(low_sample=found["few"] != "").drop(columns="few"))


def frame(slice_: Slice, of: Panel, *more: str) -> list[dict[str, Any]]:
    """The rows of a panel by the names of its columns, and ``more`` of its frame."""
    return _records(of.frame(slice_)[[*more, *of.names]])


def order_received(slice_: Slice) -> dict[str, Any]:
    """OrderReceivedAnalysis: how received orders wait, and what each lacks."""
    sums = of_orders.received_totals(slice_)
    found = analytics.kpis(sums, metrics.ORDER_METRICS)
    rows = of_orders.received(slice_).order_by("-days_in_stage", "deal_id")
    named = {name: name for name in (*of_orders.FLAGS, "end_user", "end_user_requests_count")}
    deals = _deals(rows, {**NAMES, "days_in_stage": "days_in_stage", **named})
    return {
        **{field: one.value for field, one in found.items()},
        "order_received_count": int(sums["orders"]),
        "end_user_unknown": int(sums["end_user_unknown"]),
        "deals": [{**one, "missing": checklist(one)} for one in deals],
        **stamps(DATASETS),
    }


def compliance(slice_: Slice) -> dict[str, Any]:
    """ComplianceStatus of each open deal with an order, and how many have which."""
    sums = of_orders.compliance_totals(slice_)
    found = analytics.kpis(sums, metrics.COMPLIANCE_METRICS)
    rows = of_orders.ordered(slice_).order_by("deal_id")
    return {
        "compliance_rate": found["compliance_rate"].value,
        **{name: int(count) for name, count in sums.items()},
        "deals": _deals(rows, {**NAMES, "compliance": "status", **PAPERS}),
        **stamps(DATASETS),
    }


def buckets(slice_: Slice, by: cashflow.Bucket) -> list[dict[str, Any]]:
    """CashflowBucket, a row for each period."""
    found = cash.expected(slice_, by).drop(columns="sure")
    return _records(found.rename(columns={"expected_invoice_value": "expected_invoice_value_sar"}))


def owner_kpis(slice_: Slice) -> list[dict[str, Any]]:
    """OwnerKPI, a row for each owner."""
    found = people.OWNER_KPIS.frame(slice_)
    return _records(found.rename(columns={"estimated_value": "estimated_value_sar"}))


def recent_summary(slice_: Slice) -> list[dict[str, Any]]:
    """DealSummary of what happened lately, the newest first."""
    rows = recent.deals(slice_).order_by("overdue_days", "deal_id")
    more = ("overdue_days", "recent_activities", "recent_changes", "last_note", "last_note_on")
    return _deals(rows, {**NAMES, **{name: name for name in more}})


def scores(slice_: Slice) -> dict[str, Any]:
    """The score of hygiene, of all, of each owner and of the kept days.

    Of a rule that nobody can judge the count is null.
    """
    sums = hygiene.totals(slice_)
    found = analytics.kpis(sums, metrics.HYGIENE_METRICS)
    rules = {name: int(sums[name]) if sums[f"known_{name}"] else None for name in hygiene.RULES}
    return {
        **{field: one.value for field, one in found.items()},
        "deals": int(sums["deals"]),
        **rules,
        "owners": frame(slice_, people.SCORES, "owner_id"),
        "trend": frame(slice_, people.TREND),
        **stamps(DATASETS),
    }


def _deals(rows: Any, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        dict(zip(names.values(), map(_plain, row), strict=True)) for row in rows.values_list(*names)
    ]


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _records(found: pd.DataFrame) -> list[dict[str, Any]]:
    told = found.astype(object).where(pd.notna(found), None)
    return [
        {str(name): _day(value) for name, value in row.items()} for row in told.to_dict("records")
    ]


def _day(value: Any) -> Any:
    return value.date() if isinstance(value, pd.Timestamp) else value


WIDGETS: Mapping[tuple[str, str], tuple[Page, Callable[[Slice], Any]]] = {
    ("lists", "overdue"): (waiting.OVERDUE, partial(waiting_deals, kind="overdue")),
    ("lists", "overdue_owners"): (waiting.OVERDUE, partial(owners, kind="overdue")),
    ("lists", "stuck"): (waiting.STUCK, partial(waiting_deals, kind="stuck")),
    ("lists", "stuck_owners"): (waiting.STUCK, partial(owners, kind="stuck")),
    ("lists", "stuck_ages"): (waiting.STUCK, partial(frame, of=waiting.AGES)),
    ("lists", "stuck_stages"): (waiting.STUCK, partial(frame, of=waiting.NARROW)),
    ("lists", "stuck_recovery"): (waiting.STUCK, recovery),
    ("lists", "inactive"): (waiting.INACTIVE, partial(waiting_deals, kind="inactive")),
    ("lists", "inactive_owners"): (waiting.INACTIVE, partial(owners, kind="inactive")),
    ("lists", "order_received"): (orders.ORDERS, order_received),
    ("lists", "order_blockers"): (orders.ORDERS, partial(frame, of=orders.BLOCKERS)),
    ("lists", "compliance"): (orders.COMPLIANCE, compliance),
    ("lists", "cashflow_weeks"): (cash.CASH, partial(buckets, by="week")),
    ("lists", "cashflow_months"): (cash.CASH, partial(buckets, by="month")),
    ("lists", "cashflow_left_out"): (cash.CASH, partial(frame, of=cash.LEFT_OUT)),
    ("lists", "owner_kpis"): (people.OWNERS, owner_kpis),
    ("lists", "recent_summary"): (people.LATELY, recent_summary),
    ("lists", "hygiene"): (people.HYGIENE, scores),
}
