"""The figures of the lists are what their deals make them, wherever they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.actions import terms
from pipeline.datasets import CONTACTS, ORDERS, STAGES
from pipeline.panels import LIST_BOOKS
from pipeline.queries.hygiene import RULES
from revops_site.kernel.explain import Ledger
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.panels import Page
from tests.conftest import AsUser
from tests.explained import SEEDS, Case, Reader, hold
from tests.pipeline.test_explained import Rows, load, ratio, total

DAYS = {"overdue": "overdue_days", "stuck": "days_in_stage", "inactive": "idle_days"}
UNKNOWN = (None, "true", "false")


def waiting(kind: str) -> Callable[[Rows], Mapping[str, Any]]:
    def again(found: Rows) -> Mapping[str, Any]:
        return {
            f"{kind}_deals": len(found),
            f"{kind}_amount": total(found),
            f"{kind}_average_days": ratio(sum(row[DAYS[kind]] for row in found), len(found)),
        }

    return again


def received(found: Rows) -> Mapping[str, Any]:
    known = [row["end_user_identified"] for row in found]
    told = known.count(True) + known.count(False)
    return {
        "order_received_count": len(found),
        "order_received_value": total(found),
        "avg_days_in_stage": ratio(sum(row["days_in_stage"] for row in found), len(found)),
        "end_user_identified_rate": ratio(known.count(True), told),
    }


def papers(found: Rows) -> Mapping[str, Any]:
    have = [row["compliance"] for row in found]
    there, missing = have.count("compliant"), have.count("missing")
    return {"compliance_rate": ratio(there, there + missing), "compliance_missing": missing}


def cash(found: Rows) -> Mapping[str, Any]:
    invoices, payments = (
        sum((Decimal(repr(row[name])) for row in found), Decimal(0))
        for name in ("expected_value", "paid_value")
    )
    return {
        "expected_invoice_value": invoices,
        "expected_payment_value": payments,
        "projected_deals": len(found),
    }


def kept(found: Rows) -> Mapping[str, Any]:
    broken = [[row[f"is_{name}"] for name in RULES] for row in found]
    checks = sum(one is not None for row in broken for one in row)
    failed = sum(one is True for row in broken for one in row)
    clean = sum(True not in row for row in broken)
    return {
        "hygiene_score": ratio(checks - failed, checks),
        "clean_deals": ratio(clean, len(found)),
    }


RECOMPUTE: Mapping[str, Callable[[Rows], Mapping[str, Any]]] = {
    **{f"{kind}-waiting": waiting(kind) for kind in DAYS},
    "orders-waiting": received,
    "orders-papers": papers,
    "expected-cash": cash,
    "deal-hygiene": kept,
}


@pytest.fixture
def company(workspace: Workspace, tmp_path: Path) -> None:
    """Two years of deals; what is in Proof is an order in hand, with papers of every kind."""
    load(tmp_path)
    stage = {"stage_id": "S3", "pipeline_id": "new", "stage_name": "Proof", "stage_order": "3"}
    plan = {"is_execution": "true", "days_to_invoice": "40", "is_closed": "false"}
    contacts = [
        {"deal_id": f"D{nth}", "contact_id": f"P{nth}", "name": "Jo"} for nth in range(0, 480, 3)
    ]
    orders = [
        {
            "order_id": f"O{nth}",
            "deal_id": f"D{nth}",
            "received_on": "2024-01-01",
            "end_user_identified": UNKNOWN[nth % 3],
            "materials_purchased": UNKNOWN[nth // 3 % 3],
            "survey_checklist_present": UNKNOWN[nth // 9 % 3],
            "mdd_signed": UNKNOWN[nth // 2 % 3],
            "quality_docs_present": UNKNOWN[nth // 5 % 3],
        }
        for nth in range(0, 480, 2)
    ]
    for dataset, given in ((STAGES, [stage | plan]), (CONTACTS, contacts), (ORDERS, orders)):
        report = rows.write(dataset, given, kind="app", source="test", by=None)
        assert not report.refused, report.sample
    terms.keep("new", order_stages="Proof\nDemo", stuck_days=45, payment_terms_days=20)


@SEEDS
@pytest.mark.parametrize(("page", "ledgers"), LIST_BOOKS, ids=lambda one: getattr(one, "slug", ""))
def test_every_figure_of_a_list_is_what_its_rows_make_it(
    page: Page,
    ledgers: tuple[Ledger, ...],
    seed: int,
    as_user: AsUser,
    vi: User,
    ana: User,
    cy: User,
    company: None,
) -> None:
    again = {ledger.slug: RECOMPUTE[ledger.slug] for ledger in ledgers}
    hold(Case(page, ledgers, again), [Reader(one, as_user(one)) for one in (vi, ana)], seed=seed)


def test_every_ledger_of_a_list_is_recomputed_here() -> None:
    assert {ledger.slug for _, ledgers in LIST_BOOKS for ledger in ledgers} == set(RECOMPUTE)
