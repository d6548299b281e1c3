"""Takes an action from somebody's list: done, for a while, or as of no use; and brings it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from coaching.models import ActionMark
from coaching.queries import marks
from coaching.queries.marks import LATEST, LONGEST_REASON, Cause
from revops_site.kernel import audit
from revops_site.kernel.models import User

Said = ActionMark.Said


class RefusedError(ValueError):
    """Why nothing was kept, in a sentence for who asked."""


@dataclass(frozen=True)
class Told:
    """An action as it was told of: of which deal and cause, how pressing, on which day of data."""

    deal_id: str
    cause: Cause
    priority_score: float
    day: date


def done(*, by: User, told: Told, seen: str, at: datetime) -> None:
    """It was done. ``seen`` is the key of what was said of the deal last, "" for nothing.

    RefusedError says what is in the way, of this and of all that follows.
    """
    _keep(by, told, Said.DONE, seen, at)


def snooze(*, by: User, told: Told, until: date, seen: str, at: datetime) -> None:
    """Tell of it again from a day on."""
    if not told.day < until <= told.day + timedelta(days=LATEST):
        raise RefusedError(f"Choose a day after {told.day}, {LATEST} days ahead at most.")
    _keep(by, told, Said.SNOOZED, seen, at, until=until)


def refuse(*, by: User, told: Told, reason: str, seen: str, at: datetime) -> None:
    """It is of no use, and why."""
    reason = " ".join("".join(one if one.isprintable() else " " for one in reason).split())
    if not reason:
        raise RefusedError("Say why it is not useful: that is what the next ones learn from.")
    if len(reason) > LONGEST_REASON:
        raise RefusedError(
            f"A reason has at most {LONGEST_REASON} characters; this one has {len(reason)}."
        )
    _keep(by, told, Said.NOT_USEFUL, seen, at, reason=reason)


def bring_back(*, by: User, told: Told, seen: str, at: datetime) -> None:
    """Tell of it again, whatever was said."""
    _keep(by, told, Said.TAKEN_BACK, seen, at)


def _keep(
    by: User,
    told: Told,
    said: Said,
    seen: str,
    at: datetime,
    *,
    until: date | None = None,
    reason: str = "",
) -> None:
    if not marks.may_say(by, told.cause.rep_id):
        raise RefusedError("Only the rep, their manager and RevOps say what became of it.")
    rows = ActionMark.objects.filter(deal_id=told.deal_id).select_related("by").order_by("-nth")
    before = rows.first()
    if before and _is_same(before, by, told, said, until, reason):
        return  # the same was sent twice
    if seen != (str(before.pk) if before else ""):
        raise RefusedError(_changed(before))
    try:
        with transaction.atomic():
            ActionMark.objects.create(
                deal_id=told.deal_id,
                nth=before.nth + 1 if before else 1,
                said=said,
                until=until,
                reason=reason,
                rep_id=told.cause.rep_id,
                action=told.cause.action,
                flag=told.cause.flag,
                stage_name=told.cause.stage_name,
                priority_score=told.priority_score,
                day=told.day,
                by=by,
                at=at,
            )
            audit.record(
                f"action {said}",
                user=by,
                target=told.deal_id,
                what=told.cause.action,
                flag=told.cause.flag,
                until=str(until or ""),
                reason=reason,
            )
    except IntegrityError as error:
        if "coaching_mark_in_order" not in str(error):
            raise
        raise RefusedError(_changed(rows.first())) from error


def _is_same(
    before: ActionMark, by: User, told: Told, said: Said, until: date | None, reason: str
) -> bool:
    cause = Cause(before.rep_id, before.action, before.flag, before.stage_name)
    kept = (before.said, before.until, before.reason, before.by_id, before.day, cause)
    return kept == (said, until, reason, by.pk, told.day, told.cause)


def _changed(before: ActionMark | None) -> str:
    if before is None:
        return "This list is out of date. Nothing was kept; look again."
    who, what = before.by or "Somebody", before.get_said_display().lower()
    return (
        f"{who} said “{what}” of this deal’s action at {before.at:%Y-%m-%d %H:%M} UTC, since you "
        "opened this. Nothing of yours was kept; look again."
    )
