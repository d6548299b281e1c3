"""Makes, changes, pauses and ends alerts; acknowledges and resolves what they told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from insights.analytics.measures import OF_METRIC
from insights.models import Alert, Firing
from insights.queries import alerts as kept
from insights.queries import odd
from insights.queries.alerts import BrokenError, Figures
from revops_site.kernel import audit, freshness
from revops_site.kernel.models import User

State = Alert.State
LONGEST_NAME, LONGEST_QUERY, MOST_DAYS = 120, 2000, 365
FIELDS = (
    *("name", "metric_slug", "query", "kind", "limit", "days", "min_volume", "cooldown_days"),
    *("mailing", "quiet_from", "quiet_until"),
)


class RefusedError(ValueError):
    """Why nothing was kept, in a sentence for who asked."""


class ConflictError(RefusedError):
    """It was changed since the form was opened."""


@transaction.atomic
def make(*, user: User, given: Mapping[str, Any], figures: Figures, at: datetime) -> Alert:
    """Have a figure watched; ``given`` has ``FIELDS``, the limit in the figure's own unit."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    _insist(given, user, figures)
    if kept.own(user).count() >= kept.MOST:
        raise RefusedError(f"You have {kept.MOST} alerts. End one first.")
    one = Alert.objects.create(owner=user, made_at=at, **{name: given[name] for name in FIELDS})
    audit.record("alert made", user=user, target=one.name, alert=one.pk, **_told(given))
    return one


@transaction.atomic
def change(
    *,
    user: User,
    alert_id: int,
    given: Mapping[str, Any],
    seen: str,
    figures: Figures,
    at: datetime,
) -> Alert:
    """Change it; ``seen`` is the version that the form was opened on. It is looked at anew.

    DoesNotExist where it is not this person's.
    """
    one = _own(user, alert_id)
    if all(getattr(one, name) == given[name] for name in FIELDS):
        return one  # the same was sent twice
    if seen != str(one.version):
        raise ConflictError("You have changed this alert elsewhere since you opened this form.")
    _insist(given, user, figures)
    for name in FIELDS:
        setattr(one, name, given[name])
    if one.state == State.BROKEN:
        one.state, one.why = State.ON, ""
    _put(one, "alert changed", user, **_told(given))
    return one


@transaction.atomic
def pause(*, user: User, alert_id: int, at: datetime) -> None:
    """Look at it no more until it is resumed."""
    one = _own(user, alert_id)
    one.state = State.PAUSED
    _put(one, "alert paused", user)


@transaction.atomic
def resume(*, user: User, alert_id: int, at: datetime) -> None:
    """Look at it again."""
    one = _own(user, alert_id)
    one.state, one.why = State.ON, ""
    _put(one, "alert resumed", user)


@transaction.atomic
def end(*, user: User, alert_id: int, at: datetime) -> None:
    """Look at it never again; what it told stays in the inbox, resolved."""
    one = _own(user, alert_id)
    one.state = State.ENDED
    _put(one, "alert ended", user)
    Firing.objects.filter(alert=one, resolved_at=None).update(
        resolved_at=at, resolved_by=user, seen_at=at
    )


@transaction.atomic
def acknowledge(*, user: User, firing_id: int, at: datetime) -> None:
    """Say that one knows."""
    one = _told_to(user, firing_id)
    if one.acknowledged_at is None and one.resolved_at is None:
        one.acknowledged_at = at
        one.seen_at = one.seen_at or at
        one.save()
        audit.record("alert acknowledged", user=user, target=one.alert.name, firing=one.pk)


@transaction.atomic
def resolve(*, user: User, firing_id: int, at: datetime) -> None:
    """Say that it is dealt with; it may fire again when its cool-down is over."""
    one = _told_to(user, firing_id)
    if one.resolved_at is None:
        one.resolved_at, one.resolved_by = at, user
        one.seen_at = one.seen_at or at
        one.save()
        audit.record("alert resolved", user=user, target=one.alert.name, firing=one.pk)


def read_all(*, user: User, at: datetime) -> None:
    """Call all of the inbox read."""
    Firing.objects.filter(owner=user, seen_at=None).update(seen_at=at)


def _own(user: User, alert_id: int) -> Alert:
    return kept.own(user).select_for_update().get(pk=alert_id)


def _told_to(user: User, firing_id: int) -> Firing:
    if not kept.inbox(user).filter(pk=firing_id).exists():
        raise Firing.DoesNotExist
    found = Firing.objects.select_for_update(of=("self",)).select_related("alert")
    return found.get(pk=firing_id)


def _put(one: Alert, action: str, user: User, **detail: Any) -> None:
    """Save it as its owner wants it: the next look is the first one."""
    one.version += 1
    one.generation = one.day = one.looked_at = None
    one.holds = False
    one.save()
    audit.record(action, user=user, target=one.name, alert=one.pk, **detail)


def _told(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"given": {name: given[name] for name in FIELDS}}


def _insist(given: Mapping[str, Any], user: User, figures: Figures) -> None:
    """What a look would stumble over is refused at once."""
    if not given["name"].strip() or len(given["name"]) > LONGEST_NAME:
        raise RefusedError(f"Give it a name of at most {LONGEST_NAME} characters.")
    if len(given["query"]) > LONGEST_QUERY:
        raise RefusedError("Too many filters are chosen. Take some away.")
    if given["kind"] not in Alert.Kind.values or given["mailing"] not in Alert.Mailing.values:
        raise RefusedError("Choose when it is to fire, and how you are told.")
    if not 1 <= given["days"] <= MOST_DAYS or not 0 <= given["cooldown_days"] <= MOST_DAYS:
        raise RefusedError(f"Give whole days, {MOST_DAYS} at most.")
    if not all(0 <= given[name] <= 23 for name in ("quiet_from", "quiet_until")):
        raise RefusedError("Quiet hours are from 0 to 23.")
    if given["kind"] in Alert.CHANGES and given["limit"] < 0:
        raise RefusedError("Give a change as a number from 0 on; its direction is chosen above.")
    try:
        at = freshness.workspace()
        of = kept.asked(given["metric_slug"], given["query"], user, figures, at)
        if given["kind"] == Alert.Kind.ODD:
            if given["limit"] < odd.LEAST:
                raise RefusedError(f"What is unusual is {odd.LEAST} deviations off at least.")
            odd.odd(of, OF_METRIC)
    except BrokenError as why:
        raise RefusedError(str(why)) from why
