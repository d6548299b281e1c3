"""What people said of their next best actions, the newest of each deal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, Max, OuterRef, QuerySet

from coaching.models import ActionMark
from revops_site.kernel.models import User
from revops_site.kernel.permissions import allowed, may
from revops_site.kernel.queries import shared

LONGEST_REASON = 300
LATEST = 90  # days that an action may wait


class Cause(NamedTuple):
    """What makes an action another one: whose it is, what to do, for which flag, in which stage."""

    rep_id: str
    action: str
    flag: str
    stage_name: str


class Mark(NamedTuple):
    """What was said of an action, on which ``day`` of the data; ``by`` is "" of who is gone."""

    pk: int
    deal_id: str
    said: str
    until: date | None
    reason: str
    cause: Cause
    day: date
    by: str


@shared
def newest(day: date, deal_ids: tuple[str, ...] | None = None) -> Mapping[str, Mark]:
    """What was said last of each deal up to a day, or of these deals alone."""
    rows = ActionMark.objects.filter(day__lte=day)
    if deal_ids is not None:
        rows = rows.filter(deal_id__in=deal_ids)
    return {one.deal_id: one for one in map(_mark, _last(rows))}


@shared
def done(day: date, reps: tuple[str, ...]) -> Sequence[tuple[str, date]]:
    """The deals of these reps of which an action was done up to a day, and when; the first first.

    What was undone does not count.
    """
    undone = ActionMark.objects.filter(
        deal_id=OuterRef("deal_id"), nth=OuterRef("nth") + 1, said=ActionMark.Said.TAKEN_BACK
    )
    rows = ActionMark.objects.filter(said=ActionMark.Said.DONE, day__lte=day, rep__in=reps)
    return list(rows.exclude(Exists(undone)).order_by("day", "id").values_list("deal_id", "day"))


def last() -> int:
    """A number that is another one whenever anything was said."""
    return int(ActionMark.objects.aggregate(last=Max("pk"))["last"] or 0)


def may_say(by: User, rep_id: str) -> bool:
    """Whether somebody may say something of the actions of a rep."""
    reps = allowed(by).reps
    return may(by, "work deals") and (reps is None or rep_id in reps)


def _last(rows: QuerySet[ActionMark]) -> Sequence[ActionMark]:
    return list(rows.select_related("by").order_by("deal_id", "-nth").distinct("deal_id"))


def _mark(row: ActionMark) -> Mark:
    cause = Cause(row.rep_id, row.action, row.flag, row.stage_name)
    by = str(row.by) if row.by else ""
    return Mark(row.pk, row.deal_id, row.said, row.until, row.reason, cause, row.day, by)
