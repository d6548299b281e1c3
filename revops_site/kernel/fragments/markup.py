"""The cells of a table's row as HTML: of a page's thousand cells a template would take its half.

``_table.html`` prints them with the filter ``cells``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from revops_site.kernel.fragments.tables import Cell

ICON = '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>'
SPARK = (
    '<svg class="spark" viewBox="0 0 100 36" preserveAspectRatio="none" role="img" '
    'aria-label="{label}"><path class="line" d="{path}"/></svg>'
)
METER = (
    '<svg class="meter" viewBox="0 0 {} 1" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="{}" height="1"/></svg>'
)


def cells(row: Sequence[Cell]) -> SafeString:
    """The cells between ``<tr>`` and ``</tr>``; the first one names the row."""
    first = [f'<th scope="row"{_title(cell)}>{_inner(cell)}</th>' for cell in row[:1]]
    others = [f"<td{_kind(cell)}{_title(cell)}>{_inner(cell)}</td>" for cell in row[1:]]
    return SafeString("".join([*first, *others]))


def _kind(cell: Cell) -> str:
    if cell.numeric:
        return f' class="n heat-{cell.heat}"' if cell.heat else ' class="n"'
    return ' class="wraps"' if cell.wraps else ""


def _title(cell: Cell) -> str:
    return f' title="{escape(cell.title)}"' if cell.title else ""


def _inner(cell: Cell) -> str:
    parts = [_said(cell)]
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
    if cell.href:
        return f'<a href="{escape(cell.href)}"{_swap(cell)}>{text}</a>'
    if cell.icon:
        icon = ICON.format(static("app/icons.svg"), escape(cell.icon))
        return f'<span class="tone {escape(cell.tone)}">{icon}{text}</span>'
    if cell.tone:
        return f'<span class="{escape(cell.tone)}">{text}</span>'
    if cell.iso:
        return f'<time datetime="{escape(cell.iso)}">{text}</time>'
    return text


def _swap(cell: Cell) -> str:
    if not cell.swaps:
        return ""
    href, swaps = escape(cell.href), escape(cell.swaps)
    return f' hx-get="{href}" hx-target="#{swaps}" hx-swap="outerHTML show:top" hx-push-url="true"'
