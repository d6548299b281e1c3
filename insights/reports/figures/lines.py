"""Lines, bands between them, and single marks with their words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from insights.reports.figures import svg
from insights.reports.figures.bars import whisker
from insights.reports.figures.paints import drawn, filled, paint
from insights.reports.figures.scales import Scale

Trace = Mapping[str, Any]
Place = tuple[float, float]

DASHES = {"dash": "5 3", "dot": "1.4 2.4", "dashdot": "5 2.4 1.4 2.4"}
MANY = 26  # marks on so many points hide the line
THIN = 0.72  # of a width on a screen


def line(trace: Trace, before: Trace | None, across: Scale, upright: Scale) -> list[str]:
    """The line of a trace, in pieces where values are missing; the band to the line before it."""
    if "lines" not in trace.get("mode", "lines"):
        return []
    style = trace.get("line", {})
    pieces = [_stepped(one, style) for one in _pieces(trace, across, upright)]
    parts = []
    if trace.get("fill") == "tonexty" and before is not None:
        under = [_stepped(one, before.get("line", {})) for one in _pieces(before, across, upright)]
        for top, base in zip(pieces, under, strict=False):
            path = f"{_path(top)} L{_path(base[::-1])[1:]} Z"
            token = trace.get("fillcolor", "--other/20")
            token = token if "/" in token else f"{token}/20"
            parts.append(svg.element("path", d=path, stroke="none", **filled(token)))
    width = style.get("width", 2) * THIN
    if width:
        dash = DASHES.get(style.get("dash", ""))
        more: dict[str, Any] = {"stroke_dasharray": dash} if dash else {}
        shape = {**drawn(style.get("color", "--c1"), width), "stroke_linejoin": "round", **more}
        parts += [svg.element("path", d=_path(one), **shape) for one in pieces if len(one) > 1]
    return parts


def points(trace: Trace, across: Scale, upright: Scale, most: float = 99) -> list[str]:
    """The marks of a trace, how far each may lie off, and the words at them."""
    mode = trace.get("mode", "lines")
    if "markers" not in mode:
        return []
    if "lines" in mode and (len(trace["x"]) > MANY or not trace.get("line", {}).get("width", 2)):
        return []
    parts: list[str] = []
    marker = trace.get("marker", {})
    for row, (x, y) in enumerate(zip(trace["x"], trace["y"], strict=True)):
        at, level = across.at(x), upright.at(y)
        if at is None or level is None:
            continue
        parts += _spread(trace, row, x, y, (at, level), across, upright)
        parts.append(_mark(marker, at, level, most))
        said = (trace.get("text") or [])[row : row + 1]
        if "text" in mode and said:
            y_of = level - marker.get("size", 6) * THIN / 2 - 3
            parts.append(svg.text(str(said[0]), at, y_of, text_anchor="middle"))
    return parts


def _spread(
    trace: Trace, row: int, x: Any, y: Any, at: Place, across: Scale, upright: Scale
) -> list[str]:
    parts: list[str] = []
    for name, value, scale, lies in (
        ("error_x", x, across, True),
        ("error_y", y, upright, False),
    ):
        error = trace.get(name) or {}
        if row >= len(error.get("array", [])):
            continue
        over, under = error["array"][row], error["arrayminus"][row]
        if over is not None and under is not None:
            middle = at[1] if lies else at[0]
            ends = scale.at(value - under), scale.at(value + over)
            parts += whisker(*ends, middle, lies=lies)
    return parts


def _mark(marker: Mapping[str, Any], x: float, y: float, most: float) -> str:
    symbol = marker.get("symbol", "circle")
    half = min(marker.get("size", 6), most) * THIN / 2
    token = marker.get("color", "--c1")
    if symbol == "line-ns-open":
        thick = marker.get("line", {}).get("width", 2) * THIN
        return svg.element("line", x1=x, y1=y - half, x2=x, y2=y + half, **drawn(token, thick))
    style: dict[str, Any] = filled(token)
    if symbol.endswith("-open"):
        around = not symbol.startswith("circle")  # a point that has to be seen
        style = {**drawn(token, 1.2), "fill": "none" if around else "#ffffff"}
    if symbol.startswith("circle"):
        return svg.element("circle", cx=x, cy=y, r=half, **style)
    colour, _ = paint(token)
    shapes = {
        "diamond": f"M{x:.2f} {y - half * 1.2:.2f}l{half * 1.2:.2f} {half * 1.2:.2f}"
        f"l{-half * 1.2:.2f} {half * 1.2:.2f}l{-half * 1.2:.2f} {-half * 1.2:.2f}z",
        "square": f"M{x - half:.2f} {y - half:.2f}h{2 * half:.2f}v{2 * half:.2f}h{-2 * half:.2f}z",
        "triangle-up": f"M{x:.2f} {y - half:.2f}l{half:.2f} {2 * half:.2f}h{-2 * half:.2f}z",
        "triangle-left": f"M{x - half:.2f} {y:.2f}l{2 * half:.2f} {-half:.2f}v{2 * half:.2f}z",
        "triangle-right": f"M{x + half:.2f} {y:.2f}l{-2 * half:.2f} {-half:.2f}v{2 * half:.2f}z",
        "cross": f"M{x - half:.2f} {y:.2f}h{2 * half:.2f}M{x:.2f} {y - half:.2f}v{2 * half:.2f}",
    }
    if symbol == "cross":
        style = {"stroke": colour, "stroke_width": 1.6, "fill": "none"}
    return svg.element(
        "path", d=shapes.get(symbol.removesuffix("-open"), shapes["square"]), **style
    )


def _pieces(trace: Trace, across: Scale, upright: Scale) -> list[list[Place]]:
    """The points of the line, a new piece after each value that is not known."""
    pieces: list[list[Place]] = [[]]
    for x, y in zip(trace["x"], trace["y"], strict=True):
        at, level = across.at(x), upright.at(y)
        if at is None or level is None:
            pieces.append([])
        else:
            pieces[-1].append((at, level))
    return [one for one in pieces if one]


def _stepped(places: list[Place], style: Mapping[str, Any]) -> list[Place]:
    """A line that stays until the next point."""
    if style.get("shape") != "hv":
        return places
    found: list[Place] = []
    for place in places:
        if found:
            found.append((place[0], found[-1][1]))
        found.append(place)
    return found


def _path(places: Sequence[Place]) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in places)
