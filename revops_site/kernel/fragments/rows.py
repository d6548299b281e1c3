"""A page of a long table as ``_table.html`` prints it: rows, or groups of rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from revops_site.kernel import explain
from revops_site.kernel.filters import DIMENSIONS
from revops_site.kernel.fragments.frame import Frame, text
from revops_site.kernel.fragments.tables import Cell, linked, written
from revops_site.kernel.listings import Answer, Asked, Listing, columns
from revops_site.kernel.listings.answers import Row
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Shown


def grid(
    listing: Listing, asked: Asked, found: Answer, caption: str, frame: Frame
) -> dict[str, Any]:
    """What ``_table.html`` prints; a sort swaps the whole part ``table-<slug>``."""
    shown = columns(listing, asked)
    return {
        "id": f"rows-{listing.slug}",
        "target": f"table-{listing.slug}",
        "caption": caption,
        "columns": [_heading(one, asked, found, frame) for one in shown],
        "rows": _cells(listing, asked, found.rows, frame),
    }


def _heading(shown: Shown, asked: Asked, found: Answer, frame: Frame) -> dict[str, Any]:
    now = {shown.name: "ascending", f"-{shown.name}": "descending"}.get(found.sort, "")
    descending = now == "ascending" if now else shown.numeric
    sort = f"-{shown.name}" if descending else shown.name
    return {
        "label": shown.label,
        "numeric": shown.numeric,
        "help": shown.help,
        "sorted": now,
        "sort_url": frame.address(sort=sort, kept=tuple(asked.pairs())),
    }


def _cells(listing: Listing, asked: Asked, rows: Sequence[Row], frame: Frame) -> list[list[Cell]]:
    shown = columns(listing, asked)
    tops = {one.name: _top(one, rows) for one in shown if one.meter}
    return [
        [
            _cell(one, row, tops.get(one.name, 0.0), frame, **_way(listing, asked, one, row, frame))
            for one in shown
        ]
        for row in rows
    ]


def _top(shown: Shown, rows: Sequence[Row]) -> float:
    return max((float(row[shown.name]) for row in rows if row[shown.name] is not None), default=0.0)


def _cell(
    shown: Shown, row: Row, top: float, frame: Frame, href: str = "", swaps: str = ""
) -> Cell:
    value = row[shown.name]
    known = value not in (None, "")
    return Cell(
        text=shown.words.get(str(value)) or text(value if known else None, shown.show, frame),
        title=text(value, "money2", frame) if shown.show == "money" else "",
        tone=shown.tone.get(str(value), ""),
        numeric=shown.numeric,
        meter={"value": float(value), "max": top} if top and known else None,
        iso=value.isoformat() if isinstance(value, date) else "",
        href=href,
        swaps=swaps,
    )


def _way(listing: Listing, asked: Asked, shown: Shown, row: Row, frame: Frame) -> dict[str, str]:
    """Where a cell leads: into a group, to its page, to this page narrowed, to an explanation."""
    if asked.is_grouped:
        return _opened(listing, asked, row, frame) if shown.name == asked.group else {}
    way = (
        linked(shown, row, frame)
        or _drill(shown, row, frame)
        or _explained(listing, shown, row, frame)
    )
    return {"href": way}


def _opened(listing: Listing, asked: Asked, row: Row, frame: Frame) -> dict[str, str]:
    """A group is opened by the filter or the quick filter that says the same, if there is one."""
    shown, value = listing.column(asked.group), row[asked.group]
    if value is True and asked.group in listing.flags:
        flags = tuple(dict.fromkeys((*asked.flags, asked.group)))
        url = frame.address(kept=tuple(asked.replace(group="", flags=flags).pairs()))
        return {"href": url, "swaps": f"listing-{listing.slug}"}
    if shown.drill in DIMENSIONS and value not in (None, ""):
        narrower: dict[str, Any] = {shown.drill: (str(value),)}
        url = frame.address(kept=tuple(asked.replace(group="").pairs()), **narrower)
        return {"href": url, "swaps": "main"}
    url = frame.address(kept=tuple(asked.replace(within=written(value)).pairs()))
    return {"href": url, "swaps": f"table-{listing.slug}"}


def _drill(shown: Shown, row: Row, frame: Frame) -> str:
    """This page narrowed to the value."""
    value = row[shown.name]
    changes: dict[str, Any] = {shown.drill: (str(value),)}
    return frame.address(**changes) if shown.drill and value not in (None, "") else ""


def _explained(listing: Listing, shown: Shown, row: Row, frame: Frame) -> str:
    """Where the cell's number is explained."""
    if not isinstance(shown.metric, Metric) or listing.narrows is None:
        return ""
    query = frame.state(listing.narrows(row))
    return explain.address(shown.metric, query) if query is not None else ""
