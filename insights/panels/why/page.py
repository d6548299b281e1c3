"""The panels of a number's change: its largest steps, and what each group did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from insights import charts
from insights.analytics import why
from insights.analytics.why.words import signed
from insights.panels.why import numbers
from insights.panels.why.numbers import Question
from revops_site.kernel import filterform
from revops_site.kernel.charts import Figure
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.queries import workspace

STEPS, GROUPS = "steps", "groups"
FEW = Shown(
    "few",
    "Sample",
    help="Fewer than 5 in one of the two periods say little.",
    tone={"few": "warn"},
    words={"few": "Fewer than 5"},
)
SHARE = Shown("share", "Of the change", "percent", help="Below 0% it worked against the change.")
TICKS = {"percent": ".1~%", "money": "~s", "amount": "~s"}


def page(question: Question) -> Page:
    """The page of a question: it knows what the number's own page knows."""
    number = question.number
    dimensions = tuple(name for name in number.ledger.dimensions if name in filterform.LABELS)

    def choices(generation: int) -> Mapping[str, Sequence[str] | Mapping[str, str]]:
        found = number.page.choices(generation)
        return {name: found[name] for name in dimensions if name in found}

    return replace(
        number.page,
        slug=f"why/{number.metric.slug}",
        title=f"Why {_inner(number.metric.label)} changed",
        url=f"/why/{number.metric.slug}/",
        panels=_panels(question),
        datasets=number.ledger.datasets,
        dimensions=dimensions,
        choices=choices,
        listings=(),
        limits={
            name: limit
            for name, limit in number.page.limits.items()
            if name in number.ledger.dimensions
        },
        dated=True,
        compared=True,
        own=_own(question),
    )


def _inner(label: str) -> str:
    """A label within a sentence: abbreviations and names keep their letters."""
    if "," in label:
        label = f"{label},"
    first, _, rest = label.partition(" ")
    is_name = sum(one.isupper() for one in first) > 1
    return label if is_name else f"{first[:1].lower()}{first[1:]}{f' {rest}' if rest else ''}"


def _own(question: Question) -> tuple[tuple[str, str], ...]:
    """What the address says beside the filters."""
    by = [("by", question.by)] if question.by else []
    if question.against is None:
        return tuple(by)
    first, last = question.against.start, question.against.last_day
    days = [("against_start", first.isoformat()), ("against_end", last.isoformat())]
    return (*by, *days)


def _panels(question: Question) -> tuple[Panel, ...]:
    number, known = question.number, numbers.words(question.number)
    metric, about = number.metric, repr((number.metric.slug, _own(question)))

    def narrows(row: Mapping[str, Any]) -> Mapping[str, Any] | None:
        dimension, group = row["dimension"], row["group"]
        if not group:
            return None if row.get("is_rest") or row.get("is_unnamed") else {}
        return {dimension: (group,)}

    steps = Panel(
        slug=STEPS,
        title="What made the difference",
        question="The largest parts of the change, one below the other: together all of it.",
        frame=lambda slice_: _steps(question, slice_, known),
        columns=(
            Shown("label", "Part"),
            Shown("effect", "Effect"),
            Shown("value", "Change", _difference(metric), metric=metric),
            SHARE,
            *_filed("dimension", "group"),
        ),
        dimensions=number.ledger.dimensions,
        figure=lambda rows: _figure(metric, rows),
        width="col-12",
        height="tall",
        narrows=narrows,
        about=about,
        nothing=lambda slice_: numbers.told(question, slice_).reason,
    )
    return (steps, *_groups(question, known, narrows, about))


def _groups(question: Question, known: why.Words, narrows: Any, about: str) -> tuple[Panel, ...]:
    """The table of groups, where the number has any."""
    number = question.number
    metric, source = number.metric, number.source
    if not source.dimensions or question.by in (why.PARTS, why.MOVEMENT):
        return ()
    formula = source.finer.get(metric.formula, metric.formula)
    heads = why.heads(formula, source, known)
    difference = _difference(metric)
    panel = Panel(
        slug=GROUPS,
        title="Group by group",
        question="What each group had and has, and what it did to the whole.",
        frame=lambda slice_: _grouped(question, slice_, heads, known),
        columns=(
            Shown("name", "Group", metric=metric),
            Shown("before", "Before", metric.exact),
            Shown("now", "Now", metric.exact, metric=metric),
            Shown("n_before", "n before", "integer", help="How many it rests on."),
            Shown("n_now", "n now", "integer", help="How many it rests on."),
            *(Shown(name, label, difference) for name, label in heads.items()),
            Shown("total", "All it did", difference),
            SHARE,
            FEW,
            *_filed("dimension", "group"),
        ),
        dimensions=number.ledger.dimensions,
        width="col-12",
        narrows=narrows,
        about=about,
        nothing=lambda slice_: _no_groups(question, slice_),
    )
    return (panel,)


def _filed(*names: str) -> tuple[Shown, ...]:
    return tuple(Shown(name, name.capitalize(), filed=True) for name in names)


def _steps(question: Question, slice_: Slice, known: why.Words) -> pd.DataFrame:
    told = numbers.told(question, slice_)
    story = told.by(question.by)
    columns = ["label", "effect", "group", "value", "share", "is_change", "dimension"]
    if story is None:
        return pd.DataFrame(columns=[*columns, "is_unnamed"])
    rows = why.steps(story, known)
    rows["dimension"] = story.dimension
    nobodys = (known.without(story.dimension), f"no {story.dimension} that is told")
    in_none = [any(one in label for one in nobodys) for label in rows["label"]]
    rows["is_unnamed"] = pd.Series(in_none, dtype="bool") | rows["label"].str.endswith(
        "smaller parts"
    )
    return rows


def _grouped(
    question: Question, slice_: Slice, heads: Mapping[str, str], known: why.Words
) -> pd.DataFrame:
    story = numbers.told(question, slice_).by(question.by)
    names = ["name", "before", "now", "n_before", "n_now", *heads, "total", "share", "few"]
    if story is None or not story.is_grouped:
        return pd.DataFrame(columns=[*names, "dimension", "group", "is_rest", "is_unnamed"])
    metric = question.number.metric
    rows = why.grouped(story, metric, heads)
    labels = [
        known.group(story.dimension, code, is_rest=rest)
        for code, rest in zip(rows["group"], rows["is_rest"], strict=True)
    ]
    rows["name"] = pd.Series([one[:1].upper() + one[1:] for one in labels], dtype="str")
    rows["dimension"] = story.dimension
    rows["is_unnamed"] = rows["group"] == ""
    return rows


def _no_groups(question: Question, slice_: Slice) -> str:
    told = numbers.told(question, slice_)
    if told.reason or not told.stories:
        return told.reason
    return "This is told by its parts: choose a dimension above for its groups."


def _difference(metric: Metric) -> str:
    """How a difference of the metric is printed in a table."""
    if metric.change == "points" and metric.show.startswith("percent"):
        return "delta" if metric.show == "percentage" else "points"
    shown = {"amount_auto": "money", "integer": "decimal", "decimal1": "decimal", "days": "days1"}
    return shown.get(metric.show, metric.show)


def _figure(metric: Metric, rows: pd.DataFrame) -> Figure:
    currency = workspace().reporting_currency
    ticks = next((to for name, to in TICKS.items() if metric.show.startswith(name)), "~g")
    if metric.show == "percentage":
        ticks = "~g"
    return charts.steps(rows, metric.better, lambda value: signed(metric, value, currency), ticks)
