"""A change taken apart by each dimension, and by which of them it is best explained."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from revops_site.kernel.decomposing import (
    Decomposition,
    Part,
    Side,
    decompose,
    has_factors,
    is_made_of_parts,
    sided,
)
from revops_site.kernel.decomposing.form import form
from revops_site.kernel.metrics import Metric, measure

PARTS, MOVEMENT = "parts", "movement"
GROUP = "group"
BELOW = "/"
ROUNDING = 1e-10

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Ends:
    """A number's operands in two periods: in total, and by dimension as frames of ``group``."""

    before: Mapping[str, float]
    now: Mapping[str, float]
    groups_before: Frames = field(default_factory=dict)
    groups_now: Frames = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """How a number is to be taken apart; see ``kernel.parted.Parted``."""

    dimensions: Sequence[str] = ()
    counted: Mapping[str, str] = field(default_factory=dict)
    finer: Mapping[str, str] = field(default_factory=dict)
    sample: str = ""
    whole: Sequence[str] = ()


@dataclass(frozen=True)
class Story:
    """A change taken apart by one dimension: ``groups`` by name, the last what is in none.

    ``formula`` is the one that was taken apart; ``sample`` the operands whose sum tells how many
    a group rests on, () where nobody knows.
    """

    dimension: str
    formula: str
    groups: tuple[str, ...]
    before: Side
    now: Side
    found: Decomposition
    sample: tuple[str, ...] = ()

    @property
    def is_grouped(self) -> bool:
        """Whether it is by groups of the data, not by parts of the formula."""
        return bool(self.groups)


def stories(metric: Metric, source: Source, ends: Ends) -> dict[str, Story]:
    """The change by every dimension that its operands have, and by its parts where it has some.

    Empty where the number is undefined in either period.
    """
    formula = source.finer.get(metric.formula, metric.formula)
    found = {
        name: _by_group(name, formula, metric, source, ends)
        for name in source.dimensions
        if name in ends.groups_before and name in ends.groups_now
    }
    if is_made_of_parts(formula):
        found[PARTS] = _by_part(formula, ends)
    return {name: one for name, one in found.items() if one is not None}


def bridged(metric: Metric, moved: Mapping[str, float], ends: Ends) -> Story:
    """The change of a stock of one operand by what moved it, signed and by name."""
    before, now = (float(measure(metric, one).value or 0.0) for one in (ends.before, ends.now))
    (operand,) = metric.operands
    times = measure(metric, {operand: 1.0}).value or 0.0
    values = {name: times * value for name, value in moved.items()}
    rest = math.fsum((now, -before, *(-one for one in values.values())))
    if abs(rest) > ROUNDING * max(abs(now), abs(before), 1.0):
        values["other"] = rest
    parts = tuple(
        Part(name, "amount", name, None, value) for name, value in values.items() if value
    )
    found = Decomposition(math.fsum((now, -before)), parts, 0.0)
    return Story(MOVEMENT, metric.formula, (), Side({}, {}), Side({}, {}), found)


def concentration(story: Story) -> float:
    """How far few groups did it: 0 where all did as much, 1 where one did all.

    Herfindahl's index of what each did, up or down, less what it would be if all did as much, so
    that few groups and many can be held against each other.
    """
    shares = np.abs([story.found.of_group(nth) for nth in range(len(story.groups))])
    whole, count = shares.sum(), len(known(story))
    if count < 2 or not whole:
        return 0.0
    even = 1 / count
    return float((((shares / whole) ** 2).sum() - even) / (1 - even))


def known(story: Story) -> list[int]:
    """The groups that have anything in either period."""
    names = list(story.now.groups)
    return [
        nth
        for nth in range(len(story.groups))
        if any(story.before.groups[name][nth] or story.now.groups[name][nth] for name in names)
    ]


def best(found: Mapping[str, Story]) -> str:
    """The dimension that explains most: of which the fewest groups did it.

    What is a product of several things is told by those; what has no groups, by its parts.
    """
    grouped = {name: one for name, one in found.items() if one.is_grouped and len(known(one)) > 1}
    if PARTS in found and has_factors(found[PARTS].formula):
        return PARTS
    if grouped:
        return max(grouped, key=lambda name: round(concentration(grouped[name]), 9))
    return next(iter(found), "")


def _by_part(formula: str, ends: Ends) -> Story | None:
    wanted = _operands(formula)
    if not all(name in ends.before and name in ends.now for name in wanted):
        wanted_sums = [_whole(one, frames) for one, frames in _sides(ends)]
        if not all(name in one for name in wanted for one in wanted_sums):
            return None
        before, now = (sided(one, {}, wanted) for one in wanted_sums)
    else:
        before, now = (sided(one, {}, wanted) for one in (ends.before, ends.now))
    found = decompose(formula, before, now, by_group=False)
    return None if found is None else Story(PARTS, formula, (), before, now, found)


def _sides(ends: Ends) -> list[tuple[Mapping[str, float], Frames]]:
    return [(ends.before, ends.groups_before), (ends.now, ends.groups_now)]


def _whole(totals: Mapping[str, float], frames: Frames) -> dict[str, float]:
    """The totals, with those operands that only the groups tell."""
    one = next(iter(frames.values()), pd.DataFrame())
    told = {str(name): float(one[name].sum()) for name in one.columns if name != GROUP}
    return {**told, **totals}


def _by_group(name: str, formula: str, metric: Metric, source: Source, ends: Ends) -> Story | None:
    frames = [ends.groups_before[name], ends.groups_now[name]]
    has = set(frames[0].columns) & set(frames[1].columns)
    operands = _operands(formula)
    if not has.intersection(operands):
        return None
    groups = sorted({*frames[0][GROUP], *frames[1][GROUP]})
    sample = sample_of(formula, source, has)
    counts = {one: count for one, count in source.counted.items() if {one, count} <= has}
    wanted = list(
        dict.fromkeys((*operands, *(counts[o] for o in operands if o in counts), *sample))
    )
    before, now = (
        _side(totals, {name: frame}, groups, [one for one in wanted if one in has], wanted)
        for (totals, _), frame in zip(_sides(ends), frames, strict=True)
    )
    if any(one not in side.totals for one in operands for side in (before, now)):
        return None
    found = decompose(formula, before, now, counts)
    if found is None:
        return None
    return Story(name, formula, (*groups, ""), before, now, found, tuple(sample))


def _side(
    totals: Mapping[str, float],
    frames: Frames,
    groups: Sequence[str],
    has: Sequence[str],
    wanted: Sequence[str],
) -> Side:
    """A period's operands over these groups, 0 where a group has none."""
    (frame,) = frames.values()
    aligned = frame.set_index(GROUP).reindex(list(groups), fill_value=0.0)
    return sided(_whole(totals, frames), {one: aligned[one].tolist() for one in has}, wanted)


def _operands(formula: str) -> list[str]:
    return list(
        dict.fromkeys(
            name for one in form(formula) for factor in one.factors for name in factor.operands
        )
    )


def sample_of(formula: str, source: Source, has: set[str]) -> list[str]:
    """The operands that say how many things a group rests on."""
    below = [one.below for part in form(formula) for one in part.factors if one.below]
    names = [source.sample]
    if source.sample == BELOW and len(below) == 1:
        names = list(below[0].operands)
    counted = [source.counted[name] for name in _operands(formula) if name in source.counted]
    return [name for name in (counted[:1] or names) if name in has]
