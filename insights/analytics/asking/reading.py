"""What a question means: a typed question and what of it was understood, or why it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from insights.analytics.asking import lexicon
from insights.analytics.asking.picking import Picked, dimension_of, meant, pick, surely
from insights.analytics.asking.question import Question, Verb
from insights.analytics.asking.scanning import Span, scan
from insights.analytics.asking.timing import Made, Unclear, timed
from insights.analytics.asking.tokens import words
from insights.analytics.asking.vocabulary import AT_LAST, Known, Vocabulary
from insights.metrics.words import FIRST, OF_A_DIMENSION, USUALLY

LABELS = {"owner": "rep"}
FEW = 5


@dataclass(frozen=True)
class Heard:
    """A part of the question and what it was taken for; ``unknown`` for what means nothing."""

    text: str
    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Reading:
    """A question as it was understood; None with the ``reason`` where it was not.

    ``notices`` say in sentences what of it was left out. ``way`` is the direction that was
    supposed ("fall" is down).
    """

    text: str
    question: Question | None
    heard: tuple[Heard, ...]
    reason: str = ""
    notices: tuple[str, ...] = ()
    way: str = ""
    number: str = ""

    @property
    def unknown(self) -> tuple[str, ...]:
        """The words that mean nothing here."""
        return tuple(one.text for one in self.heard if one.kind == "unknown")


def read(text: str, vocabulary: Vocabulary) -> Reading:
    """What the question means to somebody with this vocabulary."""
    _, spans = scan(text, vocabulary)
    found = pick(spans, vocabulary)
    heard = tuple(
        Heard(span.text, span.start, span.end, kind)
        for span, kind in found.heard
        if kind != "filling"
    )
    try:
        made = _made(found, spans, vocabulary)
    except Unclear as why:
        return Reading(text, None, heard, str(why), (), found.way, why.number)
    return Reading(text, made.question, heard, "", tuple(made.notices), found.way)


def _made(found: Picked, spans: Sequence[Span], vocabulary: Vocabulary) -> Made:
    if found.wrong == "deed":
        raise Unclear("Questions are answered here; nothing is changed, sent or deleted.")
    if found.wrong == "under":
        raise Unclear("There are limits from below only, such as “over 100k”.")
    is_compare = "compare" in found.verbs or found.is_against or found.is_year_before
    by = dimension_of(found, is_rank=bool(found.rank), is_compare=is_compare)
    numbers = meant(found, by, found.members, vocabulary)
    if not numbers and found.places and not found.unknown:
        return _opened(found)
    _check_unknown(found, spans, bool(numbers))
    if not numbers:
        numbers = _usual(found, by, vocabulary, is_compare=is_compare)
    first = numbers[0]
    filters = _members(found, first, vocabulary)
    both = next((name for name, values in filters.items() if len(values) > 1), "")
    verb, by = _verb(found, first, by, both, is_compare=is_compare)
    if by and by not in first.parts:
        raise Unclear(_no_parts(first, by), first.slug)
    _check_filters(first, filters, found.limits)
    numbers = numbers if verb in {"show", "by", "compare"} else numbers[:1]
    return timed(found, verb, by, numbers, {**filters, **found.limits}, vocabulary)


def _opened(found: Picked) -> Made:
    left = bool(found.times or found.members)
    said = ["The page was opened as it is: choose the period and the filters there."] * left
    return Made(Question("open", place=found.places[0]), said)


def _check_unknown(found: Picked, spans: Sequence[Span], is_named: bool) -> None:
    """A word that nobody knows and that would narrow the answer cannot be left out."""
    if not found.unknown:
        if not is_named and not found.members and not found.beside and not found.by:
            raise Unclear("No number of the product is named in it.")
        return
    said = ", ".join(f"“{one.text}”" for one in found.unknown[:FEW])
    is_sure = surely(found) > AT_LAST
    if is_named and is_sure and not any(_narrows(one, spans) for one in found.unknown):
        return
    raise Unclear(f"Nothing here is called {said}.")


def _narrows(span: Span, spans: Sequence[Span]) -> bool:
    """Whether an unknown word stands where a name would."""
    at = spans.index(span)
    before = spans[at - 1] if at else None
    if span.number is not None or span.text[-2:] in {"'s", "’s"}:
        return True
    if before is not None and (before.is_unknown or words(before.text)[-1:] == ()):
        return True
    if before is not None and before.text.casefold().split()[-1] in lexicon.PLACED:
        return True
    return span.text[0].isupper() and at > 0


def _usual(
    found: Picked, by: str, vocabulary: Vocabulary, *, is_compare: bool
) -> tuple[Known, ...]:
    """The numbers that a dimension is told in where none is named."""
    counted: dict[str, int] = {}
    for _, dimensions in found.members:
        for one in dimensions:
            counted[one] = counted.get(one, 0) + 1
    shared = next((name for name, many in counted.items() if many > 1), "")
    name = by or shared
    if not name or not (found.rank or is_compare or by):
        raise Unclear("No number of the product is named in it.")
    if found.rank:
        slugs: tuple[str, ...] = (FIRST.get(name) or OF_A_DIMENSION.get(name, USUALLY)[0],)
    else:
        slugs = OF_A_DIMENSION.get(name, USUALLY)
    numbers = [vocabulary.numbers[one] for one in slugs if one in vocabulary.numbers]
    if not numbers:
        raise Unclear("No number of the product is named in it.")
    return tuple(one for one in numbers if one.family == numbers[0].family)


def _members(found: Picked, number: Known, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    """The values of each dimension; a name of several is of one that the number knows."""
    filters: dict[str, tuple[str, ...]] = {}
    for span, dimensions in found.members:
        name = next((one for one in dimensions if one in number.dimensions), dimensions[0])
        value = next(
            sense.value[1]
            for sense in span.senses
            if sense.kind == "member" and sense.value[0] == name
        )
        filters[name] = tuple(dict.fromkeys((*filters.get(name, ()), value)))
    return filters


def _verb(
    found: Picked, number: Known, by: str, both: str, *, is_compare: bool
) -> tuple[Verb, str]:
    """What is to be told, and by what."""
    if found.reasoned[0]:
        return "by", by
    if "define" in found.verbs:
        return "define", ""
    if "why" in found.verbs:
        return "why", ""
    if "unusual" in found.verbs:
        return "unusual", ""
    if is_compare and both:
        return "compare", both
    if is_compare and (found.is_year_before or len(found.times) > 1):
        return "compare", ""
    if len(found.times) > 1 and not by:
        return "compare", ""
    if found.rank and (by or found.most):
        return _ranked(found.rank, number), by or next(iter(number.parts), "")
    if by:
        return "by", by
    if found.grain or "trend" in found.verbs:
        return "trend", ""
    return "show", ""


def _ranked(rank: str, number: Known) -> Verb:
    if rank in {"best", "worst"}:
        return "top" if (rank == "best") == (number.better != "down") else "bottom"
    return "top" if rank == "most" else "bottom"


def _no_parts(number: Known, by: str) -> str:
    told = [LABELS.get(one, one) for one in number.parts]
    if not told:
        return f"{number.label} is not told by groups."
    ways = f"{', '.join(told[:-1])} or {told[-1]}" if len(told) > 1 else told[0]
    return f"{number.label} is not told by {LABELS.get(by, by)}, but by {ways}."


def _check_filters(number: Known, filters: Mapping[str, Any], limits: Mapping[str, int]) -> None:
    for name in (*filters, *limits):
        if name not in number.dimensions:
            said = {"min_amount": "amount", "min_days": "days"}.get(name, LABELS.get(name, name))
            raise Unclear(f"{number.label} knows no {said} to be narrowed by.", number.slug)


def spans_of(reading: Reading) -> Sequence[tuple[str, str]]:
    """The whole text in pieces, each with what it was taken for, "" for filling."""
    pieces, at = [], 0
    for one in reading.heard:
        if one.start > at:
            pieces.append((reading.text[at : one.start], ""))
        pieces.append((reading.text[one.start : one.end], one.kind))
        at = one.end
    if at < len(reading.text):
        pieces.append((reading.text[at:], ""))
    return pieces
