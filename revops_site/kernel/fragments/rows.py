"""A page of a long table as ``_table.html`` prints it: rows, or groups of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from revops_site.kernel import explain
from revops_site.kernel.filters import DIMENSIONS
from revops_site.kernel.fragments.frame import Frame, writer
from revops_site.kernel.fragments.tables import Cell, linked, told, written
from revops_site.kernel.listings import Answer, Asked, Listing, columns
from revops_site.kernel.listings.answers import Row
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
    by_column = [_column(listing, asked, one, rows, frame) for one in columns(listing, asked)]
    return [list(cells) for cells in zip(*by_column, strict=True)]


def _column(
    listing: Listing, asked: Asked, shown: Shown, rows: Sequence[Row], frame: Frame
) -> list[Cell]:
    """The cells of one column, each with where it leads."""
    values = [row[shown.name] for row in rows]
    numeric = shown.numeric
    formats = [row[shown.shows] if shown.shows else shown.show for row in rows]
    writers = {name: writer(name, frame) for name in set(formats)}
    exact = writer("money2", frame) if shown.show == "money" else None
    cells = [
        Cell(
            text=writers[how](None if value == "" else value),
            title=exact(value) if exact else "",
            numeric=numeric,
            iso=value.isoformat() if isinstance(value, date) else "",
            href="" if asked.is_grouped else _way(listing, shown, row, frame),
        )
        for value, row, how in zip(values, rows, formats, strict=True)
    ]
    if shown.name == asked.group:
        for cell, row in zip(cells, rows, strict=True):
            cell.href, cell.swaps = _opened(listing, asked, row, frame)
    return told(shown, cells, values)


def _way(listing: Listing, shown: Shown, row: Row, frame: Frame) -> str:
    """Where a cell leads: to its page, to this page narrowed, to an explanation."""
    way = linked(shown, row, frame) if shown.link else ""
    if not way and shown.drill:
        way = _drill(shown, row, frame)
    return _explained(listing, shown, row, frame) if not way and shown.metric else way


def _opened(listing: Listing, asked: Asked, row: Row, frame: Frame) -> tuple[str, str]:
    """A group is opened by the filter or the quick filter that says the same, if there is one.

    The address, and what it changes.
    """
    shown, value = listing.column(asked.group), row[asked.group]
    if value is True and asked.group in listing.flags:
        flags = tuple(dict.fromkeys((*asked.flags, asked.group)))
        url = frame.address(kept=tuple(asked.replace(group="", flags=flags).pairs()))
        return url, f"listing-{listing.slug}"
    if shown.drill in DIMENSIONS and value not in (None, ""):
        narrower: dict[str, Any] = {shown.drill: (str(value),)}
        url = frame.address(kept=tuple(asked.replace(group="").pairs()), **narrower)
        return url, "main"
    url = frame.address(kept=tuple(asked.replace(within=written(value)).pairs()))
    return url, f"table-{listing.slug}"


def _drill(shown: Shown, row: Row, frame: Frame) -> str:
    """This page narrowed to the value."""
    value = row[shown.name]
    changes: dict[str, Any] = {shown.drill: (str(value),)}
    return frame.address(**changes) if shown.drill and value not in (None, "") else ""


def _explained(listing: Listing, shown: Shown, row: Row, frame: Frame) -> str:
    """Where the cell's number is explained."""
    metric = shown.metric
    if isinstance(metric, Mapping):
        metric = metric.get(str(row[listing.names[0]]))
    if metric is None or listing.narrows is None:
        return ""
    query = frame.state(listing.narrows(row))
    return explain.address(metric, query) if query is not None else ""
