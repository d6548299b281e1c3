"""Which deals a slice lets through, with what each is worth in the reporting currency."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, Least, Lower, Trim

from pipeline.metrics import STUCK_AMOUNT, STUCK_DAYS
from pipeline.models import Deal, DealPast, Pipeline, Stage, StatusEvent
from pipeline.queries.states import at, moved_since
from revops_site.kernel import lapses
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY, RateAmong, RateOn, rates
from revops_site.kernel.queries import cut, shared

# What decided deals and sums of flows know; a closed deal has left its stages.
CLOSED = {
    "segment": "segment",
    "channel": "source_channel",
    "region": "region",
    "team": "owner_id",
    "owner": "owner_id",
    "pipeline": "pipeline_id",
    "rep": "owner_id",
}
OPEN = {**CLOSED, "stage": "stage_name"}
NEVER_REAL = ("duplicate", "test", "merged")


def real() -> QuerySet[Deal]:
    """Deals that exist, whatever became of them: neither deleted nor lost as no real deal."""
    deals = Deal.objects.filter(is_deleted=False).alias(lost_as=Lower(Trim("lost_reason")))
    return deals.exclude(status=Deal.Status.LOST, lost_as__in=NEVER_REAL)


@shared
def open_(slice_: Slice) -> QuerySet[Any]:
    """The deals that are open as of the slice's day; its period does not matter.

    Before the newest day these are the deals that were open at its end, each as it stood then: in
    which stage, whose, of which amount. Each with ``rate`` and ``value``, its amount in the
    reporting currency; ``chance``, how likely it is won; ``weighted``; ``days_in_stage``.
    """
    known: QuerySet[Any] = Deal.objects.filter(is_deleted=False)
    if moved_since(slice_.as_of):
        known = at(slice_.as_of)
    return open_among(known, slice_)


def open_among(known: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    """The open ones of deals, or of their states, as ``open_`` gives them."""
    deals = known.filter(status=Deal.Status.OPEN).alias(category=Lower(Trim("forecast_category")))
    deals = cut(deals.exclude(category="omitted"), slice_, when=None, dimensions=OPEN)
    return _weighed(deals.annotate(rate=rate_of_day(slice_)), slice_)


def closed(slice_: Slice) -> QuerySet[Any]:
    """The deals won and lost in the period, as they stood at the end of the slice's day.

    A deal that was won, opened again and lost since was a won one on the days between.
    """
    if not moved_since(slice_.as_of):
        return closed_today(slice_)
    then = _real_end(at(slice_.as_of))
    return cut(then, slice_, when="closed_at", dimensions=CLOSED)


def closed_today(slice_: Slice) -> QuerySet[Deal]:
    """The deals won and lost in the period, as they stand now."""
    rows = real().exclude(status=Deal.Status.OPEN)
    return cut(rows, slice_, when="closed_at", dimensions=CLOSED)


def closed_otherwise(slice_: Slice) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """What tells the deals that ``closed`` gives from those that are so today: more, and fewer.

    The first are those that stood otherwise then, as they did; the second the same deals as today.
    """
    day = slice_.as_of
    then = _real_end(DealPast.objects.filter(valid_from__lte=day, valid_to__gt=day))
    more = cut(then, slice_, when="closed_at", dimensions=CLOSED)
    return more, closed_today(slice_).filter(state_since__gt=day)


def _real_end(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The won and lost ones, but for those lost as no real deal."""
    ended = rows.filter(status__in=["won", "lost"]).alias(lost_as=Lower(Trim("lost_reason")))
    kept: QuerySet[Any] = ended.exclude(status=Deal.Status.LOST, lost_as__in=NEVER_REAL)
    return kept


def decided(slice_: Slice) -> QuerySet[Any]:
    """The deals won and lost in the period, each with ``rate``, ``value`` and ``cycle_days``."""
    rate = _rate_on(slice_, "closed_at")
    return _valued(closed(slice_).annotate(rate=rate, cycle_days=cycle()))


def won(slice_: Slice) -> QuerySet[Any]:
    """The deals won in the period, as ``decided`` gives them."""
    return decided(slice_).filter(status=Deal.Status.WON)


def moving(slice_: Slice) -> QuerySet[Any]:
    """The deals that velocity rests on: those open on the day and those decided in the period.

    Each with ``counts_as`` (open, won or lost), ``rate``, ``value`` and ``cycle_days``.
    """
    either = Q(pk__in=open_(slice_).values("pk")) | Q(pk__in=closed(slice_).values("pk"))
    known = at(slice_.as_of) if moved_since(slice_.as_of) else Deal.objects.all()
    is_open = Q(closed_at=None) | Q(closed_at__gt=slice_.as_of)
    return _valued(
        known.filter(either).annotate(
            counts_as=Case(When(is_open, then=Value("open")), default=F("status")),
            rate=Case(
                When(is_open, then=rate_of_day(slice_)),
                default=_rate_on(slice_, "closed_at"),
                output_field=MONEY,
            ),
            cycle_days=Case(When(status=Deal.Status.WON, then=cycle()), default=None),
        )
    )


def created(slice_: Slice) -> QuerySet[Deal]:
    """The deals created in the period, each with ``rate`` and ``value``: of its first amount."""
    rate = _rate_on(slice_, "created_at", "created_currency")
    return _valued(created_among(slice_).annotate(rate=rate), "created_amount")


def created_among(slice_: Slice) -> QuerySet[Deal]:
    """The deals created in the period, as they stand now but for the money.

    ``created_amount`` is the first amount that was known of each, in its ``created_currency``.
    """
    first = real().annotate(
        created_amount=Coalesce("first_amount", "amount"),
        created_currency=Coalesce("first_currency", "currency"),
    )
    return cut(first, slice_, when="created_at", dimensions=CLOSED)


def past_due(slice_: Slice) -> QuerySet[Any]:
    """The open deals whose expected close lies before the day."""
    return open_(slice_).filter(close_date__lt=slice_.as_of)


def stuck(slice_: Slice) -> QuerySet[Any]:
    """The open deals that are large and have been in their stage for long."""
    return open_(slice_).filter(is_stuck(slice_))


def named(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The deals, each with ``owner_name`` and ``pipeline_name``."""
    found: QuerySet[Any] = rows.annotate(owner_name=F("owner__name"), pipeline_name=_pipeline())
    return found


@functools.cache
def _pipeline() -> Coalesce:
    """What a deal's pipeline is called; a join would leave out one that nobody told of."""
    pipelines = Pipeline.objects.filter(pk=OuterRef("pipeline_id")).values("pipeline_name")
    return Coalesce(Subquery(pipelines[:1]), F("pipeline_id"), output_field=CharField())


def is_stuck(slice_: Slice) -> Q:
    """What makes an open deal, as ``open_`` gives it, a stuck one: days in stage and value."""
    days, amount = limits(slice_)
    return Q(days_in_stage__gte=days, value__gte=amount)


def limits(slice_: Slice) -> tuple[int, int]:
    """From how many days and from what amount on a deal counts as stuck."""
    days = STUCK_DAYS if slice_.min_days is None else slice_.min_days
    return days, STUCK_AMOUNT if slice_.min_amount is None else slice_.min_amount


def reopened(slice_: Slice | None = None) -> Exists:
    """Whether a deal was won or lost before, of what its status events tell by the slice's day."""
    ends = StatusEvent.objects.filter(deal_id=OuterRef("deal_id"))
    if slice_ is not None:
        ends = ends.filter(at__date__lte=slice_.as_of)
    return Exists(ends.filter(status__in=[StatusEvent.Status.WON, StatusEvent.Status.LOST]))


def rate_of_day(slice_: Slice, deal: str = "") -> Combinable:
    """A deal's currency in the reporting one on the slice's day; null where nobody knows.

    ``deal`` leads to the deal, such as ``deal__``.
    """
    known = rates(slice_.currency, slice_.as_of)
    return RateAmong(f"{deal}currency", tuple(sorted(known.items())))


def days_in_stage(slice_: Slice) -> Combinable:
    """Whole days since the deal entered its stage, else since it was created."""
    since: Combinable = Coalesce("last_stage_change", "created_at")
    if moved_since(slice_.as_of):  # the day may lie before what is all that is known of the stage
        known = When(last_stage_change__lte=slice_.as_of, then=F("last_stage_change"))
        since = Case(known, default=F("created_at"))
    return lapses.days(since, lapses.on(slice_.as_of))


def _weighed(deals: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    chance = Least(Value(Decimal(1)), Greatest(Value(Decimal(0)), F("chance")))
    found: QuerySet[Any] = _valued(
        deals.annotate(
            chance=Coalesce(F("probability"), _usual_chance()), days_in_stage=days_in_stage(slice_)
        )
    ).annotate(weighted=ExpressionWrapper(F("value") * chance, MONEY))
    return found


def _valued(deals: QuerySet[Any], amount: str = "amount") -> QuerySet[Any]:
    found: QuerySet[Any] = deals.annotate(value=ExpressionWrapper(F(amount) * F("rate"), MONEY))
    return found


@functools.cache
def _usual_chance() -> Subquery:
    """The stage's probability: of the deal's own pipeline, or of any where one side tells none."""
    place = OuterRef("pipeline_id")
    same = Q(pipeline_id=place) | Q(pipeline_id=None, theirs=None)
    stages = Stage.objects.annotate(
        theirs=ExpressionWrapper(place, CharField()),
        apart=Case(When(same, then=0), default=1),
        unknown=Case(When(probability=None, then=1), default=0),
    ).filter(
        Q(pipeline_id=place) | Q(pipeline_id=None) | Q(theirs=None),
        stage_name=OuterRef("stage_name"),
    )
    first = stages.order_by("apart", "unknown", "pipeline_id", "stage_order", "stage_id")
    return Subquery(first.values("probability")[:1])


def _rate_on(slice_: Slice, day: str, currency: str = "currency") -> Combinable:
    own = Value(slice_.currency)
    return Case(
        When(**{currency: slice_.currency}, then=Value(Decimal(1))),
        default=RateOn(F(currency), own, F(day)),
        output_field=MONEY,
    )


def cycle() -> Combinable:
    """Whole days from creation to close."""
    return lapses.days(F("created_at"), F("closed_at"))
