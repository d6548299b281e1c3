"""What a reader's questions can be about: numbers, members of dimensions, pages, and the day."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from insights.analytics.asking import lexicon
from insights.analytics.asking.calendars import Clock
from insights.analytics.asking.tokens import words
from insights.metrics import words as called

STRONG, LOOSE, AT_LAST = 3, 2, 1


@dataclass(frozen=True)
class Known:
    """A number that can be asked for.

    ``url`` is its page, which shows ``default_period`` on its own; ``dimensions`` are the filters
    that it knows, limits among them, and ``parts`` those that it can be told by. One that is not
    ``dated`` is of a day; a ``quarterly`` one of a fiscal quarter. ``family`` are the numbers that
    come from the same rows.
    """

    slug: str
    label: str
    url: str
    default_period: str
    dimensions: frozenset[str]
    parts: tuple[str, ...]
    family: str
    dated: bool = True
    quarterly: bool = False
    better: str = "neither"


@dataclass(frozen=True)
class Vocabulary:
    """All that one reader can name: ``members`` by dimension, value → label; ``places`` by address.

    The people among the members are those whom the reader may see.
    """

    numbers: Mapping[str, Known]
    members: Mapping[str, Mapping[str, str]]
    places: Mapping[str, str]
    clock: Clock
    unusual: str = ""
    teams_of_reader: bool = field(default=False, compare=False)

    @functools.cached_property
    def phrases(self) -> Mapping[tuple[str, ...], tuple[Sense, ...]]:
        """What each phrase can mean, what is meant most likely first."""
        found: dict[tuple[str, ...], list[Sense]] = {}
        for phrase, sense in self._senses():
            if (key := words(phrase)) and sense not in found.setdefault(key, []):
                found[key].append(sense)
        return {key: tuple(senses) for key, senses in found.items()}

    @functools.cached_property
    def longest(self) -> int:
        """How many words the longest phrase has."""
        return max(map(len, self.phrases), default=0)

    @functools.cached_property
    def spelled(self) -> frozenset[str]:
        """Every word of every phrase."""
        return frozenset(word for phrase in self.phrases for word in phrase)

    def _senses(self) -> Iterator[tuple[str, Sense]]:
        numbers = self.numbers
        for text, (slug, by) in called.REASONED.items():
            if slug in numbers:
                yield text, Sense("reasoned", (slug, by))
        for slug, names in called.CALLED.items():
            if slug in numbers:
                yield from ((one, Sense("number", slug, STRONG)) for one in names)
        for number in numbers.values():
            many = STRONG if len(number.label.split()) > 1 or number.label.isupper() else LOOSE
            yield number.label, Sense("number", number.slug, many)
        for address, names in called.PLACES.items():
            if address in self.places:
                yield from ((one, Sense("place", address)) for one in names)
        yield from self._members()
        for name, said in lexicon.DIMENSIONS.items():
            yield from ((one, Sense("dimension", name)) for one in said)
        for rank, table in ((LOOSE, called.LOOSELY), (AT_LAST, called.AT_LAST)):
            for slug, names in table.items():
                if slug in numbers:
                    yield from ((one, Sense("number", slug, rank)) for one in names)
        yield from _fixed()

    def _members(self) -> Iterator[tuple[str, Sense]]:
        for name in ("segment", "channel", "campaign", "region", "team", "owner", *_OTHERS):
            known = self.members.get(name, {})
            alone = _alone(known.values()) if name == "owner" else {}
            for value, label in known.items():
                sense = Sense("member", (name, value))
                yield label, sense
                if value != label:
                    yield value, sense
                yield from ((one, sense) for one in lexicon.MEMBERS.get(label.casefold(), ()))
                yield from ((one, sense) for one in label.split() if one in alone)


_OTHERS = ("pipeline", "stage", "plan", "reason")


@dataclass(frozen=True)
class Sense:
    """One thing that a phrase can mean; ``rank`` says how sure a number is meant by it."""

    kind: str
    value: Any = ""
    rank: int = 0


def _alone(labels: Iterable[str]) -> frozenset[str]:
    """The parts of names that one person alone has."""
    said = [part for label in labels for part in set(label.split()) if len(part) > 2]
    return frozenset(one for one in said if said.count(one) == 1)


@functools.cache
def _fixed() -> tuple[tuple[str, Sense], ...]:
    found: list[tuple[str, Sense]] = []
    for verb, said in lexicon.VERBS.items():
        found += [(one, Sense("verb", verb)) for one in said]
    for kind, said in {
        "against": lexicon.AGAINST,
        "yoy": lexicon.YEAR_BEFORE,
        "over": lexicon.OVER,
        "under": lexicon.UNDER,
        "deed": lexicon.DEEDS,
        "by": lexicon.BY,
    }.items():
        found += [(one, Sense(kind)) for one in said]
    ranks = {"most": lexicon.MOST, "least": lexicon.LEAST}
    for way, said in {**ranks, "best": lexicon.BEST, "worst": lexicon.WORST}.items():
        found += [(one, Sense("rank", way)) for one in said]
    found += [(one, Sense("who", name)) for one, name in lexicon.WHO.items()]
    found += [(one, Sense("way", "up")) for one in lexicon.UP]
    found += [(one, Sense("way", "down")) for one in lexicon.DOWN]
    found += [(one, Sense("filling")) for one in lexicon.FILLING]
    return tuple(found)
