"""A deal's timeline in sentences: what is planned, was done, written and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pipeline.panels.deal import words
from pipeline.panels.deal.places import entry
from pipeline.panels.listed import STAGES
from pipeline.queries.deal import timeline
from pipeline.queries.deal.timeline import KINDS, SIZE, Event, Part
from revops_site.kernel import formats
from revops_site.kernel.queries import workspace

TYPES = {"call": "Call", "email": "E-mail", "meeting": "Meeting", "demo": "Demo", "task": "Task"}
DIRECTIONS = {"inbound": "from the customer", "two_way": "with the customer"}
FIELDS: Mapping[str, str] = {
    "stage_name": "Stage",
    "status": "Status",
    "amount": "Amount",
    "currency": "Currency",
    "close_date": "Expected close",
    "closed_at": "Closed",
    "forecast_category": "Forecast category",
    "probability": "Probability",
    "owner_id": "Owner",
    "discount_pct": "Discount",
    "has_champion": "Champion",
    "has_economic_buyer": "Economic buyer",
    "next_step": "Next step",
    "flag": "Flag",
    "lost_reason": "Lost because",
    "pipeline_id": "Pipeline",
    "segment": "Segment",
    "region": "Region",
    "source_channel": "Source",
}
STATUS = {"open": "opened", "won": "won", "lost": "lost", "deleted": "deleted"}
ICONS = {
    "planned": "calendar",
    "done": "check",
    "notes": "reports",
    "stages": "pipeline",
    "money": "revenue",
    "dates": "clock",
    "forecast": "math",
    "people": "user",
    "steps": "flat",
    "flags": "warn",
    "other": "info",
}


def drawn(
    deal_id: str, currency: str, asked: Mapping[str, str], today: date, way: Callable[..., str]
) -> dict[str, Any]:
    """What ``_timeline.html`` prints; ``way`` gives the page's address with some of its parts.

    ``entries`` asks for a kind, ``part`` for a page. What is asked for and is not there is taken
    for all kinds, and the last page.
    """
    found = timeline.part(
        deal_id, asked.get("entries", ""), _whole(asked.get("part", "")), workspace().time_zone
    )
    every = sum(found.counts.values())
    return {
        "events": [event(one, currency, today) for one in found.events],
        "kinds": [
            {"label": label, "count": n, "url": way(entries=slug), "chosen": slug == found.kind}
            for slug, label, n in [
                ("", "All", every),
                *((slug, KINDS[slug], n) for slug, n in found.counts.items()),
            ]
        ],
        "pager": _pager(found, way),
        "announce": f"Timeline: {found.total:,} {'entry' if found.total == 1 else 'entries'}.",
    }


def event(one: Event, currency: str, today: date) -> dict[str, Any]:
    """What is printed of an entry: ``told`` and ``text``, by whom (``who``) and when."""
    when = words.moment(one.at) if one.at else words.day(one.day)
    return {
        **when,
        "icon": ICONS[one.kind],
        "kind": KINDS[one.kind],
        "told": _told(one, currency),
        "text": one.body if one.kind in {"planned", "done", "notes"} else "",
        "is_note": one.kind == "notes",
        "slug": entry(one.id) if one.kind == "notes" else "",
        "who": _who(one),
        "late": one.kind == "planned" and one.day is not None and one.day < today,
        "undated": one.kind == "planned" and one.day is None,
    }


def _told(one: Event, currency: str) -> str:
    match one.kind, one.what:
        case "planned", _:
            return f"{TYPES.get(one.what, one.what)} planned"
        case "done", _:
            with_ = DIRECTIONS.get(one.old, "")
            return f"{TYPES.get(one.what, one.what)} {with_}".strip()
        case "notes", _:
            return "Note"
        case _, "entered":
            return f"Entered {STAGES.get(one.new, one.new)}"
        case _, "became":
            return f"The deal was {STATUS.get(one.new, one.new)}"
        case _, "created":
            return "The deal was created"
    label = FIELDS.get(one.what, one.what.replace("_", " ").capitalize())
    old, new = (_value(one.what, value, currency) for value in (one.old, one.new))
    return f"{label}: {old} → {new}"


def _value(field: str, value: str, currency: str) -> str:
    """A value of the log as people write it."""
    if not value:
        return "nothing"
    if field in {"has_champion", "has_economic_buyer"}:
        return "known" if value == "true" else "not known"
    if field == "stage_name":
        return STAGES.get(value, value)
    try:
        if field == "amount":
            return words.money(float(value), currency)
        if field in {"discount_pct", "probability"}:
            return words.share(float(value))
    except ValueError:
        return value
    return formats.show(value, "told")


def _who(one: Event) -> str:
    """Who did it, else what brought it."""
    if one.load in {"edit", "app"} and one.writer:
        return one.writer
    if one.doer:
        return one.doer
    if one.load == "sync":
        return one.file
    return f"File {one.file}" if one.file and one.load in {"file", "generated"} else ""


def _whole(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _pager(found: Part, way: Callable[..., str]) -> Mapping[str, Any]:
    pages, page, total = found.pages, found.number, found.total
    if pages == 1:
        return {}

    def step(name: str, label: str, to: int) -> Mapping[str, str]:
        url = way(entries=found.kind, part=str(to) if to > 1 else "") if 1 <= to <= pages else ""
        return {"name": name, "label": label, "url": url}

    first = (page - 1) * SIZE + 1
    return {
        "id": "pager-timeline",
        "target": "timeline",
        "label": "Pages of the timeline",
        "says": f"{first:,}–{min(page * SIZE, total):,} of {total:,}",
        "steps": [step("before", "Newer", page - 1), step("after", "Older", page + 1)],
    }
