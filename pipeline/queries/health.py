"""The open deals of a day as they were scored, and what was kept of days before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from django.db.models import (
    Case,
    CharField,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from pipeline.models import Deal, DealHealth, HealthDay, HealthDue, HealthSnapshot
from pipeline.queries import deals, standing
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.models import Workspace
from revops_site.kernel.queries import Columns, cut, shared, to_frame, workspace, written

AT_ONCE = 2000
WEEK = timedelta(days=7)
URGENT = ("CRITICAL", "HIGH")
RANKS = {"1 CRITICAL": "CRITICAL", "2 HIGH": "HIGH", "3 MEDIUM": "MEDIUM", "4 LOW": "LOW"}
SUMS: Columns = {
    "health_category": "str",
    "deals": "int64",
    **dict.fromkeys(("amount", "weighed", "score"), "float64"),
}
POINTS = (
    *("stage_velocity_points", "activity_recency_points", "stakeholders_points"),
    *("close_date_points", "next_step_points", "commercial_points"),
)
COLUMNS = (
    *("as_of", "deal_id", "opportunity_name", "account_id", "account_name", "owner_id", "region"),
    *("segment", "source_channel", "pipeline_id", "stage_name", "category", "own_amount"),
    *("currency", "value", "created_at", "close_date", "health_score", "health_category", *POINTS),
    *(
        "risk_flags",
        "muted",
        "heeded_display",
        "muted_display",
        "urgency",
        "slip_risk",
        "primary_action",
        "action_target",
    ),
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


def may_have(deal_id: str, flag: str, day: date) -> bool:
    """Whether a deal has a flag on a day, as far as that is known: it may not be judged yet."""
    if not is_current(day, workspace()):
        return True
    row = DealHealth.objects.filter(as_of=day, deal_id=deal_id).first()
    return row is None or flag in row.risk_flags


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


def scored(slice_: Slice) -> QuerySet[Any]:
    """The scored open deals of the slice, each with ``owner_name`` and ``deal_name``.

    ``rank`` is the urgency with a number before it, so that the most urgent comes first; ``less``
    is the value below 0, so that the largest does.
    """
    rows: QuerySet[DealHealth] = DealHealth.objects.filter(as_of=slice_.as_of)
    rows = cut(rows, slice_, when=None, dimensions=deals.OPEN)
    ranks = [When(urgency=name, then=Value(rank)) for rank, name in RANKS.items()]
    names = (NullIf(F(name), Value("")) for name in ("opportunity_name", "account_name"))
    found: QuerySet[Any] = rows.annotate(
        owner_name=F("owner__name"),
        deal_name=Coalesce(*names, F("deal_id"), output_field=CharField()),
        rank=Case(*ranks, default=Value("5"), output_field=CharField()),
        less=ExpressionWrapper(Value(-1) * F("value"), MONEY),
    )
    return found


def needs_action() -> Q:
    """Stuck, where nobody muted that, or urgent."""
    is_stuck = Q(risk_flags__contains=["STUCK"]) & ~Q(muted__contains=["STUCK"])
    return is_stuck | Q(urgency__in=URGENT)


def heeded() -> Q:
    """With a flag that nobody muted."""
    return ~Q(risk_flags__contained_by=F("muted"))


def stuck(slice_: Slice) -> QuerySet[Any]:
    """The deals of the stuck view, the most urgent first, then the largest."""
    order = ("rank", F("less").asc(nulls_last=True), "deal_id")
    return scored(slice_).filter(needs_action()).order_by(*order)


def _by_band(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    value = Cast("value", FloatField())
    sums = {
        "deals": Count("deal_id"),
        "amount": Coalesce(Sum(value), 0.0),
        "weighed": Coalesce(Sum(value * F("health_score")), 0.0),
        "score": Sum(Cast("health_score", FloatField())),
    }
    grouped = rows.order_by().values("health_category").annotate(**sums)
    found: QuerySet[Any, Any] = grouped.values_list(*SUMS)
    return found


@shared
def by_band(slice_: Slice) -> pd.DataFrame:
    """The scored deals of the slice as sums by band: ``SUMS``, value in the reporting currency."""
    return to_frame(_by_band(scored(slice_)), SUMS)


def by_band_sql(slice_: Slice) -> str:
    """The SQL of the same."""
    return written(_by_band(scored(slice_)))


@shared
def counted(slice_: Slice) -> dict[str, float]:
    """Sums of the components' points, and how many deals are flagged, urgent, slipping, listed."""
    points = {name: Coalesce(Sum(name), 0) for name in POINTS}
    value = Cast("value", FloatField())
    counts = {
        "urgent_amount": Coalesce(Sum(value, filter=Q(urgency__in=URGENT)), 0.0),
        "slipping_amount": Coalesce(Sum(value, filter=Q(slip_risk="HIGH")), 0.0),
        "flagged_count": Count("deal_id", filter=heeded()),
        "urgent_count": Count("deal_id", filter=Q(urgency__in=URGENT)),
        "slipping_count": Count("deal_id", filter=Q(slip_risk="HIGH")),
        "stuck_view_count": Count("deal_id", filter=needs_action()),
    }
    found: dict[str, float] = scored(slice_).order_by().aggregate(**points, **counts)
    return found


@shared
def kept_by_band(slice_: Slice, day: date) -> pd.DataFrame | None:
    """The same sums as they were kept of a day; None where nothing was kept of it."""
    kept = HealthSnapshot.objects.filter(snapshot_date=day, currency=slice_.currency)
    if not kept.exists():
        return None
    rows = _kept(slice_).filter(snapshot_date=day)
    return to_frame(_kept_sums(rows, "health_category"), SUMS)


@shared
def kept_weeks(slice_: Slice, weeks: int) -> pd.DataFrame:
    """The sums that were kept of the last Mondays: snapshot_date and ``SUMS``."""
    columns: Columns = {"snapshot_date": "datetime64[s]", **SUMS}
    rows = _kept(slice_).filter(
        snapshot_date__gt=slice_.as_of - weeks * WEEK,
        snapshot_date__lte=slice_.as_of,
        snapshot_date__iso_week_day=1,
    )
    by = ("snapshot_date", "health_category")
    return to_frame(_kept_sums(rows, *by).order_by(*by), columns)


def _kept(slice_: Slice) -> QuerySet[HealthSnapshot]:
    rows: QuerySet[HealthSnapshot] = HealthSnapshot.objects.filter(currency=slice_.currency)
    return cut(rows, slice_, when=None, dimensions=deals.OPEN)


def _kept_sums(rows: QuerySet[HealthSnapshot], *by: str) -> QuerySet[Any, Any]:
    sums = {f"of_{name}": Sum(name) for name in ("deals", "amount", "weighed", "score")}
    grouped = rows.order_by().values(*by).annotate(**sums)
    found: QuerySet[Any, Any] = grouped.values_list(*by, *sums)
    return found
