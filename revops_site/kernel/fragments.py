"""What templates print of a panel: its content, formatted, with its links; templates only print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.exports import KINDS
from revops_site.kernel.filters import Filters, Slice
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Content, Page, Panel, Shown, Tile, ordered

State: TypeAlias = Literal["ok", "empty", "filtered", "error"]
Way: TypeAlias = Literal["up", "down", "flat"]

COMPARED = {"previous": "vs previous period", "year": "vs a year before", "none": ""}
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 100.0, 36.0, 4.0


@dataclass(frozen=True)
class Frame:
    """What a panel is drawn in: the page, what was asked, what is shown, and since when."""

    page: Page
    asked: Filters
    slice_: Slice
    url: str
    sort: str = ""
    empty: bool = False
    request_id: str = ""

    def address(self, sort: str | None = None, **changes: Any) -> str:
        """The one address of this state, or of it with some filters or the sort order changed."""
        wanted = self.sort if sort is None else sort
        parts = [self.asked.replace(**changes).to_query(), f"sort={wanted}" if wanted else ""]
        query = "&".join(filter(None, parts))
        return f"{self.url}?{query}" if query else self.url


@dataclass(frozen=True)
class Cell:
    """One cell of a table as it is printed; ``title`` holds the exact value."""

    text: str
    title: str = ""
    tone: str = ""
    href: str = ""
    numeric: bool = False
    meter: dict[str, float] | None = None


@dataclass(frozen=True)
class Drawn:
    """A panel ready for its template."""

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


def draw(panel: Panel, content: Content | None, frame: Frame) -> Drawn:
    """A panel's content made readable; None content is a panel that failed."""
    state = _state(content, frame)
    unit = frame.slice_.currency if panel.unit == "money" else panel.unit
    bare = Drawn(
        slug=panel.slug,
        title=panel.title,
        subtitle=f"{panel.question} In {unit}." if unit else panel.question,
        width=panel.width,
        template="_tiles.html" if panel.tiles else "_panel.html",
        state=state,
        why=_why(state, panel, frame),
        reset_url=frame.url,
        retry_url=frame.address(),
        request_id=frame.request_id,
    )
    if content is None or state != "ok":
        return bare
    return replace(
        bare,
        figure=content.figure,
        figure_label=f"{panel.title} {panel.question} The figures are in the table below.",
        height=panel.height,
        tiles=[_tile(tile, frame) for tile in content.tiles],
        table=table_of(panel, content.frame, frame),
        notes=content.notes,
        exports=_exports(panel, frame),
        as_of_text=formats.show(frame.slice_.as_of, "date"),
        as_of_iso=frame.slice_.as_of.isoformat(),
    )


def _state(content: Content | None, frame: Frame) -> State:
    if content is None:
        return "error"
    if not content.is_empty:
        return "ok"
    return "empty" if frame.empty else "filtered"


def _why(state: State, panel: Panel, frame: Frame) -> str:
    if state == "empty":
        return f"{frame.page.title} needs a file of {' and '.join(frame.page.datasets)}."
    if state == "filtered" and frame.slice_.period is not None:
        first = formats.show(frame.slice_.period.start, "date")
        last = formats.show(frame.slice_.period.last_day, "date")
        return f"Nothing between {first} and {last}."
    return ""


def table_of(panel: Panel, rows: pd.DataFrame, frame: Frame) -> dict[str, Any]:
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


def _exports(panel: Panel, frame: Frame) -> list[dict[str, str]]:
    base = f"{frame.url}panels/{panel.slug}"
    tail = frame.address().removeprefix(frame.url)
    return [{"label": kind.upper(), "url": f"{base}.{kind}{tail}"} for kind in KINDS]


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
    text = _text(value, shown.show, frame)
    return Cell(
        text=text,
        title=_text(value, "money2", frame) if shown.show == "money" else "",
        tone=shown.tone.get(str(value), ""),
        href=_drill(shown, value, frame),
        numeric=shown.numeric,
        meter={"value": float(value), "max": top} if top and not pd.isna(value) else None,
    )


def _drill(shown: Shown, value: Any, frame: Frame) -> str:
    """The address of this page narrowed to the value."""
    changes: dict[str, Any] = {shown.drill: (str(value),)}
    return frame.address(**changes) if shown.drill else ""


def _tile(tile: Tile, frame: Frame) -> dict[str, Any]:
    metric = tile.metric
    return {
        "label": metric.label,
        "value": _text(tile.now.value, metric.show, frame),
        "exact": _text(tile.now.value, metric.exact, frame),
        "note": _tile_note(tile, frame),
        "delta": _delta(tile),
        "base": _base(frame),
        "spark": _spark(tile, frame),
        "math_url": f"/glossary/#{metric.slug}",
    }


def _delta(tile: Tile) -> dict[str, str] | None:
    if tile.change is None:
        return None
    way: Way = "up" if tile.change > 0 else "down" if tile.change < 0 else "flat"
    text = formats.screen(_change_text(tile.metric, tile.change))
    return {"text": text, "direction": way, "tone": _tone(tile.metric, way)}


def _base(frame: Frame) -> str:
    """What changes are measured against."""
    return COMPARED[frame.asked.compare] if frame.slice_.compare else ""


def _tile_note(tile: Tile, frame: Frame) -> str:
    """Why the figure is unknown, or why nothing stands beside it."""
    if tile.now.value is None:
        return tile.metric.edge
    if frame.slice_.compare is None or tile.change is not None:
        return ""
    return "Nothing to compare with: the data start later."


def _change_text(metric: Metric, change: float) -> str:
    if metric.change == "relative":
        return formats.show(change, "percentDelta")
    points = change if metric.show == "percentage" else change * 100
    return f"{formats.show(points, 'delta')} pts"


def _tone(metric: Metric, way: Way) -> str:
    if way == "flat" or metric.better == "neither":
        return ""
    return "good" if way == metric.better else "bad"


def _spark(tile: Tile, frame: Frame) -> dict[str, str] | None:
    known = [value for value in tile.weeks if value is not None]
    if len(known) < 2:
        return None
    low, span = min(known), (max(known) - min(known)) or 1.0
    step, height = SPARK_WIDTH / (len(known) - 1), SPARK_HEIGHT - 2 * SPARK_MARGIN
    points = [
        f"{nth * step:.1f} {SPARK_HEIGHT - SPARK_MARGIN - (value - low) / span * height:.1f}"
        for nth, value in enumerate(known)
    ]
    first, last = (_text(value, tile.metric.show, frame) for value in (known[0], known[-1]))
    return {"path": f"M{'L'.join(points)}", "label": f"{len(known)} weeks, {first} to {last}"}


def _text(value: Any, show: str, frame: Frame) -> str:
    if not isinstance(value, str) and value is not None and pd.isna(value):
        value = None
    return formats.screen(formats.show(value, show, currency=frame.slice_.currency))
