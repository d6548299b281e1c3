"""What was kept of past days: forecasts, and the deals they were made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import Cast, Coalesce

from pipeline.models import Deal, DealSnapshot, ForecastSnapshot
from pipeline.models.snapshots import WHOLE
from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.models import DataLoad
from revops_site.kernel.periods import Period, quarter_label, week_of_quarter
from revops_site.kernel.queries import Columns, cut, shared, to_frame

WEEK = timedelta(days=7)
HISTORY: Columns = {
    "snapshot_date": "datetime64[s]",
    "cumulative_closed": "float64",
    "expected": "float64",
    "pipeline_commit": "float64",
    "pipeline_best_case": "float64",
    "pipeline_total": "float64",
    "healthy_amount": "float64",
    "known_amount": "float64",
}
NARROWING = ("segment", "channel", "region", "owner", "pipeline", "stage")
MONEY = FloatField()
MOST = 10_000  # rows that a page reads one by one
HISTORIES = ("deal_changes", "stage_history", "status_events")


def team_of(slice_: Slice) -> str | None:
    """The team that a slice is of, ``WHOLE`` for the company; None where it is of neither."""
    if slice_.reps is not None or any(getattr(slice_, name) for name in NARROWING):
        return None
    if not slice_.team:
        return WHOLE
    return slice_.team[0] if len(slice_.team) == 1 else None


@shared
def kept(day: date, currency: str) -> dict[str, ForecastSnapshot]:
    """The forecasts that were kept of a day, by team."""
    rows = ForecastSnapshot.objects.filter(snapshot_date=day, currency=currency)
    return {one.team: one for one in rows}


@shared
def week_ago(slice_: Slice) -> dict[str, float] | None:
    """ai_forecast and commit_amount as kept seven days before; None where they were not.

    Of some reps, segments or regions alone they are sums over the deals that were kept.
    """
    day = slice_.as_of - WEEK
    if day not in slice_.quarter:
        return None
    team = team_of(slice_)
    if team is not None:
        found = kept(day, slice_.currency).get(team)
        if found is None:
            return None
        return {"ai_forecast": found.ai_forecast, "commit_amount": found.commit_amount}
    rows = of_quarter(slice_, (day,))
    if rows.empty or learned_on([day]):
        return None
    row = rows.iloc[0]
    return {
        "ai_forecast": float(row["cumulative_closed"] + row["expected"]),
        "commit_amount": float(row["cumulative_closed"] + row["pipeline_commit"]),
    }


def forecasts(slice_: Slice) -> pd.DataFrame:
    """What was kept of the quarter: snapshot_date, forecast_low, forecast_high, expected_new.

    Empty where the slice is neither a team nor the company.
    """
    columns: Columns = {
        "snapshot_date": "datetime64[s]",
        **dict.fromkeys(("forecast_low", "forecast_high", "expected_new"), "float64"),
    }
    team = team_of(slice_)
    quarter = quarter_label(slice_.quarter.start, slice_.first_month)
    rows = ForecastSnapshot.objects.filter(
        quarter=quarter, team=team, snapshot_date__lte=slice_.as_of, currency=slice_.currency
    )
    return to_frame(rows.order_by("snapshot_date").values_list(*columns), columns)


def promised(slice_: Slice, days: Sequence[date]) -> pd.DataFrame | None:
    """The open deals of the slice as kept on some days: snapshot_date, value, p (above 0).

    None where they are more than a page reads one by one.
    """
    columns: Columns = {"snapshot_date": "datetime64[s]", "value": "float64", "p": "float64"}
    rows: QuerySet[DealSnapshot] = DealSnapshot.objects.filter(
        snapshot_date__in=list(days), currency=slice_.currency, status="open", p__gt=0, value__gt=0
    )
    rows = cut(rows, slice_, when=None, dimensions=deals.OPEN)
    found = to_frame(rows.order_by().values_list(*columns)[: MOST + 1], columns)
    return None if len(found) > MOST else found


def widenings(days: Sequence[date]) -> dict[date, float]:
    """How far ranges were widened on days that were kept."""
    rows = ForecastSnapshot.objects.filter(team=WHOLE, snapshot_date__in=list(days))
    return dict(rows.values_list("snapshot_date", "interval_inflation"))


def weeks_of(slice_: Slice) -> list[date]:
    """The days of the slice's quarter that deals were kept on, the last one of each week."""
    quarter = slice_.quarter
    rows = ForecastSnapshot.objects.filter(
        team=WHOLE, snapshot_date__gte=quarter.start, snapshot_date__lte=slice_.as_of,
        snapshot_date__iso_week_day=1,
    )  # fmt: skip
    days = rows.order_by("snapshot_date").values_list("snapshot_date", flat=True)
    by_week = {week_of_quarter(day, slice_.first_month): day for day in days}
    return list(by_week.values())


@shared
def of_quarter(slice_: Slice, days: tuple[date, ...]) -> pd.DataFrame:
    """Sums over the deals of the slice as they were kept on some days of its quarter: ``HISTORY``.

    ``expected`` is what open deals promised by their chance, ``known_amount`` the value of those
    whose health is known, ``healthy_amount`` the same times the health score.
    """
    quarter = slice_.quarter
    rows: QuerySet[DealSnapshot] = DealSnapshot.objects.filter(
        snapshot_date__in=list(days), currency=slice_.currency
    )
    rows = cut(rows, slice_, when=None, dimensions=deals.OPEN)
    mine = Q(status="open", close_date__gte=quarter.start, close_date__lt=quarter.end)
    value = Cast("value", MONEY)
    sums = {
        "cumulative_closed": _sum(value, Q(status="won")),
        "expected": _sum(value * F("p"), Q(status="open")),
        "pipeline_commit": _sum(value, mine & Q(category="Commit")),
        "pipeline_best_case": _sum(value, mine & Q(category="Best Case")),
        "pipeline_total": _sum(value, mine),
        "healthy_amount": _sum(value * F("health_score"), mine),
        "known_amount": _sum(value, mine & Q(health_score__isnull=False)),
    }
    found = rows.values("snapshot_date").annotate(**sums).order_by("snapshot_date")
    return to_frame(found.values_list(*HISTORY), HISTORY)


def learned_on(days: Sequence[date]) -> set[date]:
    """The days whose forecast also counted deals that were not created yet."""
    rows = ForecastSnapshot.objects.filter(team=WHOLE, snapshot_date__in=list(days), method="L1")
    return set(rows.values_list("snapshot_date", flat=True))


def past_coverage(slice_: Slice, quarters: Sequence[Period]) -> pd.DataFrame:
    """amount and won_amount of the pipeline of the same week of each of these quarters.

    Of what was expected in the quarter then, and of it what was won by its end.
    """
    day = max(slice_.as_of, slice_.quarter.start)
    week, columns = week_of_quarter(day, slice_.first_month), ("amount", "won_amount")
    if not quarters:
        return to_frame([], dict.fromkeys(columns, "float64"))
    then, ended = Q(), Q()
    for quarter in quarters:
        inside = {"gte": quarter.start, "lt": quarter.end}
        day = _monday(quarter, week, slice_.first_month)
        then |= Q(snapshot_date=day, **{f"close_date__{end}": at for end, at in inside.items()})
        of_quarter_ = {f"closed_at__{end}": at for end, at in inside.items()}
        ended |= Q(day=day, **of_quarter_)
    rows: QuerySet[DealSnapshot] = DealSnapshot.objects.filter(
        then, status="open", currency=slice_.currency
    )
    rows = cut(rows, slice_, when=None, dimensions=deals.OPEN)
    won = deals.real().annotate(day=ExpressionWrapper(OuterRef("snapshot_date"), DateField()))
    won = won.filter(ended, pk=OuterRef("deal_id"), status=Deal.Status.WON)
    value = Cast("value", MONEY)
    sums = (
        rows.annotate(is_won=Exists(won))
        .values("snapshot_date")
        .annotate(amount=_sum(value, Q()), won_amount=_sum(value, Q(is_won=True)))
        .order_by("snapshot_date")
    )
    return to_frame(sums.values_list(*columns), dict.fromkeys(columns, "float64"))


def days_kept(team: str = WHOLE) -> set[date]:
    """The days of which a forecast was kept."""
    rows = ForecastSnapshot.objects.filter(team=team)
    return set(rows.values_list("snapshot_date", flat=True))


def deals_kept(day: date) -> QuerySet[DealSnapshot]:
    """The deals as they were kept on a day."""
    rows: QuerySet[DealSnapshot] = DealSnapshot.objects.filter(snapshot_date=day)
    return rows


def _monday(quarter: Period, week: int, first_month: int) -> date:
    """The Monday of a week of a quarter, the last one where there are two."""
    day = quarter.last_day - timedelta(days=quarter.last_day.weekday())
    while week_of_quarter(day, first_month) > week and day > quarter.start:
        day -= WEEK
    return day


def _sum(value: Any, which: Q) -> Any:
    return Coalesce(Sum(value, filter=which), 0.0, output_field=MONEY)


def first_day() -> date | None:
    """The day that the first deal was created on; None where there is none."""
    found: date | None = Deal.objects.aggregate(first=Min("created_at"))["first"]
    return found


def is_outdated() -> bool:
    """Whether history was loaded within a week of what was made from it before, and after it."""
    made = ForecastSnapshot.objects.filter(made_from="history").aggregate(at=Max("made_at"))["at"]
    if made is None:
        return False
    loads = DataLoad.objects.filter(
        Q(inserted__gt=0) | Q(updated__gt=0) | Q(deleted__gt=0),
        dataset__in=HISTORIES,
        status=DataLoad.Status.LOADED,
        kind__in=[DataLoad.Kind.FILE, DataLoad.Kind.GENERATED],
        finished_at__gt=made,
        finished_at__lt=made + WEEK,
    )
    return loads.exists()
