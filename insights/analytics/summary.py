"""A period in sentences: what a figure was, how far it moved, whether that is good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from insights.analytics.why.words import ends, size
from revops_site.kernel import formats
from revops_site.kernel.metrics import Metric, change

Verdict: TypeAlias = Literal["better", "worse", "same", ""]

PER_DOMAIN = 2  # figures of a domain whose change is taken apart


@dataclass(frozen=True)
class Figure:
    """A metric of a period and of the one before; None where it is not known.

    ``days`` are those that it is of, in words. ``is_compared`` says whether the data reach back
    over all of the compared period.
    """

    metric: Metric
    now: float | None
    before: float | None
    days: str
    is_compared: bool = True

    @property
    def change(self) -> float | None:
        """How far it moved, a fraction or points; None where that cannot be said."""
        return change(self.metric, self.now, self.before)

    @property
    def moved(self) -> float:
        """How far it moved beside what it was, 0 where that cannot be said: to be ranked by."""
        if self.now is None or not self.before:
            return 0.0
        return abs(self.now - self.before) / abs(self.before)

    @property
    def has_moved(self) -> bool:
        """Whether it is known to be another one than before."""
        return None not in (self.now, self.before) and self.now != self.before

    @property
    def verdict(self) -> Verdict:
        """Whether that is good; "" where it cannot be said, or is neither."""
        if self.now is None or self.before is None:
            return ""
        if self.now == self.before:
            return "same"
        if self.metric.better == "neither":
            return ""
        return "better" if (self.now > self.before) == (self.metric.better == "up") else "worse"


def sentence(figure: Figure, currency: str) -> str:
    """What the figure was and how far it moved: "MRR: $1.2M, up 3.1% from $1.1M."."""
    metric, now, before = figure.metric, figure.now, figure.before
    if now is None:
        return f"{metric.label} is not known for these days."
    value = formats.screen(formats.show(now, metric.show, currency=currency))
    if before is None:
        if not figure.is_compared:
            return f"{metric.label}: {value}. The data begin after the compared period."
        return f"{metric.label}: {value}. Before, it is not known."
    if now == before:
        return f"{metric.label}: {value}, the same as before."
    first, last = ends(metric, before, now, currency)
    way = "up" if now > before else "down"
    return f"{metric.label}: {last}, {way} {_by(metric, before, now, currency)} from {first}."


def unknown(figure: Figure) -> str:
    """When a figure is not known, in the sentence that its definition ends with; "" where it is."""
    if figure.now is not None or not figure.metric.edge:
        return ""
    return figure.metric.edge.rstrip(".").rpartition(". ")[2] + "."


def lede(figures: Sequence[Figure]) -> str:
    """How many figures are better and worse, in a sentence; "" where none can be compared."""
    verdicts = [one.verdict for one in figures]
    good, bad, same = (verdicts.count(one) for one in ("better", "worse", "same"))
    if not good + bad + same:
        return ""
    many = good + bad + same
    noun = "figure" if many == 1 else "figures"
    parts = [f"{good} better", f"{bad} worse", *([f"{same} the same"] if same else [])]
    return f"Of {many} {noun} that can be compared: {', '.join(parts)}."


def strongest(figures: Sequence[Figure], many: int = PER_DOMAIN) -> list[str]:
    """The slugs of those that moved most, the most first."""
    ranked = sorted((one for one in figures if one.moved), key=lambda one: -one.moved)
    return [one.metric.slug for one in ranked[:many]]


def _by(metric: Metric, before: float, now: float, currency: str) -> str:
    """A share of what it was, or points; what it moved by where it was nothing or below it."""
    if metric.change == "points" or before <= 0 or now < 0:
        return size(metric, now - before, currency)
    return formats.show(abs(now - before) / before, "percent1")
