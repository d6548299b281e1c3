"""A question's time as choices of the filters, as far as its number can be told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from insights.analytics.asking.calendars import Clock, When
from insights.analytics.asking.picking import Picked, is_strong
from insights.analytics.asking.question import Question, Verb, without_default
from insights.analytics.asking.scanning import Span
from insights.analytics.asking.vocabulary import Known, Vocabulary
from revops_site.kernel import periods
from revops_site.kernel.filters import Filters

FEW = 5


class Unclear(Exception):  # noqa: N818 -- it is an answer, and caught by the reader
    """Why a question cannot be answered, and the number that it is about, if any."""

    def __init__(self, reason: str, number: str = "") -> None:
        super().__init__(reason)
        self.number = number


@dataclass
class Made:
    """A question as it was understood, and what of it was left out, in sentences."""

    question: Question
    notices: list[str] = field(default_factory=list)


def timed(
    found: Picked,
    verb: Verb,
    by: str,
    numbers: tuple[Known, ...],
    filters: Mapping[str, Any],
    vocabulary: Vocabulary,
) -> Made:
    number, clock = numbers[0], vocabulary.clock
    when = found.times[0] if found.times else None
    other = found.times[1] if len(found.times) > 1 else None
    asked, notices = _period(number, when if verb != "define" else None, clock, verb, by)
    against = None
    if verb == "why" and when is not None and when.before(clock) is not None and not other:
        earlier = when.before(clock)
        against = earlier.period if earlier is not None and number.dated else None
    compare: dict[str, Any] = {}
    if verb in {"why", "compare"} and not by:
        is_year = found.is_year_before or _is_longer(other, when)
        compare = {"compare": "year"} if is_year else {}
        against = other.period if other is not None and not is_year else against
    elif other is not None:
        notices.append("One period is told at a time: the first one was taken.")
    unsaid = [one.text for one in found.numbers if is_strong(one) and not _is_told(one, numbers)]
    notices += [f"“{one}” was left out: one kind of figure is told at a time." for one in unsaid]
    if found.unknown:
        notices += [f"“{one.text}” was not understood and left out." for one in found.unknown]
    chosen = Filters(**{**filters, **asked, **compare})
    many = _many(found) if verb in {"top", "bottom"} else 0
    grain = found.grain if verb == "trend" else ""
    kept = without_default(chosen, number)
    slugs = tuple(one.slug for one in numbers)
    return Made(Question(verb, slugs, by, many, kept, against, grain), notices)


def _is_told(span: Span, numbers: tuple[Known, ...]) -> bool:
    slugs = {number.slug for number in numbers}
    return any(one.kind == "number" and one.value in slugs for one in span.senses)


def _is_longer(other: When | None, when: When | None) -> bool:
    """Whether "this quarter vs last year" asks for the same quarter of that year."""
    return other is not None and when is not None and other.unit == "year" and when.unit != "year"


def _many(found: Picked) -> int:
    """How many are asked for: so many as are said, one where one is, else a few."""
    if found.most:
        return found.most
    said = [s for s, kind in found.heard if kind == "dimension"]
    is_plural = any(one.text.casefold().endswith("s") for one in said) and not any(
        one.sense("who") for one in said
    )
    return FEW if is_plural else 1


def _period(
    number: Known, when: When | None, clock: Clock, verb: Verb, by: str
) -> tuple[dict[str, Any], list[str]]:
    """The time as choices of the filters, and what of it the number cannot be told of."""
    if when is None:
        return {}, []
    if number.quarterly:
        return _quarter(number, when, clock)
    if when.lies_ahead(clock):
        raise Unclear("Nothing is known of days to come: the data end before.", number.slug)
    is_why = verb == "why" or (verb == "compare" and not by)
    if number.dated or is_why:
        return when.filters(clock), []
    if when.period.last_day >= clock.as_of:
        is_open = when.unit in {"days", "week"}
        said = f"{number.label} is of a day: the period was left out."
        return {}, [said] * is_open
    return {"as_of": when.period.last_day}, []


def _quarter(number: Known, when: When, clock: Clock) -> tuple[dict[str, Any], list[str]]:
    running = periods.fiscal_quarter(clock.as_of, clock.first_month)
    if when.period == running:
        return {}, []
    following = periods.fiscal_quarter(running.end, clock.first_month)
    if when.unit != "quarter":
        return {}, [f"{number.label} is of one quarter: the period was left out."]
    if when.period.start > following.start:
        raise Unclear("Nothing is known of quarters after the next one.", number.slug)
    return {"quarter": periods.quarter_code(when.period.start, clock.first_month)}, []
