"""Headline figures as ``_tiles.html`` prints them."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

from revops_site.kernel import explain, formats
from revops_site.kernel.fragments.frame import Frame, text
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Tile

Way: TypeAlias = Literal["up", "down", "flat"]

COMPARED = {"previous": "vs previous period", "year": "vs a year before", "none": ""}
FEW = 5  # what rests on fewer is printed as uncertain
SEEN = re.compile("[1-9]")
SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 100.0, 36.0, 4.0


def tile(shown: Tile, frame: Frame) -> dict[str, Any]:
    """One headline figure with its change, its last weeks and the way to its explanation."""
    metric = shown.metric
    query = frame.state(shown.narrows)
    return {
        "label": metric.label,
        "value": text(shown.now.value, metric.show, frame),
        "exact": text(shown.now.value, metric.exact, frame),
        "uncertain": shown.n is not None and shown.n < FEW,
        "sure": interval(metric, shown.low, shown.high, shown.n, frame),
        "note": shown.note or (metric.edge if shown.now.value is None else ""),
        "delta": _delta(shown),
        "base": shown.base or _base(frame),
        "spark": _spark(shown, frame),
        "explain_url": explain.address(metric, query) if query is not None else "",
        "why_url": _why(shown, query),
    }


def _why(tile: Tile, query: str | None) -> str:
    """Where it is told why the figure changed; "" where nobody can say what it is held against."""
    if query is None or tile.change is None or (tile.base and tile.against is None):
        return ""
    return explain.why(tile.metric, query, tile.against)


def interval(
    metric: Metric, low: float | None, high: float | None, n: int | None, frame: Frame
) -> str:
    """Where the value lies with 95 % certainty and what it rests on: "19–28%, n 212"."""
    parts = [f"n {n:,}"] if n is not None else []
    if low is not None and high is not None:
        ends = text(low, metric.show, frame), text(high, metric.show, frame)
        first = ends[0].removesuffix("%") if ends[1].endswith("%") else ends[0]
        parts.insert(0, f"{first}–{ends[1]}")
    return ", ".join(parts)


def _delta(tile: Tile) -> dict[str, str] | None:
    if tile.change is None:
        return None
    written = _change_text(tile.metric, tile.change)
    way: Way = "up" if tile.change > 0 else "down"
    if not SEEN.search(written):  # too little to be written is too little to be judged
        way, written = "flat", written.lstrip("+-")
    return {
        "text": formats.screen(written),
        "direction": way,
        "tone": _tone(tile.metric, way),
    }


def _base(frame: Frame) -> str:
    """What changes are measured against."""
    compare = frame.page.fixed.get("compare", frame.asked.compare)
    return COMPARED[compare] if frame.slice_.compare else ""


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
    first, last = (text(value, tile.metric.show, frame) for value in (known[0], known[-1]))
    told = f"{len(known)} {tile.unit}, {first} to {last}"
    return {"path": f"M{'L'.join(points)}", "label": told}
