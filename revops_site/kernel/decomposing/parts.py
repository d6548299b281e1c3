"""Why a number changed: the parts of its change, which add up to it exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from revops_site.kernel.decomposing.effects import Blend, Effect, Side, mean, shares, start, whole
from revops_site.kernel.decomposing.form import Factor, Form, form

MOST_FACTORS = 8
TINY = 1e-12  # of the largest part: what is left by rounding alone


@dataclass(frozen=True)
class Part:
    """What one effect did: of which factor and operand, in which group (None: in none of them)."""

    factor: str
    effect: Effect
    operand: str
    group: int | None
    value: float


@dataclass(frozen=True)
class Decomposition:
    """A change and its parts; ``together`` is what came of two or more that moved at once.

    It is within the parts already, shared equally among those that moved.
    """

    change: float
    parts: tuple[Part, ...]
    together: float

    def of_group(self, group: int) -> float:
        """All that a group did."""
        return math.fsum(part.value for part in self.parts if part.group == group)


def decompose(
    formula: str,
    before: Side,
    now: Side,
    counted: Mapping[str, str] | None = None,
    *,
    by_group: bool = True,
) -> Decomposition | None:
    """The parts of a formula's change between two periods; None where an end is undefined.

    Without groups by factor; where there is but one, by its operands. ``counted`` names the count
    that an amount is of, so that its change becomes one of volume, mix and price.
    """
    known, counts = form(formula), dict(counted or {})
    old, new = (math.fsum(one.at(side.totals) for one in known) for side in (before, now))
    if math.isnan(old) or math.isnan(new):
        return None
    parts = _kept(_parts(known, before, now, counts, by_group, mean))
    alone = math.fsum(part.value for part in _parts(known, before, now, counts, by_group, start))
    change = math.fsum((new, -old))
    return Decomposition(change, parts, change - alone)


def is_made_of_parts(formula: str) -> bool:
    """Whether a formula has more than one operand to tell apart."""
    known = form(formula)
    return len({name for one in known for factor in one.factors for name in factor.operands}) > 1


def has_factors(formula: str) -> bool:
    """Whether some product has more than one factor that moves, or there are more products."""
    known = [one for one in form(formula) if one.factors]
    return len(known) > 1 or any(len(one.factors) > 1 for one in known)


def _parts(
    known: Form,
    before: Side,
    now: Side,
    counted: dict[str, str],
    by_group: bool,
    blend: Blend,
) -> Iterator[Part]:
    by_operand = sum(len(one.factors) for one in known) == 1
    for one in known:
        old, new = ([factor.at(side.totals) for factor in one.factors] for side in (before, now))
        for nth, factor in enumerate(one.factors):
            times = one.times * _beside(nth, old, new, blend) * _turn(factor, before, now)
            if by_group:
                told = shares(factor, before, now, counted, blend)
            elif by_operand:
                told = whole(factor, before, now, blend)
            else:
                moved = factor.plain(now.totals) - factor.plain(before.totals)
                yield Part(factor.text, "amount", "", None, times * moved)
                continue
            for share in told:
                for group, value in enumerate((times * share.values).tolist()):
                    place = None if share.is_whole else group
                    yield Part(factor.text, share.effect, share.operand, place, value)


def _turn(factor: Factor, before: Side, now: Side) -> float:
    """What a change of the factor as it is written is worth where the product is divided by it."""
    if not factor.turned:
        return 1.0
    return -1 / (factor.plain(before.totals) * factor.plain(now.totals))


def _beside(nth: int, before: Sequence[float], now: Sequence[float], blend: Blend) -> float:
    """What a factor's change is multiplied by: Shapley's mean over the orders of the others."""
    others = [pair for place, pair in enumerate(zip(before, now, strict=True)) if place != nth]
    if blend is start:
        return math.prod(old for old, _ in others)
    count = len(others)
    if count >= MOST_FACTORS:
        raise ValueError(f"A product of more than {MOST_FACTORS} factors is not taken apart.")
    found = []
    for size in range(count + 1):
        weight = math.factorial(size) * math.factorial(count - size) / math.factorial(count + 1)
        for moved in combinations(range(count), size):
            picked = (pair[place in moved] for place, pair in enumerate(others))
            found.append(weight * math.prod(picked))
    return math.fsum(found)


def _kept(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts that are any; each of the same group, effect and operand once."""
    sums: dict[tuple[str, Effect, str, int | None], list[float]] = {}
    for part in parts:
        key = (part.factor, part.effect, part.operand, part.group)
        sums.setdefault(key, []).append(part.value)
    found = [Part(*key, math.fsum(values)) for key, values in sums.items()]
    largest = max((abs(part.value) for part in found), default=0.0)
    return tuple(part for part in found if abs(part.value) > TINY * largest)


def sided(
    totals: Mapping[str, float], groups: Mapping[str, Iterable[float]], wanted: Iterable[str]
) -> Side:
    """A period's operands, with one more group for what of a total is in no group."""
    named = {name: float(totals[name]) for name in wanted if name in totals}
    found = {}
    for name in wanted:
        if name in groups and name in named:
            values = np.nan_to_num(np.fromiter(groups[name], dtype="float64"))
            found[name] = np.append(values, _rest(named[name], values))
    return Side(named, found)


def _rest(total: float, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """What is in no group; rounding is none."""
    left = math.fsum((total, *(-values)))
    size = max(abs(total), float(np.abs(values).sum()))
    return left if abs(left) > TINY * size else 0.0
