"""What stands above an answer's panel: the sentence, what was understood, where it is evident."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from insights.analytics.asking import Question, Reading, Vocabulary, spans_of
from insights.analytics.asking.question import GROUPED
from insights.panels import why
from insights.panels.asking import course, groups, unusual, ways
from insights.panels.asking.course import looked_at
from insights.panels.asking.page import of_change, tells_change
from insights.panels.why import Number
from revops_site.kernel import explain, formats, freshness
from revops_site.kernel.filterform import LABELS
from revops_site.kernel.metrics import Metric
from revops_site.kernel.pages import Visit
from revops_site.kernel.parted import GROUP

FEW = 5  # groups that a sentence names
KINDS = {
    "number": "figure",
    "dimension": "by",
    "member": "filter",
    "time": "period",
    "verb": "question",
    "rank": "how many",
    "trend": "steps",
    "limit": "limit",
    "place": "page",
    "deed": "deed",
    "unknown": "not understood",
}
Piece = Mapping[str, str]


def card(
    question: Question,
    number: Number,
    metrics: tuple[Metric, ...],
    reading: Reading,
    vocabulary: Vocabulary,
    visit: Visit,
) -> Sequence[Mapping[str, Any]]:
    """What ``insights/_answer.html`` prints."""
    asked = visit.asked.replace(notices=())
    now = Question(**{**question.__dict__, "filters": asked})
    is_same = reading.question is not None and reading.question.query() == now.query()
    return [
        {
            "template": "insights/_answer.html",
            "above": True,
            "pieces": pieces(reading) if reading.text else (),
            "is_same": is_same,
            "notices": reading.notices if is_same else (),
            "sentence": sentence(question, number, metrics, reading.way, visit),
            "links": ways.links(now, number, vocabulary, visit),
            "form": ways.form(now, vocabulary, visit),
        }
    ]


def pieces(reading: Reading) -> Sequence[Mapping[str, str]]:
    """The question in pieces, each with what it was taken for."""
    return [
        {"text": text, "kind": kind, "label": KINDS.get(kind, "")}
        for text, kind in spans_of(reading)
    ]


def sentence(
    question: Question, number: Number, metrics: tuple[Metric, ...], way: str, visit: Visit
) -> Sequence[Piece]:
    """The answer in words, its numbers leading to what is behind them."""
    if visit.fresh.is_empty:
        return [_text("Nothing is loaded yet.")]
    if tells_change(question):
        return _changed(question, number, way, visit)
    if question.by:
        return _grouped(question, number, metrics, visit)
    told = _shown(metrics, number, visit)
    if question.verb == "unusual" and (series := looked_at(number.metric)):
        return [*told, *unusual.pieces(series, visit)]
    if question.verb in {"trend", "unusual"} and number.ledger.dated:
        told += _course(question, number, visit)
    return told


def _text(text: str, url: str = "") -> Piece:
    return {"text": text, "url": url}


def _value(metric: Metric, value: float | None, visit: Visit) -> str:
    currency = visit.slice_.currency
    return formats.screen(formats.show(value, metric.show, currency=currency))


def _shown(metrics: tuple[Metric, ...], number: Number, visit: Visit) -> list[Piece]:
    """The numbers as their tiles have them, and the first beside what it is compared with."""
    found: list[Piece] = []
    query = visit.frame.dated.to_query()
    window = why.numbers.window(number.ledger, visit.slice_)
    for metric in metrics:
        now = explain.measured(number.ledger, metric, visit.slice_, visit.workspace.generation)
        found += [_text(f"{metric.label}{_within(visit)}, {window}: ")]
        found += [_text(_value(metric, now.value, visit), explain.address(metric, query))]
        found += [_text(_against(metric, number, now.value, visit))]
        if now.value is None and metric.edge:
            found += [_text(f" {metric.edge}")]
    return found


def _against(metric: Metric, number: Number, now: float | None, visit: Visit) -> str:
    before = visit.slice_.previous()
    first = freshness.of(number.ledger.datasets, visit.workspace).first_day
    if not number.ledger.dated or before is None or before.period is None or first is None:
        return ". "
    if now is None or before.period.start < first:
        return ". "
    was = explain.measured(number.ledger, metric, before, visit.workspace.generation).value
    if was is None:
        return ". "
    way = "up from" if now > was else "down from" if now < was else "the same as"
    days = why.numbers.window(number.ledger, before)
    return f", {way} {_value(metric, was, visit)} ({days}). "


def _within(visit: Visit) -> str:
    """The members that it is narrowed to, in words."""
    labels = [
        visit.choices[name].get(value, value)
        for name in LABELS
        for value in getattr(visit.asked, name)
    ]
    return f" for {_listed(labels)}" if labels else ""


def _listed(labels: Sequence[str]) -> str:
    return f"{', '.join(labels[:-1])} and {labels[-1]}" if len(labels) > 1 else "".join(labels)


def _grouped(
    question: Question, number: Number, metrics: tuple[Metric, ...], visit: Visit
) -> list[Piece]:
    found = groups.rows(question, number, metrics, visit.slice_)
    metric = metrics[0]
    if metric.field not in found or found[metric.field].notna().sum() == 0:
        return [_text(f"No {LABELS[question.by].lower()} has a {metric.label} here.")]
    if question.verb == "compare":
        return _compared(found, metrics, question, visit)
    known = found[found[metric.field].notna()]
    named = _ranked(question, known, metric, visit)
    whole = explain.measured(number.ledger, metric, visit.slice_, visit.workspace.generation)
    query = visit.frame.dated.to_query()
    said = _text(_value(metric, whole.value, visit), explain.address(metric, query))
    window = why.numbers.window(number.ledger, visit.slice_)
    return [*named, _text(f" All together{_within(visit)}: "), said, _text(f" ({window}).")]


def _ranked(question: Question, known: pd.DataFrame, metric: Metric, visit: Visit) -> list[Piece]:
    rows = known.to_dict("records")
    link = _linking(question, metric, visit)
    if question.verb in GROUPED - {"by"}:
        word = "The most" if question.verb == "top" else "The least"
        chosen = rows[: min(question.most, FEW)]
        return [_text(f"{metric.label}. {word}: "), *_named(chosen, metric, link, visit)]
    ends = [_text(f"{metric.label} is highest for "), *_named(rows[:1], metric, link, visit)]
    lowest = [row for row in rows[1:] if row[metric.field] == rows[-1][metric.field]]
    if len(lowest) == 1:
        ends += [_text(" Lowest for "), *_named(lowest, metric, link, visit)]
    elif lowest:
        said = _value(metric, float(lowest[0][metric.field]), visit)
        ends += [_text(f" {len(lowest)} share the lowest, {said}.")]
    return ends


Linking = Callable[[str], str]


def _linking(question: Question, metric: Metric, visit: Visit) -> Linking:
    def link(group: str) -> str:
        if group not in visit.choices.get(question.by, {}):
            return ""
        query = visit.frame.dated.to_query(**{question.by: (group,)})
        return explain.address(metric, query)

    return link


def _named(
    rows: Sequence[Mapping[Any, Any]], metric: Metric, link: Linking, visit: Visit
) -> list[Piece]:
    found: list[Piece] = []
    for nth, row in enumerate(rows):
        found += [_text(f"{'; ' if nth else ''}{row[groups.LABEL]}, ")]
        value = _value(metric, float(row[metric.field]), visit)
        found += [_text(value, link(row[GROUP]))]
    return [*found, _text(".")]


def _compared(
    found: pd.DataFrame, metrics: tuple[Metric, ...], question: Question, visit: Visit
) -> list[Piece]:
    told: list[Piece] = []
    for metric in metrics:
        link = _linking(question, metric, visit)
        rows = found[found[metric.field].notna()].to_dict("records")
        if rows:
            told += [_text(f"{metric.label}: "), *_named(rows, metric, link, visit), _text(" ")]
    return told


def _course(question: Question, number: Number, visit: Visit) -> list[Piece]:
    metric = number.metric
    rows = course.steps(number, question.grain, visit.slice_)
    known = rows[rows[metric.field].notna()]
    if len(known) < 2:
        return []
    order = known.sort_values(metric.field, kind="stable").to_dict("records")
    low, high = order[0], order[-1]

    def said(row: Mapping[Any, Any]) -> Piece:
        query = visit.frame.dated.to_query(period="custom", start=row["start"], end=row["end"])
        return _text(
            _value(metric, float(row[metric.field]), visit), explain.address(metric, query)
        )

    return [
        _text(f"Of {len(known)} steps the highest is {high['label']}, "),
        said(high),
        _text(f", the lowest {low['label']}, "),
        said(low),
        _text("."),
    ]


def _changed(question: Question, number: Number, way: str, visit: Visit) -> list[Piece]:
    text, told = why.said(of_change(question, number), visit)
    now, before = told.now.value, told.before.value if told.before else None
    found = []
    if way and now is not None and before is not None and now != before:
        went = "up" if now > before else "down"
        if went != way:
            found.append(_text(f"It did not go {way}. "))
    if text:
        return [*found, _text(text)]
    if now is not None and before is not None and told.compared is not None:
        ends = [(now, visit.slice_), (before, told.compared)]
        said = [
            f"{_value(number.metric, value, visit)} ({why.numbers.window(number.ledger, one)})"
            for value, one in ends
        ]
        found.append(_text(f"{number.metric.label}: {said[0]}, before {said[1]}. "))
    return [*found, _text(told.reason)]
