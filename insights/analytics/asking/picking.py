"""Which of its senses each span of a question has here: by what stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from insights.analytics.asking.calendars import When
from insights.analytics.asking.scanning import Span
from insights.analytics.asking.vocabulary import LOOSE, STRONG, Known, Sense, Vocabulary

WEEK = 7


@dataclass
class Picked:
    """What the spans of a question say, by what they are for."""

    verbs: list[str] = field(default_factory=list)
    numbers: list[Span] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    members: list[tuple[Span, tuple[str, ...]]] = field(default_factory=list)
    times: list[When] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    rank: str = ""
    most: int = 0
    grain: str = ""
    way: str = ""
    reasoned: tuple[str, str] = ("", "")
    limits: dict[str, int] = field(default_factory=dict)
    unknown: list[Span] = field(default_factory=list)
    wrong: str = ""
    is_against: bool = False
    is_year_before: bool = False
    heard: list[tuple[Span, str]] = field(default_factory=list)


def pick(spans: Sequence[Span], vocabulary: Vocabulary) -> Picked:
    """The spans sorted by what they are for."""
    found = Picked()
    for nth, span in enumerate(spans):
        before = spans[nth - 1] if nth else None
        after = spans[nth + 1] if nth + 1 < len(spans) else None
        kind = _taken(span, before, after, found, vocabulary)
        found.heard.append((span, kind))
    return found


def _taken(
    span: Span, before: Span | None, after: Span | None, found: Picked, vocabulary: Vocabulary
) -> str:
    if span.when is not None:
        found.times.append(span.when)
        return "time"
    if span.number is not None:
        return _number(span, before, after, found)
    if span.is_unknown:
        found.unknown.append(span)
        return "unknown"
    follows_by = before is not None and before.sense("by") is not None
    dimension, member = span.sense("dimension"), span.sense("member")
    if follows_by and dimension:
        found.by.append(dimension.value)
        return "dimension"
    if follows_by and (grain := span.sense("grain")):
        found.grain = grain.value
        return "trend"
    if dimension and not follows_by and _names(dimension.value, before, after):
        return "filling"
    own = _own(span, before, after)
    if member and (own or not is_strong(span)):
        dimensions = own or tuple(s.value[0] for s in span.senses if s.kind == "member")
        found.members.append((span, dimensions))
        return "member"
    return _word(span, before, after, found)


def _word(span: Span, before: Span | None, after: Span | None, found: Picked) -> str:
    """What a word of the grammar, a number or a page is for."""
    if reasoned := span.sense("reasoned"):
        found.reasoned = reasoned.value
        return "number"
    if is_strong(span):
        found.numbers.append(span)
        return "number"
    begins = before is None or before.sense("filling") is not None
    is_way = span.sense("way") is not None and bool(found.verbs)
    if span.sense("deed") and begins and not found.numbers and not is_way:
        found.wrong = "deed"
        return "deed"
    if verb := span.sense("verb"):
        found.verbs.append(verb.value)
        found.is_against |= span.sense("against") is not None
        return "verb"
    if span.sense("yoy"):
        found.is_year_before = True
        return "verb"
    limit = span.sense("over") or span.sense("under")
    if limit and after is not None and after.number is not None:
        return "filling" if limit.kind == "over" else _under(found)
    if rank := span.sense("rank"):
        found.rank = found.rank or rank.value
        return "rank"
    if place := span.sense("place"):
        found.places.append(place.value)
        return "place"
    if who := span.sense("who"):
        found.beside.append(who.value)
        return "dimension"
    dimension = span.sense("dimension")
    if span.sense("number"):
        found.numbers.append(span)
        if dimension:
            found.beside.append(f"?{dimension.value}")
        return "number"
    if dimension:
        found.beside.append(dimension.value)
        return "dimension"
    if way := span.sense("way"):
        found.way = way.value
        return "filling"
    found.is_against |= span.sense("against") is not None
    if span.sense("deed"):
        found.unknown.append(span)
        return "unknown"
    return "filling"


def _under(found: Picked) -> str:
    found.wrong = "under"
    return "unknown"


def is_strong(span: Span) -> bool:
    number = span.sense("number")
    return number is not None and number.rank == STRONG


def _own(span: Span, before: Span | None, after: Span | None) -> tuple[str, ...]:
    """The dimensions of a member that a word beside it names: "team EMEA", "Starter plan"."""
    said = [
        sense.value
        for beside in (after, before)
        if beside is not None
        for sense in beside.senses
        if sense.kind == "dimension"
    ]
    own = [s.value[0] for s in span.senses if s.kind == "member"]
    return tuple(one for one in own if one in said)[:1]


def _names(dimension: str, before: Span | None, after: Span | None) -> bool:
    """Whether a dimension's word only says of which kind the member beside it is."""
    return any(
        sense.kind == "member" and sense.value[0] == dimension
        for beside in (before, after)
        if beside is not None
        for sense in beside.senses
    )


def _number(span: Span, before: Span | None, after: Span | None, found: Picked) -> str:
    """A limit ("over 100k", "60 days"), or of how many it is ("top 5")."""
    number = int(span.number or 0)
    is_limit = before is not None and before.sense("over") is not None
    if before is not None and before.sense("under"):
        return "limit"
    unit = next((s.value for s in after.senses if s.kind == "grain"), "") if after else ""
    if unit and (is_limit or span.is_open):
        days = number * (WEEK if after is not None and after.text.startswith("week") else 1)
        found.limits["min_days"] = days * (30 if unit == "month" else 1)
        return "limit"
    if is_limit or span.is_open:
        found.limits["min_amount"] = number
        return "limit"
    ranked = [one for one in (before, after) if one is not None and one.sense("rank")]
    dimensioned = after is not None and after.sense("dimension") is not None
    if (ranked or dimensioned) and 0 < number <= 50:
        found.most = number
        return "rank"
    found.unknown.append(span)
    return "unknown"


def meant(
    found: Picked, by: str, filters: Sequence[tuple[Span, tuple[str, ...]]], known: Vocabulary
) -> tuple[Known, ...]:
    """The numbers that are asked for, the first one deciding; none where none is named."""
    if found.reasoned[0]:
        return (known.numbers[found.reasoned[0]],)
    spans = sorted(found.numbers, key=lambda one: (-_rank(one), one.first))
    if not spans:
        return ()
    wanted = {one for _, dimensions in filters for one in dimensions[:1]}
    first = _fitting(spans[0], by, wanted, known.numbers)
    others = [
        number
        for span in spans[1:]
        if _rank(span) == STRONG
        for number in _all(span, known.numbers)
        if number.family == first.family
    ]
    return tuple(dict.fromkeys((first, *others)))


def surely(found: Picked) -> int:
    """How sure a number is named: STRONG, LOOSE, less, or 0 where none is."""
    if found.reasoned[0]:
        return STRONG
    return max(map(_rank, found.numbers), default=0)


def dimension_of(found: Picked, *, is_rank: bool, is_compare: bool) -> str:
    """What it is to be told by, "" for nothing: what stands after "by" before anything else."""
    if found.reasoned[1]:
        return found.reasoned[1]
    beside = [one for one in found.beside if not one.startswith("?")]
    loose = [one[1:] for one in found.beside if one.startswith("?")]
    if is_compare and not surely(found) > LOOSE:
        beside += loose if len(found.numbers) > 1 else []
    return next(iter([*found.by, *beside]), "")


def _rank(span: Span) -> int:
    return max((one.rank for one in span.senses if one.kind == "number"), default=0)


def _all(span: Span, numbers: Mapping[str, Known]) -> list[Known]:
    return [numbers[one.value] for one in _numbers(span)]


def _numbers(span: Span) -> list[Sense]:
    best = _rank(span)
    return [one for one in span.senses if one.kind == "number" and one.rank == best]


def _fitting(span: Span, by: str, wanted: set[str], numbers: Mapping[str, Known]) -> Known:
    among = _all(span, numbers)
    fits = (one for one in among if (not by or by in one.parts) and wanted <= one.dimensions)
    return next(fits, among[0])
