"""What templates print of a panel: its content, formatted, with its links; templates only print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from django.conf import settings

from revops_site.kernel import formats
from revops_site.kernel.exports import KINDS
from revops_site.kernel.fragments.dated import marked
from revops_site.kernel.fragments.frame import Frame
from revops_site.kernel.fragments.tables import table
from revops_site.kernel.fragments.tiles import tile
from revops_site.kernel.panels import Content, Panel

__all__ = ["COMMENTS", "Drawn", "Frame", "draw", "published"]

COMMENTS = "Comment"

State: TypeAlias = Literal["ok", "empty", "filtered", "error"]


@dataclass(frozen=True)
class Drawn:
    """A panel ready for its template; ``listing`` is what a long table has besides."""

    slug: str
    title: str
    subtitle: str
    width: str
    template: str
    state: State
    figure: str = ""
    figure_label: str = ""
    height: str = ""
    tiles: Sequence[dict[str, Any]] = ()
    table: dict[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    exports: Sequence[dict[str, str]] = ()
    as_of_text: str = ""
    as_of_iso: str = ""
    why: str = ""
    reset_url: str = ""
    retry_url: str = ""
    request_id: str = ""
    action: Mapping[str, str] | None = None
    listing: dict[str, Any] = field(default_factory=dict)


def draw(panel: Panel, content: Content | None, frame: Frame) -> Drawn:
    """A panel's content made readable; None content is a panel that failed."""
    state = _state(panel, content, frame)
    unit = frame.slice_.currency if panel.unit == "money" else panel.unit
    bare = Drawn(
        slug=panel.slug,
        title=panel.title,
        subtitle=f"{panel.question} In {unit}." if unit else panel.question,
        width=panel.width,
        template="_tiles.html" if panel.tiles else "_panel.html",
        state=state,
        why=_why(state, panel, content, frame),
        reset_url=frame.url,
        retry_url=frame.address(),
        request_id=frame.request_id,
    )
    if content is None or state != "ok":
        return bare
    figure, noted = marked(content.figure, frame.noted, frame.slice_)
    return replace(
        bare,
        figure=figure,
        figure_label=f"{panel.title} {panel.question} The figures are in the table below.",
        height=panel.height,
        tiles=[tile(shown, frame) for shown in content.tiles],
        table=table(panel, content.frame, frame),
        notes=[*content.notes, *noted],
        exports=[*_exports(panel, frame), *_ways(panel, frame)],
        as_of_text=formats.show(frame.slice_.as_of, "date"),
        as_of_iso=frame.slice_.as_of.isoformat(),
    )


def _ways(panel: Panel, frame: Frame) -> list[dict[str, str]]:
    """Where people talk about it, and where it is put on a board: no page of one thing alone."""
    page, query = frame.page, frame.asked.to_query()
    at = f"{page.address}?{query}" if query else page.address
    talk = f"{settings.COMMENTS_AT}?{urlencode({'at': at, 'panel': panel.slug})}"
    ways = [{"label": COMMENTS, "url": talk, "page": "yes"}]
    if not (page.always or page.own):
        asked = urlencode({"at": page.address, "panel": panel.slug})
        url = f"{settings.BOARDS_ADDED_TO_AT}?{asked}"
        ways.append({"label": "To board", "url": url, "page": "yes"})
    return ways


def _state(panel: Panel, content: Content | None, frame: Frame) -> State:
    if content is None:
        return "error"
    if not content.is_empty:
        return "ok"
    return "empty" if frame.empty or content.nothing else "filtered"


def _why(state: State, panel: Panel, content: Content | None, frame: Frame) -> str:
    if state == "empty" and content and content.nothing:
        return content.nothing
    if state == "empty":
        return f"{frame.page.title} needs a file of {' and '.join(frame.page.datasets)}."
    if state == "filtered" and frame.page.dated and frame.slice_.period is not None:
        first = formats.show(frame.slice_.period.start, "date")
        last = formats.show(frame.slice_.period.last_day, "date")
        return f"Nothing between {first} and {last}."
    return ""


def _exports(panel: Panel, frame: Frame) -> list[dict[str, str]]:
    base = f"{frame.url}panels/{panel.slug}"
    tail = frame.address().removeprefix(frame.url)
    files = [{"label": kind.upper(), "url": f"{base}.{kind}{tail}"} for kind in KINDS]
    return [*files, *published(panel.contract, frame)]


def published(contract: str, frame: Frame) -> list[dict[str, str]]:
    """The way to a published JSON under the page's filters, which know no search and no order."""
    query = frame.asked.to_query()
    url = f"{contract}?{query}" if query else contract
    return [{"label": "Contract JSON", "url": url}] if contract else []
