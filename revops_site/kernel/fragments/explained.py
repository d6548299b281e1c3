"""A number explained, as ``insights/_explanation.html`` prints it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revops_site.kernel import explain, formats
from revops_site.kernel.explain import Explanation, Ledger
from revops_site.kernel.filterform import LABELS, LIMIT_LABELS, Choices
from revops_site.kernel.filters import DIMENSIONS, LIMITS
from revops_site.kernel.fragments.frame import Frame, text
from revops_site.kernel.fragments.sql import readable
from revops_site.kernel.fragments.tiles import interval, tile
from revops_site.kernel.metrics import Measured, Metric, change
from revops_site.kernel.panels import Shown, Tile
from revops_site.kernel.periods import Period


@dataclass(frozen=True)
class Fact:
    """A line of what is in force; ``applied`` False: it was asked, but these rows cannot know."""

    name: str
    value: str
    applied: bool = True


def explained(
    ledger: Ledger, found: Explanation, before: Measured | None, choices: Choices, frame: Frame
) -> dict[str, Any]:
    """What there is to say of a number, its rows and its age apart."""
    metric, value = found.measured.metric, found.measured.value
    sure = ledger.interval(found.measured) if ledger.interval else None
    was = before.value if before else None
    shown = tile(
        Tile(
            metric, found.measured, was, change(metric, value, was), (), n=sure.n if sure else None
        ),
        frame,
    )
    return {
        **shown,
        "slug": metric.slug,
        "meaning": metric.meaning,
        "value": shown["exact"],
        "plain": "" if value is None else f"{value:.15g}",
        "sure": interval(metric, sure.low, sure.high, sure.n, frame) if sure else "",
        "before": text(was, metric.exact, frame) if was is not None else "",
        "before_plain": "" if was is None else f"{was:.15g}",
        "better": {"up": "More is better.", "down": "Less is better."}.get(metric.better, ""),
        "formula": f"{metric.field} = {metric.formula}",
        "worked": _worked(ledger, found.measured, frame),
        "operands": [_operand(ledger, metric, *pair, frame) for pair in _named(found.measured)],
        "facts": _facts(ledger, choices, frame),
        "edge": metric.edge,
        "source": metric.source,
        "ids": ", ".join(metric.ids),
        "notes": ledger.note(found.slice_) if ledger.note else (),
        "sql": readable(found.sql),
    }


def _named(measured: Measured) -> Sequence[tuple[str, float]]:
    return list(measured.operands.items())


def _worked(ledger: Ledger, measured: Measured, frame: Frame) -> str:
    """The formula with its operands in their place: "$84,210.50 / 12"; "" where it is one alone."""
    if measured.metric.formula in measured.operands:
        return ""
    numbers = {
        name: _number(ledger.operand(name), value, frame) for name, value in _named(measured)
    }
    name = re.compile(r"\b[A-Za-z_]\w*\b")
    return name.sub(lambda found: numbers[found[0]], measured.metric.formula)


def _number(what: Metric | Shown, value: float, frame: Frame) -> str:
    """An operand in full; what is below zero in brackets, as in a sum."""
    show = what.exact if isinstance(what, Metric) else what.show
    written = text(value, show, frame)
    return f"({written})" if value < 0 else written


def _operand(
    ledger: Ledger, metric: Metric, name: str, value: float, frame: Frame
) -> Mapping[str, str]:
    """An operand by name; one that is a metric itself leads to its own explanation."""
    what = ledger.operand(name)
    query = explain.state(frame.dated, {})
    leads = isinstance(what, Metric) and what is not metric
    return {
        "name": name,
        "label": what.label,
        "value": _number(what, value, frame).strip("()"),
        "url": explain.address(what, query or "") if leads and isinstance(what, Metric) else "",
    }


def _facts(ledger: Ledger, choices: Choices, frame: Frame) -> list[Fact]:
    """What is in force, and what was asked that these rows cannot be narrowed by."""
    slice_, compared = frame.slice_, frame.slice_.compare if ledger.dated else None
    facts = [
        Fact("Period", window(slice_.period, frame) if ledger.dated else "as of the day alone"),
        *([Fact("Compared with", window(compared, frame))] if compared else []),
        *(_chosen(name, ledger, choices, frame) for name in DIMENSIONS if getattr(slice_, name)),
        *(_limit(name, ledger, frame) for name in LIMITS if _limits(name, ledger, frame)),
        Fact("Money in", slice_.currency),
    ]
    if slice_.reps is not None and {"owner", "team"} & set(ledger.dimensions):
        facts.append(Fact("Rows of", _people(slice_.reps, choices)))
    return facts


def window(period: Period | None, frame: Frame) -> str:
    """The days of a period, both ends named."""
    if period is None:
        return f"all data to {formats.show(frame.slice_.as_of, 'date')}"
    return f"{formats.show(period.start, 'date')} to {formats.show(period.last_day, 'date')}"


def _chosen(name: str, ledger: Ledger, choices: Choices, frame: Frame) -> Fact:
    labels = choices.get(name, {})
    values = (labels.get(value, value) for value in getattr(frame.slice_, name))
    return Fact(LABELS[name], ", ".join(values), name in ledger.dimensions)


def _limits(name: str, ledger: Ledger, frame: Frame) -> bool:
    return name in ledger.dimensions or getattr(frame.slice_, name) is not None


def _limit(name: str, ledger: Ledger, frame: Frame) -> Fact:
    asked = getattr(frame.slice_, name)
    limit = asked if asked is not None else frame.page.limits.get(name)
    shown = "any" if limit is None else f"{limit:,}"
    return Fact(LIMIT_LABELS[name], shown, name in ledger.dimensions)


def _people(reps: Sequence[str], choices: Choices) -> str:
    """By name; those of a large team are counted."""
    names = [choices["owner"].get(rep, rep) for rep in reps]
    if not names:
        return "nobody: no rep is assigned to you"
    return ", ".join(names) if len(names) <= 5 else f"{len(names)} reps of yours"
