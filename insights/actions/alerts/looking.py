"""Looks at the alerts whose turn it is, each as its owner: what is so is told once, then rests."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import DatabaseError, transaction

from insights.analytics import alerting
from insights.analytics.alerting import Condition, Oddity, Seen, Track
from insights.analytics.measures import OF_METRIC
from insights.models import Alert, Firing
from insights.queries import alerts as kept
from insights.queries import odd
from insights.queries.alerts import Asked, BrokenError, Figures
from revops_site.kernel import audit, formats, freshness
from revops_site.kernel.metrics import Metric
from revops_site.kernel.models import Anomaly, Workspace
from revops_site.kernel.unusual import told

logger = logging.getLogger(__name__)
MOST_TOLD = 3
FAILED = "The figure could not be computed."


def look_at_due(figures: Figures, seconds: float, at: datetime) -> int:
    """Look at what was not looked at in this state of the data and on this day; how many fired.

    One that cannot be looked at is broken, and its owner is told so.
    """
    workspace = freshness.workspace()
    today = at.astimezone(ZoneInfo(workspace.time_zone)).date()
    ends, fired = time.monotonic() + seconds, 0
    due = kept.to_look_at(workspace.generation, today)
    for alert_id in list(due.values_list("pk", flat=True)):
        if time.monotonic() > ends:
            break
        fired += _look(alert_id, figures, workspace, today, at)
    return fired


def _look(alert_id: int, figures: Figures, at: Workspace, today: date, now: datetime) -> bool:
    one = Alert.objects.select_related("owner__rep", "owner__team").get(pk=alert_id)
    try:
        of = kept.asked(one.metric_slug, one.query, one.owner, figures, at)
        wanted = _condition(one, of.metric)
        if one.kind == Alert.Kind.ODD:
            return _keep_odd(one, of, wanted, odd.odd(of, OF_METRIC), today, now)
        days = wanted.days if wanted.is_change else None
        found = Seen(*kept.reading(of, of.last_day, days)) if of.last_day else None
    except BrokenError as why:
        return _break(one, str(why), at, now)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("alert %s failed", alert_id)
        return _break(one, FAILED, at, now)
    return _keep(one, of, wanted, found, today, now)


@transaction.atomic
def _keep(
    alert: Alert, of: Asked, wanted: Condition, seen: Seen | None, today: date, now: datetime
) -> bool:
    """Write down what a look led to; nothing of an alert that was changed meanwhile."""
    rows = Alert.objects.select_for_update().filter(pk=alert.pk, version=alert.version)
    one = rows.filter(state=Alert.State.ON).first()
    if one is None:
        return False
    newest = _newest(one)
    track = _track(one, newest, ZoneInfo(of.at.time_zone))
    is_so = seen is not None and alerting.holds(wanted, seen)
    track, event = alerting.follows(wanted, track, is_so, today)
    if event == "resolves" and newest is not None:
        newest.resolved_at = now
        newest.save(update_fields=["resolved_at"])
    if event == "fires" and seen is not None:
        Firing.objects.create(
            alert=one,
            owner=one.owner,
            text=sentence(of.metric, wanted, seen, of.at.reporting_currency),
            day=seen.day,
            value=seen.value,
            before=seen.before,
            reps=None if of.may_see.reps is None else list(of.may_see.reps),
            generation=of.at.generation,
            fired_at=now,
        )
        audit.record("alert fired", target=one.name, alert=one.pk)
    one.holds, one.looked_at, one.day, one.generation = is_so, now, today, of.at.generation
    one.save(update_fields=["holds", "looked_at", "day", "generation"])
    return event == "fires"


@transaction.atomic
def _keep_odd(
    alert: Alert, of: Asked, wanted: Condition, seen: odd.Odd, today: date, now: datetime
) -> bool:
    """Tell what is unusual and was not told before; all that is new in one firing."""
    rows = Alert.objects.select_for_update().filter(pk=alert.pk, version=alert.version)
    one = rows.filter(state=Alert.State.ON).first()
    if one is None:
        return False
    found: list[Oddity] = []
    if seen.last_day is not None:
        known = [Oddity(odd.key(point), point.end, point.z) for point in seen.points]
        found = list(alerting.fresh(wanted, known, seen.last_day))
    newest = _newest(one)
    track = _track(one, newest, ZoneInfo(of.at.time_zone))
    _, event, new = alerting.follows_odd(wanted, track, found, odd.told(one), today)
    if event == "resolves" and newest is not None:
        newest.resolved_at = now
        newest.save(update_fields=["resolved_at"])
    if event == "fires":
        keys = [each.key for each in new]
        points = [point for point in seen.points if odd.key(point) in keys][::-1]
        Firing.objects.create(
            alert=one,
            owner=one.owner,
            text=odd_sentence(seen, points, of.at.reporting_currency),
            day=points[0].end,
            value=points[0].observed,
            before=points[0].expected,
            reps=None if of.may_see.reps is None else list(of.may_see.reps),
            about=keys,
            generation=of.at.generation,
            fired_at=now,
        )
        audit.record("alert fired", target=one.name, alert=one.pk)
    one.holds, one.looked_at, one.day, one.generation = bool(found), now, today, of.at.generation
    one.save(update_fields=["holds", "looked_at", "day", "generation"])
    return event == "fires"


def _newest(one: Alert) -> Firing | None:
    return Firing.objects.filter(alert=one, is_broken=False).order_by("-id").first()


def _track(one: Alert, newest: Firing | None, zone: ZoneInfo) -> Track:
    return Track(
        held=one.holds,
        is_open=newest is not None and newest.resolved_at is None,
        fired_on=newest.fired_at.astimezone(zone).date() if newest else None,
    )


@transaction.atomic
def _break(alert: Alert, why: str, at: Workspace, now: datetime) -> bool:
    """Say once that it cannot be looked at, and why; what it had told is open no more."""
    rows = Alert.objects.select_for_update().filter(pk=alert.pk, version=alert.version)
    one = rows.filter(state=Alert.State.ON).first()
    if one is None:
        return False
    Firing.objects.filter(alert=one, resolved_at=None).update(resolved_at=now)
    one.state, one.why, one.looked_at, one.holds = Alert.State.BROKEN, why, now, False
    one.save(update_fields=["state", "why", "looked_at", "holds"])
    Firing.objects.create(
        alert=one,
        owner=one.owner,
        is_broken=True,
        text=f"It is not looked at any more. {why}",
        generation=at.generation,
        fired_at=now,
    )
    audit.record("alert broken", target=one.name, alert=one.pk, why=why)
    return True


def _condition(one: Alert, metric: Metric) -> Condition:
    return Condition(
        kind=one.kind,
        limit=one.limit,
        days=one.days,
        min_volume=one.min_volume,
        cooldown_days=one.cooldown_days,
        points=metric.change == "points",
    )


def odd_sentence(seen: odd.Odd, points: Sequence[Anomaly], currency: str) -> str:
    """What is unusual, the newest first."""
    label, show = seen.measure.label, seen.measure.show
    said = [f"{told(one, label, show, currency)} (z {one.z:.1f}, {one.severity})" for one in points]
    more = f"; and {len(said) - MOST_TOLD} more" if len(said) > MOST_TOLD else ""
    return f"{'; '.join(said[:MOST_TOLD])}{more}."


def sentence(metric: Metric, wanted: Condition, seen: Seen, currency: str) -> str:
    """What is so: the same words for the same numbers."""

    def told(value: float | None) -> str:
        return formats.screen(formats.show(value, metric.exact, currency))

    day = formats.show(seen.day, "date")
    if not wanted.is_change:
        side = "above" if wanted.kind == "above" else "below"
        return f"{metric.label} is {told(seen.value)} as of {day}, {side} {told(wanted.limit)}."
    moved = alerting.change(wanted, seen) or 0.0
    how = "points" if wanted.points else "percentDelta"
    by = formats.screen(formats.show(moved, how, currency))
    limit = formats.screen(formats.show(wanted.limit, "points" if wanted.points else "percent1"))
    return (
        f"{metric.label} went from {told(seen.before)} to {told(seen.value)} in {wanted.days} days "
        f"to {day}: {by}, more than {limit.lstrip('+')}."
    )
