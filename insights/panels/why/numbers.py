"""A number whose change is asked for, and what is known of both ends of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from insights.analytics import why
from insights.panels.why import reasons
from revops_site.kernel import explain, formats, freshness
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.metrics import Measured, Metric, number
from revops_site.kernel.panels import Page
from revops_site.kernel.parted import Parted, people
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import generation, workspace


@dataclass(frozen=True)
class Number:
    """A metric with its page and its ledger; ``parted`` is None where it has no groups at all.

    ``named`` calls formulas by the metrics that they are.
    """

    page: Page
    ledger: Ledger
    metric: Metric
    parted: Parted | None
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> why.Source:
        """How it is to be taken apart; by nothing that its page is narrowed to for good."""
        known = self.parted
        if known is None:
            return why.Source()
        dimensions = tuple(one for one in known.dimensions if one not in self.page.always)
        sample = known.sample or self.ledger.counts
        return why.Source(dimensions, known.counted, known.finer, sample, known.whole)


@dataclass(frozen=True)
class Question:
    """What is asked of a number: by what it is to be taken apart ("" for the best), and against
    which days (None for those that the page compares with).
    """

    number: Number
    by: str = ""
    against: Period | None = None


@dataclass(frozen=True)
class Told:
    """What can be said: both ends, the change by every dimension, and why there is none."""

    now: Measured
    before: Measured | None
    compared: Slice | None
    stories: Mapping[str, why.Story]
    best: str
    reason: str = ""

    def by(self, asked: str) -> why.Story | None:
        """The change by what was asked, else by what explains most; None where there is none."""
        return self.stories.get(asked) or self.stories.get(self.best)


def told(question: Question, slice_: Slice) -> Told:
    """What can be said of the change between the slice and what it is held against."""
    slug, against = question.number.metric.slug, question.against
    days = f"{against.start}-{against.end}" if against else ""
    key = f"why:{slug}:{days}:{slice_.cache_key}:{generation()}"
    return remembered(key, lambda: _told(question, slice_))


def compared(question: Question, slice_: Slice) -> Slice | None:
    """The slice that is held against the asked one; None where nothing is."""
    if question.against is None:
        return slice_.previous()
    return slice_.at(question.against.last_day, question.against)


def words(number_: Number) -> why.Words:
    """What its operands, the parts of its formula and its groups are called."""
    ledger, parted = number_.ledger, number_.parted
    formula = number_.source.finer.get(number_.metric.formula, number_.metric.formula)
    names = Metric(**{**number_.metric.__dict__, "formula": formula}).operands
    finer = {one.name: one.label for one in parted.operands} if parted else {}
    moved = dict(parted.bridge.labels) if parted and parted.bridge else {}
    known = {name: finer.get(name) or ledger.operand(name).label for name in names}
    choices = number_.page.choices(generation())
    labels = {name: dict(found) for name, found in choices.items() if isinstance(found, Mapping)}
    reps = {rep_id: name for rep_id, (name, _) in people().items()}
    return why.Words(
        metric=number_.metric.label,
        operands={**moved, "other": "Other", **known},
        factors=number_.named,
        groups={**labels, "owner": reps},
    )


def _told(question: Question, slice_: Slice) -> Told:
    number_ = question.number
    ledger, metric = number_.ledger, number_.metric
    now = explain.measured(ledger, metric, slice_, generation())
    other = compared(question, slice_)
    if other is None:
        return Told(now, None, None, {}, "", reasons.nothing_compared(slice_))
    first = freshness.of(ledger.datasets, workspace()).first_day
    if first is None or _first_of(ledger, other) < first:
        return Told(now, None, other, {}, "", _too_early(other, first))
    before = explain.measured(ledger, metric, other, generation())
    if now.value is None or before.value is None:
        missing = [one for one, end in ((slice_, now), (other, before)) if end.value is None]
        said = " and ".join(window(ledger, one) for one in missing)
        reason = f"{metric.label} is not known for {said}. {metric.edge}"
        return Told(now, before, other, {}, "", reason)
    found = _stories(number_, slice_, other)
    if not found:
        return Told(now, before, other, {}, "", reasons.whole(metric))
    return Told(now, before, other, found, why.best(found))


def _stories(number_: Number, now: Slice, before: Slice) -> dict[str, why.Story]:
    ledger, metric, parted = number_.ledger, number_.metric, number_.parted
    totals = [ledger.totals(one) for one in (before, now)]
    named = [{str(name): number(one, str(name)) for name in one} for one in totals]
    groups: Sequence[Mapping[str, pd.DataFrame]] = ({}, {})
    if parted is not None:
        groups = [parted.read(before), parted.read(now)]
    ends = why.Ends(named[0], named[1], groups[0], groups[1])
    found = why.stories(metric, number_.source, ends)
    return {**found, **_bridged(number_, now, before, ends)}


def _bridged(number_: Number, now: Slice, before: Slice, ends: why.Ends) -> dict[str, why.Story]:
    """A stock's change by what moved it, where it is told."""
    parted, metric = number_.parted, number_.metric
    if parted is None or parted.bridge is None or len(metric.operands) > 1:
        return {}
    (operand,) = metric.operands
    if operand not in parted.bridge.operands:
        return {}
    moved = parted.bridge.between(before, now, operand)
    if moved is None:
        return {}
    return {why.MOVEMENT: why.bridged(metric, moved, ends)}


def _first_of(ledger: Ledger, slice_: Slice) -> date:
    """The first day that a slice needs data of."""
    if ledger.dated and slice_.period is not None:
        return slice_.period.start
    return slice_.as_of


def window(ledger: Ledger, slice_: Slice) -> str:
    """The days that a number is of, as a sentence says them: a period's, or the day of a stock."""
    if not ledger.dated or slice_.period is None:
        return formats.show(slice_.as_of, "date")
    first, last = slice_.period.start, slice_.period.last_day
    return f"{formats.show(first, 'date')} to {formats.show(last, 'date')}"


def _too_early(other: Slice, first: date | None) -> str:
    if first is None:
        return "Nothing is loaded yet."
    began = other.period.start if other.period else other.as_of
    return (
        f"The data start on {formats.show(first, 'date')}, but the compared period on "
        f"{formats.show(began, 'date')}: choose a shorter period, or other days to compare with."
    )
