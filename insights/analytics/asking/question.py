"""What is meant by a question, as data, and the addresses that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qs, quote, urlencode

from insights.analytics.asking.vocabulary import Known, Vocabulary
from revops_site.kernel.filters import Filters
from revops_site.kernel.periods import Period, plus

Verb: TypeAlias = Literal[
    "show", "by", "top", "bottom", "compare", "trend", "why", "unusual", "define", "open"
]
VERBS: Mapping[Verb, str] = {
    "show": "How much",
    "by": "By group",
    "top": "The most",
    "bottom": "The least",
    "compare": "Compare",
    "trend": "Over time",
    "why": "Why it changed",
    "unusual": "What is unusual",
    "define": "What it means",
}
GROUPED = frozenset({"by", "top", "bottom"})
MOST = 50


@dataclass(frozen=True)
class Question:
    """What is asked: ``verb`` of ``metrics`` (slugs), told ``by`` a dimension, within ``filters``.

    ``most`` says of how many groups a top or bottom is; ``against`` the days that are compared
    with, where the filters do not say them; ``grain`` the steps of a trend. ``place`` is the
    address of a page that answers what no number does.
    """

    verb: Verb
    metrics: tuple[str, ...] = ()
    by: str = ""
    most: int = 0
    filters: Filters = field(default_factory=Filters)
    against: Period | None = None
    grain: str = ""
    place: str = ""

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What an address of an answer says beside the filters."""
        pairs = [("is", self.verb), *(("metric", one) for one in self.metrics)]
        pairs += [("split", self.by)] if self.by else []
        pairs += [("top", str(self.most))] if self.most else []
        pairs += [("grain", self.grain)] if self.grain else []
        if self.against is not None:
            pairs += [("against_start", self.against.start.isoformat())]
            pairs += [("against_end", self.against.last_day.isoformat())]
        return tuple(pairs)

    def query(self) -> str:
        """The same as the query of an answer's address."""
        return "&".join(filter(None, [urlencode(self.said), self.filters.to_query()]))


def of_query(query: str, vocabulary: Vocabulary) -> Question | None:
    """The question that an answer's address says; None where it says none that can be told."""
    try:
        given = parse_qs(query, max_num_fields=1000)
    except ValueError:
        return None
    verb = given.get("is", [""])[-1]
    metrics = tuple(dict.fromkeys(one for one in given.get("metric", ()) if one))[:8]
    if verb not in VERBS or not metrics or any(one not in vocabulary.numbers for one in metrics):
        return None
    first = vocabulary.numbers[metrics[0]]
    if any(vocabulary.numbers[one].family != first.family for one in metrics):
        return None
    by = given.get("split", [""])[-1]
    if by not in first.parts:
        by = ""
    if by and verb in {"show", "trend"}:
        verb = "by"
    if verb in GROUPED and not by:
        by = first.parts[0] if first.parts else ""
        verb = verb if by else "show"
    top = given.get("top", [""])[-1]
    most = min(int(top), MOST) if top.isascii() and top.isdigit() and len(top) < 4 else 0
    grain = given.get("grain", [""])[-1]
    return Question(
        verb=verb,  # type: ignore[arg-type]
        metrics=metrics,
        by=by if verb in {*GROUPED, "compare"} else "",
        most=(most or 5) if verb in {"top", "bottom"} else 0,
        filters=Filters.parse(query).replace(by=None),
        against=_days(given),
        grain=grain if grain in {"week", "month", "quarter"} and verb == "trend" else "",
    )


def _days(given: Mapping[str, list[str]]) -> Period | None:
    try:
        first, last = (date.fromisoformat(given[f"against_{end}"][-1]) for end in ("start", "end"))
    except (KeyError, ValueError):
        return None
    return Period(first, plus(last, 1)) if first <= last else None


def address(question: Question, vocabulary: Vocabulary) -> str:
    """The page of ours that a question leads to, with its filters."""
    if question.verb == "open":
        return question.place
    known = vocabulary.numbers[question.metrics[0]]
    if question.verb == "define":
        return f"/glossary/#{quote(known.slug)}"
    is_why = question.verb == "why" or (question.verb == "compare" and not question.by)
    url = f"/why/{known.slug}/" if is_why else known.url
    if question.verb == "unusual" and vocabulary.unusual:
        url = vocabulary.unusual.format(slug=known.slug)
    days: dict[str, Any] = {}
    if question.against is not None and is_why:
        days = {
            "against_start": question.against.start.isoformat(),
            "against_end": question.against.last_day.isoformat(),
        }
    query = "&".join(filter(None, [question.filters.to_query(), urlencode(days)]))
    return f"{url}?{query}" if query else url


def without_default(filters: Filters, known: Known) -> Filters:
    """The filters without the period that the number's page shows on its own."""
    return filters.replace(period=None) if filters.period == known.default_period else filters
