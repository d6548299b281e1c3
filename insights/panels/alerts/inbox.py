"""What somebody was told by their alerts, and the alerts themselves, with what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from django.urls import reverse

from insights.panels import comments
from insights.queries import alerts as kept
from insights.queries import comments as said
from insights.queries import odd
from insights.queries.alerts import Alert, Figures, Firing
from revops_site.kernel import formats, freshness
from revops_site.kernel.models import User

State = Alert.State
STATES = {
    State.ON: ("On", "good", "ok"),
    State.PAUSED: ("Paused", "muted", "clock"),
    State.BROKEN: ("Broken", "bad", "bad"),
}


def page(reader: User, figures: Figures) -> dict[str, Any]:
    """The whole page."""
    zone = ZoneInfo(freshness.workspace().time_zone)
    found = list(kept.inbox(reader)[: kept.INBOX])
    told = [_told(one, zone, figures) for one in found]
    talks = comments.inbox(reader)
    return {
        "title": "Alerts",
        "open": [one for one in told if one["is_open"]],
        "past": [one for one in told if not one["is_open"]],
        "talks": talks,
        "unread": sum(one["is_new"] for one in [*told, *talks]),
        "alerts": [_alert(one, zone, figures) for one in kept.own(reader)],
        "new_url": reverse("insights:new_alert"),
        "zone": str(zone),
    }


def news(reader: User) -> int:
    """How many the reader has not called read."""
    return said.unread(reader)


def _told(one: Firing, zone: ZoneInfo, figures: Figures) -> dict[str, Any]:
    is_open = one.resolved_at is None
    alert = one.alert
    ended = alert.state == State.ENDED
    return {
        "id": one.pk,
        "url": reverse("insights:firing", args=[one.pk]),
        "name": alert.name,
        "alert_url": "" if ended else reverse("insights:alert", args=[alert.pk]),
        "text": formats.screen(one.text),
        "is_broken": one.is_broken,
        "is_open": is_open,
        "is_new": one.seen_at is None,
        "at": _moment(one.fired_at, zone),
        "state": _state(one, zone),
        "evidence": "" if one.is_broken else _evidence(alert, figures, one),
        "ways": _ways(one) if is_open else [],
    }


def _ways(one: Firing) -> list[tuple[str, str]]:
    first = [] if one.acknowledged_at else [("acknowledge", "Acknowledge")]
    return [*first, ("resolve", "Resolve")]


def _state(one: Firing, zone: ZoneInfo) -> dict[str, str]:
    if one.resolved_at is not None:
        by = f"by {one.resolved_by}" if one.resolved_by else "as it is so no more"
        if one.is_broken and not one.resolved_by:
            by = ""
        text = f"Resolved {_moment(one.resolved_at, zone)['text']} {by}".strip()
        return {"text": text, "tone": "muted", "icon": "ok"}
    if one.acknowledged_at is not None:
        text = f"Acknowledged {_moment(one.acknowledged_at, zone)['text']}"
        return {"text": text, "tone": "warn", "icon": "check"}
    word = "Broken" if one.is_broken else "Fired"
    return {"text": word, "tone": "bad", "icon": "bad" if one.is_broken else "bell"}


def _alert(one: Alert, zone: ZoneInfo, figures: Figures) -> dict[str, Any]:
    label, tone, icon = STATES[State(one.state)]
    resumes = one.state != State.ON
    return {
        "id": one.pk,
        "url": reverse("insights:alert", args=[one.pk]),
        "name": one.name,
        "asks": _asks(one, figures),
        "state": label,
        "tone": tone,
        "icon": icon,
        "why": one.why,
        "mailing": one.get_mailing_display(),
        "looked": _moment(one.looked_at, zone)["text"] if one.looked_at else "not yet",
        "ways": [("resume", "Resume") if resumes else ("pause", "Pause"), ("end", "End")],
    }


def _asks(one: Alert, figures: Figures) -> str:
    found = figures.get(one.metric_slug)
    if found is None:
        return "a figure that is gone"
    metric = found[2]
    if one.kind == Alert.Kind.ODD:
        return f"{metric.label} is unusual, from {one.limit:g} deviations on{_narrowed(one)}"
    currency = freshness.workspace().reporting_currency
    how = metric.show
    if one.kind in Alert.CHANGES:
        how = "points" if metric.change == "points" else "percent1"
    limit = formats.screen(formats.show(one.limit, how, currency)).lstrip("+")
    tail = f" in {one.days} days" if one.kind in Alert.CHANGES else ""
    return f"{metric.label} {one.get_kind_display()} {limit}{tail}{_narrowed(one)}"


def _narrowed(one: Alert) -> str:
    count = len({name for name, _ in parse_qsl(one.query)})
    return f", {count} {'filter' if count == 1 else 'filters'}" if count else ""


def _evidence(alert: Alert, figures: Figures, one: Firing) -> str:
    if alert.metric_slug not in figures:
        return ""
    if one.about:
        return odd.evidence(one.about)
    url = reverse("insights:explain", args=[alert.metric_slug])
    return f"{url}?{alert.query}" if alert.query else url


def _moment(at: datetime, zone: ZoneInfo) -> dict[str, str]:
    local = at.astimezone(zone)
    return {"text": f"{formats.show(local.date(), 'date')}, {local:%H:%M}", "iso": at.isoformat()}
