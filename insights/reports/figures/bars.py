"""Bars, upright or lying: side by side, stacked, or over each other; and a waterfall's steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insights.reports.figures import svg
from insights.reports.figures.paints import drawn, filled
from insights.reports.figures.scales import Scale

Trace = dict[str, Any]
PILED = {"stack", "relative"}
INSIDE = "#ffffff"


def flattened(trace: Trace) -> Trace:
    """A waterfall as bars: each begins where the one before ended, a total at nothing."""
    level = 0.0
    base: list[float] = []
    size: list[float | None] = []
    colours: list[str] = []
    measures = trace.get("measure") or ["relative"] * len(trace["y"])
    for value, measure in zip(trace["y"], measures, strict=True):
        step = value or 0.0
        if measure == "relative":
            base.append(level)
            size.append(step)
            kind = "increasing" if step >= 0 else "decreasing"
            level += step
        else:
            level = step if measure == "absolute" else level
            base.append(0.0)
            size.append(level)
            kind = "totals"
        colours.append(trace[kind]["marker"]["color"])
    marker = {"color": colours[0] if colours else "--c1", "colors": colours}
    return {**trace, "type": "bar", "base": base, "y": size, "marker": marker}


def lengths(traces: Sequence[Trace], counted: str, mode: str) -> list[float]:
    """Where bars end that do not begin at nothing, with room for the words beside them."""
    found: list[float] = []
    if mode in PILED:
        for sign in (1, -1):
            tops: dict[Any, float] = {}
            for one in traces:
                for name, value in zip(_names(one, counted), one[counted], strict=True):
                    if value is not None and value * sign > 0:
                        tops[name] = tops.get(name, 0.0) + value
            found += tops.values()
    for one in traces:
        based = zip(one.get("base") or [], one[counted], strict=False)
        found += [(base or 0.0) + (size or 0.0) for base, size in based]
        found += [base for base in one.get("base") or [] if base is not None]
    if any(one.get("textposition") == "outside" for one in traces):
        ends = found or [v for one in traces for v in one[counted] if v is not None]
        long = 1.22 if counted == "x" else 1.1
        found += [end * long for end in (max(ends, default=0), min(ends, default=0)) if end]
    return found


def bars(traces: Sequence[Trace], across: Scale, upright: Scale, mode: str) -> list[str]:
    """The bars of all traces, and the words on them."""
    parts: list[str] = []
    piles: dict[tuple[Any, bool], float] = {}
    for nth, one in enumerate(traces):
        lies = one.get("orientation") == "h"
        counted, named = (across, upright) if lies else (upright, across)
        letter = "x" if lies else "y"
        slot = _slot(one, nth, len(traces) if mode == "group" else 1, named)
        for row, (name, value) in enumerate(zip(_names(one, letter), one[letter], strict=True)):
            middle = named.at(name)
            if value is None or middle is None:
                continue
            begin = _nth(one.get("base"), row) or 0.0
            if mode in PILED:
                pile = (name, value >= 0)
                begin = piles.get(pile, 0.0)
                piles[pile] = begin + value
            ends = counted.at(begin), counted.at(begin + value)
            if ends[0] is None or ends[1] is None:
                continue
            colour = _nth(one["marker"].get("colors"), row) or one["marker"]["color"]
            offset, thick = slot
            start = middle + offset - thick / 2
            parts.append(_bar(start, thick, ends[0], ends[1], colour, lies=lies))
            parts += _error(one, row, value, middle + offset, counted, lies=lies)
            parts += _words(one, row, ends[0], ends[1], middle + offset, thick, lies=lies)
    return parts


def _names(trace: Trace, counted: str) -> Sequence[Any]:
    names: Sequence[Any] = trace["y" if counted == "x" else "x"]
    return names


def _slot(trace: Trace, nth: int, many: int, named: Scale) -> tuple[float, float]:
    """How far from its name's middle a bar lies, and how thick it is."""
    count = len(named.names) or 9
    gap = 0.6 if count < 3 else 0.5 if count < 6 else 0.28
    whole = named.band * (trace.get("width") or 1 - gap)
    whole = min(whole, 46.0 * many)
    thick = whole / many
    if isinstance(trace.get("width"), float | int):
        return 0.0, whole
    return (nth - (many - 1) / 2) * thick if many > 1 else 0.0, thick * (0.94 if many > 1 else 1)


def _bar(start: float, thick: float, one: float, other: float, colour: str, *, lies: bool) -> str:
    low, long = min(one, other), max(abs(one - other), 0.4)
    round_ = min(1.5, thick / 4, long / 4)
    if lies:
        box = {"x": low, "y": start, "width": long, "height": thick}
    else:
        box = {"x": start, "y": low, "width": thick, "height": long}
    return svg.element("rect", rx=round_, **box, **filled(colour))


def _error(
    trace: Trace, row: int, value: float, middle: float, counted: Scale, *, lies: bool
) -> list[str]:
    error = trace.get("error_x" if lies else "error_y") or {}
    over, under = _nth(error.get("array"), row), _nth(error.get("arrayminus"), row)
    if over is None or under is None:
        return []
    return whisker(counted.at(value - under), counted.at(value + over), middle, lies=lies)


def whisker(low: float | None, high: float | None, middle: float, *, lies: bool) -> list[str]:
    """How far a value may lie off, as a line with two ends."""
    if low is None or high is None:
        return []
    rules = [(low, middle, high, middle)]
    rules += [(end, middle - 2.5, end, middle + 2.5) for end in (low, high)]
    if not lies:
        rules = [(b, a, d, c) for a, b, c, d in rules]
    style = drawn("text", 0.8)
    return [svg.element("line", x1=a, y1=b, x2=c, y2=d, **style) for a, b, c, d in rules]


def _words(
    trace: Trace, row: int, begin: float, end: float, middle: float, thick: float, *, lies: bool
) -> list[str]:
    said = _nth(trace.get("text"), row)
    if not said:
        return []
    said = str(said).replace("<br>", " ")
    inside = trace.get("textposition") in {"inside", "auto"}
    if lies:
        fits = svg.width(said) + 6 < abs(end - begin)
        if inside and fits and thick >= 9:
            return [svg.text(said, min(begin, end) + 4, middle + 2.8, fill=INSIDE)]
        goes = "end" if end < begin else "start"
        x = end + (-4 if end < begin else 4)
        return [svg.text(said, x, middle + 2.8, text_anchor=goes)]
    if inside and abs(end - begin) > 12 and svg.width(said) < thick:
        return [svg.text(said, middle, max(begin, end) - 4, text_anchor="middle", fill=INSIDE)]
    y = end - 3 if end <= begin else end + 9
    return [svg.text(said, middle, y, text_anchor="middle")]


def _nth(values: Any, row: int) -> Any:
    if isinstance(values, list):
        return values[row] if row < len(values) else None
    return values
