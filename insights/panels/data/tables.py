"""Tables of the Data page as ``_table.html`` prints them, and the ways to their other pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from insights.panels.data.look import Look
from insights.queries.loads import Page
from revops_site.kernel import formats
from revops_site.kernel.fragments.tables import Cell

Row = list[Cell]


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in addresses, its heading, whether it holds figures.

    ``key`` gives what rows are ordered by where they are ordered here and not by the database.
    """

    name: str
    label: str
    numeric: bool = False
    help: str = ""
    sorts: bool = True
    largest_first: bool = False
    key: Callable[[Any], Any] | None = None


def table(
    look: Look,
    slug: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    default: str = "",
    whole: bool = False,
) -> dict[str, Any]:
    """What ``_table.html`` prints; a sort swaps the part of the page that it is in."""
    asked = look.asked.sort
    sort = asked if asked.removeprefix("-") in {one.name for one in columns} else default
    return {
        "id": f"table-{slug}",
        "target": f"panel-{slug}",
        "caption": caption,
        "columns": [_heading(look, one, sort) for one in columns],
        "rows": rows,
        "whole": whole,
    }


def ordered(look: Look, columns: Sequence[Column], items: Sequence[Any]) -> Sequence[Any]:
    """The items as the asked column orders them; what is unknown stays last."""
    name = look.asked.sort.removeprefix("-")
    key = next((one.key for one in columns if one.name == name), None)
    if key is None:
        return items
    known = [item for item in items if key(item) is not None]
    unknown = [item for item in items if key(item) is None]
    return [*sorted(known, key=key, reverse=look.asked.sort.startswith("-")), *unknown]


def pager(
    look: Look,
    slug: str,
    what: str,
    page: Page[Any],
    *,
    reach: int | None = None,
    before: str = "Previous",
    after: str = "Next",
) -> dict[str, Any]:
    """What ``_pager.html`` prints; empty where one page holds everything.

    ``reach`` is how many rows one can page through, where there may be more.
    """
    within = page.total if reach is None else min(page.total, reach)
    pages = max(1, -(-within // page.size))
    if pages == 1:
        return {}
    says = f"{page.first:,}–{page.last:,} of {page.total:,} {what}"
    if within < page.total:
        says += f"; the first {within:,} can be paged through, a file holds all"
    return {
        "id": f"pager-{slug}",
        "target": f"panel-{slug}",
        "label": f"Pages of {what}",
        "says": says,
        "steps": [
            _step(look, "before", before, page.number - 1, pages),
            _step(look, "after", after, page.number + 1, pages),
        ],
    }


def number(value: int, **options: Any) -> Cell:
    """A count."""
    return Cell(f"{value:,}", numeric=True, **options)


def unknown(**options: Any) -> Cell:
    """What is not known."""
    return Cell(formats.UNKNOWN, **options)


def _heading(look: Look, column: Column, sort: str) -> dict[str, Any]:
    now = {column.name: "ascending", f"-{column.name}": "descending"}.get(sort, "")
    descending = now == "ascending" if now else column.numeric or column.largest_first
    return {
        "label": column.label,
        "numeric": column.numeric,
        "help": column.help,
        "sorted": now,
        "sort_url": look.address(sort=f"{'-' * descending}{column.name}") if column.sorts else "",
    }


def _step(look: Look, name: str, label: str, to: int, pages: int) -> dict[str, str]:
    url = look.address(page=to) if 1 <= to <= pages else ""
    return {"name": name, "label": label, "url": url}
