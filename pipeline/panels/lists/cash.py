"""When open orders and deals are expected to be invoiced and paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd

from pipeline import metrics
from pipeline.charts import lists as charts
from pipeline.panels.known import OPEN, before_history
from pipeline.panels.lists.shared import headline, listing, page
from pipeline.queries import cashflow, terms
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric, Operands
from revops_site.kernel.panels import Panel, Shown


def expected(slice_: Slice, by: cashflow.Bucket) -> pd.DataFrame:
    """What is expected by week or by month, with how sure it is."""
    found = cashflow.buckets(slice_, by)
    worth = found["expected_invoice_value"]
    return found.assign(confidence=(found["sure"] / worth).where(worth > 0))


def notes(slice_: Slice) -> Sequence[str]:
    """What the projection takes for granted."""
    days = terms.said("payment_terms_days", slice_.pipeline)
    delays = "; ".join(
        f"{later} days later from {stay} days in the stage on"
        for stay, later, _ in reversed(cashflow.DELAYS)
    )
    return [
        "Assumed: an invoice comes as many days after a deal entered its stage as the stage "
        f"usually takes, {delays}; it is paid {days} after it. Orders in execution count whole, "
        "other deals by their stage's probability. Sure to "
        f"{cashflow.LATE:.0%} in late stages, else {cashflow.NORMAL:.0%}, less for long stays.",
        *before_history(slice_),
    ]


def _tile_notes(slice_: Slice, found: Operands) -> Mapping[Metric, str]:
    left_out = cashflow.why_not(slice_)
    is_late = left_out["why_not"] == cashflow.LATER
    said = [
        _counted(rows, says, slice_)
        for rows, says in (
            (left_out[~is_late], "cannot be projected"),
            (left_out[is_late], "to be invoiced later"),
        )
        if len(rows)
    ]
    return {metrics.PROJECTED: " ".join(said)}


def _counted(rows: pd.DataFrame, says: str, slice_: Slice) -> str:
    worth = formats.show(rows["amount"].sum(), "amount_auto", slice_.currency)
    return f"{int(rows['deals'].sum()):,} worth {worth} {says}."


def _periods(by: cashflow.Bucket, title: str) -> Panel:
    return Panel(
        slug=f"cashflow-{by}s",
        title=title,
        question=f"Expected invoices and payments by {by}, in the 90 days after the day.",
        frame=partial(expected, by=by),
        figure=charts.expected,
        columns=(
            Shown("period", by.capitalize(), help="ISO 8601." if by == "week" else ""),
            Shown("expected_invoice_value", "Invoices", "money", meter=True),
            Shown("deal_count", "Deals", "integer"),
            Shown("confidence", "Sure", "percent", help="By the stage, weighted by the money."),
            Shown("expected_payment_value", "Payments", "money"),
        ),
        dimensions=OPEN,
        unit="money",
        nothing="Nothing is expected to be invoiced in these days.",
        contract=f"/pipeline/lists/cashflow_{by}s.json",
    )


LEFT_OUT = Panel(
    slug="cashflow-left-out",
    title="What is left out?",
    question="Open deals whose invoice cannot be projected, or comes later, by reason and stage.",
    frame=cashflow.why_not,
    columns=(
        Shown("why_not", "Why"),
        Shown("stage_name", "Stage", drill="stage"),
        Shown("deals", "Deals", "integer"),
        Shown("amount", "Amount", "money"),
    ),
    dimensions=OPEN,
    unit="money",
    width="col-12",
    narrows=lambda row: {"stage": (row["stage_name"],)},
    nothing="Every open deal is projected.",
    contract="/pipeline/lists/cashflow_left_out.json",
)
DEALS = listing(
    "cashflow-deals",
    "Expected invoices",
    "Open deals that are expected to be invoiced in the 90 days after the day.",
    cashflow.projected,
    (
        Shown("days_in_stage", "In stage", "days"),
        Shown("expected_invoice_date", "Invoice", "date"),
        Shown("expected_payment_date", "Payment", "date"),
        Shown("p", "Counts by", "percent", help="1 in execution, else its stage's probability."),
        Shown("expected_value", "Expected", "money"),
        Shown("confidence", "Sure", "percent"),
        Shown("to_invoice", "Stage takes", "days", help="From entering it to the invoice."),
        Shown("delay_days", "Later by", "days", help="For its long stay."),
        Shown("days_left", "Days left", "days"),
    ),
    sort="expected_invoice_date",
    hidden=("to_invoice", "delay_days", "days_left"),
    note=notes,
    sums=("value", "expected_value"),
)
LEFT_OUT_DEALS = listing(
    "cashflow-left-out-deals",
    "Deals that are left out",
    "Open deals of which no invoice is expected in these days, and why.",
    cashflow.left_out,
    (
        Shown("why_not", "Why"),
        Shown("days_in_stage", "In stage", "days"),
        Shown("later_on", "Invoice", "date", help="Where it comes later."),
    ),
    sort="-value",
    groups=("why_not",),
    note=before_history,
)
CASH = page(
    "cashflow",
    "Cash flow",
    (
        headline(
            "cashflow",
            "What will be invoiced and paid?",
            metrics.CASH_METRICS,
            cashflow.totals,
            notes=_tile_notes,
            said=notes,
            counts=("projected_deals",),
            nothing="No invoice is expected in these days.",
        ),
        _periods("week", "Which weeks bring money?"),
        _periods("month", "Which months bring money?"),
        LEFT_OUT,
    ),
    (DEALS, LEFT_OUT_DEALS),
)
