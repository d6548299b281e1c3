"""What somebody asked to see: the choices that an address holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal, TypeAlias
from urllib.parse import quote_plus

from revops_site.kernel.filters.address import (
    COMPARISONS,
    DIMENSIONS,
    LIMITS,
    OPTIONS,
    PERIODS,
    read,
)

Compare: TypeAlias = Literal["previous", "year", "none"]
Values: TypeAlias = tuple[str, ...]
CHOSEN_AMONG = frozenset(DIMENSIONS)


@dataclass(frozen=True)
class Filters:
    """What somebody asked to see.

    ``period`` is a key of ``PERIODS``, None for the page's own default; ``start`` and ``end`` are
    both inside, and kept with ``custom`` only. Values of a dimension are sorted and unique; none
    means all. ``min_days`` and ``min_amount`` (reporting currency) are the limits that a list of
    stuck deals begins at, None for its own; ``lookback_days`` and ``half_life_days`` are those that
    touches are credited by. ``by`` and ``model`` are words that a page offers a choice of.
    ``quarter`` is a fiscal one such as ``2025Q3``, None for that around the day.
    ``notices`` says in sentences what of the address could not be used.
    """

    period: str | None = None
    start: date | None = None
    end: date | None = None
    compare: Compare = "previous"
    segment: Values = ()
    channel: Values = ()
    campaign: Values = ()
    region: Values = ()
    team: Values = ()
    owner: Values = ()
    pipeline: Values = ()
    stage: Values = ()
    plan: Values = ()
    reason: Values = ()
    as_of: date | None = None
    quarter: str | None = None
    min_days: int | None = None
    min_amount: int | None = None
    lookback_days: int | None = None
    half_life_days: int | None = None
    by: str | None = None
    model: str | None = None
    notices: Values = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.period is not None and self.period not in PERIODS:
            raise ValueError(f"No period is called {self.period!r}.")
        if self.compare not in COMPARISONS:
            raise ValueError(f"No comparison is called {self.compare!r}.")
        if self.period != "custom":
            object.__setattr__(self, "start", None)
            object.__setattr__(self, "end", None)
        elif self.start is None or self.end is None or self.end < self.start:
            raise ValueError("Custom dates need a start and an end that is not before it.")
        for name in DIMENSIONS:
            values = getattr(self, name)
            if values != ():
                object.__setattr__(self, name, tuple(sorted(set(values))))

    @staticmethod
    def parse(query: str) -> Filters:
        """The filters of a raw query string; keys that are no filter are other people's."""
        return Filters(**read(query))

    def to_query(self, **changes: Any) -> str:
        """The address that says the same; what is left at its default is left out.

        With ``changes`` that of the same with some choices changed.
        """
        if not changes:
            return _query(self)
        if not CHOSEN_AMONG.issuperset(changes):
            return _query(self.replace(**changes))
        said = {**_texts(self), **{name: _all_said(name, one) for name, one in changes.items()}}
        return "&".join(filter(None, map(said.get, _DEFAULTS)))

    def without(self, name: str, value: str | None = None) -> Filters:
        """The same less one dimension, or one value of it; or less the period or another choice."""
        if value is None:
            return self.replace(**{name: _DEFAULTS[name]})
        return self.replace(**{name: tuple(v for v in getattr(self, name) if v != value)})

    def replace(self, **changes: Any) -> Filters:
        """The same with some choices changed, and without the notices."""
        return dataclasses.replace(self, **{"notices": (), **changes})

    @property
    def active(self) -> int:
        """How many choices narrow what is shown: the period, the day, limits, dimensions in use."""
        return sum(
            getattr(self, name) not in (None, ())
            for name in ("period", "as_of", "quarter", *LIMITS, *OPTIONS, *DIMENSIONS)
        )

    def parts(self) -> Iterator[tuple[str, str]]:
        """What is not at its default, as an address says it."""
        for name, default in _DEFAULTS.items():
            value = getattr(self, name)
            if name in DIMENSIONS:
                yield from ((name, one) for one in value)
            elif value != default:
                yield name, value.isoformat() if isinstance(value, date) else str(value)


@lru_cache(maxsize=4096)
def _query(asked: Filters) -> str:
    """A page asks the same of hundreds of cells."""
    return "&".join(_texts(asked).values())


@lru_cache(maxsize=1024)
def _texts(asked: Filters) -> Mapping[str, str]:
    """What the address says of each choice that is not at its default."""
    texts: dict[str, str] = {}
    for name, value in asked.parts():
        text = _said(name, value)
        texts[name] = f"{texts[name]}&{text}" if name in texts else text
    return texts


def _all_said(name: str, values: Iterable[str]) -> str:
    return "&".join([_said(name, one) for one in sorted(set(values))])


@lru_cache(maxsize=4096)
def _said(name: str, value: Any) -> str:
    said = value.isoformat() if isinstance(value, date) else str(value)
    return f"{name}={quote_plus(said, errors='replace')}"


_DEFAULTS: Mapping[str, Any] = {
    item.name: item.default for item in dataclasses.fields(Filters) if item.compare
}
NAMES = tuple(_DEFAULTS)
"""What filters are called in an address; anything else there is a page's own."""
