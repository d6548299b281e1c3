"""The lists of a pipeline's deals and of their owners: exactly the published fields."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ninja import Schema

from insights.api.shapes.contracts import Count, Number, Stamped, Text


class Deal(Schema):
    """A deal; ``value_sar`` is in the reporting currency."""

    id: str
    title: Text
    pipeline: Text
    stage: Text
    owner: Text
    value_sar: Number


class OverdueDeal(Deal):
    """An open deal that nobody has updated for long."""

    overdue_days: int


class StuckDeal(Deal):
    """An open deal that has been long in its stage."""

    days_in_stage: int


class InactiveDeal(Deal):
    """An open deal for which nothing was done for long."""

    days_since_activity: int


class Order(Deal):
    """A received order, and what it lacks."""

    days_in_stage: Count
    end_user_identified: bool | None
    materials_purchased: bool | None
    survey_checklist_present: bool | None
    mdd_signed: bool | None
    quality_docs_present: bool | None
    end_user: Text
    end_user_requests_count: Count
    missing: list[str]


class OrderReceivedAnalysis(Stamped):
    """How received orders wait, and what each lacks."""

    received_orders: Number
    received_value: Number
    order_days: Number
    end_user_rate: Number
    order_received_count: int
    end_user_unknown: int
    deals: list[Order]


class ComplianceDeal(Deal):
    """An open deal with an order, and its papers."""

    status: Literal["missing", "unknown", "compliant", "not_required"]
    materials_purchased: bool | None
    survey_checklist_present: bool | None
    mdd_signed: bool | None
    quality_docs_present: bool | None


class ComplianceStatus(Stamped):
    """How many orders have all papers that they need."""

    compliance_rate: Number
    deals: list[ComplianceDeal]


class CashflowBucket(Schema):
    """What is expected to be invoiced, and paid, in a week or a month."""

    period: str
    expected_invoice_value_sar: Number
    deal_count: Count
    confidence: Number
    expected_payment_value: Number


class DealSummary(Deal):
    """An open deal for which something happened lately."""

    overdue_days: Count
    recent_activities: int
    recent_changes: int
    last_note: Text
    last_note_on: date | None


class OwnerKPI(Schema):
    """What an owner has, does and leaves."""

    owner: Text
    owner_id: Text
    activities_count: Count
    projects_count: Count
    estimated_value_sar: Number
    moved_to_production_count: Count
    overdue_deals_count: Count
    stuck_deals_count: Count
