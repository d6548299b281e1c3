"""A panel's rows as ``_table.html`` prints them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from revops_site.kernel.fragments.frame import Frame, text
from revops_site.kernel.panels import Panel, Shown, ordered


@dataclass(frozen=True)
class Cell:
    """One cell of a table as it is printed; ``title`` holds the exact value.

    ``icon`` stands before the text and ``more`` below it; ``iso`` says a moment for machines;
    ``wraps`` lets sentences run over several lines; ``swaps`` is the id of what the link changes,
    "" where it leads to another page.
    """

    text: str
    title: str = ""
    tone: str = ""
    href: str = ""
    numeric: bool = False
    meter: dict[str, float] | None = None
    icon: str = ""
    more: str = ""
    iso: str = ""
    wraps: bool = False
    spark: dict[str, str] | None = None
    swaps: str = ""


def table(panel: Panel, rows: pd.DataFrame, frame: Frame) -> dict[str, Any]:
    """What ``_table.html`` prints of a panel's frame."""
    sort = (panel.sort and frame.sort) or panel.sort
    rows = ordered(panel, rows, sort)
    count = f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}"
    return {
        "id": f"table-{panel.slug}",
        "caption": f"{panel.title} {count}.",
        "columns": [_heading(panel, shown, sort, frame) for shown in panel.columns],
        "rows": _cells(panel, rows, frame),
    }


def _heading(panel: Panel, shown: Shown, sort: str, frame: Frame) -> dict[str, Any]:
    now = {shown.name: "ascending", f"-{shown.name}": "descending"}.get(sort, "")
    return {
        "label": shown.label,
        "numeric": shown.numeric,
        "help": shown.help,
        "sorted": now,
        "sort_url": frame.address(sort=_next_sort(shown, now)) if panel.sort else "",
    }


def _next_sort(shown: Shown, now: str) -> str:
    """Numbers start with the largest, names with the first; a second click turns it round."""
    descending = now == "ascending" if now else shown.numeric
    return f"-{shown.name}" if descending else shown.name


def _cells(panel: Panel, rows: pd.DataFrame, frame: Frame) -> list[list[Cell]]:
    columns = [_column(shown, rows[shown.name].tolist(), frame) for shown in panel.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _column(shown: Shown, values: list[Any], frame: Frame) -> list[Cell]:
    known = [value for value in values if shown.meter and not pd.isna(value)]
    top = max(known, default=0.0)
    return [_cell(shown, value, top, frame) for value in values]


def _cell(shown: Shown, value: Any, top: float, frame: Frame) -> Cell:
    return Cell(
        text=shown.words.get(str(value)) or text(value, shown.show, frame),
        title=text(value, "money2", frame) if shown.show == "money" else "",
        tone=shown.tone.get(str(value), ""),
        href=_drill(shown, value, frame),
        numeric=shown.numeric,
        meter={"value": float(value), "max": top} if top and not pd.isna(value) else None,
    )


def _drill(shown: Shown, value: Any, frame: Frame) -> str:
    """The address of this page narrowed to the value."""
    changes: dict[str, Any] = {shown.drill: (str(value),)}
    return frame.address(**changes) if shown.drill else ""
