"""What reps and managers said of quarters, what the product expected then, and what came of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
from django.db.models import (
    Case,
    Count,
    ExpressionWrapper,
    F,
    FloatField,
    Min,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncMonth

from pipeline.models import DealSnapshot, ForecastCall, ForecastSnapshot
from pipeline.models.snapshots import WHOLE
from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY, RateOn
from revops_site.kernel.models import Team
from revops_site.kernel.periods import Period, fiscal_quarter, plus, quarter_label, week_of_quarter
from revops_site.kernel.queries import Columns, cut, shared, to_frame

PEOPLE = dict.fromkeys(("team", "owner", "rep"), "rep_id")
OWNERS = dict.fromkeys(("team", "owner", "rep"), "owner_id")
MOST_QUARTERS = 8
CALLS: Columns = {
    **dict.fromkeys(("rep_id", "team", "quarter"), "str"),
    "day": "datetime64[s]",
    "submitted_at": "datetime64[us, UTC]",
    **dict.fromkeys(("commit_amount", "best_case_amount", "forecast_amount"), "float64"),
    **dict.fromkeys(("submitted_by", "note"), "str"),
}
WON: Columns = {"rep_id": "str", "month": "datetime64[s]", "value": "float64"}
KEPT: Columns = {"snapshot_date": "datetime64[s]", "rep_id": "str", "forecast": "float64"}
FLOAT = FloatField()


@shared
def calls(slice_: Slice, quarters: tuple[str, ...]) -> pd.DataFrame:
    """All calls of some quarters that were known on the slice's day, in order: ``CALLS``.

    Amounts in the reporting currency at the rate of their day. ``rep_id`` is empty of a team's
    call, ``team`` of a rep's. A team's is for those who may see all its reps.
    """
    own = Value(slice_.currency)
    rate = Case(
        When(currency=slice_.currency, then=Value(Decimal(1))),
        default=RateOn(F("currency"), own, F("day")),
        output_field=MONEY,
    )
    rows = _of(slice_, ForecastCall.objects.filter(quarter__in=quarters, day__lte=slice_.as_of))
    rows = rows.annotate(
        whose=Coalesce("rep_id", Value("")),
        of_team=Coalesce("team__name", Value("")),
        **{
            f"its_{name}": ExpressionWrapper(F(name) * rate, MONEY)
            for name in ("commit_amount", "best_case_amount", "forecast_amount")
        },
    )
    names = (
        *("whose", "of_team", "quarter", "day", "submitted_at", "its_commit_amount"),
        *("its_best_case_amount", "its_forecast_amount", "submitted_by", "note"),
    )
    return to_frame(rows.order_by("submitted_at", "key").values_list(*names), CALLS)


def _of(slice_: Slice, rows: QuerySet[ForecastCall]) -> QuerySet[ForecastCall]:
    """The calls of the slice's reps, and of the teams of which it has all reps."""
    by_rep = cut(rows, slice_, when=None, dimensions=PEOPLE).filter(rep__isnull=False)
    if slice_.owner:
        return by_rep
    whole = Team.objects.filter(pk__in=whole_teams(slice_))
    return rows.filter(Q(pk__in=by_rep.values("pk")) | Q(team__in=whole))


def whole_teams(slice_: Slice) -> Collection[int]:
    """The teams of the slice of which it has all reps."""
    teams = Team.objects.filter(name__in=slice_.team) if slice_.team else Team.objects.all()
    if slice_.reps is None:
        return list(teams.values_list("pk", flat=True))
    seen = Count("reps", filter=Q(reps__in=slice_.reps))
    counted = teams.annotate(all_reps=Count("reps"), seen_reps=seen)
    return list(
        counted.filter(all_reps=F("seen_reps"), all_reps__gt=0).values_list("pk", flat=True)
    )


@shared
def past_quarters(slice_: Slice) -> list[Period]:
    """The last quarters that ended before the slice's own and that anything was said of."""
    first = ForecastCall.objects.aggregate(first=Min("day"))["first"]
    quarter, found = fiscal_quarter(slice_.as_of, slice_.first_month), list[Period]()
    while first is not None and len(found) < MOST_QUARTERS:
        quarter = fiscal_quarter(plus(quarter.start, -1), slice_.first_month)
        if quarter.end <= first:
            break
        found.insert(0, quarter)
    return found


def label(quarter: Period, slice_: Slice) -> str:
    """What a quarter is called."""
    return quarter_label(quarter.start, slice_.first_month)


@shared
def won(slice_: Slice, first: date, end: date) -> pd.DataFrame:
    """What each rep won in each month from the first day to the one before the end: ``WON``."""
    whole = replace(slice_, period=Period(first, end).until(slice_.as_of), compare=None)
    rows = deals.won(whole).exclude(owner=None).annotate(month=TruncMonth("closed_at"))
    sums = rows.values("owner_id", "month").annotate(
        amount=Coalesce(Sum("value"), 0, output_field=MONEY)
    )
    return to_frame(
        sums.order_by("owner_id", "month").values_list("owner_id", "month", "amount"), WON
    )


@shared
def kept(slice_: Slice, quarters: tuple[Period, ...]) -> pd.DataFrame:
    """What was expected of each rep on the kept Mondays of some quarters: ``KEPT``.

    Won by then and the open deals by their chance; nothing of deals not created yet.
    """
    days = _mondays(slice_, quarters)
    rows: QuerySet[DealSnapshot] = DealSnapshot.objects.filter(
        snapshot_date__in=days, currency=slice_.currency
    ).exclude(owner_id="")
    rows = cut(
        rows,
        slice_,
        when=None,
        dimensions=OWNERS,
    )
    value = Cast("value", FLOAT)
    worth = Case(When(status="won", then=value), default=value * F("p"), output_field=FLOAT)
    sums = rows.values("snapshot_date", "owner_id").annotate(forecast=Coalesce(Sum(worth), 0.0))
    return to_frame(
        sums.order_by("snapshot_date", "owner_id").values_list(
            *("snapshot_date", "owner_id", "forecast")
        ),
        KEPT,
    )


def _mondays(slice_: Slice, quarters: tuple[Period, ...]) -> list[date]:
    """The last kept Monday of each week of the quarters."""
    if not quarters:
        return []
    rows = ForecastSnapshot.objects.filter(
        team=WHOLE, snapshot_date__gte=quarters[0].start, snapshot_date__lt=quarters[-1].end,
        snapshot_date__lte=slice_.as_of, snapshot_date__iso_week_day=1,
    )  # fmt: skip
    days = rows.order_by("snapshot_date").values_list("snapshot_date", flat=True)
    by_week: dict[Any, date] = {}
    for day in days:
        quarter = fiscal_quarter(day, slice_.first_month)
        by_week[quarter.start, week_of_quarter(day, slice_.first_month)] = day
    return list(by_week.values())


def names_of(teams: Collection[int]) -> list[str]:
    """What these teams are called."""
    return list(Team.objects.filter(pk__in=teams).values_list("name", flat=True))
