"""The open deals of a day as they were scored, and what was kept of days before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q

from pipeline.models import Deal, DealHealth, HealthDay, HealthDue
from pipeline.queries import standing
from revops_site.kernel.models import Workspace

AT_ONCE = 2000
POINTS = (
    *("stage_velocity_points", "activity_recency_points", "stakeholders_points"),
    *("close_date_points", "next_step_points", "commercial_points"),
)
COLUMNS = (
    *("as_of", "deal_id", "opportunity_name", "account_id", "account_name", "owner_id", "region"),
    *("segment", "source_channel", "pipeline_id", "stage_name", "category", "own_amount"),
    *("currency", "value", "created_at", "close_date", "health_score", "health_category", *POINTS),
    *("risk_flags", "muted", "urgency", "slip_risk", "primary_action", "action_target"),
    *("action_reason", "days_in_stage", "days_since_activity", "days_until_close"),
    *("deviation_days", "push_count"),
)
WHOLE = {
    *("health_score", *POINTS, "days_in_stage", "days_since_activity", "days_until_close"),
    *("deviation_days", "push_count"),
}


def is_kept(day: date, at: Workspace) -> bool:
    """Whether a day was reckoned in the currency of now, at whatever state of the data."""
    return HealthDay.objects.filter(as_of=day, currency=at.reporting_currency).exists()


def is_current(day: date, at: Workspace) -> bool:
    """Whether a day was reckoned at this state of the data."""
    rows = HealthDay.objects.filter(as_of=day, currency=at.reporting_currency)
    return rows.filter(generation=at.generation).exists()


def kept(day: date) -> Iterator[Sequence[Any]]:
    """The scored deals of a day by ``COLUMNS``."""
    rows = DealHealth.objects.filter(as_of=day).order_by()
    return iter(rows.values_list(*COLUMNS).iterator(chunk_size=AT_ONCE))


def work(day: date) -> int:
    """About how many deals are to be reckoned before a day is as the data are."""
    if day == standing.last_day() and HealthDay.objects.filter(as_of=day).exists():
        due = HealthDue.objects.aggregate(
            deals=Count("deal_id", distinct=True), every=Count("id", filter=Q(deal_id=""))
        )
        if not due["every"]:
            return int(due["deals"])
    return Deal.objects.filter(status=Deal.Status.OPEN, is_deleted=False).count()
