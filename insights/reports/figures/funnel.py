"""A funnel: each step as wide as what is left of the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from insights.reports.figures import svg
from insights.reports.figures.paints import filled

LEADING = 9.5


def funnel(trace: Mapping[str, Any], wide: float, high: float) -> list[str]:
    """The steps from the top down, with their words on them or beside them."""
    names, sizes = trace["y"], [value or 0.0 for value in trace["x"]]
    texts = trace.get("text") or [f"{size:,.0f}" for size in sizes]
    left = max((svg.width(str(name)) for name in names), default=0.0) + 8
    room = wide - left - 90  # what does not fit is written beside
    most = max(sizes, default=0.0) or 1.0
    each = high / max(1, len(names))
    middle = left + room / 2
    token = trace.get("marker", {}).get("color", "--c1")
    parts = []
    for nth, (name, size, said) in enumerate(zip(names, sizes, texts, strict=True)):
        long, y = room * size / most, nth * each + 1.5
        box = {"x": middle - long / 2, "y": y, "width": max(long, 0.8), "height": each - 3}
        parts.append(svg.element("rect", rx=1.5, **box, **filled(token)))
        center = y + (each - 3) / 2
        parts.append(svg.text(str(name), left - 6, center + 2.8, text_anchor="end"))
        if nth + 1 < len(sizes):
            parts.append(_joint(middle, long, room * sizes[nth + 1] / most, y + each - 3))
        rows = str(said).split("<br>")
        fits = max(map(svg.width, rows)) + 8 < long
        x, goes = (middle, "middle") if fits else (middle + long / 2 + 5, "start")
        top = center + 2.8 - LEADING * (len(rows) - 1) / 2
        colour = "#ffffff" if fits else "#101b30"
        for row, line in enumerate(rows):
            y_of = top + LEADING * row
            parts.append(svg.text(line, x, y_of, text_anchor=goes, fill=colour))
    return parts


def _joint(middle: float, one: float, other: float, y: float) -> str:
    path = (
        f"M{middle - one / 2:.2f} {y:.2f}H{middle + one / 2:.2f}"
        f"L{middle + other / 2:.2f} {y + 3:.2f}H{middle - other / 2:.2f}Z"
    )
    return svg.element("path", d=path, **filled("--c1/20"))
