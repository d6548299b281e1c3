"""Answers without a panel: a definition, a page, or what could be asked in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from insights.analytics.asking import Question, Reading, Vocabulary, address, saying
from insights.analytics.asking.tokens import LONGEST
from insights.panels.asking.card import pieces
from insights.panels.asking.page import URL
from revops_site.kernel.metrics import Metric

ALONE = frozenset({"open", "define"})


def typed(text: str) -> str:
    """A question as it is read: on one line, without what no database holds, not too long."""
    bare = "".join(one for one in text if one.isprintable() or one.isspace())
    return " ".join(bare.split())[:LONGEST]


def is_paged(question: Question) -> bool:
    """Whether a question is answered by a page of panels."""
    return question.verb not in ALONE


def plain(
    text: str, reading: Reading, vocabulary: Vocabulary, metrics: Mapping[str, Metric]
) -> Mapping[str, Any]:
    """What ``insights/unasked.html`` prints."""
    question = reading.question
    offered = () if question is not None else saying.nearest(reading, vocabulary)
    if not text:
        offered = saying.examples(vocabulary)
    return {
        "title": "Ask",
        "q": text,
        "pieces": pieces(reading) if text else (),
        "reason": reading.reason if text else "",
        "notices": reading.notices,
        "answer": _answer(question, vocabulary, metrics) if question is not None else None,
        "offered": [{"text": one, "url": asked(one)} for one in offered],
    }


def asked(text: str) -> str:
    """The address of a question."""
    return f"{URL}?{urlencode({'q': text}, errors='replace')}"


def suggested(text: str, vocabulary: Vocabulary) -> Mapping[str, Sequence[str]]:
    """What ``insights/_suggestions.html`` prints."""
    return {"suggestions": saying.suggestions(text, vocabulary)}


def modelled(text: str, chosen: Question | str | None, vocabulary: Vocabulary) -> Mapping[str, Any]:
    """What ``insights/_modelled.html`` prints: our own words for what a model chose."""
    found = chosen if isinstance(chosen, Question) else None
    return {
        "q": text,
        "tried": 0,
        "waits": chosen == "waiting",
        "said": saying.said(found, vocabulary) if found is not None else "",
        "url": f"{URL}?{found.query()}" if found is not None else "",
    }


def _answer(
    question: Question, vocabulary: Vocabulary, metrics: Mapping[str, Metric]
) -> Mapping[str, str]:
    url = address(question, vocabulary)
    if question.verb == "open":
        title = vocabulary.places[question.place]
        return {"title": title, "text": "This page tells it.", "formula": "", "url": url}
    metric = metrics[question.metrics[0]]
    return {
        "title": metric.label,
        "text": " ".join(filter(None, [metric.meaning, metric.edge])),
        "formula": f"{metric.field} = {metric.formula}",
        "url": url,
    }
