"""Annotations on paper: the numbered lines of days, and the bands of what lasted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from typing import Any

from insights.reports.figures import svg
from insights.reports.figures.paints import drawn, filled
from insights.reports.figures.scales import Scale

Box = tuple[float, float, float, float]


def noted(layout: Mapping[str, Any], across: Scale, frame: Box) -> list[str]:
    """What the layout's shapes and flags say, between the top and the bottom of the plot."""
    _, top, _, bottom = frame
    parts: list[str] = []
    for one in layout.get("shapes", []):
        first, last = (_at(one[name], across) for name in ("x0", "x1"))
        if first is None or last is None:
            continue
        if last > first:
            box = {"x": first, "y": top, "width": last - first, "height": bottom - top}
            parts.append(svg.element("rect", **box, **filled(one["fillcolor"])))
        ends = {"x1": first, "y1": top, "x2": first, "y2": bottom}
        style = {**drawn(one["line"]["color"], 0.8), "stroke_dasharray": "1.4 2"}
        parts.append(svg.element("line", **ends, **style))
    for one in layout.get("annotations", []):
        x = _at(one["x"], across)
        if x is None:
            continue
        wide = svg.width(one["text"], 6.5) + 4
        box = {"x": x - wide / 2, "y": top, "width": wide, "height": 9}
        edge = drawn(one["bordercolor"], 0.6)
        parts.append(svg.element("rect", **box, rx=1, **{**edge, "fill": "#ffffff"}))
        parts.append(svg.text(one["text"], x, top + 6.8, text_anchor="middle", font_size=6.5))
    return parts


def _at(x: Any, across: Scale) -> float | None:
    """Where a count of marks, or a day between two of them, lies."""
    if not across.names:
        return None
    number = float(_between(x, across.names)) if isinstance(x, str) else float(x)
    share = (number - across.low) / ((across.high - across.low) or 1.0)
    return across.start + share * (across.end - across.start)


def _between(day: str, names: tuple[str, ...]) -> float:
    """A day as the axis counts its days, by how far it lies from the one before to the next."""
    nth = bisect_right(names, day) - 1
    if nth < 0 or nth + 1 >= len(names):
        return float(max(nth, 0))
    before, after = (date.fromisoformat(names[at][:10]) for at in (nth, nth + 1))
    since = date.fromisoformat(day[:10]) - before
    return nth + since.days / max((after - before).days, 1)
