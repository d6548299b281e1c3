"""The page of annotations: the list, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from insights.queries import annotations as kept
from insights.queries.annotations import Annotation, Listed
from revops_site.kernel import formats, freshness
from revops_site.kernel.models import User
from revops_site.kernel.models.annotations import LONGEST_TEXT

ALL_PAGES = "All pages"


@dataclass(frozen=True)
class Typed:
    """What was typed, word for word."""

    start: str = ""
    end: str = ""
    text: str = ""
    domain: str = ""
    reach: str = ""

    @staticmethod
    def of(given: Mapping[str, str]) -> Typed:
        """What a form sent, or an address says."""
        return Typed(**{name: given.get(name, "")[:400] for name in Typed.__dataclass_fields__})


def typed(row: Annotation) -> Typed:
    """A kept one as its form shows it."""
    end = row.end.isoformat() if row.end else ""
    return Typed(row.start.isoformat(), end, row.text, row.domain, row.reach)


def page(reader: User, taken: Annotation | None = None) -> dict[str, Any]:
    """The list; ``taken`` is what was deleted just now, to be brought back."""
    zone = ZoneInfo(freshness.workspace().time_zone)
    return {
        "title": "Annotations",
        "rows": [_row(one, zone) for one in kept.listed(reader)],
        "new_url": reverse("insights:new_annotation"),
        "taken": {"text": taken.text, "url": reverse("insights:annotation", args=[taken.pk])}
        if taken
        else None,
    }


def form(
    given: Typed,
    reaches: Sequence[Annotation.Reach],
    row: Annotation | None = None,
    problem: str = "",
) -> dict[str, Any]:
    """The form of a new one, or of one that is kept, with what is wrong with what was typed."""
    known = [*reaches, *([Annotation.Reach(row.reach)] if row and row.reach not in reaches else [])]
    chosen = given.reach or known[0].value
    return {
        "title": "Annotation" if row else "New annotation",
        "action": reverse("insights:annotation", args=[row.pk])
        if row
        else reverse("insights:new_annotation"),
        "version": row.version if row else "",
        "given": asdict(given),
        "longest": LONGEST_TEXT,
        "domains": [
            {"value": name, "label": name.capitalize() or ALL_PAGES, "chosen": name == given.domain}
            for name in ("", *settings.DOMAINS)
        ],
        "reaches": [
            {"value": one.value, "label": _reach(one, row), "chosen": one.value == chosen}
            for one in known
        ],
        "problem": problem,
        "back": reverse("insights:annotations"),
    }


def _reach(one: Annotation.Reach, row: Annotation | None) -> str:
    is_others = one == Annotation.Reach.TEAM and row is not None and row.team is not None
    return f"The team {row.team}" if is_others and row else str(one.label)


def _row(one: Listed, zone: ZoneInfo) -> dict[str, Any]:
    row = one.row
    readers = {
        Annotation.Reach.COMPANY: "Everybody",
        Annotation.Reach.TEAM: f"Team {row.team}",
        Annotation.Reach.PRIVATE: "Only you",
    }
    written = row.written_at.astimezone(zone)
    return {
        "start": {"text": formats.show(row.start, "date"), "iso": row.start.isoformat()},
        "end": {"text": formats.show(row.end, "date"), "iso": row.end.isoformat()}
        if row.end
        else None,
        "text": row.text,
        "pages": row.domain.capitalize() or ALL_PAGES,
        "readers": readers[Annotation.Reach(row.reach)],
        "who": str(row.author or "Somebody who left"),
        "written": formats.show(written.date(), "date"),
        "url": reverse("insights:annotation", args=[row.pk]) if one.may_change else "",
    }
