"""Prints a report as PDF, and its pages as pictures; what is printed is data to the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import typst
from django.conf import settings

from insights.actions.files import Tell
from insights.reports import layout
from insights.reports.gathering import Chapter, chapters, said
from insights.reports.kinds import Report
from revops_site.kernel import formats
from revops_site.kernel.models import User
from revops_site.kernel.permissions import allowed

TEMPLATE = Path(__file__).with_name("report.typ")
FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "inter"
SHARP = 110.0  # dots an inch, for pictures of pages
MOST_PICTURES = 40
MOST_HEADLINES = 8


@dataclass(frozen=True)
class Paper:
    """A printed report: its bytes, pictures of its pages, and what it shows."""

    pdf: bytes
    pictures: Sequence[bytes]
    as_of: date
    said: str
    reps: Sequence[str] | None
    generation: int
    headlines: Sequence[Sequence[str]]


def print_report(report: Report, user: User, query: str, tell: Tell) -> Paper:
    """The report as this person may see it under the query; NotMadeError where it cannot be."""
    found = list(chapters(report, user, query, tell))
    tell(len(found), len(found) + 1, "The pages are being set")
    told = orjson.dumps(document(report, found, user)).decode()
    compiler = typst.Compiler(str(TEMPLATE), font_paths=[str(FONTS)], ignore_system_fonts=True)
    pdf = compiler.compile(format="pdf", sys_inputs={"data": told})
    if not isinstance(pdf, bytes):
        raise TypeError("A PDF is one file.")
    drawn = compiler.compile(format="png", ppi=SHARP, sys_inputs={"data": told})
    pictures = [one for one in (drawn if isinstance(drawn, list) else [drawn]) if one]
    return Paper(
        pdf=pdf,
        pictures=pictures[:MOST_PICTURES],
        as_of=max(one.visit.slice_.as_of for one in found),
        said="; ".join(filters_of(found)) or "none",
        reps=allowed(user).reps,
        generation=found[0].visit.workspace.generation,
        headlines=headlines(found),
    )


def document(report: Report, found: Sequence[Chapter], user: User) -> dict[str, Any]:
    """All that the template prints."""
    days = {one.visit.slice_.as_of for one in found}
    newest = formats.show(max(days), "date")
    filters = filters_of(found)
    about = [whose(user), f"Filters: {'; '.join(filters)}" if filters else "No filters"]
    if len({one.visit.slice_.currency for one in found}) == 1:
        about.append(f"Money in {found[0].visit.slice_.currency}")
    return {
        "title": report.title if not report.of_a_rep else f"{report.title}: {found[0].title}",
        "lede": report.lede,
        "company": found[0].visit.workspace.name,
        "as_of": f"Data as of {newest}",
        "about": [*about, f"Made for {user}"],
        "long": report.long,
        "chapters": [layout.chapter(one) for one in found],
        "definitions": layout.definitions(found),
    }


def headlines(found: Sequence[Chapter]) -> list[list[str]]:
    """The first figures of a report: label, value, and how it changed."""
    tiles = [tile for one in found for part in one.parts for tile in part.drawn.tiles]
    return [
        [tile["label"], tile["value"], f"{delta['text']} {tile.get('base', '')}".strip()]
        if (delta := tile.get("delta"))
        else [tile["label"], tile["value"], ""]
        for tile in tiles[:MOST_HEADLINES]
    ]


def filters_of(found: Sequence[Chapter]) -> list[str]:
    """The filters of all chapters, each once; what a page always is narrowed to is none."""
    return list(dict.fromkeys(text for one in found for text in said(one.visit)))


def whose(user: User) -> str:
    """Whose rows somebody is shown, in words."""
    may_see = allowed(user)
    if may_see.reps is None:
        return "All teams"
    if user.role == "manager" and user.team:
        return f"Team {user.team}"
    return f"The rows of {user.rep}" if user.rep else "Nobody's rows"
