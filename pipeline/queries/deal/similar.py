"""Closed deals that were like a deal: so many were won, so many lost, and which these are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Abs, Coalesce, NullIf

from pipeline.models import Deal, StageVisit
from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY, rates
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import shared, written

LOOKED_BACK = 730  # days
BAND = (Decimal("0.5"), Decimal(2))
MOST = 8
ENOUGH = 5
RULES = ("stage", "amount", "any")


@dataclass(frozen=True)
class Alike:
    """A closed deal like another; ``value`` is in the reporting currency."""

    deal_id: str
    name: str
    owner: str
    status: str
    value: Decimal
    closed_at: date
    cycle_days: int
    lost_reason: str


@dataclass(frozen=True)
class Similar:
    """What became of similar deals; ``rule`` is the one of ``RULES`` that they were found by."""

    won: int
    lost: int
    rule: str
    nearest: Sequence[Alike]


@dataclass(frozen=True)
class Among:
    """Which deals are like another, each as ``deals.decided`` gives it, by which of ``RULES``."""

    won: int
    lost: int
    rule: str
    rows: QuerySet[Any]


def similar(deal: Deal, slice_: Slice) -> Similar | None:
    """The deals decided in two years that are like one, of those that the slice may show.

    Of its segment and pipeline: by the first rule that finds at least 5, else by the last. None
    where its amount or its rate is not known.
    """
    found = among(deal, slice_)
    if found is None:
        return None
    value = _value(deal, slice_) or Decimal(0)
    return Similar(found.won, found.lost, found.rule, _nearest(found.rows, value))


@shared
def among(deal: Deal, slice_: Slice) -> Among | None:
    """The same with all of the deals in place of the nearest."""
    value = _value(deal, slice_)
    if not value or value < 0:
        return None
    low, high = (value * factor for factor in BAND)
    end = slice_.as_of + timedelta(days=1)
    window = replace(slice_, period=Period(end - timedelta(days=LOOKED_BACK), end), compare=None)
    rows = deals.decided(window).filter(segment=deal.segment, pipeline_id=deal.pipeline_id)
    rows = rows.exclude(deal_id=deal.pk).annotate(been_there=_been_in(deal.stage_name))
    alike = Q(value__gte=low, value__lte=high)
    wheres = {"stage": alike & Q(been_there=True), "amount": alike, "any": Q(value__isnull=False)}
    if deal.status != Deal.Status.OPEN:
        del wheres["stage"]
    found = rows.aggregate(**{k: v for name in wheres for k, v in _counts(name, wheres[name])})
    enough = (name for name in wheres if found[f"{name}_won"] + found[f"{name}_lost"] >= ENOUGH)
    rule = next(enough, "any")
    return Among(found[f"{rule}_won"], found[f"{rule}_lost"], rule, rows.filter(wheres[rule]))


def sums_sql(found: Among) -> str:
    """The SQL that counts the won and the lost ones."""
    by_status = found.rows.order_by().values("status").annotate(deals=Count("deal_id"))
    return written(by_status.values_list("status", "deals"))


def _value(deal: Deal, slice_: Slice) -> Decimal | None:
    """What the deal is worth on the day, in the reporting currency."""
    rate = rates(slice_.currency, slice_.as_of).get(deal.currency)
    return None if rate is None or deal.amount is None else deal.amount * rate


def _been_in(stage: str) -> Exists:
    return Exists(StageVisit.objects.filter(deal_id=OuterRef("deal_id"), stage_name=stage))


def _counts(name: str, where: Q) -> Iterator[tuple[str, Count]]:
    for status in ("won", "lost"):
        yield f"{name}_{status}", Count("deal_id", filter=where & Q(status=status))


def _nearest(rows: QuerySet[Any], value: Decimal) -> Sequence[Alike]:
    """Those whose value is nearest."""
    names = (NullIf(F(name), Value("")) for name in ("opportunity_name", "account_name"))
    named = rows.annotate(
        name=Coalesce(*names, "deal_id"),
        who=Coalesce(F("owner__name"), Value("")),
        apart=Abs(F("value") - Value(value, output_field=MONEY)),
    )
    fields = ("deal_id", "name", "who", "status", "value", "closed_at", "cycle_days", "lost_reason")
    ordered = named.order_by("apart", "deal_id")
    return [Alike(*row) for row in ordered.values_list(*fields)[:MOST]]
