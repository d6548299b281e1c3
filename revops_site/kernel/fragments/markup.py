"""Tables and their files as HTML: of a page's thousand cells a template would take its half.

``_table.html`` prints them with the filter ``table``.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from revops_site.kernel.fragments.tables import Cell

SORT = (
    '<a id="{id}" href="{url}" hx-get="{url}" hx-target="#{target}" hx-swap="outerHTML" '
    'hx-push-url="true">{label}{icon}</a>'
)
ICON = '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>'
SPARK = (
    '<svg class="spark" viewBox="0 0 100 36" preserveAspectRatio="none" role="img" '
    'aria-label="{label}"><path class="line" d="{path}"/></svg>'
)
METER = (
    '<svg class="meter" viewBox="0 0 {} 1" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{}" height="1"/></svg>'
)
MARKS = re.compile("[&<>\"']").search


def downloads(files: Iterable[Mapping[str, str]], title: str) -> SafeString:
    """The files that hold what is shown, each a link."""
    said = f'<span class="vh">: {escape(title)}</span></a>'
    links = [
        f'<a href="{escape(one["url"])}"{"" if one.get("page") else " download"}>'
        f"{escape(one['label'])}{said}"
        for one in files
    ]
    return SafeString(f'<div class="exports">{"".join(links)}</div>')


def table(of: Mapping[str, Any]) -> SafeString:
    """The whole of ``_table.html``, which says what a table holds."""
    said = escape(of["caption"])
    sorted_ = order(of)
    announce = f' data-announce="{said} {escape(sorted_)}"' if sorted_ else ""
    whole = " whole" if of.get("whole") else ""
    more = f'<p class="hint">{escape(of["more"])}</p>' if of.get("more") else ""
    columns = enumerate(of["columns"], start=1)
    head = "".join([_heading(column, nth, of) for nth, column in columns])
    body = "".join(map(_row, of["rows"]))
    scroll = f'<div class="scroll{whole}" tabindex="0" role="region" aria-label="{said}">'
    caption = f'<caption class="vh">{said}</caption>'
    rows = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return SafeString(
        f'<div id="{escape(of["id"])}" class="table"{announce}>{scroll}'
        f"<table>{caption}{rows}</table></div>{more}</div>"
    )


def order(of: Mapping[str, Any]) -> str:
    """What is said of the order of the rows, "" where they stand in none of a column."""
    sorted_ = [column for column in of["columns"] if column.get("sorted")]
    return "".join(f"Sorted by {one['label']}, {one['sorted']}." for one in sorted_)


def escape(text: str) -> str:
    """The text as it may stand in an element or in a quoted attribute."""
    return html.escape(text) if MARKS(text) else text  # most texts of a page have no mark


def _heading(column: Mapping[str, Any], nth: int, table: Mapping[str, Any]) -> str:
    label, way = escape(column["label"]), column.get("sorted", "")
    if column.get("sort_url"):
        label = SORT.format(
            id=f"{escape(table['id'])}-sort-{nth}",
            url=escape(column["sort_url"]),
            target=escape(table.get("target") or table["id"]),
            label=label,
            icon=icon("up" if way == "ascending" else "down") if way else "",
        )
    numeric = ' class="n"' if column.get("numeric") else ""
    sorted_ = f' aria-sort="{way}"' if way else ""
    title = f' title="{escape(column["help"])}"' if column.get("help") else ""
    return f'<th scope="col"{numeric}{sorted_}{title}>{label}</th>'


@functools.cache
def icon(name: str) -> str:
    """A drawing of the icons' file."""
    return ICON.format(static("app/icons.svg"), escape(name))


def _row(row: Sequence[Cell]) -> str:
    cells = "".join([_cell(cell, is_first=nth == 0) for nth, cell in enumerate(row)])
    key = getattr(row, "key", "")
    named = f' data-key="{escape(key)}"' if key else ""
    return f"<tr{named}>{cells}</tr>"


def _cell(cell: Cell, *, is_first: bool) -> str:
    title = f' title="{escape(cell.title)}"' if cell.title else ""
    wraps = ' class="wraps"' if cell.wraps else ""
    inner = _said(cell)
    if cell.more or cell.spark or cell.meter:
        inner = _with_more(cell, inner)
    if is_first:
        return f'<th scope="row"{wraps}{title}>{inner}</th>'
    if cell.numeric:
        heat = f" heat-{cell.heat}" if cell.heat else ""
        marks = f" {escape(cell.marks)}" if cell.marks else ""
        return f'<td class="n{heat}{marks}"{title}>{inner}</td>'
    return f"<td{wraps}{title}>{inner}</td>"


def _with_more(cell: Cell, said: str) -> str:
    parts = [said]
    if cell.more:
        parts.append(f"<small>{escape(cell.more)}</small>")
    if cell.spark:
        parts.append(SPARK.format_map({name: escape(text) for name, text in cell.spark.items()}))
    if cell.meter:
        parts.append(METER.format(cell.meter["max"] or 1, cell.meter["value"]))
    return "".join(parts)


def _said(cell: Cell) -> str:
    """The text, as a link where it leads somewhere."""
    text = escape(cell.text)
    if cell.said:
        text += f'<span class="vh">, {escape(cell.said)}</span>'
    if cell.href:
        href = escape(cell.href)
        return f'<a href="{href}"{_swap(href, cell.swaps) if cell.swaps else ""}>{text}</a>'
    if cell.icon:
        return f'<span class="tone {escape(cell.tone)}">{icon(cell.icon)}{text}</span>'
    if cell.tone:
        return f'<span class="{escape(cell.tone)}">{text}</span>'
    if cell.iso:
        return f'<time datetime="{escape(cell.iso)}">{text}</time>'
    return text


def _swap(href: str, swaps: str) -> str:
    target = f'hx-target="#{escape(swaps)}"'
    return f' hx-get="{href}" {target} hx-swap="outerHTML show:top" hx-push-url="true"'
