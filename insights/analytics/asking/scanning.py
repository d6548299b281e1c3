"""A question taken apart into spans: times, amounts, and phrases that the vocabulary knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from insights.analytics.asking import dates, lexicon, times
from insights.analytics.asking.calendars import When
from insights.analytics.asking.tokens import Token, near, tokens
from insights.analytics.asking.vocabulary import Sense, Vocabulary

NUMBER = re.compile(
    r"[$€£¥]?(\d[\d,]*(?:\.\d+)?)\s?(k|m|mn|bn|thousand|million)?(\+)?", re.IGNORECASE
)
TIMES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "million": 10**6, "bn": 10**9}
CALENDAR = frozenset(
    (*dates.MONTHS, *times.UNITS, *times.LAST, *times.COUNTS, *dates.ORDINALS)
) | frozenset(("yesterday", "today", "fiscal", "quarter", "since", "between", "until", "through"))
DOUBTFUL = {"may", "march", "mar", "sept", "second", "dec"}  # words of other meanings too
BEFORE_MONTH = {"in", "since", "from", "between", "and", "to", "for", "last", "of", "vs", "until"}


@dataclass(frozen=True)
class Span:
    """A part of a question: what it can mean, and where it stands; no sense where unknown.

    ``when`` is its time and ``number`` its amount, where it is one; ``first`` and ``many`` are its
    place among the words.
    """

    text: str
    start: int
    end: int
    first: int
    many: int
    senses: tuple[Sense, ...] = ()
    when: When | None = None
    number: float | None = None
    is_open: bool = False

    def sense(self, kind: str) -> Sense | None:
        """What it means where it is of that kind."""
        return next((one for one in self.senses if one.kind == kind), None)

    @property
    def is_unknown(self) -> bool:
        """Whether it means nothing."""
        return not self.senses and self.when is None and self.number is None


def scan(text: str, vocabulary: Vocabulary) -> tuple[Sequence[Token], Sequence[Span]]:
    """The words of a question, and its spans from left to right."""
    found = tokens(text)
    said = [_spelled(one, vocabulary) for one in found]
    spans, at = [], 0
    while at < len(found):
        one = _span(text, found, said, at, vocabulary)
        spans.append(one)
        at += one.many
    return found, spans


def _spelled(token: Token, vocabulary: Vocabulary) -> str:
    """The word, or the one that was meant where a letter slipped."""
    word = token.word
    if word in vocabulary.spelled or word in CALENDAR or not word.isalpha():
        return word
    return near(word, vocabulary.spelled | CALENDAR) or word


def _span(
    text: str, found: Sequence[Token], said: Sequence[str], at: int, vocabulary: Vocabulary
) -> Span:
    senses, length = _phrase(said, at, vocabulary)
    timed = times.read(said, at, vocabulary.clock) if _may_be_time(found, said, at) else None
    if timed is not None and timed[0] >= length:
        return _made(text, found, at, timed[0], when=timed[1])
    if senses:
        return _made(text, found, at, length, senses=senses)
    if said[at] in lexicon.GRAINS:
        grain = (Sense("grain", lexicon.GRAINS[said[at]]),)
        return _made(text, found, at, 1, senses=grain)
    if said[at] == "year" or said[at] in times.LAST or said[at] in times.THIS:
        return _made(text, found, at, 1, senses=(Sense("filling"),))
    match = NUMBER.fullmatch(found[at].text)
    if match:
        number = float(match[1].replace(",", "")) * TIMES.get((match[2] or "").lower(), 1)
        return _made(text, found, at, 1, number=number, is_open=bool(match[3]))
    return _made(text, found, at, 1)


def _phrase(said: Sequence[str], at: int, vocabulary: Vocabulary) -> tuple[tuple[Sense, ...], int]:
    for many in range(min(vocabulary.longest, len(said) - at), 0, -1):
        senses = vocabulary.phrases.get(tuple(said[at : at + many]))
        if senses:
            return senses, many
    return (), 0


def _may_be_time(found: Sequence[Token], said: Sequence[str], at: int) -> bool:
    """Whether ``may`` and ``march`` are months here."""
    if said[at] not in DOUBTFUL or said[at] in {"second", "sept"}:
        return True
    before = said[at - 1] if at else ""
    is_last = at == len(said) - 1
    return before in BEFORE_MONTH or is_last or found[at].text[0].isupper()


def _made(
    text: str,
    found: Sequence[Token],
    at: int,
    many: int,
    *,
    senses: tuple[Sense, ...] = (),
    when: When | None = None,
    number: float | None = None,
    is_open: bool = False,
) -> Span:
    start, end = found[at].start, found[at + many - 1].end
    return Span(text[start:end], start, end, at, many, senses, when, number, is_open)
