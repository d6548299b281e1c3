"""The house style of figures: bare Plotly traces in, the JSON that the browser draws out.

A trace is a plain mapping, as Plotly's own objects write it: to make the objects takes longer than
all else of a chart. A test lets Plotly check every figure that is drawn.

A figure carries no template and no colour. Each trace names the token it is painted with: ``c1`` to
``c6``, ``other``, ``good``, ``bad`` or ``warn``, with ``/35`` after it for 35 % opacity. The
browser puts the theme's colour in its place, so a change of theme needs no new figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import orjson
import pandas as pd

Trace: TypeAlias = dict[str, Any]
Values: TypeAlias = "pd.Series[Any] | np.ndarray[Any, Any]"

MOST_TICKS = 13
WEEK_OF_QUARTER = "Week of the quarter"
"""The title of an axis that counts the weeks of the slice's quarter."""
WATERFALL = {"increasing": "--good", "decreasing": "--bad", "totals": "--c1"}
SERIES = ("c1", "c2", "c3", "c4", "c5", "c6")
UNUSUAL = "Unusual"  # as the column of the table, where a click on a mark leads
DASHES = ("solid", "dash", "dot", "dashdot")


def line(x: Values, y: Values, name: str, nth: int = 0) -> Trace:
    """The ``nth`` line of a chart: told from the others by colour and by dash."""
    return {
        "type": "scatter",
        "x": _plain(x),
        "y": _plain(y),
        "name": name,
        "mode": "lines+markers",
        "line": {"width": 2, "dash": DASHES[nth % len(DASHES)]},
        "marker": {"size": 5},
        "meta": {"paint": SERIES[nth % len(SERIES)]},
    }


def bars(x: Values, y: Values, name: str, paint: str = "c1", **options: Any) -> Trace:
    """Upright bars, or lying ones with ``orientation="h"``; NaN leaves a gap."""
    return dict(type="bar", x=_plain(x), y=_plain(y), name=name, meta={"paint": paint}, **options)


def ranges(labels: Values, low: Values, high: Values, name: str) -> Trace:
    """Lying bands from ``low`` to ``high``, translucent: what a measure should stay within."""
    return {
        "type": "bar",
        "x": _plain(high - low),
        "base": _plain(low),
        "y": _plain(labels),
        "name": name,
        "orientation": "h",
        "meta": {"paint": "other/35"},
    }


def points(x: Values, y: Values, name: str, paint: str = "c1", symbol: str = "circle") -> Trace:
    """Single marks."""
    return {
        "type": "scatter",
        "x": _plain(x),
        "y": _plain(y),
        "name": name,
        "mode": "markers",
        "marker": {"size": 11, "symbol": symbol},
        "meta": {"paint": paint},
    }


def unusual(x: Values, y: Values, said: Values) -> list[Trace]:
    """An open diamond around each point of which something is ``said``; none where nothing is."""
    told = np.array([isinstance(one, str) for one in said], dtype=bool)
    if not told.any():
        return []
    trace = points(x[told], y[told], UNUSUAL, "text", "diamond-open")
    trace["marker"] |= {"size": 15, "line": {"width": 2}}
    trace["text"] = [str(one) for one, is_told in zip(said, told, strict=True) if is_told]
    trace["hovertemplate"] = "%{text}<extra></extra>"
    trace["cliponaxis"] = False
    return [trace]


def dated(labels: Sequence[str]) -> dict[str, list[str]]:
    """Ticks at about a dozen of the labels, such as "Dec 2025": the year below where it begins."""
    chosen = labels[:: -(-len(labels) // MOST_TICKS) or 1]
    texts, last = [], ""
    for label in chosen:
        name, _, year = label.rpartition(" ")
        texts.append(name if year == last else f"{name}<br>{year}")
        last = year
    return {"tickvals": list(chosen), "ticktext": texts}


@dataclass(frozen=True)
class Figure:
    """Traces and what is said of them."""

    data: Sequence[Trace]
    layout: Mapping[str, Any]


def figure(traces: Sequence[Trace], **layout: Any) -> Figure:
    """A figure without Plotly's default template; one trace needs no legend."""
    return Figure(tuple(traces), {"showlegend": len(traces) > 1, **layout})


def to_json(drawn: Figure) -> str:
    """The figure as the browser wants it, its paints as colour tokens (``--c1``)."""
    data = [_painted(dict(trace)) for trace in drawn.data]
    return orjson.dumps({"data": data, "layout": drawn.layout}).decode()


def _painted(trace: dict[str, Any]) -> dict[str, Any]:
    if trace["type"] == "waterfall":
        return {**trace, **{kind: {"marker": {"color": to}} for kind, to in WATERFALL.items()}}
    token = f"--{trace.pop('meta', {}).get('paint', 'c1')}"
    trace["marker"] = {**trace.get("marker", {}), "color": token}
    if trace["type"] == "scatter":
        trace["line"] = {**trace.get("line", {}), "color": token}
        if "fill" in trace:
            trace["fillcolor"] = token
    return trace


def _plain(values: Values) -> list[Any]:
    """Python values, None for NaN, dates as ISO text: small, and readable in a test."""
    if values.dtype.kind == "M":
        days = np.asarray(values).astype("datetime64[D]").tolist()
        return [day and day.isoformat() for day in days]
    return [None if v != v else v for v in values.tolist()]
