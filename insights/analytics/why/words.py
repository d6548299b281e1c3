"""A change in a sentence, from a template and its largest parts."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from revops_site.kernel import formats
from revops_site.kernel.metrics import Metric

Contribution: TypeAlias = tuple[str, str, str, float]

EFFECTS = {"volume": "Volume", "mix": "Mix", "rate": "Rate", "price": "Price", "amount": "Amount"}
NAMED, NAMED_AGAINST = 3, 2  # contributions that the sentence names
LARGE = 0.2  # of the largest: what is worth a word though it worked against the change
SMALL = 0.02  # of the largest: what is not worth a word beside it
SEEN = re.compile("[1-9]")
PERCENTS = {"percent", "percent1", "percent_auto", "percentDelta"}
UNITS = {"ratio": "x", "days": "d", "days1": "d", "decimal": "", "decimal1": ""}
PLURALS = {
    "segment": "segments",
    "channel": "channels",
    "campaign": "campaigns",
    "region": "regions",
    "team": "teams",
    "owner": "owners",
    "pipeline": "pipelines",
    "stage": "stages",
    "plan": "plans",
    "reason": "reasons",
}


@dataclass(frozen=True)
class Words:
    """What things are called: the ``metric``, operands and factors by the formula's names, groups
    by dimension and code.
    """

    metric: str
    operands: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def operand(self, name: str) -> str:
        """What an operand is called."""
        return self.operands.get(name) or name.replace("_", " ").capitalize()

    def factor(self, text: str) -> str:
        """What a part of a formula is called: a metric, or by the operands of which it is made."""
        if text in self.factors:
            return self.factors[text]
        return (
            " ".join(
                self.operand(word) if word.isidentifier() else word.replace("*", "×")
                for word in re.findall(r"\w+|[^\w\s]", text)
            )
            .replace("( ", "(")
            .replace(" )", ")")
        )

    def group(self, dimension: str, code: str, *, is_rest: bool = False) -> str:
        """What a group is called."""
        if is_rest:
            return f"those of no {dimension} that is told"
        return self.groups.get(dimension, {}).get(code, code) if code else self.without(dimension)

    @staticmethod
    def without(dimension: str) -> str:
        """What those are called that have no group of a dimension."""
        return f"those without {'an' if dimension[:1] in 'aeiou' else 'a'} {dimension}"

    @staticmethod
    def plural(dimension: str) -> str:
        """The groups of a dimension."""
        return PLURALS.get(dimension, dimension)


def size(metric: Metric, value: float, currency: str) -> str:
    """How far a number moved, without its sign: "3.1 points", "$1.2M", "0.4d"."""
    if metric.change == "points" and metric.show.startswith("percent"):
        points = value if metric.show == "percentage" else value * 100
        said = _digits(points, 1)
        return f"{said} point{'' if said == '1.0' else 's'}"
    if metric.show in UNITS:
        return f"{_digits(value, 1)}{UNITS[metric.show]}"
    if metric.show == "integer":
        return formats.show(abs(value), "decimal1" if value % 1 else "integer", currency=currency)
    for show in (metric.show, metric.exact):
        said = formats.show(abs(value), show, currency=currency)
        if SEEN.search(said):
            return said
    return f"{formats.symbol(currency)}{_digits(value, 2)}"


def _digits(value: float, decimals: int) -> str:
    """With so many decimals, or more where nothing would be seen."""
    for places in (decimals, decimals + 1, decimals + 3):
        said = f"{abs(value):,.{places}f}"
        if SEEN.search(said):
            break
    return said


def ends(metric: Metric, before: float, now: float, currency: str) -> tuple[str, str]:
    """Both ends of a change as a sentence says them: so that they are seen to differ."""
    usual = "percent1" if metric.show in PERCENTS else metric.show
    for show in (usual, metric.exact):
        said = [formats.show(one, show, currency=currency) for one in (before, now)]
        if said[0] != said[1]:
            break
    first, last = map(formats.screen, said)
    return first, last


def signed(metric: Metric, value: float, currency: str) -> str:
    """The same with its sign, and without the unit of points."""
    said = size(metric, value, currency)
    bare = re.sub(r" points?$", "", said)
    return formats.screen(f"{'-' if value < 0 else '+'}{bare}")


def sentence(
    metric: Metric,
    before: float,
    now: float,
    found: Sequence[Contribution],
    currency: str,
) -> str:
    """What happened and what explains most of it: "NRR fell by 3.1 points, from … to …: …".

    ``found`` are the contributions, the largest first.
    """
    first_end, last_end = ends(metric, before, now, currency)
    change = now - before
    largest = max((abs(one[3]) for one in found), default=0.0)
    if not largest:
        return f"{metric.label} did not change: it was {first_end} and is {last_end}."
    way = "rose" if change > 0 else "fell"
    by = size(metric, change, currency)
    start = f"{metric.label} {way} by {by}, from {first_end} to {last_end}"
    if abs(change) <= 1e-9 * max(abs(now), abs(before), largest):
        start = f"{metric.label} did not change: it is {last_end}, but its parts moved"
    return f"{start}: {causes(metric, change, found, currency)}."


def causes(metric: Metric, change: float, found: Sequence[Contribution], currency: str) -> str:
    """What explains most of a change and what worked against it; "" where nothing moved."""
    largest = max((abs(one[3]) for one in found), default=0.0)
    if not largest:
        return ""
    worth = [one for one in found if abs(one[3]) >= SMALL * largest]
    along = [one for one in worth if one[3] * (change or 1.0) > 0][:NAMED]
    against = [one for one in worth if one not in along and one[3] * (change or 1.0) < 0]
    against = [one for one in against if abs(one[3]) >= LARGE * largest][:NAMED_AGAINST]

    def told(some: Sequence[Contribution], verb: str = "") -> str:
        said = [f"{_in_words(one[0])} {{}}{signed(metric, one[3], currency)}" for one in some]
        return _listed([one.format(verb if not nth else "") for nth, one in enumerate(said)])

    named = [told(along, "explains ")] if along else []
    named += [f"against it worked {told(against)}"] if against else []
    rest = [one for one in found if one not in along and one not in against]
    if rest:
        value = signed(metric, math.fsum(one[3] for one in rest), currency)
        count = f"{len(rest):,} other part{'' if len(rest) == 1 else 's'}"
        named.append(f"{count}{' together' if len(rest) > 1 else ''} {value}")
    return "; ".join(named)


def together(metric: Metric, value: float, largest: float, currency: str) -> str:
    """What came of two things that moved at once, "" where that is next to nothing."""
    if abs(value) <= 1e-6 * max(largest, 1e-300):
        return ""
    said = signed(metric, value, currency)
    unit = " points" if size(metric, value, currency).endswith(("point", "points")) else ""
    return (
        f"{said}{unit} of it came of things that moved at once, such as a group that grew while "
        "its rate fell. It is in the parts already, shared equally among what moved."
    )


def _in_words(label: str) -> str:
    """A label within a sentence; names and abbreviations keep their letters."""
    first, _, rest = label.partition(" ")
    is_name = sum(one.isupper() for one in first) > 1 or not rest
    joined = " in " in label or label.startswith("Mix of")
    return label if is_name or not joined else f"{first[:1].lower()}{first[1:]} {rest}"


def _listed(named: Sequence[str]) -> str:
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
