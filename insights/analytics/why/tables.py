"""What contributed to a change as rows: the largest steps, and what each group did."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from insights.analytics.why.stories import MOVEMENT, PARTS, Source, Story, known
from insights.analytics.why.words import EFFECTS, Words
from revops_site.kernel.decomposing import Part
from revops_site.kernel.decomposing.form import form
from revops_site.kernel.frames import Floats
from revops_site.kernel.metrics import Metric, values

MOST_STEPS = 9
ALONE = ""  # what is of no group: an operand that none has a share of
FEW = 5
MOST_TIMES = 5  # more than so many times the change, and a share of it says nothing
STEPS = {
    "label": "str",
    "effect": "str",
    "group": "str",
    "value": "float64",
    "share": "float64",
    "is_change": "bool",
}


def contributions(story: Story, words: Words) -> list[tuple[str, str, str, float]]:
    """Label, effect, group and value of all that contributed, the largest first.

    An amount's volume, mix and price are one for each group; the mix of a ratio is one for all.
    """
    sums: dict[tuple[str, str, str], list[float]] = {}
    for part in story.found.parts:
        sums.setdefault(_place(part, story, words), []).append(part.value)
    found = [(*key, math.fsum(parts)) for key, parts in sums.items()]
    return sorted(found, key=lambda one: (-abs(one[3]), one[0]))


def steps(story: Story, words: Words) -> pd.DataFrame:
    """The largest contributions, all the smaller ones as one, and the change: ``STEPS``.

    ``share`` is of the change, NaN where there is next to none.
    """
    found = contributions(story, words)
    shown, rest = found[:MOST_STEPS], found[MOST_STEPS:]
    if len(rest) == 1:
        shown, rest = found, []
    change, of = story.found.change, _part_of(story)
    rows: list[tuple[Any, ...]] = [(*one, one[3] / of, False) for one in shown]
    if rest:
        value = math.fsum(one[3] for one in rest)
        label = f"{len(rest):,} smaller parts"
        rows.append((label, "", "", value, value / of, False))
    rows.append(("Change", "", "", change, change / of, True))
    return pd.DataFrame(rows, columns=list(STEPS)).astype(STEPS)


def heads(formula: str, source: Source, words: Words) -> dict[str, str]:
    """The columns of effects that a table of groups has, and what they are called."""
    factors = [factor for one in form(formula) for factor in one.factors]
    if len(factors) > 1:
        return {f"by_{nth}": words.factor(one.text) for nth, one in enumerate(factors)}
    (factor,) = factors
    if factor.below is None:
        return _heads_of_sum(factor.above.operands, source.counted, words)
    if set(factor.operands) & {*source.whole}:
        return {}
    below = factor.below.operands
    told = [name for name in factor.above.operands if (name,) != below]
    if len(told) == 1:
        return {"rate": "Rate", "mix": "Mix"}
    return {**{f"rate_{name}": words.operand(name) for name in told}, "mix": "Mix"}


def grouped(story: Story, metric: Metric, columns: Mapping[str, str]) -> pd.DataFrame:
    """What each group had before and has now, and what it did, by effect and in total.

    Columns ``group``, ``name`` is left to the caller, ``before``, ``now`` (NaN where undefined),
    ``n_before``, ``n_now``, those of ``heads``, ``total``, ``share``, ``few``; the largest first.
    """
    places = known(story)
    ends = [_measured(metric, story, side) for side in (story.before, story.now)]
    sizes = [_sizes(story, side) for side in (story.before, story.now)]
    factors = [factor.text for one in form(story.formula) for factor in one.factors]
    of = _part_of(story)
    rows = []
    for nth in places:
        mine = [part for part in story.found.parts if part.group == nth]
        total = math.fsum(part.value for part in mine)
        n = [float(size[nth]) if size is not None else math.nan for size in sizes]
        rows.append(
            {
                "group": story.groups[nth],
                "is_rest": nth == len(story.groups) - 1,
                "before": ends[0][nth],
                "now": ends[1][nth],
                "n_before": n[0],
                "n_now": n[1],
                **{name: _sum(mine, name, factors) for name in columns},
                "total": total,
                "share": total / of,
                "few": "few" if min(n) < FEW else "",
            }
        )
    alone = [part for part in story.found.parts if part.group is None]
    if alone:
        total = math.fsum(part.value for part in alone)
        did = {name: _sum(alone, name, factors) for name in columns}
        unknown = dict.fromkeys(("before", "now", "n_before", "n_now"), math.nan)
        said = {"total": total, "share": total / of, "few": ""}
        rows.append({"group": ALONE, "is_rest": True, **unknown, **did, **said})
    names = ("group", "is_rest", "before", "now", "n_before", "n_now", *columns)
    frame = pd.DataFrame(rows, columns=[*names, "total", "share", "few"])
    order = np.argsort(-np.abs(frame["total"].to_numpy(dtype="float64")), kind="stable")
    return frame.iloc[order].reset_index(drop=True)


def _place(part: Part, story: Story, words: Words) -> tuple[str, str, str]:
    """What a part is counted under: its label, its effect and its group."""
    if part.group is None:
        if story.dimension in (PARTS, MOVEMENT):
            label = words.operand(part.operand) if part.operand else words.factor(part.factor)
            return label, "", ""
        return words.operand(part.operand), EFFECTS[part.effect], ""
    several = len([one for item in form(story.formula) for one in item.factors]) > 1
    if part.effect == "mix" and _is_ratio(part.factor, story):
        what = f" of {words.factor(part.factor)}" if several else ""
        return f"Mix of {words.plural(story.dimension)}{what}", EFFECTS["mix"], ""
    group = story.groups[part.group]
    name = words.group(story.dimension, group, is_rest=part.group == len(story.groups) - 1)
    label = _what(part, story, words, several)
    return (f"{label} in {name}" if label else name), _effect(part), group


def _effect(part: Part) -> str:
    return EFFECTS["rate"] if part.effect == "rate" else ""


def _what(part: Part, story: Story, words: Words, several: bool) -> str:
    """What of a group it is, "" where there is but one thing that it could be."""
    if several:
        return words.factor(part.factor)
    operands = [name for one in form(story.formula) for name in one.factors[0].above.operands]
    is_ratio = _is_ratio(part.factor, story)
    if len(operands) > 1:
        return words.operand(part.operand)
    return words.metric if is_ratio else ""


def _is_ratio(text: str, story: Story) -> bool:
    return any(
        factor.text == text and factor.below is not None
        for one in form(story.formula)
        for factor in one.factors
    )


def _heads_of_sum(
    operands: Sequence[str], counted: Mapping[str, str], words: Words
) -> dict[str, str]:
    if len(operands) == 1:
        if operands[0] in counted:
            return {"volume": "Volume", "mix": "Mix", "price": "Price"}
        return {}
    return {f"amount_{name}": words.operand(name) for name in operands}


def _sum(parts: Sequence[Part], column: str, factors: Sequence[str]) -> float:
    """What a group did by one of the columns of ``heads``."""
    effect, _, operand = column.partition("_")
    if effect == "by":
        return math.fsum(part.value for part in parts if part.factor == factors[int(operand)])
    mine = [part for part in parts if part.effect == effect]
    return math.fsum(part.value for part in mine if not operand or part.operand == operand)


def _measured(metric: Metric, story: Story, side: Any) -> Floats:
    """The metric of each group alone, NaN where it is undefined or has operands without groups."""
    finer = Metric(**{**metric.__dict__, "formula": story.formula})
    if not set(finer.operands) <= side.groups.keys():
        return np.full(len(story.groups), np.nan)
    return values(finer, side.groups)


def _sizes(story: Story, side: Any) -> Floats | None:
    if not story.sample:
        return None
    whole: Floats = np.sum([side.groups[name] for name in story.sample], axis=0)
    return whole


def _part_of(story: Story) -> float:
    """What shares are of: the change; NaN where parts that undo each other leave next to none."""
    change = story.found.change
    moved = math.fsum(abs(part.value) for part in story.found.parts)
    return change if abs(change) * MOST_TIMES > moved else math.nan
