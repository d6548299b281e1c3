"""What the paper's template is told: texts, pictures and tables, nothing that it would run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import orjson

from insights.reports.figures import draw, svg
from insights.reports.gathering import Chapter, Part, said
from revops_site.kernel.pages import asking

Plain: TypeAlias = dict[str, Any]

PORTRAIT, HALF, LANDSCAPE = 511.0, 247.0, 758.0  # points between the margins of A4
LARGEST, SMALLEST = 8.0, 5.6
PAD = 9.0  # between columns
SENTENCE = 44  # characters; what is longer may run over lines
TINTED = "heat"
LOW, TALL, ROW = 148.0, 190.0, 13.0


def chapter(one: Chapter) -> Plain:
    """A chapter with its parts in rows: two beside each other where both are half as wide."""
    visit = one.visit
    age = asking.age(visit)
    return {
        "title": one.title,
        "as_of": age["as_of_text"],
        "calendar": age["calendar"],
        "window": asking.window(visit) if visit.page.dated else "",
        "stale": age["detail"] if age["state"] == "stale" else "",
        "filters": said(visit),
        "notices": list(asking.notices(visit)),
        "rows": [_drawn(row) for row in _rows([part(each) for each in one.parts])],
    }


def part(one: Part) -> Plain:
    """A panel: its figures, its picture, or its table; why there is none where there is none."""
    drawn = one.drawn
    narrow = drawn.width in {"col-6", "col-4", "col-3"}
    bare: Plain = {
        "title": drawn.title,
        "subtitle": drawn.subtitle,
        "half": narrow,
        "notes": list(drawn.notes),
        "why": "",
        "tiles": [],
        "picture": "",
        "table": None,
        "behind": None,
    }
    if drawn.state == "error":
        return {**bare, "why": "This part could not be computed."}
    if drawn.state != "ok":
        return {**bare, "why": drawn.why or "Nothing matches these filters."}
    if drawn.tiles:
        return {**bare, "half": False, "tiles": [_tile(tile) for tile in drawn.tiles]}
    if drawn.figure:
        figure = orjson.loads(drawn.figure)
        high = _height(figure, drawn.height)
        return {**bare, "figure": (figure, high), "behind": table(drawn.table)}
    grid = drawn.listing.get("grid") if drawn.listing else drawn.table
    if not grid:
        return {**bare, "why": "Nothing matches these filters."}
    shown = table(grid)
    if drawn.listing and drawn.listing.get("pager"):
        shown["more"] = f"{drawn.listing['pager']['says']}; the files hold all."
    return {**bare, "half": narrow and shown["wide"] <= HALF, "table": shown}


def table(grid: Mapping[str, Any]) -> Plain:
    """A table with the size of type that it has room for, and whether it needs the long side."""
    columns, rows = grid["columns"], grid["rows"]
    ems = [_em(column["label"], [row[at] for row in rows]) for at, column in enumerate(columns)]
    room = PORTRAIT - PAD * len(columns)
    turned = room / (sum(ems) or 1) < SMALLEST
    if turned:
        room = LANDSCAPE - PAD * len(columns)
    size = max(SMALLEST, min(LARGEST, room / (sum(ems) or 1)))
    return {
        "heads": [{"text": one["label"], "n": bool(one.get("numeric"))} for one in columns],
        "ems": [round(one, 2) for one in ems],
        "rows": [[_cell(cell) for cell in row] for row in rows],
        "size": round(size, 2),
        "turned": turned,
        "wide": sum(ems) * LARGEST + PAD * len(columns),
        "more": grid.get("more", ""),
    }


def definitions(found: Iterable[Chapter]) -> list[Plain]:
    """What the figures mean, each once, by name."""
    metrics = {m.slug: m for one in found for each in one.parts for m in each.metrics}
    return [
        {"label": m.label, "meaning": m.meaning, "formula": m.formula, "source": m.source}
        for m in sorted(metrics.values(), key=lambda m: m.label.lower())
    ]


def _drawn(row: list[Plain]) -> list[Plain]:
    """The parts of a row with their pictures, each as wide as it has room there."""
    wide = HALF if len(row) == 2 else PORTRAIT
    for one in row:
        figure, high = one.pop("figure", (None, 0.0))
        if figure is not None:
            one["picture"] = draw(figure, wide, high)
    return row


def _em(label: str, cells: Sequence[Any]) -> float:
    """How wide a column is in the size of its type; sentences wrap, headings wrap at words."""
    words = [svg.width(word, 1.0) for word in label.split()]
    texts = [svg.width(cell.text, 1.0) for cell in cells]
    longest = max(texts, default=0.0)
    return max([*words, min(longest, svg.width("n" * SENTENCE, 1.0) * 0.5), 1.0])


def _cell(cell: Any) -> Plain:
    """The text, what stands below it, and its colour; a screen's icon is said by the tone."""
    return {
        "text": cell.text,
        "more": cell.more,
        "tone": cell.tone,
        "n": cell.numeric,
        "heat": cell.heat,
    }


def _tile(tile: Mapping[str, Any]) -> Plain:
    delta = tile.get("delta") or {}
    spark = tile.get("spark")
    return {
        "label": tile["label"],
        "value": tile["value"],
        "sure": tile.get("sure", ""),
        "delta": delta.get("text", ""),
        "way": delta.get("direction", ""),
        "tone": delta.get("tone", ""),
        "base": tile.get("base", "") if delta else "",
        "note": tile.get("note", ""),
        "spark": _spark(spark["path"]) if spark else "",
    }


def _spark(path: str) -> str:
    points = [part for part in re.split(r"(?=[ML])", path) if part]
    line = svg.element("path", d=path, fill="none", stroke="#2456d6", stroke_width=1.1)
    area = svg.element("path", d=f"{path}V36H0Z", fill="#2456d6", fill_opacity=0.1)
    return svg.whole([area, line] if len(points) > 1 else [line], 100, 36)


def _height(figure: Mapping[str, Any], wanted: str) -> float:
    """As high as the page has it; lying bars and funnels as high as their names need."""
    names = {
        str(name)
        for trace in figure["data"]
        for name in trace.get("y") or []
        if isinstance(name, str)
    }
    base = TALL if wanted == "tall" else LOW
    return max(base, ROW * len(names) + 50)


def _rows(parts: Sequence[Plain]) -> Iterable[list[Plain]]:
    """Parts beside each other where two halves follow each other."""
    waiting: Plain | None = None
    for one in parts:
        if not one["half"]:
            if waiting:
                yield [waiting]
            yield [one]
            waiting = None
        elif waiting:
            yield [waiting, one]
            waiting = None
        else:
            waiting = one
    if waiting:
        yield [waiting]
