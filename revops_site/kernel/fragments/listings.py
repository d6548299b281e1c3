"""What ``_listing.html`` prints of a long table: its controls, a page of it, the ways on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from revops_site.kernel import formats
from revops_site.kernel.exports import KINDS
from revops_site.kernel.fragments import Drawn, State, published
from revops_site.kernel.fragments.controls import controls
from revops_site.kernel.fragments.frame import Frame, text
from revops_site.kernel.fragments.rows import grid
from revops_site.kernel.listings import Answer, Asked, Listing

MOST_IN_A_WORKBOOK = 100_000


def draw_listing(
    listing: Listing, asked: Asked, found: Answer | None, notes: Sequence[str], frame: Frame
) -> Drawn:
    """A long table made readable; None is one that failed."""
    state = _state(listing, asked, found, frame)
    unit = frame.slice_.currency if listing.unit == "money" else listing.unit
    bare = Drawn(
        slug=listing.slug,
        title=listing.title,
        subtitle=f"{listing.question} In {unit}." if unit else listing.question,
        width=listing.width,
        template="_listing.html",
        state=state,
        why=_why(state, listing, frame),
        reset_url=frame.url,
        retry_url=frame.address(),
        request_id=frame.request_id,
        listing={"id": f"listing-{listing.slug}"},
    )
    if found is None or state != "ok":
        return bare
    return replace(
        bare,
        listing={**controls(listing, asked, frame), **_part(listing, asked, found, frame)},
        notes=notes,
        as_of_text=formats.show(frame.slice_.as_of, "date"),
        as_of_iso=frame.slice_.as_of.isoformat(),
    )


def is_offered(kind: str, total: int) -> bool:
    """Whether so many rows can be had as a file of this kind."""
    return kind != "xlsx" or total <= MOST_IN_A_WORKBOOK


def _state(listing: Listing, asked: Asked, found: Answer | None, frame: Frame) -> State:
    """What its own search leaves empty still is a table, with the way out of the search."""
    if found is None:
        return "error"
    if found.total or (asked.narrows and not _nothing(listing, frame)):
        return "ok"
    return "empty" if frame.empty or _nothing(listing, frame) else "filtered"


def _nothing(listing: Listing, frame: Frame) -> str:
    """Why there is no row that filters could have let through; "" where they can be why."""
    return listing.nothing(frame.slice_) if listing.nothing else ""


def _why(state: State, listing: Listing, frame: Frame) -> str:
    if state == "empty" and (said := _nothing(listing, frame)) and not frame.empty:
        return said
    if state == "empty":
        return f"{listing.title} needs a file of {' and '.join(frame.page.datasets)}."
    return f"No {listing.noun} are left." if state == "filtered" else ""


def _part(listing: Listing, asked: Asked, found: Answer, frame: Frame) -> dict[str, Any]:
    """What a search, another order or another page changes."""
    facts = _facts(listing, found, frame)
    says = ", ".join(
        f"{one['label']} {one['value']}" if one["label"] else one["value"] for one in facts
    )
    return {
        "part": f"table-{listing.slug}",
        "title": listing.title,
        "noun": listing.noun,
        "notices": [*asked.notices, *found.notices],
        "facts": facts,
        "open": _open(listing, asked, found, frame),
        "hidden": _hidden(asked, found),
        "announce": f"{listing.title}: {says}.",
        "grid": grid(listing, asked, found, f"{listing.title}: {says}.", frame)
        if found.rows
        else {},
        "pager": _pager(listing, asked, found, frame),
        "exports": _exports(listing, asked, found, frame),
        "all_url": frame.address(kept=_kept(_widest(asked))),
    }


def _facts(listing: Listing, found: Answer, frame: Frame) -> list[dict[str, str]]:
    """The count, and the sums by their columns' names."""
    facts = [{"label": "", "value": listing.counted(found.total), "title": ""}]
    for name in listing.sums if found.total else ():
        shown, value = listing.column(name), found.sums[name]
        exact = text(value, "money2", frame) if shown.show in MONEY else ""
        facts.append(
            {"label": shown.label, "value": text(value, shown.show, frame), "title": exact}
        )
    return facts


MONEY = {"currency", "currencyK", "amount_auto", "money"}


def _open(listing: Listing, asked: Asked, found: Answer, frame: Frame) -> dict[str, str] | None:
    """The group that is open, and the way back to all of them."""
    if asked.within is None:
        return None
    shown = listing.column(asked.group)
    value = found.rows[0].get(asked.group, asked.within) if found.rows else asked.within
    known = value not in (None, "") and not isinstance(value, str)
    written = text(value, shown.show, frame) if known else value or formats.UNKNOWN
    url = frame.address(kept=_kept(asked.replace(within=None)))
    label = shown.words.get(str(value), written)
    return {"label": shown.label, "value": label, "remove_url": url}


def _hidden(asked: Asked, found: Answer) -> list[tuple[str, str]]:
    """What the form has no control for; the group is named, as the form may change it."""
    within = [] if asked.within is None else [("in", f"{asked.group}:{asked.within}")]
    return [*([("sort", asked.sort)] if asked.sort else []), *within]


def _widest(asked: Asked) -> Asked:
    return asked.replace(q="", flags=(), within=None)


def _kept(asked: Asked) -> Sequence[tuple[str, str]]:
    return tuple(asked.pairs())


def _pager(listing: Listing, asked: Asked, found: Answer, frame: Frame) -> dict[str, Any]:
    if found.pages == 1:
        return {}
    last = min(found.first + found.size - 1, found.among)
    what = (
        f"groups by {listing.column(asked.group).label.lower()}"
        if asked.is_grouped
        else listing.noun
    )
    ways = (
        ("first", "First", 1),
        ("before", "Previous", found.number - 1),
        ("after", "Next", found.number + 1),
        ("last", "Last", found.pages),
    )
    return {
        "id": f"pager-{listing.slug}",
        "target": f"table-{listing.slug}",
        "label": f"Pages of {what}",
        "says": f"{found.first:,}–{last:,} of {found.among:,} {what}",
        "steps": [
            {"name": name, "label": label, "url": _page_url(asked, to, found, frame)}
            for name, label, to in ways
        ],
    }


def _page_url(asked: Asked, to: int, found: Answer, frame: Frame) -> str:
    if to == found.number or not 1 <= to <= found.pages:
        return ""
    return frame.address(kept=_kept(asked.replace(page=to)))


def _exports(listing: Listing, asked: Asked, found: Answer, frame: Frame) -> list[dict[str, str]]:
    tail = frame.address(kept=_kept(asked.replace(size=asked.usual))).removeprefix(frame.url)
    base = f"{frame.url}panels/{listing.slug}"
    kinds = [kind for kind in KINDS if is_offered(kind, found.among)]
    if found.among > settings.ROWS_AT_ONCE:
        here = f"{frame.url}{tail}"
        urls = {kind: made_at(here, listing.slug, kind) for kind in kinds}
        files = [{"label": f"{kind.upper()} …", "url": urls[kind], "page": "1"} for kind in kinds]
    else:
        files = [{"label": kind.upper(), "url": f"{base}.{kind}{tail}"} for kind in kinds]
    return [*files, *published(listing.contract, frame)]


def made_at(address: str, slug: str, kind: str) -> str:
    """Where a file of a long table is asked for that is made in the background."""
    asked = {"address": address, "part": slug, "suffix": kind}
    return f"{settings.FILES_ASKED_FOR_AT}?{urlencode(asked, errors='replace')}"
