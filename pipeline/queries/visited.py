"""The stays of deals in their stages, one by one: those that ended, and those that began."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from pipeline.models import Deal, Stage, StageVisit
from pipeline.queries import changes, deals
from revops_site.kernel import lapses
from revops_site.kernel.filters import Slice
from revops_site.kernel.models import Rep
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import cut

OF_DEAL = {
    name: name
    for name in ("opportunity_name", "account_name", "account_id", "owner_id", "segment", "region")
}
DATE = DateField()
FURTHEST = """(
    SELECT max(place.stage_order)
    FROM pipeline_stagevisit AS visit
    LEFT JOIN pipeline_deal AS deal ON deal.deal_id = visit.deal_id
    CROSS JOIN kernel_workspace
    CROSS JOIN LATERAL (
        SELECT stage_order FROM pipeline_stage AS stage
        WHERE stage.stage_name = visit.stage_name AND NOT stage.is_closed
        ORDER BY COALESCE(stage.pipeline_id, '')
                = COALESCE(NULLIF(visit.pipeline_id, ''), deal.pipeline_id, '') DESC, stage_order
        LIMIT 1
    ) AS place
    WHERE visit.deal_id = %(expressions)s
        AND (visit.entered_at AT TIME ZONE time_zone)::date <= '%(day)s'
)"""


def ended(slice_: Slice, window: Period) -> QuerySet[Any]:
    """The stays that ended within a window, each with its ``visits`` and ``days``.

    Of a row nothing but its values can be read: ask for ``values``.
    """
    last = window.last_day
    return _stays(slice_, last).filter(is_inside=False, left_on__gte=window.start)


def entered(slice_: Slice, window: Period) -> QuerySet[Any]:
    """The stays that first began within a window, each as it stands on the window's last day.

    ``days`` are those so far where the deal ``is_inside``; ``moved_on`` says that it reached a
    later stage or was won, ``dropped`` that it was lost without.
    """
    day = window.last_day
    rows = _stays(slice_, day).filter(entered_on__gte=window.start)
    own = Deal.objects.filter(pk=OuterRef("deal_id"), closed_at__lte=day)
    is_won, is_lost = (Exists(own.filter(status=status)) for status in ("won", "lost"))
    rows = rows.annotate(
        place=_place(OuterRef("pipeline"), OuterRef("stage_name")), furthest=_furthest(day)
    )
    moved = Case(When(Q(furthest__gt=F("place")) | Q(is_won), then=True), default=False)
    rows = rows.annotate(moved_on=moved)
    told: QuerySet[Any] = rows.annotate(
        dropped=Case(
            When(Q(is_lost) & Q(moved_on=False), then=True),
            default=False,
            output_field=BooleanField(),
        )
    )
    return told


def _stays(slice_: Slice, day: date) -> QuerySet[Any]:
    """What has been known of each stay by the end of a day."""
    wanted = cut(deals.real(), slice_, when=None, dimensions=deals.CLOSED)
    visits = _seen(day).filter(Exists(wanted.filter(pk=OuterRef("deal_id"))))
    if slice_.stage:
        visits = visits.filter(stage_name__in=slice_.stage)
    left = Case(When(gone__lte=day, then=F("gone")), default=None, output_field=DATE)
    until = Coalesce(F("left"), Value(day, DATE))
    visits = visits.annotate(left=left).annotate(length=lapses.days(F("came"), until))
    grouped = visits.values("deal_id", "pipeline", "stage_name").annotate(
        visits=Count("key"),
        entered_on=Min("came"),
        left_on=Max("left"),
        days=Sum("length"),
        open_visits=Count("key", filter=Q(left=None)),
    )
    is_inside = Case(When(open_visits__gt=0, then=True), default=False)
    return grouped.annotate(is_inside=is_inside, **_named())


def _seen(day: date) -> QuerySet[StageVisit]:
    """The visits that had begun by the end of a day, with their days and their pipeline."""
    own = Deal.objects.filter(pk=OuterRef("deal_id")).values("pipeline_id")[:1]
    rows = StageVisit.objects.order_by().annotate(
        came=changes.local_day("entered_at"),
        gone=changes.local_day("exited_at"),
        pipeline=Coalesce(
            NullIf(F("pipeline_id"), Value("")),
            Subquery(own),
            Value(""),
            output_field=CharField(),
        ),
    )
    return rows.filter(came__lt=day + timedelta(days=1))


def _furthest(day: date) -> Func:
    """The highest place that the deal has reached by the end of a day."""
    return Func(F("deal_id"), template=FURTHEST, day=day.isoformat(), output_field=IntegerField())


def _place(pipeline: OuterRef, stage: OuterRef) -> Subquery:
    """The stage's place in its pipeline, else in any that has a stage of that name."""
    own = Case(When(pipeline_id=pipeline, then=0), default=1)
    stages = Stage.objects.filter(stage_name=stage, is_closed=False).annotate(apart=own)
    return Subquery(stages.order_by("apart", "stage_order").values("stage_order")[:1])


def _named() -> Mapping[str, Combinable]:
    own = Deal.objects.filter(pk=OuterRef("deal_id"))
    names = {name: Subquery(own.values(field)[:1]) for name, field in OF_DEAL.items()}
    owner = Rep.objects.filter(pk=OuterRef("owner_id")).values("name")[:1]
    return {**names, "owner_name": Subquery(owner)}
