"""Sets a deal's next step by hand, marks it done, takes it back; the deal is then loaded anew."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from pipeline.actions.work import (
    ConflictError,
    RefusedError,
    held,
    line,
    log,
    newest_load,
    reload,
)
from pipeline.datasets import ACTIVITIES, PIPELINE_DEALS
from pipeline.models import Activity, Deal, NextStep
from pipeline.queries.deal import steps
from revops_site.kernel import audit, freshness
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User

WRITTEN = (ACTIVITIES, PIPELINE_DEALS)
FARTHEST = date(2100, 12, 31)


@transaction.atomic
def plan(
    *, by: User, deal_id: str, kind: str, text: str, due: str, seen: str, at: datetime
) -> None:
    """Let this be the deal's next step until it is done, replaced or taken back.

    ``seen`` is the token of the state that the form was opened on. ConflictError says that it was
    changed since, RefusedError what else is in the way.
    """
    deal = held(by, deal_id, *WRITTEN)
    text = line(text, steps.LONGEST, "what is to be done")
    day = _day(due)
    if kind not in steps.TYPES:
        raise RefusedError(f"Choose one of {', '.join(steps.TYPES.values())}.")
    if deal.status != Deal.Status.OPEN:
        raise RefusedError("This deal is closed: there is nothing to do next.")
    before = steps.standing(deal_id)
    if before and (before.type, before.text, before.due_date, before.by_id) == (
        *(kind, text, day),
        by.pk,
    ):
        return  # the same was sent twice
    _insist_on(seen, before)
    activity = before.activity_id if before else f"app-{uuid.uuid4()}"
    _end(before, NextStep.Ended.REPLACED, by, at)
    local = at.astimezone(ZoneInfo(freshness.workspace().time_zone)).date()
    new = NextStep.objects.create(
        deal_id=deal_id,
        activity_id=activity,
        type=kind,
        text=text,
        due_date=day,
        set_on=local,
        by=by,
        at=at,
    )
    _activity(new, deal, by, done_at=None)
    _told(deal, before, new, by, at, "next step set")


@transaction.atomic
def done(*, by: User, deal_id: str, seen: str, at: datetime) -> None:
    """Say that the next step was done, now. As ``plan`` otherwise."""
    deal, before = _standing(by, deal_id, seen)
    if before is None:
        return  # it was ended already
    _end(before, NextStep.Ended.DONE, by, at)
    _activity(before, deal, by, done_at=at)
    _told(deal, before, None, by, at, "next step done")


@transaction.atomic
def take_back(*, by: User, deal_id: str, seen: str, at: datetime) -> None:
    """Let what files and the CRM plan count again. As ``plan`` otherwise."""
    deal, before = _standing(by, deal_id, seen)
    if before is None:
        return
    _end(before, NextStep.Ended.TAKEN_BACK, by, at)
    stored = Activity.objects.filter(deal_id=deal_id, activity_id=before.activity_id).first()
    if stored is not None:
        keys = [rows.key(ACTIVITIES, stored)]
        rows.remove(ACTIVITIES, keys, kind="app", source=_called(deal), by=by)
    _told(deal, before, None, by, at, "next step taken back")


def _standing(by: User, deal_id: str, seen: str) -> tuple[Deal, NextStep | None]:
    deal = held(by, deal_id, *WRITTEN)
    before = steps.standing(deal_id)
    if before is not None:
        _insist_on(seen, before)
    return deal, before


def _insist_on(seen: str, before: NextStep | None) -> None:
    if seen != steps.token(before):
        raise ConflictError("Somebody has changed the next step since you opened this.")


def _end(before: NextStep | None, why: str, by: User, at: datetime) -> None:
    if before is not None:
        NextStep.objects.filter(pk=before.pk).update(ended=why, ended_at=at, ended_by=by)


def _activity(step: NextStep, deal: Deal, by: User, done_at: datetime | None) -> None:
    """Load the activity that stands for the step: whoever owns the deal is to do it."""
    given = {
        "activity_id": step.activity_id,
        "deal_id": step.deal_id,
        "rep_id": by.rep_id or deal.owner_id,
        "type": step.type,
        "subject": step.text,
        "due_date": step.due_date.isoformat(),
        "done_at": done_at.isoformat() if done_at else None,
        "is_done": "true" if done_at else "false",
    }
    report = rows.write(ACTIVITIES, [given], kind="app", source=_called(deal), by=by)
    if report.refused:
        raise RefusedError(report.sample[0].reason)
    newest_load(ACTIVITIES)


def _told(
    deal: Deal,
    before: NextStep | None,
    after: NextStep | None,
    by: User,
    at: datetime,
    action: str,
) -> None:
    """Load the deal, whose next and last days follow from the step; log and audit what was done."""
    load = reload(deal, _called(deal), by)
    old, new = _said(before), _said(after)
    log(deal.pk, "next_step", old, new, at, load)
    audit.record(action, user=by, target=deal.pk, was=old, now=new)


def _said(step: NextStep | None) -> str:
    return f"{step.due_date.isoformat()} {step.text}" if step else ""


def _called(deal: Deal) -> str:
    return f"next step of {deal.pk}"


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise RefusedError("Give the day that it is due, such as 2026-03-31.") from None
    if not date(2000, 1, 1) <= day <= FARTHEST:
        raise RefusedError("Give a day of this century.")
    return day
