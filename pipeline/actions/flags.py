"""Mutes a flag of a deal, for a while or until it is gone, and takes that back; all is logged."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from pipeline.analytics.risks import FLAGS
from pipeline.datasets import DEAL_CHANGES
from pipeline.models import Deal, FlagMute
from pipeline.queries import categories, health, standing
from pipeline.queries.risks import LONGEST_REASON, muted_now
from revops_site.kernel import audit
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User

LONGEST = timedelta(days=366)
LOGGED = "flag"


class RefusedError(ValueError):
    """Why a flag stays as it is, in a sentence for who asked."""


@transaction.atomic
def mute(
    *, by: User, deal_id: str, flag: str, reason: str, until: date | None, seen: str, at: datetime
) -> None:
    """Do not tell of a flag through a day (snooze), or until the deal loses it (dismiss, None).

    ``seen`` is the id of what muted it when the form was opened, "" for nothing. RefusedError says
    why not; who may not, or a deal that is not there, is refused as well.
    """
    before, today = _held(by, deal_id, flag, seen)
    if not health.may_have(deal_id, flag, today):
        raise RefusedError("The deal does not have this flag, or has lost it since.")
    reason = _cleaned(reason)
    if until is not None and not today <= until <= today + LONGEST:
        raise RefusedError(
            f"Choose a day from {today} on, within a year; or none, until the flag is gone."
        )
    if before and (before.reason, before.until, before.by_id) == (reason, until, by.pk):
        return  # the same was sent twice
    _end(before, FlagMute.Ended.REPLACED, by, at, today)
    FlagMute.objects.create(
        deal_id=deal_id, flag=flag, reason=reason, until=until, by=by, at=at, since=today
    )
    while_ = f"until {until}" if until else "until it is gone"
    _log(deal_id, by, at, FLAGS[flag], f"{FLAGS[flag]}, muted {while_}: {reason}")
    audit.record(
        "flag muted", user=by, target=deal_id, flag=flag, reason=reason, until=str(until or "")
    )


@transaction.atomic
def take_back(*, by: User, deal_id: str, flag: str, seen: str, at: datetime) -> None:
    """Tell of a flag again. As ``mute`` otherwise."""
    before, today = _held(by, deal_id, flag, seen)
    if before is None or _is_over(before, today):
        return  # it was taken back already
    _end(before, FlagMute.Ended.TAKEN_BACK, by, at, today)
    _log(deal_id, by, at, f"{FLAGS[flag]}, muted", FLAGS[flag])
    audit.record("flag no longer muted", user=by, target=deal_id, flag=flag)


def _held(by: User, deal_id: str, flag: str, seen: str) -> tuple[FlagMute | None, date]:
    """What muted the flag last, which nobody else changes until the transaction ends; and today."""
    if flag not in FLAGS:
        raise RefusedError("There is no such flag.")
    try:
        rows.hold(DEAL_CHANGES)
    except rows.BusyError as busy:
        raise RefusedError(str(busy)) from busy
    deal = Deal.objects.filter(pk=deal_id, is_deleted=False).first()
    today = standing.last_day()
    if deal is None or today is None:
        raise RefusedError("This deal is no longer there.")
    if not categories.may_set(by, deal):
        raise RefusedError("Only the deal's owner, their manager and RevOps mute its flags.")
    if deal.status != Deal.Status.OPEN:
        raise RefusedError("This deal is closed: it has no flags.")
    before = muted_now(deal_id, flag)
    shown = None if before is None or _is_over(before, today) else before
    if seen != (str(shown.pk) if shown else ""):
        raise RefusedError(_changed(shown))
    return before, today


def _is_over(snooze: FlagMute, today: date) -> bool:
    """Whether the day of a snooze has passed: it is no longer shown, and can be replaced."""
    return snooze.until is not None and snooze.until < today


def _changed(before: FlagMute | None) -> str:
    if before is None:
        return "The flag is no longer muted: somebody took that back since you opened this."
    return (
        f"{before.by or 'Somebody'} muted this flag at {before.at:%Y-%m-%d %H:%M} UTC, since you "
        f"opened this: “{before.reason}”. Nothing was saved; look again."
    )


def _end(before: FlagMute | None, why: str, by: User, at: datetime, today: date) -> None:
    if before is not None:
        before.ended, before.ended_at, before.ended_on, before.ended_by = why, at, today, by
        before.save(update_fields=["ended", "ended_at", "ended_on", "ended_by"])


def _log(deal_id: str, by: User, at: datetime, old: str, new: str) -> None:
    """Add to the deal's log; the load has the deal judged anew."""
    moment = at.isoformat()
    row = {"deal_id": deal_id, "field": LOGGED, "old": old, "new": new, "changed_at": moment}
    report = rows.write(
        DEAL_CHANGES, [row | {"source": "app"}], kind="app", source=f"flags of {deal_id}", by=by
    )
    if report.refused:
        raise RefusedError("The deal's log does not take it: " + report.sample[0].reason)


def _cleaned(text: str) -> str:
    text = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if not text:
        raise RefusedError("Say why: whoever sees the deal next will want to know.")
    if len(text) > LONGEST_REASON:
        raise RefusedError(
            f"A reason has at most {LONGEST_REASON} characters; this one has {len(text)}."
        )
    return text
