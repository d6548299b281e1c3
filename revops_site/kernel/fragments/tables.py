"""A panel's rows as ``_table.html`` prints them."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any, TypeAlias
from urllib.parse import quote

import pandas as pd

from revops_site.kernel import explain
from revops_site.kernel.fragments.frame import Frame, text, writer
from revops_site.kernel.frames import lists
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Panel, Shown, ordered

Columns: TypeAlias = Mapping[str, list[Any]]
DEEPEST = 6


@dataclass(slots=True)  # not frozen: each field of a frozen one is set by a call
class Cell:
    """One cell of a table as it is printed; ``title`` holds the exact value.

    ``icon`` stands before the text and ``more`` below it; ``iso`` says a moment for machines;
    ``wraps`` lets sentences run over several lines; ``swaps`` is the id of what the link changes,
    "" where it leads to another page; ``heat`` is how deep it is tinted, up to ``DEEPEST``;
    ``marks`` are the patterns on it and ``said`` what they mean.
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
    heat: int = 0
    marks: str = ""
    said: str = ""


class Row(list[Cell]):
    """The cells of a row; ``key`` is the label of the marks in a figure that stand for it."""

    def __init__(self, cells: Iterable[Cell], key: str = "") -> None:
        super().__init__(cells)
        self.key = key


@dataclass(slots=True)
class Place:
    """A row as its cells see it: by column, its key, and the filters that narrow to it."""

    row: Mapping[str, Any]
    key: str
    query: str | None
    changes: Mapping[str, Any] | None = None


def table(panel: Panel, rows: pd.DataFrame, frame: Frame) -> dict[str, Any]:
    """What ``_table.html`` prints of a panel's frame: its first rows, and how many follow."""
    sort = (panel.sort and frame.sort) or panel.sort
    rows = ordered(panel, rows, sort)
    shown = rows.head(panel.most) if len(rows) > panel.most else rows
    more = f"The first {len(shown)} of {len(rows):,} rows; the files hold all."
    count = f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}"
    return {
        "id": f"table-{panel.slug}",
        "caption": f"{panel.title} {count}.",
        "columns": [_heading(panel, shown, sort, frame) for shown in panel.tabled],
        "rows": _cells(panel, shown, frame),
        "more": more if len(shown) < len(rows) else "",
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


def _cells(panel: Panel, rows: pd.DataFrame, frame: Frame) -> list[Row]:
    values = {name: _plain(column) for name, column in lists(rows).items()}
    places = [_place(panel, row, frame) for row in _records(panel, values, len(rows))]
    tinted = [shown.name for shown in panel.tabled if shown.heat]
    hottest = float(rows[tinted].max().max()) if tinted and len(rows) else 0.0
    columns = [
        _tinted(shown, _column(shown, values[shown.name], places, frame), values, hottest, frame)
        for shown in panel.tabled
    ]
    keys = (place.key for place in places)
    return [Row(cells, key) for cells, key in zip(zip(*columns, strict=True), keys, strict=True)]


def _plain(values: list[Any]) -> list[Any]:
    """None is what is not known; columns that hold whole numbers with gaps say it otherwise."""
    return [None if value is pd.NA else value for value in values]


def _records(panel: Panel, values: Columns, count: int) -> list[dict[str, Any]]:
    """The rows by column, empty where no cell leads to anything of its row."""
    if panel.narrows or any(shown.link or shown.to for shown in panel.columns):
        return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    return [{}] * count


def _place(panel: Panel, row: Mapping[str, Any], frame: Frame) -> Place:
    if panel.narrows is None:
        return Place(row, "", None)
    first = row[panel.columns[0].name]
    changes = panel.narrows(row)
    return Place(row, written(row.get("key", first)), frame.state(changes), changes)


def written(value: Any) -> str:
    """A value as an address, or a mark of a figure, says it: days in ISO, "" for the unknown."""
    if value is None or value is pd.NaT or value != value:
        return ""
    return f"{value:%Y-%m-%d}" if hasattr(value, "strftime") else str(value)


def _column(shown: Shown, values: list[Any], places: list[Place], frame: Frame) -> list[Cell]:
    numeric, write = shown.numeric, writer(shown.show, frame)
    exact = writer("money2", frame) if shown.show == "money" else None
    cells = [
        Cell(
            text=write(value),
            title=exact(value) if exact else "",
            href=_way(shown, value, place, frame),
            numeric=numeric,
            wraps=shown.prose,
        )
        for value, place in zip(values, places, strict=True)
    ]
    return told(shown, cells, values)


def told(shown: Shown, cells: list[Cell], values: list[Any]) -> list[Cell]:
    """The cells in the words, the tone and with the bars of their column, where it has such."""
    known = [value for value in values if shown.meter and not pd.isna(value)]
    top = max(known, default=0.0)
    if not (shown.words or shown.tone or top):
        return cells
    for cell, value in zip(cells, values, strict=True):
        said = str(value)
        cell.text = shown.words.get(said) or cell.text
        cell.tone = shown.tone.get(said, "")
        if top and not pd.isna(value):
            cell.meter = {"value": float(value), "max": top}
    return cells


def _tinted(
    shown: Shown, cells: list[Cell], columns: Columns, hottest: float, frame: Frame
) -> list[Cell]:
    """The cells of a column that is tinted, each with what stands beneath it."""
    if shown.depth:
        return _graded(shown, cells, columns)
    if not shown.heat:
        return cells
    values = columns[shown.name]
    beneath = columns[shown.below] if shown.below else [None] * len(values)
    return [
        replace(
            cell,
            heat=_heat(value, hottest),
            href=cell.href if value else "",
            tone=cell.tone if value else "muted",
            more=text(more, "amount_auto", frame) if value and more is not None else "",
        )
        for cell, value, more in zip(cells, values, beneath, strict=True)
    ]


def _graded(shown: Shown, cells: list[Cell], columns: Columns) -> list[Cell]:
    """The cells of a column that is tinted by value, each with the patterns on it."""
    values = columns[shown.name]
    patterns = columns[shown.marks] if shown.marks else [""] * len(values)
    for cell, value, marks in zip(cells, values, patterns, strict=True):
        if shown.depth is None or pd.isna(value):
            cell.text = cell.href = ""
            continue
        cell.heat, cell.marks = min(max(shown.depth(value), 0), DEEPEST), marks
        cell.said = ", ".join(shown.words.get(mark, mark) for mark in marks.split())
        cell.title = cell.said
    return cells


def _heat(value: Any, hottest: float) -> int:
    """0 for nothing; the root, so that small values differ as well."""
    if pd.isna(value) or value <= 0 or hottest <= 0:
        return 0
    return max(1, round(DEEPEST * math.sqrt(float(value) / hottest)))


def _way(shown: Shown, value: Any, place: Place, frame: Frame) -> str:
    """Where a cell leads: to a page of its own, to this one narrowed, or to an explanation."""
    if shown.to:
        return str(place.row[shown.to])
    way = linked(shown, place.row, frame) if shown.link else ""
    if not way and shown.drill:
        way = _drill(shown, value, frame)
    return _explained(shown, place, frame) if not way and shown.metric else way


def linked(shown: Shown, row: Mapping[str, Any], frame: Frame) -> str:
    """The column's link with the row's values, "" where it has none or the row lacks one.

    The filters travel along, as on the rail, behind what the link itself asks for.
    """
    if not shown.link:
        return ""
    values = {name: quote(written(row[name]), safe="") for name in _asked(shown.link)}
    if not all(values.values()):
        return ""
    query = frame.listed(shown.steps) if shown.steps else frame.asked.to_query()
    way, mark, part = shown.link.format_map(values).partition("#")
    joined = "&" if "?" in way else "?"
    return f"{way}{joined}{query}{mark}{part}" if query else f"{way}{mark}{part}"


@functools.cache
def _asked(link: str) -> tuple[str, ...]:
    """The fields of a row that the link is made of."""
    return tuple(name for _, name, _, _ in Formatter().parse(link) if name)


def _explained(shown: Shown, place: Place, frame: Frame) -> str:
    """Where the cell's number is explained."""
    metric, query = shown.metric, place.query
    if metric is not None and not isinstance(metric, Metric):
        metric = metric.get(place.key)
    if shown.within and place.changes is not None:
        query = frame.state({**place.changes, **shown.within})
    return explain.address(metric, query) if metric and query is not None else ""


def _drill(shown: Shown, value: Any, frame: Frame) -> str:
    """The address of this page narrowed to the value."""
    changes: dict[str, Any] = {shown.drill: (str(value),)}
    return frame.address(**changes) if shown.drill else ""
