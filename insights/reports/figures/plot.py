"""A figure on paper: legend, axes, and the marks of its traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from insights.reports.figures import svg
from insights.reports.figures.bars import PILED, bars, flattened, lengths
from insights.reports.figures.funnel import funnel
from insights.reports.figures.lines import line, points
from insights.reports.figures.noted import noted
from insights.reports.figures.paints import drawn, filled
from insights.reports.figures.scales import Mark, Scale, scale

ROW = 13.0  # of the legend
LEADING = 9.5
SMALL = 6.0  # type under an axis, at the least
MOST_LABEL = 0.4  # of the width, for the names beside lying bars


def draw(figure: Mapping[str, Any], wide: float, high: float) -> str:
    """The figure that a panel gives the browser, as SVG of this size in points."""
    traces = [dict(trace) for trace in figure["data"]]
    if traces and traces[0]["type"] == "funnel":
        return svg.whole(funnel(traces[0], wide, high), wide, high)
    traces = [flattened(one) if one["type"] == "waterfall" else one for one in traces]
    layout = figure.get("layout", {})
    sideways = any(one.get("orientation") == "h" for one in traces)
    legend, top = _legend(traces, layout, wide)
    across, upright = _scales(traces, layout, sideways=sideways)
    across, upright, frame = _placed(across, upright, layout, wide, high, top)
    parts = [*legend, *_grid(across, upright, frame, sideways=sideways)]
    mode = layout.get("barmode", "group")
    parts += bars([one for one in traces if one["type"] == "bar"], across, upright, mode)
    scatters = [one for one in traces if one["type"] == "scatter"]
    for nth, one in enumerate(scatters):
        parts += line(one, scatters[nth - 1] if nth else None, across, upright)
    for one in scatters:
        parts += points(one, across, upright)
    if not sideways:
        parts += noted(layout, across, frame)
    parts += _titles(layout, frame)
    return svg.whole(parts, wide, high)


def _legend(
    traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], wide: float
) -> tuple[list[str], float]:
    """What each colour is, in as many rows as it takes; and where the plot may begin."""
    if not layout.get("showlegend"):
        return [], 6.0
    parts: list[str] = []
    x, y = 0.0, ROW - 4
    for one in traces:
        name = one.get("name", "")
        if one.get("showlegend") is False or not name:
            continue
        long = svg.width(name) + 26
        if x and x + long > wide:
            x, y = 0.0, y + ROW
        parts += _key(one, x, y)
        parts.append(svg.text(name, x + 17, y))
        x += long
    return parts, y + 8 if parts else 6.0


def _key(trace: Mapping[str, Any], x: float, y: float) -> list[str]:
    if trace["type"] == "bar":
        token = trace["marker"]["color"]
        return [svg.element("rect", x=x, y=y - 7, width=12, height=7, rx=1.5, **filled(token))]
    at = Scale(0, 1, {}, start=x, end=x + 12)
    level = Scale(0, 1, {}, start=y - 2.5, end=y - 3.5)
    sample = {**trace, "x": [0.0, 1.0], "y": [0.5, 0.5], "fill": "", "text": [], "error_y": {}}
    sample |= {"error_x": {}}
    dot = {**sample, "x": [0.5], "y": [0.5]}
    return [*line(sample, None, at, level), *points(dot, at, level, most=7)]


def _scales(
    traces: Sequence[dict[str, Any]], layout: Mapping[str, Any], *, sideways: bool
) -> tuple[Scale, Scale]:
    values: dict[str, list[Any]] = {"x": [], "y": []}
    counted = "x" if sideways else "y"
    mode = layout.get("barmode", "group")
    for one in traces:
        floats = one.get("base") or (one["type"] == "bar" and mode in PILED)
        for letter in "xy":
            if not floats or letter != counted:
                values[letter] += one.get(letter) or []
            error = one.get(f"error_{letter}") or {}
            known = zip(one.get(letter) or [], error.get("array", []), strict=False)
            values[letter] += [a + b for a, b in known if a is not None and b is not None]
    values[counted] += lengths([one for one in traces if one["type"] == "bar"], counted, mode)
    across, upright = (
        scale(values[letter], dict(layout.get(f"{letter}axis", {})), to_zero=letter == counted)
        for letter in "xy"
    )
    return across, upright


Box = tuple[float, float, float, float]


def _placed(
    across: Scale,
    upright: Scale,
    layout: Mapping[str, Any],
    wide: float,
    high: float,
    top: float,
) -> tuple[Scale, Scale, Box]:
    """The axes with room for their words, and the box between them: left, top, right, bottom."""
    named = [svg.width(text) for one in upright.marks(6) for text in one.lines]
    left = min(max(named, default=0.0) + 6, wide * MOST_LABEL)
    if layout.get("yaxis", {}).get("title"):
        left += 11
    rows = max((len(one.lines) for one in across.marks(8)), default=1)
    bottom = high - 5 - LEADING * rows
    if layout.get("xaxis", {}).get("title"):
        bottom -= 11
    right = wide - 8
    return (
        replace(across, start=left, end=right),
        replace(upright, start=bottom, end=top),
        (left, top, right, bottom),
    )


def _grid(across: Scale, upright: Scale, frame: Box, *, sideways: bool) -> list[str]:
    left, top, right, bottom = frame
    ways = across.marks(max(3, int((right - left) / 42)))
    has_rules = sideways or not across.names
    parts = [_rule(one.at, top, one.at, bottom, "line") for one in ways if has_rules]
    for one in upright.marks(6):
        if not upright.names:
            parts.append(_rule(left, one.at, right, one.at, "line"))
        room = left - 5 - (12 if upright.axis.get("title") else 0)
        said = svg.shortened(one.lines[0], room)
        parts.append(svg.text(said, left - 5, one.at + 2.8, text_anchor="end"))
    parts += _below(across, bottom, right - left)
    base = across.at(0.0) if sideways else upright.at(0.0)
    if base is not None and sideways and left <= base <= right:
        parts.append(_rule(base, top, base, bottom, "control"))
    elif base is not None and not sideways and top <= base <= bottom:
        parts.append(_rule(left, base, right, base, "control"))
    return parts


def _below(across: Scale, bottom: float, wide: float) -> list[str]:
    """The words under the plot: names in smaller type where they need it, then fewer of them."""
    marks = across.marks(max(3, int(wide / 42)))
    size = svg.FONT
    while across.names and size > SMALL and _longest(marks, size) > wide / len(marks) - 2:
        size -= 0.5
    if _longest(marks, size) > wide / max(1, len(marks)):
        size = svg.FONT  # some are left out in any case
    parts: list[str] = []
    free = float("-inf")
    for one in _thinned(marks, wide, size):
        long = max(svg.width(text, size) for text in one.lines)
        if one.at - long / 2 < free:
            continue
        free = one.at + long / 2 + 1
        for nth, said in enumerate(one.lines):
            y = bottom + LEADING * (nth + 1)
            parts.append(svg.text(said, one.at, y, text_anchor="middle", font_size=size))
    return parts


def _longest(marks: Sequence[Mark], size: float) -> float:
    return max((svg.width(text, size) for one in marks for text in one.lines), default=0.0)


def _thinned(marks: Sequence[Mark], wide: float, size: float) -> Sequence[Mark]:
    """Every so manieth mark, where not all have room: the same distance between all."""
    if len(marks) < 2:
        return marks
    each = wide / len(marks)
    return marks[:: max(1, -int(-(_longest(marks, size) + 2) // each))]


def _titles(layout: Mapping[str, Any], frame: Box) -> list[str]:
    left, top, right, bottom = frame
    parts = []
    if title := layout.get("xaxis", {}).get("title"):
        y = bottom + LEADING + 12
        parts.append(svg.text(title["text"], (left + right) / 2, y, text_anchor="middle"))
    if title := layout.get("yaxis", {}).get("title"):
        x, y = 8.0, (top + bottom) / 2
        turned = f"rotate(-90 {x:g} {y:g})"
        parts.append(svg.text(title["text"], x, y, text_anchor="middle", transform=turned))
    return parts


def _rule(x1: float, y1: float, x2: float, y2: float, token: str) -> str:
    return svg.element("line", x1=x1, y1=y1, x2=x2, y2=y2, **drawn(token, 0.6))
