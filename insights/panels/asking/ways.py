"""Where an answer is evident, and by what choices its question is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from insights.analytics.asking import VERBS, Question, Vocabulary, address
from insights.analytics.asking.question import GROUPED
from insights.panels.asking.course import looked_at
from insights.panels.asking.page import URL, tells_change
from insights.panels.why import Number
from revops_site.kernel import explain
from revops_site.kernel.filterform import LABELS
from revops_site.kernel.pages import Visit


def links(
    question: Question, number: Number, vocabulary: Vocabulary, visit: Visit
) -> Sequence[Mapping[str, str]]:
    """Where the answer is evident: its page, its rows, its definition."""
    metric = number.metric
    query = visit.frame.dated.to_query()
    found = [{"label": _page(question, number), "url": _url(question, number, vocabulary)}]
    found += [{"label": "The rows behind it", "url": explain.address(metric, query)}]
    if not tells_change(question):
        found += [{"label": "Why it changed", "url": explain.why(metric, query)}]
    return [*found, {"label": "What it means", "url": f"/glossary/#{metric.slug}"}]


def _url(question: Question, number: Number, vocabulary: Vocabulary) -> str:
    """The page of it; of what is unusual, the list over the days that the answer is of."""
    if question.verb != "unusual":
        return address(question, vocabulary)
    filters = question.filters
    if filters.period is None and number.ledger.dated:
        filters = filters.replace(period=number.page.default_period)
    flags = [("flag", one) for one in list(looked_at(number.metric))[:1]]
    query = "&".join(filter(None, [filters.to_query(), urlencode(flags)]))
    return f"{vocabulary.unusual}?{query}#listing-anomalies"


def _page(question: Question, number: Number) -> str:
    if tells_change(question):
        return f"Why {number.metric.label} changed"
    return "What is unusual" if question.verb == "unusual" else f"Open {number.page.title}"


def form(question: Question, vocabulary: Vocabulary, visit: Visit) -> Mapping[str, Any]:
    """The choices of what was understood; the filters have a form of their own."""
    known = vocabulary.numbers[question.metrics[0]]
    verbs: dict[str, str] = {
        name: label
        for name, label in VERBS.items()
        if name != "define" and (name not in GROUPED or known.parts)
    }
    numbers = {one.slug: one.label for one in vocabulary.numbers.values()}
    parts = {name: LABELS[name] for name in known.parts}
    is_told = bool(parts) and not tells_change(question) and question.verb != "unusual"
    top = [("top", str(question.most))] if question.most else []
    others = [("metric", one) for one in question.metrics[1:]]
    kept = [pair for pair in visit.page.own if pair[0] == "q"]
    return {
        "url": URL,
        "hidden": [*visit.asked.parts(), *top, *(others if question.by else ()), *kept],
        "selects": [
            _select("is", "Question", verbs, question.verb),
            _select("metric", "Figure", numbers, known.slug),
            *([_select("split", "By", {"": "—", **parts}, question.by)] if is_told else []),
        ],
    }


def _select(name: str, label: str, options: Mapping[str, str], chosen: str) -> Mapping[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": text, "selected": value == chosen}
            for value, text in options.items()
        ],
    }
