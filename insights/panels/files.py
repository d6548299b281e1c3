"""The files that were made, as pages show them: how far each is, what it is, how it is had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timesince import timeuntil

from insights.queries import files
from insights.queries.files import MadeFile
from insights.queries.loads import Page
from revops_site.kernel import clock, exports, formats
from revops_site.kernel.models import User

State = MadeFile.State
TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    **{name: kind.content_type for name, kind in exports.KINDS.items()},
}
SHOWN: Mapping[str, tuple[str, str]] = {
    State.WAITING: ("muted", "clock"),
    State.MAKING: ("muted", "clock"),
    State.DONE: ("good", "ok"),
    State.FAILED: ("bad", "bad"),
}
WAITS = "Waiting for the background"
UNITS = ((1024 * 1024, "MB"), (1024, "KB"))


def told(one: MadeFile, reader: User) -> dict[str, Any]:
    """All that a page prints of a file."""
    now = clock.now()
    stalled = files.is_stalled(one, now)
    tone, icon = SHOWN[one.state]
    is_kept = one.state == State.DONE and one.deleted_at is None
    step = one.progress
    total = step.get("total", 0)
    return {
        "id": one.pk,
        "url": reverse("insights:file", args=[one.pk]),
        "title": one.title,
        "kind": one.get_kind_display(),
        "suffix": one.suffix.upper(),
        "state": one.get_state_display(),
        "tone": tone,
        "icon": icon,
        "message": one.message,
        "busy": one.state in MadeFile.BUSY and not stalled,
        "stalled": stalled,
        "again": one.owner_id == reader.pk and (stalled or one.state == State.FAILED),
        "progress": {
            "says": step.get("says") or WAITS,
            "share": round(100 * step["done"] / total) if total else None,
        },
        "download": reverse("insights:file_bytes", args=[one.pk]) if is_kept else "",
        "facts": _facts(one, now),
        "pictures": _pictures(one) if is_kept else [],
        "from_url": one.address,
        "when": one.asked_at,
        "by": str(one.owner),
        "as_of": formats.show(one.as_of, "date") if one.as_of else "",
        "said": one.said,
    }


def plain(one: MadeFile) -> dict[str, Any]:
    """The same for programs: what it is, how far it is made, and until when it is kept."""
    step = one.progress
    return {
        "id": one.pk,
        "title": one.title,
        "address": one.address,
        "format": one.suffix,
        "state": one.state,
        "busy": one.state in MadeFile.BUSY and not files.is_stalled(one, clock.now()),
        "message": one.message,
        "progress": {name: step[name] for name in ("done", "total", "says")} if step else None,
        "asked_at": one.asked_at,
        "ended_at": one.ended_at,
        "kept_until": one.deleted_at or one.expires_at,
        **{name: getattr(one, name) for name in ("as_of", "file_name", "size", "sha256")},
    }


def has_bytes(one: MadeFile) -> bool:
    """Whether it is made, and still there to be had."""
    is_kept = one.state == State.DONE and one.deleted_at is None
    return is_kept and files.kept(one.sha256).exists()


def _facts(one: MadeFile, now: datetime) -> list[dict[str, str]]:
    asked = f"{one.owner}, {one.asked_at:%Y-%m-%d %H:%M} UTC"
    facts = [("Asked for by", asked)]
    if one.state == State.DONE:
        day = formats.show(one.as_of, "date")
        facts += [
            ("Data as of", day),
            ("Filters", one.said or "none"),
            ("Whose rows", whose(one)),
            ("Size", size(one.size)),
            ("SHA-256", one.sha256),
            ("Kept", _until(one, now)),
        ]
    return [{"name": name, "value": value} for name, value in facts]


def whose(one: MadeFile) -> str:
    """Of how many reps the rows in it may be."""
    if one.reps is None:
        return "All teams"
    return f"{len(one.reps):,} {'rep' if len(one.reps) == 1 else 'reps'}"


def size(many: int) -> str:
    """So many bytes, in words."""
    for unit, name in UNITS:
        if many >= unit:
            return f"{many / unit:.1f} {name}"
    return f"{many:,} bytes"


def _until(one: MadeFile, now: datetime) -> str:
    if one.deleted_at is not None:
        return f"until {one.deleted_at:%Y-%m-%d}; it is not kept any more"
    if one.expires_at is None:
        return "for good"
    return f"until {one.expires_at:%Y-%m-%d}, for {timeuntil(one.expires_at, now)}"


def _pictures(one: MadeFile) -> list[dict[str, Any]]:
    return [
        {
            "url": reverse("insights:file_page", args=[one.pk, number]),
            "alt": f"Page {number} of {one.pages} of {one.title}; its text is in the PDF",
        }
        for number in range(1, one.pages + 1)
    ]


def archive(found: Page[MadeFile], reader: User) -> dict[str, Any]:
    """The files that a reader may see, with the ways to the pages before and after."""
    at = reverse("insights:reports")
    return {
        "rows": [told(one, reader) for one in found.rows],
        "total": found.total,
        "says": f"{found.first:,}–{found.last:,} of {found.total:,} files",
        "before": f"{at}?page={found.number - 1}" if found.number > 1 else "",
        "after": f"{at}?page={found.number + 1}" if found.number < found.pages else "",
    }


def news(reader: User) -> dict[str, Any]:
    """What the frame of every page says of the reader's files; empty where there is no news."""
    if not files.is_any_unseen(reader):
        return {}
    ended = files.unseen(reader)
    making = files.busy(reader, clock.now()).count()
    if not ended and not making:
        return {}
    return {"ended": len(ended), "making": making, "url": _news_url(ended)}


def _news_url(ended: Sequence[MadeFile]) -> str:
    if len(ended) == 1:
        return reverse("insights:file", args=[ended[0].pk])
    return f"{reverse('insights:reports')}#files"
