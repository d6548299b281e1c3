"""What each group did to a sum or to a ratio of sums: volume, mix, rate and price, exactly.

A change of a product is shared among its factors by their mean (Shapley's value of two), so that
what two of them did together belongs to both in halves. No logarithm is taken: groups may be 0,
begin, end or be below 0. A group without any weight in a period had no rate then: it is taken to
have had the one that it has in the other period, so that to begin or to end is mix, never rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from revops_site.kernel.decomposing.form import Factor, Linear
from revops_site.kernel.frames import Floats

Effect: TypeAlias = Literal["volume", "mix", "rate", "price", "amount"]
Blend: TypeAlias = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Side:
    """A period: its operands by name, in total and for each group; the groups add up to them."""

    totals: dict[str, float]
    groups: dict[str, Floats]


@dataclass(frozen=True)
class Share:
    """What one effect of one operand did in each group, ``values``; or on the whole, as one."""

    effect: Effect
    operand: str
    values: Floats
    is_whole: bool = False


def mean(before: Any, now: Any) -> Any:
    """What a thing counts that moves beside another: the mean of its two ends."""
    return (before + now) / 2


def start(before: Any, now: Any) -> Any:
    """The same where the other alone is asked to have moved: as it was."""
    return before


def shares(
    factor: Factor, before: Side, now: Side, counted: dict[str, str], blend: Blend = mean
) -> Iterator[Share]:
    """The change of a factor as it is written, by group where its operands have groups.

    ``counted`` names the number of things that an amount is of, by the amount.
    """
    known = before.groups.keys() & now.groups.keys()
    below = factor.below
    if below is None:
        yield from _of_sum(factor.above, before, now, counted, blend)
    elif set(factor.operands) <= known and not factor.above.constant and not below.constant:
        yield from _of_ratio(factor.above, below, before, now, blend)
    else:
        yield from _of_fraction(factor.above, below, before, now, blend)


def whole(factor: Factor, before: Side, now: Side, blend: Blend = mean) -> Iterator[Share]:
    """The change of a factor by its operands, each as a whole."""
    bare = Side(before.totals, {}), Side(now.totals, {})
    if factor.below is None:
        yield from _of_sum(factor.above, *bare, {}, blend)
    else:
        yield from _of_fraction(factor.above, factor.below, *bare, blend)


def _of_sum(
    sum_: Linear, before: Side, now: Side, counted: dict[str, str], blend: Blend
) -> Iterator[Share]:
    known = before.groups.keys() & now.groups.keys()
    for name, times in sum_.terms:
        count = counted.get(name, "")
        if name in known and count in known:
            yield from _priced(name, count, times, before, now, blend)
        elif name in known:
            by_group = times * (now.groups[name] - before.groups[name])
            yield Share("amount", name, by_group)
        else:
            yield _one("amount", name, times * (now.totals[name] - before.totals[name]))


def _priced(
    name: str, count: str, times: float, before: Side, now: Side, blend: Blend
) -> Iterator[Share]:
    """An amount as so many times what each is worth: of a group, the three add up to its change."""
    (old, new), (few, many) = ((before.groups[one], now.groups[one]) for one in (name, count))
    was, is_, apart = _rates(old, few, new, many)
    worth = _worth(name, count, before, now, blend)
    more = many - few
    yield Share("volume", name, times * worth * more)
    yield Share("mix", name, times * (blend(was, is_) - worth) * more)
    yield Share("price", name, times * (blend(few, many) * (is_ - was) + apart))


def _worth(name: str, count: str, before: Side, now: Side, blend: Blend) -> float:
    """What one is worth on the whole; of a period without any, as in the other."""
    ends = [
        side.totals[name] / side.totals[count] if side.totals[count] else None
        for side in (before, now)
    ]
    known = [end for end in ends if end is not None]
    if not known:
        return 0.0
    first, last = (known[0] if end is None else end for end in ends)
    return float(blend(first, last))


def _rates(
    above: Floats, below: Floats, above_now: Floats, below_now: Floats
) -> tuple[Floats, Floats, Floats]:
    """The rate of each group before and now, and what moved where there is nothing to be a rate of.

    Money without anything that it is of, such as spend without a lead, is in no rate.
    """
    was, is_ = _divided(above, below), _divided(above_now, below_now)
    first = np.where(below == 0, is_, was)
    last = np.where(below_now == 0, was, is_)
    alone = np.where(below_now == 0, above_now, 0.0) - np.where(below == 0, above, 0.0)
    return first, last, alone


def _divided(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros(len(below)), where=below != 0)


def _of_ratio(
    above: Linear, below: Linear, before: Side, now: Side, blend: Blend
) -> Iterator[Share]:
    """Rates by operand of what stands above, and the mix of the groups by what stands below."""
    weights = [_by_group(below, side) for side in (before, now)]
    wholes = [below.at(side.totals) for side in (before, now)]
    share = [weight / whole_ for weight, whole_ in zip(weights, wholes, strict=True)]
    moved, level = share[1] - share[0], np.zeros(len(share[0]))
    for name, times in above.terms:
        old, new = (times * side.groups[name] for side in (before, now))
        was, is_, _ = _rates(old, weights[0], new, weights[1])
        alone = np.where(weights[1] == 0, new / wholes[1], 0.0)
        alone = alone - np.where(weights[0] == 0, old / wholes[0], 0.0)
        level = level + blend(was, is_)
        yield Share("rate", name, blend(*share) * (is_ - was) + alone)
    usual = blend(*(above.at(side.totals) / below.at(side.totals) for side in (before, now)))
    yield Share("mix", "", moved * (level - usual))


def _by_group(sum_: Linear, side: Side) -> Floats:
    parts = [times * side.groups[name] for name, times in sum_.terms]
    total: Floats = np.sum(parts, axis=0)
    return total


def _of_fraction(
    above: Linear, below: Linear, before: Side, now: Side, blend: Blend
) -> Iterator[Share]:
    """A ratio of which some operand has no groups: what stands above, and what stands below."""
    ends = [side.totals for side in (before, now)]
    over = [below.at(end) for end in ends]
    per = blend(1 / over[0], 1 / over[1])
    known = before.groups.keys() & now.groups.keys()
    beneath = -blend(*(above.at(end) for end in ends)) / (over[0] * over[1])
    names = dict.fromkeys((*above.operands, *below.operands))
    for name in names:
        times = per * dict(above.terms).get(name, 0.0) + beneath * dict(below.terms).get(name, 0.0)
        if name in known:
            yield Share("amount", name, times * (now.groups[name] - before.groups[name]))
        else:
            yield _one("amount", name, times * (now.totals[name] - before.totals[name]))


def _one(effect: Effect, operand: str, value: float) -> Share:
    return Share(effect, operand, np.array([value]), is_whole=True)
