"""Boards: a page made of panels of other pages, and the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from insights.panels.palette import Hit
from insights.queries import boards as kept
from insights.queries.boards import Board, BoardPanel
from revops_site.kernel.filters import DIMENSIONS, Filters
from revops_site.kernel.models import User
from revops_site.kernel.pages import asking
from revops_site.kernel.panels import Page, Panel

Reader = User | AnonymousUser
WIDE, HALF = "col-12", "col-6"
WIDE_AT_HOME = {"col-12", "col-8"}
MOST_FOUND = 12


@dataclass(frozen=True)
class Composed:
    """A board as somebody may see it: its page, and what of it is left out."""

    board: Board
    page: Page
    missing: Sequence[str]


@dataclass(frozen=True)
class Offer:
    """A panel of the catalog that can stand on a board."""

    page: Page
    panel: Panel


def composed(reader: User, board: Board) -> Composed:
    """The board's panels, each of the page that it is of, as this reader is shown them there."""
    homes: dict[str, Page | None] = {}
    shown: list[tuple[Panel, Page]] = []
    missing = []
    for row in board.panels.all():
        if row.page not in homes:
            homes[row.page] = asking.page_at(reader, row.page)
        home = homes[row.page]
        panel = home.panel(row.panel) if home else None
        if home is None or panel is None:
            missing.append(row.panel.replace("-", " "))
        else:
            shown.append((replace(panel, width=WIDE if row.is_wide else HALF), home))
    return Composed(board, _page(board, shown), missing)


def _page(board: Board, shown: Sequence[tuple[Panel, Page]]) -> Page:
    pages = list({page.address: page for _, page in shown}.values())

    def choices(generation: int) -> Mapping[str, Any]:
        return {name: one for page in pages for name, one in page.choices(generation).items()}

    return Page(
        slug="board",
        title=board.name,
        url=reverse("insights:board", args=[board.pk]),
        panels=tuple(panel for panel, _ in shown),
        datasets=tuple(dict.fromkeys(name for page in pages for name in page.datasets)),
        dimensions=tuple(
            name for name in DIMENSIONS if any(name in page.dimensions for page in pages)
        ),
        choices=choices,
        default_period="",
        limits={name: one for page in pages for name, one in page.limits.items()},
        options={name: one for page in pages for name, one in page.options.items()},
        quarterly=any(page.quarterly for page in pages),
        homes={panel.slug: page for panel, page in shown},
    )


def bar(of: Composed, reader: Reader, query: str) -> Mapping[str, Any]:
    """What stands above the panels: whose it is, what is left out, and what can be done."""
    is_own = of.board.owner_id == reader.pk
    address = f"{of.page.address}?{query}" if query else of.page.address
    return {
        "template": "insights/_board_bar.html",
        "above": True,
        "whose": "" if is_own else str(of.board.owner),
        "edit_url": _edit(of.board, f"?{urlencode({'now': query})}" if query else "")
        if is_own
        else "",
        "copy_url": reverse("insights:copy_board", args=[of.board.pk]),
        "missing": of.missing,
        "is_empty": not of.page.panels,
        "address": address,
    }


def offers(pages: Sequence[Page], text: str = "") -> list[Offer]:
    """The panels of the catalog that have all words of the text in their names, each once."""
    words = text.casefold().split()
    found: dict[str, Offer] = {}
    for page in pages:
        for panel in page.panels:
            said = f"{page.title} {panel.title} {panel.question} {panel.slug}".casefold()
            if panel.slug not in found and all(word in said for word in words):
                found[panel.slug] = Offer(page, panel)
    return list(found.values())


def offered(pages: Sequence[Page], address: str, slug: str) -> Offer | None:
    """The panel of the catalog's page at an address; None where there is none."""
    for page in pages:
        panel = page.panel(slug) if page.address == address else None
        if panel:
            return Offer(page, panel)
    return None


def home(reader: User) -> dict[str, Any]:
    """The list of boards."""
    return {
        "title": "Boards",
        "own": [_line(one) for one in kept.own(reader)],
        "shared": [{**_line(one), "whose": str(one.owner)} for one in kept.shared(reader)],
    }


def hits(reader: Reader) -> list[Hit]:
    """The boards that this reader may open, for the palette."""
    return [
        Hit(name, "Board", reverse("insights:board", args=[number]), "board")
        for number, name in kept.openable(reader)
    ]


def chosen(reader: User, offer: Offer, query: str) -> dict[str, Any]:
    """The page that asks on which board a panel is to stand."""
    return {
        "title": "Add to a board",
        "panel": offer.panel.title,
        "of": offer.page.title,
        "at": offer.page.address,
        "slug": offer.panel.slug,
        "query": query,
        "back": f"{offer.page.address}#panel-{offer.panel.slug}",
        "boards": [_line(one) for one in kept.own(reader)],
    }


def copying(of: Composed) -> dict[str, Any]:
    """The page that asks whether a board is to be copied."""
    return {
        "title": "Copy a board",
        "name": of.board.name,
        "action": reverse("insights:copy_board", args=[of.board.pk]),
        "back": of.page.address,
    }


def editor(
    of: Composed, pages: Sequence[Page], *, text: str, now: str, focus: str = ""
) -> dict[str, Any]:
    """The page that changes a board; ``text`` searches the catalog, ``now`` are filters in use."""
    board = of.board
    rows = list(board.panels.all())
    on_it = {row.panel for row in rows}
    found = [one for one in offers(pages, text) if one.panel.slug not in on_it]
    return {
        "title": f"Edit {board.name}",
        "name": board.name,
        "url": of.page.address,
        "action": _edit(board),
        "board_id": board.pk,
        "version": board.version,
        "rows": [_row(row, nth, len(rows), of, focus) for nth, row in enumerate(rows)],
        "text": text,
        "found": [
            {
                "at": one.page.address,
                "slug": one.panel.slug,
                "title": one.panel.title,
                "of": one.page.title,
                "question": one.panel.question,
            }
            for one in found[:MOST_FOUND]
        ],
        "more": max(0, len(found) - MOST_FOUND),
        "filters": _said(board.query, of.page),
        "now": now if now != board.query else "",
        "now_said": _said(now, of.page) if now != board.query else [],
        "shares": [
            {"id": one.pk, "label": f"Team {one.team}" if one.team else _role(one.role)}
            for one in board.shares.select_related("team")
        ],
        "teams": kept.teams(),
        "roles": [(one.value, _role(one.value)) for one in User.Role],
    }


def _row(row: BoardPanel, nth: int, count: int, of: Composed, focus: str) -> dict[str, Any]:
    home = of.page.homes.get(row.panel)
    panel = of.page.panel(row.panel)
    return {
        "slug": row.panel,
        "title": panel.title if panel else row.panel.replace("-", " "),
        "of": home.title if home else "no longer there, or not for you",
        "is_wide": row.is_wide,
        "is_first": nth == 0,
        "is_last": nth == count - 1,
        "focus": _focus(focus, row.panel, nth, count),
    }


def _focus(asked: str, slug: str, nth: int, count: int) -> str:
    """Which button of a row has the focus: that of before, or its twin at the end of the way."""
    deed, _, of = asked.partition("-")
    if of != slug:
        return ""
    if deed == "up" and nth == 0:
        return "down"
    return "up" if deed == "down" and nth == count - 1 else deed


def _said(query: str, page: Page) -> list[str]:
    """Filters in words."""
    asked = Filters.parse(query)
    parts = [f"{name.replace('_', ' ')}: {value}" for name, value in asked.parts()]
    return [one[:1].upper() + one[1:] for one in parts]


def _role(role: str) -> str:
    return f"Everybody with the role {User.Role(role).label}"


def _line(one: Any) -> dict[str, Any]:
    count = f"{one.count} {'panel' if one.count == 1 else 'panels'}" if one.count else "No panels"
    return {
        "id": one.pk,
        "name": one.name,
        "url": reverse("insights:board", args=[one.pk]),
        "edit_url": _edit(one),
        "count": count,
    }


def _edit(board: Board, query: str = "") -> str:
    return f"{reverse('insights:edit_board', args=[board.pk])}{query}"
