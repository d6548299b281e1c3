"""What reps were to win in a period, beside what was won."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import nan
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    DecimalField,
    ExpressionWrapper,
    F,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Least

from pipeline.models import Quota
from pipeline.queries import deals
from pipeline.queries.flows import totals as flow_totals
from pipeline.queries.flows import totals_sql as flow_totals_sql
from pipeline.queries.written import beside
from revops_site.kernel import lapses
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.periods import plus
from revops_site.kernel.queries import cut, shared, written

DIMENSIONS = ("team", "owner")
KNOWN = {"team": "rep_id", "owner": "rep_id", "rep": "rep_id"}
SUMS = ("quota", "quota_to_date", "quotas")
# A row of the quotas and one of the deals: what both are listed by.
PARTS = ("part", "whose", "what", "on", "own_amount", "money", "fx", "worth", "so_far")
DATE, TEXT = DateField(), CharField()


def quotas(slice_: Slice) -> QuerySet[Quota]:
    """The quotas whose days the period touches, as of the slice's day.

    Each with ``rate``, ``value`` (in the reporting currency) and ``to_date``: so much of it as its
    days have passed within the period, the slice's day included.
    """
    rows = cut(Quota.objects.all(), slice_, when=None, dimensions=KNOWN)
    first, end = _window(slice_)
    rows = rows.filter(period_start__lt=end)
    if first is not None:
        rows = rows.filter(period_end__gt=first)
    passed = lapses.days(F("period_start"), Least(F("period_end"), Value(end, DATE)))
    whole = lapses.days(F("period_start"), F("period_end"))
    rows = rows.annotate(rate=deals.rate_of_day(slice_)).annotate(
        value=ExpressionWrapper(F("quota_amount") * F("rate"), MONEY)
    )
    share = Cast(passed, DecimalField(max_digits=20, decimal_places=6)) / Cast(
        whole, DecimalField(max_digits=20, decimal_places=6)
    )
    return rows.annotate(to_date=ExpressionWrapper(F("value") * share, MONEY))


@shared
def attainment(slice_: Slice) -> dict[str, float]:
    """Quota and what was won of it: ``SUMS``, won_amount, won and rows, by name.

    ``quota`` is that of the whole quarters that the period touches, ``quota_to_date`` of the days
    that have passed; ``won_amount`` is that of the period. Quotas know no segment, region, channel,
    pipeline or stage: what was won is then not narrowed by them either.
    """
    plan, won = planned(slice_), flow_totals(of_reps(slice_))
    return {
        **plan,
        **{name: won[name] for name in ("won_amount", "won")},
        "rows": plan["quotas"] + won["won"],
    }


@shared
def planned(slice_: Slice) -> dict[str, float]:
    """The quota alone: ``SUMS`` by name, NaN where there is none."""
    found = quotas(slice_).aggregate(**_sums())
    return {name: nan if found[name] is None else float(found[name]) for name in SUMS}


def attainment_sql(slice_: Slice) -> str:
    """The SQL that gives the operands, in one row."""
    rows = quotas(slice_).values(everything=Value(1)).annotate(**_sums()).order_by()
    return beside(quotas=written(rows), deals=flow_totals_sql(of_reps(slice_)))


def parts(slice_: Slice) -> QuerySet[Any]:
    """The quotas and the won deals of a slice, one below the other.

    Of a row nothing but ``PARTS`` can be read: ask for ``values``.
    """
    plan = quotas(slice_).annotate(
        part=_text("Quota"),
        whose=F("rep__name"),
        what=Cast("quarter", TEXT),
        on=F("period_start"),
        own_amount=F("quota_amount"),
        money=F("currency"),
        fx=F("rate"),
        worth=F("value"),
        so_far=F("to_date"),
    )
    won = deals.won(of_reps(slice_)).annotate(
        part=_text("Won deal"),
        whose=F("owner__name"),
        what=Cast("deal_id", TEXT),
        on=F("closed_at"),
        own_amount=F("amount"),
        money=F("currency"),
        fx=F("rate"),
        worth=F("value"),
        so_far=F("value"),
    )
    return plan.order_by().union(won.order_by(), all=True)


def of_reps(slice_: Slice) -> Slice:
    """The slice by what quotas know: who, and when."""
    return replace(slice_, segment=(), channel=(), campaign=(), region=(), pipeline=(), stage=())


def _window(slice_: Slice) -> tuple[date | None, date]:
    """The first day, None for the very first, and the day after the last one."""
    end = plus(slice_.as_of, 1)
    if slice_.period is None:
        return None, end
    return slice_.period.start, min(slice_.period.end, end)


def _sums() -> dict[str, Any]:
    return {
        "quota": Sum("value"),
        "quota_to_date": Sum("to_date"),
        "quotas": Count("pk"),
    }


def _text(words: str) -> Value:
    return Value(words, output_field=TEXT)


@shared
def of_quarter(slice_: Slice) -> float | None:
    """The quotas of the slice's whole fiscal quarter; None without any.

    Of a quota that reaches beyond the quarter so much counts as its days lie within.
    """
    parts = of_quarter_by_team(slice_)
    return sum(parts.values()) if parts else None


@shared
def of_quarter_by_team(slice_: Slice) -> dict[str, float]:
    """The same by the reps' teams today; "" for reps of none."""
    return _by(slice_, Coalesce("rep__team__name", Value("")))


@shared
def of_quarter_by_rep(slice_: Slice) -> dict[str, float]:
    """The same by the reps' ids."""
    return _by(slice_, F("rep_id"))


def _by(slice_: Slice, key: Any) -> dict[str, float]:
    quarter = slice_.quarter
    rows = cut(Quota.objects.all(), slice_, when=None, dimensions=KNOWN)
    rows = rows.filter(period_start__lt=quarter.end, period_end__gt=quarter.start)
    inside = lapses.days(
        Greatest(F("period_start"), Value(quarter.start, DATE)),
        Least(F("period_end"), Value(quarter.end, DATE)),
    )
    whole = lapses.days(F("period_start"), F("period_end"))
    part = ExpressionWrapper(
        F("quota_amount") * deals.rate_of_day(slice_) * Cast(inside, MONEY) / Cast(whole, MONEY),
        MONEY,
    )
    sums = rows.values(whose=key).annotate(quota=Sum(part))
    return {one["whose"]: float(one["quota"]) for one in sums if one["quota"] is not None}
