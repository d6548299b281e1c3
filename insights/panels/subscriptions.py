"""Subscriptions as pages show them: what is mailed to whom, when next, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from insights.queries import subscriptions as kept
from insights.queries.subscriptions import Subscription
from revops_site.kernel import formats, freshness
from revops_site.kernel.models import User
from revops_site.kernel.permissions import may

State = Subscription.State
TONES: Mapping[str, tuple[str, str]] = {
    State.ON: ("good", "ok"),
    State.PAUSED: ("muted", "clock"),
    State.BROKEN: ("bad", "bad"),
}


def listed(reader: User) -> list[dict[str, Any]]:
    """What somebody has mailed, and what is mailed to them, each with what can be done."""
    found = kept.own(reader)
    newest = kept.newest(found)
    return [_row(one, reader, newest.get(one.pk)) for one in found]


def _row(one: Subscription, reader: User, last: Any) -> dict[str, Any]:
    mine = one.owner_id == reader.pk
    tone, icon = TONES[one.state]
    recipients = list(one.recipients.all())
    ways = []
    if mine:
        ways = [("pause", "Pause")] if one.state == State.ON else [("resume", "Resume")]
        ways.append(("end", "End"))
    elif reader in recipients:
        ways = [("leave", "Stop sending me this")]
    return {
        "id": one.pk,
        "title": one.title,
        "url": one.address,
        "suffix": one.suffix.upper(),
        "rhythm": f"{one.get_rhythm_display()}, {one.hour:02d}:00",
        "state": one.get_state_display(),
        "tone": tone,
        "icon": icon,
        "why": one.why,
        "next": formats.show(one.next_on, "date") if one.state == State.ON else "—",
        "to": ", ".join(map(str, recipients)) if mine else "you",
        "by": "you" if mine else str(one.owner),
        "last": f"{last.due_on}: {last.get_state_display().lower()}" if last and mine else "—",
        "last_why": last.why if last and mine else "",
        "ways": ways,
    }


def form(reader: User, taken: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> Any:
    """What the form of a new subscription offers."""
    said = given or {}
    chosen = {str(one) for one in said.get("to", [str(reader.pk)])}
    others = may(reader, "subscribe others")
    return {
        "rhythms": [
            {"value": value, "label": label, "chosen": value == said.get("rhythm", "weekly")}
            for value, label in Subscription.Rhythm.choices
        ],
        "hours": [
            {"value": one, "label": f"{one:02d}:00", "chosen": one == said.get("hour", kept.HOUR)}
            for one in kept.HOURS
        ],
        "zone": freshness.workspace().time_zone.replace("_", " "),
        "formats": [
            {"value": one, "label": one.upper(), "chosen": one == said.get("format", "pdf")}
            for one in taken["kinds"]
        ],
        "people": [
            {"value": one.pk, "label": f"{one}, {one.email}", "chosen": str(one.pk) in chosen}
            for one in (kept.addressees(reader) if others else ())
        ],
        "to": reader.email,
    }
