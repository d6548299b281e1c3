"""What waits for somebody: deals without an update, long in a stage, orders, papers, invoices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.metrics.deals import PRICED, money
from revops_site.kernel.metrics import Metric

TERMS = "The limit is that of the deal's pipeline; admins set it with the terms of pipelines."


def _deals(slug: str, field: str, label: str, meaning: str, formula: str, ids: str) -> Metric:
    return Metric(
        slug=f"pipeline-{slug}",
        field=field,
        label=label,
        meaning=meaning,
        formula=formula,
        better="down",
        show="integer",
        exact="integer",
        edge=TERMS,
        ids=(ids,),
    )


def _days(slug: str, field: str, label: str, meaning: str, formula: str, ids: str) -> Metric:
    one = _deals(slug, field, label, meaning, formula, ids)
    return replace(one, show="days1", exact="decimal", edge="Unknown where there is none.")


def _share(slug: str, field: str, label: str, meaning: str, formula: str, ids: str) -> Metric:
    one = _deals(slug, field, label, meaning, formula, ids)
    return replace(one, show="percent", exact="decimal", better="up", change="points", edge="")


def _list(kind: str, label: str, meaning: str, ids: str) -> tuple[Metric, ...]:
    """The figures of one list of waiting deals: how many, worth what, waiting for how long."""
    one = label.lower()
    return (
        _deals(f"{kind}-list", f"{kind}_deals", f"{label} deals", meaning, "deals", ids),
        money(
            f"{kind}-list-amount",
            f"{kind}_amount",
            f"{label} amount",
            "amount",
            f"What {one} deals are worth, in the reporting currency at the rate of the day.",
            PRICED,
            ids,
            better="down",
        ),
        _days(
            f"{kind}-list-days",
            f"{kind}_average_days",
            f"{label} for",
            f"Days that {one} deals have waited, on average.",
            "waited / deals",
            ids,
        ),
    )


OVERDUE = _list("overdue", "Overdue", "Open deals that nobody updated for 7 days or more.", "O01")
LONG_STAY = _list("stuck", "Stuck", "Open deals in the same stage for 30 days or more.", "O02")
INACTIVE = _list("inactive", "Inactive", "Open deals without an activity for 60 days.", "O03")
WAITING: Mapping[str, tuple[Metric, ...]] = {
    "overdue": OVERDUE,
    "stuck": LONG_STAY,
    "inactive": INACTIVE,
}

# Of an order: what has to be there once something else is so, and how it is called.
REQUIRED = (
    ("materials_purchased", "survey_checklist_present", "Survey checklist"),
    ("mdd_signed", "quality_docs_present", "Quality documents"),
)
END_USER = "End user"
ORDERS = _deals(
    "orders",
    "order_received_count",
    "Orders that wait",
    "Open deals that have been in a stage of received orders for 30 days or more.",
    "orders",
    "O04",
)
ORDER_VALUE = money(
    "order-amount",
    "order_received_value",
    "Worth",
    "order_amount",
    "What the deals of waiting orders are worth, in the reporting currency.",
    PRICED,
    "O04",
    better="down",
)
ORDER_DAYS = _days(
    "order-days",
    "avg_days_in_stage",
    "Waited",
    "Days that waiting orders have been in their stage, on average.",
    "order_days / orders",
    "O04",
)
END_USERS = replace(
    _share(
        "end-users",
        "end_user_identified_rate",
        "End users known",
        "Of the waiting orders of which it is noted, the share whose end user is identified.",
        "identified / (identified + unidentified)",
        "O04",
    ),
    edge="Orders of which nobody noted it are counted apart. Unknown where none is noted.",
)
ORDER_METRICS = (ORDERS, ORDER_VALUE, ORDER_DAYS, END_USERS)

COMPLIANCE = replace(
    _share(
        "compliance",
        "compliance_rate",
        "Compliant",
        "Of the open deals with an order whose papers are required and known, the share that has "
        "them.",
        "compliant / (compliant + missing)",
        "O06",
    ),
    edge="Required are the survey checklist once materials are purchased, and quality documents "
    "once the MDD is signed. What nobody knows is counted apart, never as missing.",
)
MISSING_PAPERS = replace(
    _deals(
        "papers-missing",
        "compliance_missing",
        "Papers missing",
        "Open deals with an order of which a required paper is missing.",
        "missing",
        "O05",
    ),
    edge="What is only unknown is counted apart.",
)
COMPLIANCE_METRICS = (COMPLIANCE, MISSING_PAPERS)

INVOICES = money(
    "expected-invoices",
    "expected_invoice_value",
    "Invoices of 90 days",
    "expected_invoices",
    "What is expected to be invoiced in the 90 days after the day, in the reporting currency.",
    "A deal counts whole once its order is in execution, before that by its stage's probability. "
    "Deals in stages without days to the invoice, those without an amount, and those whose order "
    "was invoiced already are listed apart.",
    "O07",
)
PAYMENTS = money(
    "expected-payments",
    "expected_payment_value",
    "Of them paid by then",
    "expected_payments",
    "What of these invoices is expected to be paid within the same 90 days.",
    "A payment comes as many days after the invoice as the terms of the pipeline say.",
    "O07",
)
PROJECTED = replace(
    _deals(
        "projected-deals",
        "projected_deals",
        "Deals in it",
        "Open deals that are expected to be invoiced within the 90 days.",
        "projected_deals",
        "O07",
    ),
    better="up",
    edge="",
)
CASH_METRICS = (INVOICES, PAYMENTS, PROJECTED)

HYGIENE = replace(
    _share(
        "hygiene",
        "hygiene_score",
        "Hygiene",
        "Of all checks of all open deals, the share that is passed.",
        "passed / checks",
        "hygiene",
    ),
    ids=(),
    edge="Each open deal is checked for a next step, an expected close that has not passed, an "
    "amount, a contact, an owner, and a recent update. What nobody knows of a past day is not "
    "checked.",
)
CLEAN = replace(
    _share(
        "clean-deals",
        "clean_deals",
        "Without a fault",
        "The share of open deals that pass every check.",
        "clean / deals",
        "hygiene",
    ),
    ids=(),
    edge="Unknown where no deal is open.",
)
HYGIENE_METRICS = (HYGIENE, CLEAN)
LIST_METRICS = (
    *OVERDUE,
    *LONG_STAY,
    *INACTIVE,
    *ORDER_METRICS,
    *COMPLIANCE_METRICS,
    *CASH_METRICS,
    *HYGIENE_METRICS,
)
