"""What a forecast is made of: a quarter's open deals, what is won, and what the past taught."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from django.db.models import (
    Count,
    DateField,
    F,
    FloatField,
    Func,
    JSONField,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce

from pipeline.models import Backtest
from pipeline.models.snapshots import WHOLE
from pipeline.queries import deals, quotas, snapshots, standing
from pipeline.queries.flows import first_close, totals
from revops_site.kernel import freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.models import Rep
from revops_site.kernel.periods import Period, fiscal_quarter, plus
from revops_site.kernel.queries import Columns, shared, to_frame, workspace, written

QUARTERS = 8
LEARNED = "L1"
WON: Columns = {
    **dict.fromkeys(("deal_id", "owner_id", "segment", "region", "source_channel"), "str"),
    "pipeline_id": "str",
    "value": "float64",
    "created_at": "datetime64[s]",
    "closed_at": "datetime64[s]",
}


def won_so_far(slice_: Slice) -> QuerySet[Any]:
    """The deals that were won in the quarter up to the slice's day, as was known on it."""
    quarter = slice_.quarter
    if quarter.start > slice_.as_of:
        return deals.won(replace(slice_, period=quarter, compare=None)).none()
    if not standing.is_now(slice_.as_of):
        return standing.won_on(slice_, quarter)
    return deals.won(replace(slice_, period=quarter.until(slice_.as_of), compare=None))


def quarter_deals(slice_: Slice, method: str) -> pd.DataFrame:
    """The open deals that the quarter's forecast counts, as ``standing.open_deals`` gives them.

    Where past quarters taught the method, also those expected in the next quarter.
    """
    quarter = slice_.quarter
    until = quarter.end
    if method == LEARNED:
        until = fiscal_quarter(quarter.end, slice_.first_month).end
    found = standing.open_deals(slice_, until)
    return found[found["close_date"] >= pd.Timestamp(quarter.start)].reset_index(drop=True)


def quarter_pipeline(slice_: Slice) -> QuerySet[Any]:
    """The open deals expected in the slice's quarter, as ``deals.open_``."""
    quarter = slice_.quarter
    return deals.open_(slice_).filter(close_date__gte=quarter.start, close_date__lt=quarter.end)


def with_chances(rows: QuerySet[Any], chances: Mapping[str, float]) -> QuerySet[Any]:
    """Each deal with ``p``, how likely it is won in the quarter, and ``expected``, its part of it.

    ``chances`` are by deal.
    """
    told = Cast(Value(json.dumps(dict(chances))), JSONField())
    p = Func(
        told, F("deal_id"), template="(%(expressions)s)::float8", arg_joiner=" ->> ",
        output_field=FloatField(),
    )  # fmt: skip
    value = Coalesce(Cast("value", FloatField()), 0.0)
    found: QuerySet[Any] = rows.annotate(p=p, expected=value * p)
    return found


def quarter_pipeline_sql(slice_: Slice) -> str:
    """The SQL that sums them up: open_deals, pipeline_total."""
    rows = quarter_pipeline(slice_).values(everything=Value(1))
    sums = {
        "open_deals": Count("created_at"),
        "pipeline_total": Coalesce(Sum("value"), 0, output_field=MONEY),
    }
    return written(rows.annotate(**sums).order_by())


@shared
def won(slice_: Slice) -> pd.DataFrame:
    """The deals won in the quarter up to the day: ``WON``, value in the reporting currency."""
    rows = won_so_far(slice_).order_by("deal_id")
    found = to_frame(rows.values_list(*WON), WON)
    for name in ("owner_id", "pipeline_id"):
        found[name] = found[name].fillna("").replace("None", "")
    return found


@shared
def closed_won(slice_: Slice) -> float:
    """What was won in the quarter up to the day."""
    found = won_so_far(slice_).aggregate(amount=Sum("value"))
    return float(found["amount"] or 0)


@shared
def target(slice_: Slice) -> float | None:
    """The quotas of the whole quarter; None where there are none, or the slice has no quota."""
    return quotas.of_quarter(slice_) if knows_targets(slice_) else None


def knows_targets(slice_: Slice) -> bool:
    """Whether a quota can be held against the slice: it is people's, of all that they sell."""
    return not any(
        getattr(slice_, name) for name in ("segment", "channel", "region", "pipeline", "stage")
    )


def closed_quarters(slice_: Slice) -> list[Period]:
    """The last eight quarters that were over by the slice's day, with wins, the oldest first."""
    first = first_close()
    quarter = fiscal_quarter(slice_.as_of, slice_.first_month)
    found: list[Period] = []
    while first is not None and len(found) < QUARTERS:
        quarter = fiscal_quarter(plus(quarter.start, -1), slice_.first_month)
        if quarter.end <= first:
            break
        found.insert(0, quarter)
    return found


def quarters_before(slice_: Slice, start: date, most: int) -> list[Period]:
    """The last whole quarters before a quarter's start that deals closed in, the oldest first."""
    first = first_close()
    found: list[Period] = []
    while first is not None and len(found) < most:
        quarter = fiscal_quarter(plus(start, -1), slice_.first_month)
        if quarter.start < first:
            break
        found.insert(0, quarter)
        start = quarter.start
    return found


def new_by_quarter(slice_: Slice) -> list[float]:
    """What each closed quarter won of deals created after the same day of it, the oldest first.

    Of a quarter that has not begun it is the day as long before.
    """
    quarters = closed_quarters(slice_)
    if not quarters:
        return []
    passed = (slice_.as_of - slice_.quarter.start).days
    whole = slice_.at(quarters[-1].last_day, Period(quarters[0].start, quarters[-1].end))
    late = Q()
    for quarter in quarters:
        late |= Q(
            closed_at__gte=quarter.start,
            closed_at__lt=quarter.end,
            created_at__gt=plus(quarter.start, passed),
        )
    rows = deals.won(whole).filter(late).annotate(begins=_quarter_start(slice_.first_month))
    sums = rows.values("begins").annotate(amount=Sum("value"))
    by_start = {one["begins"]: float(one["amount"] or 0) for one in sums}
    return [by_start.get(quarter.start, 0.0) for quarter in quarters]


@shared
def coverage_operands(slice_: Slice) -> tuple[float | None, float | None]:
    """Pipeline of the same week of closed quarters, and what of it was won; by amount.

    Without any of it, what was decided in the last year and what of that was won.
    """
    past = snapshots.past_coverage(slice_, closed_quarters(slice_))
    if past["won_amount"].sum() > 0:
        return float(past["amount"].sum()), float(past["won_amount"].sum())
    year = Period(plus(slice_.as_of, -364), plus(slice_.as_of, 1))
    sums = totals(replace(slice_, period=year, stage=()))
    if not sums["won_amount"] > 0:
        return None, None
    return float(sums["won_amount"] + sums["lost_amount"]), float(sums["won_amount"])


def taught(slice_: Slice) -> dict[str, Any]:
    """method, interval_inflation, cells and early: of quarters that ended before the slice's."""
    found = newest_backtest()
    if found is None:
        return {}
    start = fiscal_quarter(slice_.as_of, slice_.first_month).start
    return {
        "method": found.method,
        "interval_inflation": found.interval_inflation,
        "cells": _before(found.cells, start),
        "early": _before(found.early, start),
    }


@shared
def newest_backtest() -> Backtest | None:
    """The trial that decided the method in use; None where there was none yet."""
    return Backtest.objects.order_by("-id").first()


@shared
def stamps() -> dict[str, Any]:
    """created_at, updated_at and data_freshness of what is reckoned from the data of now."""
    at = freshness.of(("pipeline_deals", "quotas"), workspace()).loaded_at
    return {"created_at": at, "updated_at": at, "data_freshness": at}


def team_label(slice_: Slice) -> str:
    """The contract's team_filter: ``All``, or who manages the teams that the slice is of."""
    of_reps = {teams().get(rep) for rep in slice_.owner or slice_.reps or ()}
    names = set(slice_.team) or {name for name in of_reps if name}
    return ", ".join(sorted({managers().get(name, name) for name in names})) or WHOLE


@shared
def managers() -> dict[str, str]:
    """The manager of each team that has one, by the team's name."""
    rows = Rep.objects.exclude(team__manager_name="").exclude(team=None)
    return dict(rows.values_list("team__name", "team__manager_name").distinct())


@shared
def teams() -> dict[str, str]:
    """The name of each rep's team by the rep's id; reps of none are left out."""
    return dict(Rep.objects.exclude(team=None).values_list("rep_id", "team__name"))


def _before(rows: Sequence[dict[str, Any]], start: date) -> pd.DataFrame:
    columns = ["ended", "stage_name", "bucket", "health", "won", "n"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame[frame["ended"] <= start.isoformat()]


def _quarter_start(first_month: int) -> Combinable:
    """The first day of the fiscal quarter that a deal was closed in."""
    months = (first_month - 1) % 3
    template = (
        f"(date_trunc('quarter', %(expressions)s - interval '{months} months')"
        f" + interval '{months} months')::date"
    )
    return Func(F("closed_at"), template=template, output_field=DateField())
