"""The figures of a quarter as it stands beside those with what is assumed, and their parts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pipeline import analytics, metrics
from pipeline.panels.forecasts import LEDGER, operands, totals
from pipeline.panels.whatif.scene import Scene
from pipeline.queries.scenarios import Kept
from revops_site.kernel import explain, formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.fragments.frame import Frame, text
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.fragments.tiles import tile
from revops_site.kernel.metrics import Measured, Metric, change
from revops_site.kernel.panels import Shown, Tile

SHOWN = (
    *(metrics.FORECAST, metrics.FORECAST_LOW, metrics.FORECAST_HIGH, metrics.TARGET_PROBABILITY),
    *(metrics.TARGET, metrics.GAP, metrics.COVERAGE, metrics.REQUIRED_COVERAGE),
    *(metrics.COMMIT, metrics.CLOSED_WON, metrics.PIPELINE_TOTAL),
)
TILES = (
    *(metrics.FORECAST, metrics.TARGET_PROBABILITY, metrics.GAP, metrics.COVERAGE),
    *(metrics.COMMIT, metrics.PIPELINE_TOTAL),
)
SHORTLY = (metrics.FORECAST, metrics.GAP, metrics.COVERAGE, metrics.TARGET_PROBABILITY)
OPEN_DEALS = Shown("open_deals", "Open deals of the quarter", "integer")
PARTS = (
    *("closed_won_amount", "expected_open", "expected_pull_in", "expected_new"),
    *("pipeline_commit", "pipeline_best_case", "pipeline_total", "quarter_target"),
    *("remaining_target", "past_pipeline", "past_won"),
)
Values = Mapping[str, float | None]


def now(slice_: Slice) -> Mapping[str, Measured]:
    """The figures of the Forecast page, by field."""
    return analytics.kpis(totals(slice_), metrics.FORECAST_METRICS)


def then(one: Scene) -> Mapping[str, Measured]:
    """The same figures with what is assumed."""
    return analytics.kpis(operands(one.slice_, one.found), metrics.FORECAST_METRICS)


def values(one: Scene) -> dict[str, float | None]:
    """The figures with what is assumed, by field, as a scenario keeps them."""
    measured = then(one)
    found = {metric.field: measured[metric.field].value for metric in SHOWN}
    return {**found, OPEN_DEALS.name: float(len(one.found.deals))}


def tiles(one: Scene, frame: Frame) -> dict[str, Any]:
    """What ``_tiles.html`` prints: with what is assumed, and how far that is from what stands."""
    was, is_ = now(one.slice_), then(one)
    base = "vs as it stands" if one.entries else ""
    low, high = (
        text(is_[metric.field].value, metric.show, frame)
        for metric in (metrics.FORECAST_LOW, metrics.FORECAST_HIGH)
    )
    stood = f"As it stands {_show(was, metrics.COVERAGE, frame)}; p" if base else "P"
    notes = {
        metrics.FORECAST: f"8 of 10 quarters end between {low} and {high}.",
        metrics.TARGET_PROBABILITY: _target(is_, frame),
        metrics.GAP: f"Risk: {one.found.figures()['risk_level'] or formats.UNKNOWN}.",
        metrics.COVERAGE: f"{stood}ast quarters took "
        f"{_show(is_, metrics.REQUIRED_COVERAGE, frame)}.",
        metrics.PIPELINE_TOTAL: f"{len(one.found.deals):,} open deals.",
    }
    bare = replace(frame, explains=False)  # what a click explains is what stands
    return {
        "slug": "what-if-kpis",
        "title": "Figures with what is assumed",
        "state": "ok",
        "tiles": [
            tile(_tile(metric, was, is_, base, notes.get(metric, "")), bare) for metric in TILES
        ],
    }


def _tile(
    metric: Metric, was: Mapping[str, Measured], is_: Mapping[str, Measured], base: str, note: str
) -> Tile:
    told = base and metric is not metrics.COVERAGE  # a ratio differs by no percentage
    before = was[metric.field].value if told else None
    return Tile(
        metric=metric,
        now=is_[metric.field],
        before=before,
        change=change(metric, is_[metric.field].value, before),
        weeks=(),
        base=base if told else "",
        note=note,
    )


def _target(measured: Mapping[str, Measured], frame: Frame) -> str:
    known = measured[metrics.TARGET.field].value is not None
    return f"Target {_show(measured, metrics.TARGET, frame)}." if known else "No target is known."


def _show(measured: Mapping[str, Measured], metric: Metric, frame: Frame) -> str:
    return text(measured[metric.field].value, metric.show, frame)


def compared(one: Scene, frame: Frame, beside: Sequence[tuple[str, Values]] = ()) -> dict[str, Any]:
    """What ``_table.html`` prints of the figures side by side.

    ``beside`` are more columns: what a scenario came to when it was saved, or another scenario.
    """
    measured = {field: found.value for field, found in now(one.slice_).items()}
    stands = {**measured, OPEN_DEALS.name: float(len(one.stands.deals))}
    with_it, query = values(one), frame.state({})
    names = ["As it stands", "With the changes", "Difference", *(name for name, _ in beside)]
    rows = []
    for what in (*SHOWN, OPEN_DEALS):
        field, show = (
            (what.field, what.show) if isinstance(what, Metric) else (what.name, what.show)
        )
        exact = what.exact if isinstance(what, Metric) else what.show
        leads = (
            explain.address(what, query) if isinstance(what, Metric) and query is not None else ""
        )
        was, is_ = stands[field], with_it[field]
        rows.append(
            [
                Cell(what.label, title=what.meaning if isinstance(what, Metric) else ""),
                replace(_number(was, show, exact, frame), href=leads),
                _number(is_, show, exact, frame),
                _difference(what, was, is_, frame),
                *(_number(found.get(field), show, exact, frame) for _, found in beside),
            ]
        )
    return {
        "id": "table-what-if",
        "caption": "The quarter as it stands and with the changes.",
        "columns": _columns("Figure", names),
        "rows": rows,
        "whole": True,
    }


def parts(one: Scene, frame: Frame) -> dict[str, Any]:
    """What ``_table.html`` prints of the operands that the formulas are made of."""
    was = totals(one.slice_).iloc[0]
    is_ = operands(one.slice_, one.found).iloc[0]
    rows = []
    for name in PARTS:
        what = LEDGER.operand(name)
        show = what.exact if isinstance(what, Metric) else what.show
        first, second = (None if math.isnan(row[name]) else float(row[name]) for row in (was, is_))
        rows.append(
            [
                Cell(what.label, more=name),
                *(_number(value, show, show, frame) for value in (first, second)),
                _difference(what, first, second, frame, show),
            ]
        )
    names = ["As it stands", "With the changes", "Difference"]
    return {
        "id": "table-what-if-parts",
        "caption": "What the figures are made of.",
        "columns": _columns("Part", names),
        "rows": rows,
        "whole": True,
    }


def formulas() -> list[dict[str, str]]:
    """How each figure is reckoned, in words and as a formula over the parts."""
    return [
        {
            "label": one.label,
            "formula": "" if one.formula in one.operands else f"{one.field} = {one.formula}",
            "meaning": one.meaning,
        }
        for one in SHOWN
    ]


def shortly(one: Scene, frame: Frame) -> list[dict[str, str]]:
    """What the changes come to in a line: the main figures, and how far each has moved."""
    was, is_ = now(one.slice_), then(one)
    found = []
    for metric in SHORTLY:
        value = is_[metric.field].value
        gap = _difference(metric, was[metric.field].value, value, frame)
        moved = gap.tone != "muted" and gap.text != formats.UNKNOWN
        shown = text(value, metric.show, frame)
        change = gap.text if moved else ""
        found.append({"label": metric.label, "text": shown, "change": change, "tone": gap.tone})
    return found


def said(one: Scene, frame: Frame) -> str:
    """What is said after a change: where the forecast is, and how far that is from what stands."""
    was, is_ = one.stands.parts.ai_forecast, one.found.parts.ai_forecast
    far = text(abs(is_ - was), "money", frame)
    side = (
        f"{far} {'more' if is_ > was else 'less'} than as it stands"
        if is_ != was
        else "as it stands"
    )
    return f"Forecast {text(is_, 'money', frame)}, {side}."


def saved(kept: Kept | None, frame: Frame) -> list[tuple[str, Values]]:
    """What a scenario of the reader's own came to when it was saved, in the same currency."""
    if kept is None or not kept.figures or kept.currency != frame.slice_.currency:
        return []
    return [(f"When saved, as of {formats.show(kept.as_of, 'date')}", kept.figures)]


def _columns(first: str, names: Sequence[str]) -> list[dict[str, Any]]:
    return [{"label": first}, *({"label": name, "numeric": True} for name in names)]


def _number(value: float | None, show: str, exact: str, frame: Frame) -> Cell:
    title = text(value, exact, frame)
    return Cell(text(value, show, frame), title=title, numeric=True)


def _difference(
    what: Metric | Shown, was: float | None, is_: float | None, frame: Frame, show: str = ""
) -> Cell:
    """What the changes add, with its sign, good or bad as the figure goes."""
    if was is None or is_ is None:
        return Cell(formats.UNKNOWN, numeric=True)
    gap = is_ - was
    shown = show or what.show
    plain = text(gap, shown, frame)
    if not gap or plain == text(0.0, shown, frame):
        return Cell("0", tone="muted", numeric=True)
    better = what.better if isinstance(what, Metric) else "neither"
    tone = {"up": "good" if gap > 0 else "bad", "down": "bad" if gap > 0 else "good"}.get(
        better, ""
    )
    unit = " points" if shown.startswith("percent") else ""
    sign = "+" if gap > 0 else ""
    said = plain.replace("%", "") if unit else plain
    exact = what.exact if isinstance(what, Metric) else shown
    return Cell(f"{sign}{said}{unit}", title=text(gap, exact, frame), tone=tone, numeric=True)
