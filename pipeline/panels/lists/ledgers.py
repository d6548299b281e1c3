"""Which deals the figures of the lists are sums of."""

from __future__ import annotations

from functools import partial

from pipeline import metrics
from pipeline.panels.known import OPEN, before_history
from pipeline.panels.ledgers import DATASETS
from pipeline.panels.lists import cash, orders, waiting
from pipeline.panels.lists.people import notes as not_judged
from pipeline.panels.shown import DUE, STAGE, WHO, WORTH
from pipeline.queries import cashflow, hygiene, waits
from pipeline.queries import orders as of_orders
from revops_site.kernel.explain import Ledger
from revops_site.kernel.panels import Shown

TITLES = {
    "overdue": "Overdue deals",
    "stuck": "Deals long in a stage",
    "inactive": "Inactive deals",
}
IN_STAGE = Shown("days_in_stage", "Days in stage", "integer")
PARTS = (
    Shown("deals", "Deals", "integer"),
    Shown("amount", "Their amount", "money2"),
    Shown("waited", "Days that they wait, all together", "integer"),
)


def _waiting(kind: str) -> Ledger:
    days, _ = waits.KINDS[kind]
    return Ledger(
        slug=f"{kind}-waiting",
        title=TITLES[kind],
        metrics=metrics.WAITING[kind],
        totals=partial(waits.totals, kind=kind),
        sql=partial(waits.totals_sql, kind=kind),
        rows=partial(waits.waiting, kind=kind),
        columns=(*WHO, STAGE, *WORTH, waiting.DAYS[kind]),
        order=(days, "deal_id"),
        datasets=DATASETS,
        dimensions=OPEN,
        note=partial(waiting.notes, kind=kind),
        operands=PARTS,
        dated=False,
        counts="deals",
        noun="deals",
    )


ORDER_PARTS = (
    Shown("order_days", "Days in the stage, all together", "integer"),
    Shown("identified", "With an identified end user", "integer"),
    Shown("unidentified", "Without one", "integer"),
)
OF_ORDER = (
    Shown("end_user_identified", "Identified", "yes"),
    Shown("compliance", "Papers", words=orders.PAPERS),
)
LEDGERS = (
    *map(_waiting, waits.KINDS),
    Ledger(
        slug="orders-waiting",
        title="Orders that wait",
        metrics=metrics.ORDER_METRICS,
        totals=of_orders.received_totals,
        sql=of_orders.received_sql,
        rows=of_orders.received,
        columns=(*WHO, STAGE, *WORTH, IN_STAGE, *OF_ORDER),
        order=("days_in_stage", "deal_id"),
        datasets=(*DATASETS, "orders"),
        dimensions=OPEN,
        note=orders.notes,
        operands=ORDER_PARTS,
        dated=False,
        counts="orders",
        noun="orders",
    ),
    Ledger(
        slug="orders-papers",
        title="Open deals with an order",
        metrics=metrics.COMPLIANCE_METRICS,
        totals=of_orders.compliance_totals,
        sql=of_orders.compliance_sql,
        rows=of_orders.ordered,
        columns=(*WHO, STAGE, *WORTH, *OF_ORDER),
        order=("compliance", "deal_id"),
        datasets=(*DATASETS, "orders"),
        dimensions=OPEN,
        note=before_history,
        operands=(Shown("compliant", "With all papers", "integer"),),
        dated=False,
        noun="orders",
    ),
    Ledger(
        slug="expected-cash",
        title="Deals that are expected to be invoiced",
        metrics=metrics.CASH_METRICS,
        totals=cashflow.totals,
        sql=cashflow.totals_sql,
        rows=cashflow.projected,
        columns=(
            *WHO,
            STAGE,
            *WORTH,
            IN_STAGE,
            Shown("p", "Counts by", "percent"),
            Shown("expected_value", "Expected", "money2"),
            Shown("paid_value", "Paid in time", "money2", help="Within the 90 days."),
            Shown("expected_invoice_date", "Invoice", "date"),
            Shown("expected_payment_date", "Payment", "date"),
        ),
        order=("expected_invoice_date", "deal_id"),
        datasets=(*DATASETS, "stages"),
        dimensions=OPEN,
        note=cash.notes,
        dated=False,
        counts="projected_deals",
        noun="deals",
    ),
    Ledger(
        slug="deal-hygiene",
        title="Open deals and their faults",
        metrics=metrics.HYGIENE_METRICS,
        totals=hygiene.totals,
        sql=hygiene.totals_sql,
        rows=hygiene.judged,
        columns=(
            *WHO,
            STAGE,
            DUE,
            *(Shown(f"is_{name}", label, "yes") for name, label in hygiene.RULES.items()),
        ),
        order=("close_date", "deal_id"),
        datasets=(*DATASETS, "contacts"),
        dimensions=OPEN,
        note=not_judged,
        operands=(
            Shown("passed", "Checks that are passed", "integer"),
            Shown("checks", "Checks: rules times deals, as far as is known", "integer"),
            Shown("clean", "Deals that pass every check", "integer"),
            Shown("deals", "Open deals", "integer"),
        ),
        dated=False,
        counts="deals",
        noun="deals",
    ),
)
