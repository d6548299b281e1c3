"""Orders that came in and wait, and whether the papers of orders are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from django.db.models import Q

from pipeline import metrics
from pipeline.analytics import orders as told
from pipeline.panels.known import OPEN, before_history
from pipeline.panels.lists.shared import headline, listing, page
from pipeline.queries import orders, terms
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.metrics import Metric, Operands
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.queries import shared, to_frame

PAPERS = {
    orders.COMPLIANT: "All there",
    orders.MISSING: "Missing",
    orders.UNKNOWN: "Not known",
    orders.NOT_REQUIRED: "Not required",
}
TONES = {orders.COMPLIANT: "good", orders.MISSING: "bad", orders.UNKNOWN: "warn"}
READ: Mapping[str, str] = {
    "deal_id": "str",
    "value": "float64",
    "days_in_stage": "int64",
    **dict.fromkeys(orders.FLAGS, "object"),
}


@shared
def waiting(slice_: Slice) -> pd.DataFrame:
    """The orders that wait, each with its ``checklist`` of what is still to be had."""
    rows = orders.received(slice_).order_by("deal_id")
    found = to_frame(rows.values_list(*READ), READ)
    records: list[Mapping[str, Any]] = found.to_dict(orient="records")  # type: ignore[assignment]
    lists = pd.Series([told.checklist(one) for one in records], dtype="object")
    return found.assign(checklist=lists)


def blockers(slice_: Slice) -> pd.DataFrame:
    """What waiting orders lack."""
    return told.blockers(waiting(slice_))


def papers(slice_: Slice) -> pd.DataFrame:
    """How many orders of open deals have which papers."""
    found = orders.compliance_totals(slice_)
    rows = [(name, int(found[name])) for name in PAPERS if found[name]]
    return pd.DataFrame(rows, columns=["status", "orders"])


def notes(slice_: Slice) -> Sequence[str]:
    """From which days on an order waits."""
    limit = terms.said("order_days", slice_.pipeline)
    return [
        f"Orders wait from {limit} in a stage of received orders on.",
        *before_history(slice_),
    ]


def _order_notes(slice_: Slice, found: Operands) -> Mapping[Metric, str]:
    unknown = int(found["end_user_unknown"])
    return {metrics.END_USERS: f"{unknown:,} not noted." if unknown else ""}


def _paper_notes(slice_: Slice, found: Operands) -> Mapping[Metric, str]:
    unknown = int(found[orders.UNKNOWN])
    return {metrics.COMPLIANCE: f"{unknown:,} not known." if unknown else ""}


ORDER_COLUMNS = (
    Shown("days_in_stage", "In stage", "days", help="Days since it entered its stage."),
    Shown(
        "lacks",
        "Still to be had",
        help="With a question mark where nobody noted it; of an order that is ready, nothing.",
    ),
    Shown("order_id", "Order"),
    Shown("end_user", "End user", help="As it was noted; empty where nobody did."),
    Shown("end_user_identified", "Identified", "yes", help="Empty where nobody noted it."),
    Shown("end_user_requests_count", "Asked", "integer", help="How often they were asked for."),
    Shown("compliance", "Papers", words=PAPERS, tone=TONES),
    Shown("materials_purchased", "Materials", "yes", help="Whether they were bought."),
    Shown("survey_checklist_present", "Checklist", "yes", help="Due with the materials."),
    Shown("mdd_signed", "MDD signed", "yes"),
    Shown("quality_docs_present", "Quality", "yes", help="Due once the MDD is signed."),
    Shown("evidence", "Known from", help="The note that a reading rests on."),
)
HIDDEN = (
    *("order_id", "close_date", "end_user_identified", "materials_purchased", "mdd_signed"),
    *("survey_checklist_present", "quality_docs_present", "evidence"),
)
BLOCKERS = Panel(
    slug="order-blockers",
    title="What do waiting orders lack?",
    question="Orders by what is still to be had; a question mark: nobody noted whether it is "
    "there. What lacks nothing is a fast win.",
    frame=blockers,
    columns=(
        Shown("blocker", "Waits for"),
        Shown("orders", "Orders", "integer", meter=True),
        Shown("amount", "Amount", "money"),
    ),
    dimensions=OPEN,
    unit="money",
    width="col-12",
    nothing="No order waits.",
    contract="/pipeline/lists/order_blockers.json",
)
STATUS = Panel(
    slug="order-papers",
    title="Are the papers of orders there?",
    question="Open deals with an order, by the papers that are required of them.",
    frame=papers,
    columns=(
        Shown("status", "Papers", words=PAPERS, tone=TONES),
        Shown("orders", "Orders", "integer", meter=True),
    ),
    dimensions=OPEN,
    width="col-12",
    nothing="No open deal has an order.",
)
FLAGS = {
    "ready": Flag("Ready to begin", Q(lacks=""), "Nothing is still to be had: a fast win."),
    "no-end-user": Flag(
        "No end user", ~Q(end_user_identified=True), "Not identified, or not noted."
    ),
    "papers-missing": Flag("Papers missing", Q(compliance=orders.MISSING), "A required one."),
    "papers-unknown": Flag("Papers not known", Q(compliance=orders.UNKNOWN), "Nobody noted them."),
}


def _listing(slug: str, title: str, question: str, *, received: bool) -> Listing:
    return listing(
        slug,
        title,
        question,
        orders.received if received else orders.ordered,
        ORDER_COLUMNS,
        sort="-days_in_stage",
        shown=("close_date",),
        hidden=HIDDEN,
        note=notes if received else before_history,
        groups=("compliance",),
        flags=FLAGS,
        noun="orders",
        contract=f"/pipeline/lists/{'order_received' if received else 'compliance'}.json",
    )


ORDERS = page(
    "orders",
    "Orders",
    (
        headline(
            "orders",
            "Which received orders wait?",
            metrics.ORDER_METRICS,
            orders.received_totals,
            notes=_order_notes,
            counts=("orders",),
            nothing="No order waits.",
            contract="/pipeline/lists/order_received.json",
        ),
        BLOCKERS,
    ),
    (
        _listing(
            "orders-received",
            "Orders that wait",
            "Open deals long in a stage of received orders, with what is noted of the order.",
            received=True,
        ),
    ),
)
COMPLIANCE = page(
    "compliance",
    "Compliance",
    (
        headline(
            "compliance",
            "Are the papers of orders there?",
            metrics.COMPLIANCE_METRICS,
            orders.compliance_totals,
            notes=_paper_notes,
            counts=tuple(orders.COMPLIANCE),
            nothing="No open deal has an order.",
            contract="/pipeline/lists/compliance.json",
        ),
        STATUS,
    ),
    (
        _listing(
            "orders-papers",
            "Papers of orders",
            "Open deals with an order: the survey checklist is due once materials are purchased, "
            "quality documents once the MDD is signed.",
            received=False,
        ),
    ),
)
