"""Questions in words: what could be asked next, what is nearest, and the same said again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from insights.analytics.asking.question import Question
from insights.analytics.asking.reading import LABELS, Reading, read
from insights.analytics.asking.tokens import LONGEST, words
from insights.analytics.asking.vocabulary import Known, Vocabulary
from insights.metrics.words import CALLED, PLACES
from revops_site.kernel.filters import DIMENSIONS, PERIODS, Filters

MOST = 8
EXAMPLES = (
    "Win rate by rep last quarter",
    "Forecast this quarter",
    "Why did NRR change last quarter",
    "Compare {channels}",
    "Stuck deals over 100k",
    "Leads by month this year",
    "Unusual spend last month",
    "Who has the most overdue deals",
)
TIMES = ("last quarter", "this quarter", "this month", "last month", "this year", "last 90 days")


def examples(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Questions of every kind that this reader can be answered."""
    channels = [*vocabulary.members.get("channel", {}).values()][:2]
    said = (one.format(channels=" with ".join(channels)) for one in EXAMPLES)
    return _answered(said, vocabulary)


def suggestions(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """How a question that is being typed could go on; of "", examples."""
    typed = " ".join(text.split())[:LONGEST]
    if not typed:
        return examples(vocabulary)
    found = _answered(_endings(typed, vocabulary), vocabulary)
    reading = read(typed, vocabulary)
    return found or (nearest(reading, vocabulary) if reading.number else ())


def nearest(reading: Reading, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The questions nearest to one that cannot be answered."""
    number = vocabulary.numbers.get(reading.number)
    if number is not None:
        return _answered(_about(number), vocabulary)
    found = list(_of_members(reading, vocabulary))
    for one in [*_alike(reading, vocabulary)][:3]:
        found += [one.label, *_grouped(one, 1)]
    return _answered([*found, *examples(vocabulary)], vocabulary)


def said(question: Question, vocabulary: Vocabulary) -> str:
    """A question in the words of the grammar."""
    labels = " and ".join(vocabulary.numbers[one].label for one in question.metrics)
    by = LABELS.get(question.by, question.by)
    filters = _filtered(question.filters, vocabulary)
    match question.verb:
        case "top" | "bottom":
            head = f"{question.verb.title()} {question.most} {by}s by {labels}"
        case "by":
            head = f"{labels} by {by}"
        case "trend":
            head = f"{labels} by {question.grain or 'month'}"
        case "why":
            head = f"Why did {labels} change"
        case "unusual":
            head = f"Unusual {labels}"
        case "define":
            head = f"Definition of {labels}"
        case _:
            head = labels
    return f"{head}{filters}"


def _filtered(filters: Filters, vocabulary: Vocabulary) -> str:
    labels = [
        vocabulary.members.get(name, {}).get(value, value)
        for name in DIMENSIONS
        for value in getattr(filters, name)
    ]
    text = f" for {' and '.join(labels)}" if labels else ""
    if filters.period == "custom":
        return f"{text} from {filters.start} to {filters.end}"
    known = filters.period in PERIODS and filters.period not in {"all", "365d_before"}
    return f"{text} {PERIODS[filters.period or ''].lower()}" if known else text


def _endings(typed: str, vocabulary: Vocabulary) -> Iterator[str]:
    """What was typed, its last word finished, and what could follow."""
    head, _, last = typed.rpartition(" ")
    begun = last.casefold()
    reading = read(typed, vocabulary)
    if reading.question is not None:
        yield typed
    if begun:
        yield from _begun(typed.casefold(), vocabulary)
        if head.casefold().endswith(("by", "per")):
            for part in dict.fromkeys(LABELS.get(one, one) for one in DIMENSIONS):
                if part.startswith(begun):
                    yield f"{head} {part}"
        for label in _labels(vocabulary):
            if (
                label.casefold().startswith(typed.casefold())
                and label.casefold() != typed.casefold()
            ):
                yield label
        for label in _labels(vocabulary):
            if label.casefold().startswith(begun) and label.casefold() != begun:
                yield f"{head} {label}".strip()
    question = reading.question
    if question is None or not question.metrics:
        return
    number = vocabulary.numbers[question.metrics[0]]
    if question.verb == "show":
        yield from (f"{typed} by {LABELS.get(one, one)}" for one in number.parts[:3])
    if not _is_timed(question) and number.dated and question.verb != "define":
        yield from (f"{typed} {one}" for one in TIMES[:3])
    yield f"Why did {number.label} change"


def _begun(typed: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Whole questions that begin so."""
    labels = [vocabulary.numbers[one].label for one in CALLED if one in vocabulary.numbers]
    whole = (
        *examples(vocabulary),
        *(f"Why did {one} change" for one in labels),
        *(f"Unusual {one} last month" for one in labels[:6]),
        *(f"Top 5 {one}" for one in ("reps", "channels", "campaigns")),
        *(f"Compare {one} on win rate" for one in ("segments", "regions", "reps")),
    )
    yield from (one for one in whole if one.casefold().startswith(typed))


def _is_timed(question: Question) -> bool:
    return question.filters.period is not None or question.verb in {"why", "compare"}


def _labels(vocabulary: Vocabulary) -> Iterator[str]:
    """What a word can be finished to: numbers, those that people name first, then members."""
    called = [vocabulary.numbers[one].label for one in CALLED if one in vocabulary.numbers]
    yield from dict.fromkeys((*called, *(one.label for one in vocabulary.numbers.values())))
    for name in vocabulary.members:
        yield from vocabulary.members[name].values()
    for address, title in vocabulary.places.items():
        if address in PLACES:
            yield title


def _about(number: Known) -> Iterator[str]:
    yield number.label
    yield from _grouped(number, 3)
    yield f"Why did {number.label} change"


def _grouped(number: Known, most: int) -> list[str]:
    return [f"{number.label} by {LABELS.get(one, one)}" for one in number.parts[:most]]


def _alike(reading: Reading, vocabulary: Vocabulary) -> Iterator[Known]:
    """The numbers whose names have a word of the question that is no name and no filling."""
    kinds = ("number", "unknown")
    heard = {word for one in reading.heard if one.kind in kinds for word in words(one.text)}
    for slug, names in CALLED.items():
        number = vocabulary.numbers.get(slug)
        told = {word for one in (*names, number.label if number else "") for word in words(one)}
        if number is not None and told & heard:
            yield number


def _of_members(reading: Reading, vocabulary: Vocabulary) -> Iterator[str]:
    for one in reading.heard:
        if one.kind == "member":
            for slug in (
                "pipeline-won-amount",
                "marketing-leads",
                "pipeline-win-rate",
                "revenue-mrr",
            ):
                if slug in vocabulary.numbers:
                    yield f"{vocabulary.numbers[slug].label} for {one.text}"


def _answered(texts: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The first of them that can be answered whole, each once."""
    found: list[str] = []
    seen: set[str] = set()
    for nth, text in enumerate(texts):
        if nth > 60 or len(found) == MOST:
            break
        if text.casefold() in seen or len(text) > LONGEST:
            continue
        seen.add(text.casefold())
        reading = read(text, vocabulary)
        if reading.question is not None and not reading.notices:
            found.append(text)
    return tuple(found)


__all__: Sequence[str] = ["examples", "nearest", "said", "suggestions"]
