"""Annotations on figures: a numbered line at each day, wherever a figure's axis is of time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from revops_site.kernel import formats, periods
from revops_site.kernel.charts import WEEK_OF_QUARTER
from revops_site.kernel.filters import Slice
from revops_site.kernel.noted import Noted

ISO = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?(?:[T ].*)?")
SAID = re.compile(r"(?:(\d{1,2}) )?([A-Z][a-z]{2}) (\d{4})")
QUARTER = re.compile(r"Q([1-4]) (\d{4})")
MOST = 12  # in one figure; more would hide it
LYING = {"funnel", "pie", "indicator", "heatmap"}


@dataclass(frozen=True)
class Axis:
    """The days at which the marks of an axis begin, ascending, and the first day after the last.

    One of ``names`` counts its marks; another knows days.
    """

    starts: Sequence[date]
    end: date
    of_names: bool

    def place(self, day: date) -> Any:
        """Where a day within stands, as the browser takes it."""
        if self.of_names:
            return bisect_right(self.starts, day) - 1
        return min(day, self.starts[-1]).isoformat()


def marked(figure: str, noted: Sequence[Noted], slice_: Slice) -> tuple[str, list[str]]:
    """The figure with what was noted in its days, and the same in sentences, by number.

    The figure as it came where it has no axis of time, or nothing was noted there.
    """
    if not figure or not noted:
        return figure, []
    made = orjson.loads(figure)
    axis = _axis(made, slice_)
    within = [one for one in noted if axis and _lies(one, axis)]
    if axis is None or not within:
        return figure, []
    shown = within[-MOST:]
    layout = made["layout"]
    layout["shapes"] = [*layout.get("shapes", []), *(_line(one, axis) for one in shown)]
    flags = [_flag(nth, one, axis) for nth, one in enumerate(shown, 1)]
    layout["annotations"] = [*layout.get("annotations", []), *flags]
    said = [f"{nth} · {told(one)}" for nth, one in enumerate(shown, 1)]
    if len(within) > len(shown):
        said.append(f"{len(within) - len(shown)} older annotations lie in these days as well.")
    return orjson.dumps(made).decode(), said


def told(one: Noted) -> str:
    """``12 May 2026: Price rise, by Dee``."""
    days = formats.show(one.start, "date")
    if one.end and one.end != one.start:
        days = f"{days} to {formats.show(one.end, 'date')}"
    return f"{days}: {one.text}, by {one.who}" if one.who else f"{days}: {one.text}"


def _lies(one: Noted, axis: Axis) -> bool:
    return one.start < axis.end and (one.end or one.start) >= axis.starts[0]


def _axis(figure: Mapping[str, Any], slice_: Slice) -> Axis | None:
    """The axis of a figure whose marks are days, weeks, months or quarters; None of any other."""
    traces = figure["data"]
    if any(one.get("orientation") == "h" or one["type"] in LYING for one in traces):
        return None
    asked = figure["layout"].get("xaxis", {})
    names = dict.fromkeys(
        str(x) for one in traces if one.get("xaxis", "x") == "x" for x in one.get("x") or []
    )
    known = asked.get("categoryarray") or [name for name in names if name != "None"]
    in_weeks = asked.get("title", {}).get("text") == WEEK_OF_QUARTER
    days = [_week(name, slice_) if in_weeks else _day(name, slice_) for name in known]
    starts = [day for day in days if day is not None]
    if len(starts) < 2 or len(starts) < len(days):
        return None
    of_names = in_weeks or asked.get("type") == "category" or not ISO.fullmatch(str(known[0]))
    if not of_names:
        starts.sort()
    if starts != sorted(set(starts)):
        return None
    return Axis(starts, _after(starts), of_names)


def _after(starts: Sequence[date]) -> date:
    """The first day after the last mark, which is as long as the one before it."""
    step = (starts[-1] - starts[-2]).days
    if 28 <= step <= 31:
        return periods.month(starts[-1]).end
    return periods.plus(starts[-1], step)


def _day(name: str, slice_: Slice) -> date | None:
    """The first day that a mark's name means; None where it means none."""
    try:
        if found := ISO.fullmatch(name):
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
        if found := SAID.fullmatch(name):
            return date(int(found[3]), formats.MONTHS.index(found[2]) + 1, int(found[1] or 1))
    except ValueError:
        return None
    if found := QUARTER.fullmatch(name):
        return periods.coded_quarter(f"{found[2]}Q{found[1]}", slice_.first_month).start
    return None


def _week(name: str, slice_: Slice) -> date | None:
    if not name.isdigit() or not 1 <= int(name) <= periods.WEEKS_OF_QUARTER:
        return None
    return periods.plus(slice_.quarter.start, 7 * (int(name) - 1))


def _line(one: Noted, axis: Axis) -> dict[str, Any]:
    """A dotted line at the day; a band where it lasted."""
    first = axis.place(max(one.start, axis.starts[0]))
    last = axis.place(one.end) if one.end else first
    box = {"xref": "x", "yref": "paper", "x0": first, "x1": last, "y0": 0, "y1": 1}
    line = {"color": "--muted", "width": 1.5, "dash": "dot"}
    if last == first:
        return {"type": "line", **box, "line": line}
    return {"type": "rect", **box, "fillcolor": "--muted/15", "line": {**line, "width": 1}}


def _flag(nth: int, one: Noted, axis: Axis) -> dict[str, Any]:
    """Its number at the top of the line, which says the text to a pointer."""
    plain = told(one).replace("&", "&amp;").replace("<", "&lt;")
    return {
        "xref": "x",
        "yref": "paper",
        "x": axis.place(max(one.start, axis.starts[0])),
        "y": 1,
        "yanchor": "top",
        "showarrow": False,
        "text": str(nth),
        "font": {"size": 11, "color": "--text"},
        "bgcolor": "--raised",
        "bordercolor": "--muted",
        "borderpad": 2,
        "hovertext": plain,
    }
