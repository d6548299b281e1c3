"""What templates print of a panel: its content, formatted, with its links; templates only print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.exports import KINDS
from revops_site.kernel.filters import Filters, Slice
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Content, Page, Panel, Shown, Tile, ordered

State = Literal["ok", "empty", "filtered", "error"]

SPARK_WIDTH, SPARK_HEIGHT = 100.0, 36.0
ARROWS = {"up": ("↑", "up"), "down": ("↓", "down"), "flat": ("→", "unchanged")}


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

    def link(self, **changes: Any) -> str:
        """The page's address with some filters changed."""
        query = self.asked.replace(**changes).to_query()
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
    question: str
    unit: str
    width: str
    template: str
    state: State
    figure: str = ""
    tiles: Sequence[dict[str, Any]] = ()
    table: dict[str, Any] = field(default_factory=dict)
    table_open: bool = False
    notes: Sequence[str] = ()
    exports: Sequence[dict[str, str]] = ()
    as_of: str = ""
    reset_url: str = ""
    retry_url: str = ""
    request_id: str = ""


def draw(panel: Panel, content: Content | None, frame: Frame) -> Drawn:
    """A panel's content made readable; None content is a panel that failed."""
    state = _state(content, frame)
    common: dict[str, Any] = {
        "slug": panel.slug,
        "title": panel.title,
        "question": panel.question,
        "unit": frame.slice_.currency if panel.unit == "money" else panel.unit,
        "width": panel.width,
        "template": "_tiles.html" if panel.tiles else "_panel.html",
        "state": state,
        "as_of": formats.show(frame.slice_.as_of, "date"),
        "reset_url": frame.url,
        "retry_url": frame.link(),
        "request_id": frame.request_id,
    }
    if content is None or state != "ok":
        return Drawn(**common)
    return Drawn(
        **common,
        figure=content.figure,
        tiles=[_tile(tile, frame) for tile in content.tiles],
        table=_table(panel, content.frame, frame),
        table_open=panel.figure is None,
        notes=content.notes,
        exports=_exports(panel, frame),
    )


def _state(content: Content | None, frame: Frame) -> State:
    if content is None:
        return "error"
    if not content.is_empty:
        return "ok"
    return "empty" if frame.empty else "filtered"


def _exports(panel: Panel, frame: Frame) -> list[dict[str, str]]:
    query = frame.asked.to_query()
    if frame.sort:
        query = f"{query}&sort={frame.sort}" if query else f"sort={frame.sort}"
    tail = f"?{query}" if query else ""
    base = f"{frame.url}panels/{panel.slug}"
    return [{"label": kind.upper(), "url": f"{base}.{kind}{tail}"} for kind in KINDS]


def _table(panel: Panel, rows: pd.DataFrame, frame: Frame) -> dict[str, Any]:
    sort = frame.sort or panel.sort
    rows = ordered(panel, rows, sort)
    return {
        "id": f"table-{panel.slug}",
        "caption": f"{panel.title} {len(rows):,} {'row' if len(rows) == 1 else 'rows'}.",
        "columns": [_heading(panel, shown, sort, frame) for shown in panel.columns],
        "rows": _cells(panel, rows, frame),
        "target": f"panel-{panel.slug}",
    }


def _heading(panel: Panel, shown: Shown, sort: str, frame: Frame) -> dict[str, Any]:
    now = {shown.name: "ascending", f"-{shown.name}": "descending"}.get(sort, "")
    return {
        "label": shown.label,
        "numeric": shown.numeric,
        "help": shown.help,
        "sorted": now,
        "sort_url": _sort_url(shown, now, frame) if panel.sort else "",
    }


def _sort_url(shown: Shown, now: str, frame: Frame) -> str:
    first = f"-{shown.name}" if shown.numeric else shown.name
    flipped = {"descending": shown.name, "ascending": f"-{shown.name}"}.get(now, first)
    query = frame.asked.to_query()
    return f"{frame.url}?{query}&sort={flipped}" if query else f"{frame.url}?sort={flipped}"


def _cells(panel: Panel, rows: pd.DataFrame, frame: Frame) -> list[list[Cell]]:
    columns = [
        _column(shown, rows[shown.name].tolist(), frame) for shown in panel.columns
    ]
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
        href=frame.link(**{shown.drill: (str(value),)}) if shown.drill else "",
        numeric=shown.numeric,
        meter={"value": float(value), "max": top} if top and not pd.isna(value) else None,
    )


def _tile(tile: Tile, frame: Frame) -> dict[str, Any]:
    metric = tile.metric
    return {
        "slug": metric.slug,
        "label": metric.label,
        "value": _text(tile.now.value, metric.show, frame),
        "exact": _text(tile.now.value, metric.exact, frame),
        "help": metric.meaning,
        "unknown": metric.edge if tile.now.value is None else "",
        "delta": _delta(tile, frame),
        "spark": _spark(tile),
        "math_url": f"/glossary/#{metric.slug}",
    }


def _delta(tile: Tile, frame: Frame) -> dict[str, str] | None:
    kind = frame.asked.compare
    if kind == "none" or frame.slice_.period is None:
        return None
    base = "the period before" if kind == "previous" else "a year before"
    if tile.change is None:
        return {"text": "", "base": f"no comparison with {base}", "tone": "", "arrow": "", "word": ""}
    way = "up" if tile.change > 0 else "down" if tile.change < 0 else "flat"
    arrow, word = ARROWS[way]
    return {
        "text": formats.screen(_change_text(tile.metric, tile.change)),
        "base": f"vs {base}",
        "tone": _tone(tile.metric, way),
        "arrow": arrow,
        "word": word,
    }


def _change_text(metric: Metric, change: float) -> str:
    if metric.change == "relative":
        return formats.show(change, "percentDelta")
    points = change if metric.show == "percentage" else change * 100
    return f"{formats.show(points, 'delta')} pts"


def _tone(metric: Metric, way: str) -> str:
    if way == "flat" or metric.better == "neither":
        return ""
    return "good" if way == metric.better else "bad"


def _spark(tile: Tile) -> dict[str, str] | None:
    known = [value for value in tile.weeks if value is not None]
    if len(known) < 2:
        return None
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = SPARK_WIDTH / (len(tile.weeks) - 1)
    path, pen = [], "M"
    for nth, value in enumerate(tile.weeks):
        if value is None:
            pen = "M"
            continue
        y = SPARK_HEIGHT - 4 - (value - low) / span * (SPARK_HEIGHT - 8)
        path.append(f"{pen}{nth * step:.1f} {y:.1f}")
        pen = "L"
    first, last = (formats.show(value, tile.metric.show) for value in (known[0], known[-1]))
    return {"path": " ".join(path), "label": f"{len(known)} weeks, from {first} to {last}"}


def _text(value: Any, show: str, frame: Frame) -> str:
    if not isinstance(value, str) and value is not None and pd.isna(value):
        value = None
    return formats.screen(formats.show(value, show, currency=frame.slice_.currency))
