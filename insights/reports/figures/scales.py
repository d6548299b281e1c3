"""An axis: from values to places on paper, with its marks and their words."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from insights.reports.figures import ticks
from revops_site.kernel.formats import MONTHS

LINE_BREAK = "<br>"
DAY = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?")


@dataclass(frozen=True)
class Mark:
    """A mark of an axis; ``lines`` are its words, one below the other."""

    at: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Scale:
    """Values between ``low`` and ``high``, which lie ``start`` and ``end`` on paper.

    ``names`` are those of an axis of names, each at its number; a logarithmic axis has decades.
    """

    low: float
    high: float
    axis: dict[str, Any]
    names: tuple[str, ...] = ()
    is_log: bool = False
    start: float = 0.0
    end: float = 1.0
    places: dict[str, int] = field(default_factory=dict)

    def at(self, value: Any) -> float | None:
        """Where a value lies; None for one that is not known."""
        number = self.number(value)
        if number is None:
            return None
        share = (number - self.low) / ((self.high - self.low) or 1.0)
        return self.start + share * (self.end - self.start)

    def number(self, value: Any) -> float | None:
        """A value as the axis counts it."""
        if value is None:
            return None
        if self.names:
            return self.places.get(str(value))
        if isinstance(value, str):
            return None
        if self.is_log:
            return math.log10(value) if value > 0 else None
        return float(value)

    @property
    def band(self) -> float:
        """How wide one name is on paper."""
        return abs(self.end - self.start) / ((self.high - self.low) or 1.0)

    def marks(self, most: int) -> list[Mark]:
        """The marks; of names all, or those that the axis chooses."""
        if self.names:
            return self._named()
        if self.is_log:
            return self._decades()
        step, found = ticks.nice(self.low, self.high, most)
        return [Mark(self._on(one), (ticks.written(one, step, self.axis),)) for one in found]

    def _decades(self) -> list[Mark]:
        powers = range(math.floor(self.low), math.ceil(self.high) + 1)
        found = [times * 10.0**power for power in powers for times in (1, 2, 5)]
        shown = [one for one in found if self.low <= math.log10(one) <= self.high]
        return [
            Mark(self._on(math.log10(one)), (ticks.written(one, one, self.axis),)) for one in shown
        ]

    def _named(self) -> list[Mark]:
        chosen = self.axis.get("tickvals") or self.names
        texts = self.axis.get("ticktext") or _dated(chosen)
        return [
            Mark(at, tuple(str(text).split(LINE_BREAK)))
            for name, text in zip(chosen, texts, strict=True)
            if (at := self.at(name)) is not None
        ]

    def _on(self, number: float) -> float:
        share = (number - self.low) / ((self.high - self.low) or 1.0)
        return self.start + share * (self.end - self.start)


def _dated(names: Sequence[str]) -> list[str]:
    """Days and months of files in the words of people, the year below where it begins."""
    texts, last = [], ""
    for name in names:
        found = DAY.fullmatch(str(name))
        if found is None:
            return list(names)
        day = f"{int(found[3])} " if found[3] else ""
        said = f"{day}{MONTHS[int(found[2]) - 1]}"
        texts.append(said if found[1] == last else f"{said}{LINE_BREAK}{found[1]}")
        last = found[1]
    return texts


def scale(values: Sequence[Any], axis: dict[str, Any], *, to_zero: bool) -> Scale:
    """The axis of these values before it has a place; ``to_zero`` where it begins at nothing."""
    known = [value for value in values if value is not None]
    if any(isinstance(value, str) for value in known):
        return _of_names(known, axis)
    numbers = [float(value) for value in known if math.isfinite(value)]
    if axis.get("type") == "log":
        exponents = [math.log10(one) for one in numbers if one > 0] or [0.0]
        low, high = min(exponents), max(exponents)
        return Scale(low - 0.05, high + 0.05 if high > low else low + 1, axis, is_log=True)
    given = axis.get("range")
    if given:
        return Scale(float(given[0]), float(given[1]), axis)
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if to_zero or axis.get("rangemode") == "tozero":
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low or abs(high) or 1.0) * 0.06
    at_zero = to_zero or axis.get("rangemode") == "tozero"
    low = low if at_zero and low == 0 else low - room
    return Scale(low, high if at_zero and high == 0 and low < 0 else high + room, axis)


def _of_names(known: Sequence[Any], axis: dict[str, Any]) -> Scale:
    names = tuple(dict.fromkeys(map(str, known)))
    if axis.get("categoryorder") == "array":
        names = tuple(map(str, axis["categoryarray"]))
    low, high = axis.get("range") or (-0.5, len(names) - 0.5)
    places = {name: nth for nth, name in enumerate(names)}
    return Scale(low, high, axis, names=names, places=places)
