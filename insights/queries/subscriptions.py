"""Reads what is mailed from time to time, and to whom it may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from insights.models import Delivery, Subscription
from revops_site.kernel import freshness, periods
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.permissions import allowed, may

__all__ = ["Delivery", "Subscription", "addressees", "due", "following", "now_at", "of", "own"]

HOUR = 6  # of the workspace's day, where nobody says another; then the nights' loads are in
HOURS = range(24)
MOST = 50


def own(user: User) -> Sequence[Subscription]:
    """What somebody has mailed to others or themselves, and what others have mailed to them."""
    found = Subscription.objects.filter(Q(owner=user) | Q(recipients=user))
    alive = found.exclude(state=Subscription.State.ENDED).select_related("owner").distinct()
    return list(alive.prefetch_related("recipients").order_by("-id")[: 2 * MOST])


def of(user: User, subscription_id: int) -> Subscription | None:
    """One of these; None where it is not there or not theirs."""
    found = Subscription.objects.filter(Q(owner=user) | Q(recipients=user), pk=subscription_id)
    return found.exclude(state=Subscription.State.ENDED).distinct().first()


def newest(found: Sequence[Subscription]) -> dict[int, Delivery]:
    """The newest mail of each, by its number."""
    newest_first = Delivery.objects.filter(subscription__in=found).order_by(
        "subscription_id", "-id"
    )
    return {one.subscription_id: one for one in newest_first.distinct("subscription_id")}


def addressees(user: User) -> QuerySet[User]:
    """To whom somebody may have something mailed: who can log in and has an address."""
    found = User.objects.filter(is_active=True).exclude(email="").order_by("username")
    if not may(user, "subscribe others"):
        return found.filter(pk=user.pk)
    if user.role == "manager":
        return found.filter(Q(pk=user.pk) | Q(rep__in=allowed(user).reps or ()))
    return found


def now_at(workspace: Workspace, now: datetime) -> tuple[date, int]:
    """The workspace's day and its hour at a moment."""
    there = now.astimezone(ZoneInfo(workspace.time_zone))
    return there.date(), there.hour


def due(day: date, hour: int) -> QuerySet[Subscription]:
    """What is to be mailed by an hour of a day."""
    by_now = Q(next_on__lt=day) | Q(next_on=day, hour__lte=hour)
    found = Subscription.objects.filter(by_now, state=Subscription.State.ON)
    return found.order_by("next_on", "hour", "pk")


def following(rhythm: str, day: date, first_month: int) -> date:
    """The next day of a rhythm after a day."""
    if rhythm == Subscription.Rhythm.WEEKLY:
        return day + timedelta(days=7 - day.weekday())
    if rhythm == Subscription.Rhythm.MONTHLY:
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return periods.plus(periods.fiscal_quarter(day, first_month).last_day, 1)


def before(one: Delivery) -> Delivery | None:
    """The mail of the same subscription that this recipient was sent last."""
    sent = Delivery.objects.filter(
        subscription=one.subscription_id, recipient=one.recipient_id, state=Delivery.State.SENT
    )
    return sent.exclude(pk=one.pk).select_related("file").order_by("-id").first()


def staleness(one: Delivery) -> dict[str, Any]:
    """How old the data of a mail's file are: days, and whether that is more than tolerated."""
    workspace = freshness.workspace()
    if one.file is None or one.file.as_of is None:
        return {"days": 0, "stale": False}
    days = (freshness.stamp(workspace) - one.file.as_of).days
    return {"days": days, "stale": days > workspace.stale_after_days}
