"""The answer to a question as a page: the number's own, with the panel that answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from insights.analytics.asking import Question
from insights.panels import why
from insights.panels.asking import course, groups
from insights.panels.asking.known import parts, tells
from insights.panels.why import Number
from revops_site.kernel import filterform
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Page, Panel

URL = "/ask/"
OWN = ("is", "metric", "split", "top", "grain", "against_start", "against_end", "q")


def page(question: Question, number: Number, metrics: tuple[Metric, ...], text: str) -> Page:
    """The page of an answer: it knows what the number's own page knows.

    ``text`` is the question as it was typed, which the address keeps.
    """
    is_why = tells_change(question)
    own = (*question.said, *([("q", text)] if text else []))
    dimensions = tuple(one for one in number.ledger.dimensions if one in filterform.LABELS)

    def choices(generation: int) -> Mapping[str, Sequence[str] | Mapping[str, str]]:
        found = number.page.choices(generation)
        return {name: found[name] for name in dimensions if name in found}

    return replace(
        number.page,
        slug="ask",
        title="Ask",
        url=URL,
        panels=_panels(question, number, metrics),
        dimensions=dimensions,
        choices=choices,
        listings=(),
        dated=is_why or number.ledger.dated,
        quarterly=number.page.quarterly and not is_why,
        compared=True,
        options={},
        limits={
            name: limit
            for name, limit in number.page.limits.items()
            if name in number.ledger.dimensions
        },
        own=own,
    )


def tells_change(question: Question) -> bool:
    """Whether it is about two periods of one number."""
    return question.verb == "why" or (question.verb == "compare" and not question.by)


def of_change(question: Question, number: Number) -> why.Question:
    """The question why a number changed, as its own page knows it."""
    return why.Question(number, "", question.against)


def _panels(question: Question, number: Number, metrics: tuple[Metric, ...]) -> tuple[Panel, ...]:
    if tells_change(question):
        return why.page(of_change(question, number)).panels[:1]
    if question.by:
        return (groups.panel(question, number, metrics),)
    if question.verb in {"trend", "unusual"}:
        return (course.panel(number, question.grain),) if number.ledger.dated else ()
    own = shown(number)
    if own is not None:
        return (own,)
    if number.ledger.dated:
        return (course.panel(number, ""),)
    return _parts(question, number, metrics)


def _parts(question: Question, number: Number, metrics: tuple[Metric, ...]) -> tuple[Panel, ...]:
    """What is so on a day, by the dimension that tells most of it."""
    told = parts(number.page, number.ledger, number.metric, number.parted)
    by = replace(question, verb="by", by=told[0]) if told else question
    return (groups.panel(by, number, metrics),) if told else ()


def shown(number: Number) -> Panel | None:
    """The panel of the number's page that draws it."""
    telling = [one for one in number.page.panels if tells(one, number.metric) and not one.tiles]
    drawn = [one for one in telling if one.figure is not None]
    found = next(iter(drawn), None)
    return None if found is None else replace(found, width="col-12")
