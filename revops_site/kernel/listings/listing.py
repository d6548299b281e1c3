"""What a long table is: its rows, its columns, and what one may do with them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, TypeAlias

from django.db.models import Q, QuerySet

from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Shown

Where: TypeAlias = Q | Callable[[Slice], Q]

SIZES = (25, 50)  # rows of a page
COUNTED = Shown("rows", "Rows", "integer", help="How many rows the group holds.")


@dataclass(frozen=True)
class Flag:
    """A quick filter: the rows that ``where`` holds for; it may depend on the slice.

    ``rows`` are those it looks at in place of the table's own; they have the same columns. One
    that is only ``linked`` to is offered while it is in force.
    """

    label: str
    where: Where
    help: str = ""
    rows: Callable[[Slice], QuerySet[Any]] | None = None
    linked: bool = False

    def condition(self, slice_: Slice) -> Q:
        """The condition for a slice."""
        return self.where(slice_) if callable(self.where) else self.where


@dataclass(frozen=True)
class Listing:
    """A long table over the ``rows`` of a slice.

    ``columns`` are fields or annotations of the rows; ``key`` are fields that tell any two rows
    apart and order those that tie. ``sort`` names the column of the first order, ``-name`` for the
    largest first. ``search`` are the fields that words are looked for in, ``groups`` the columns
    that rows may be grouped by, ``sums`` those that are summed, ``hidden`` those that are shown
    when chosen. ``flags`` are quick filters by their name in the address. ``dimensions`` are the
    filters that the rows know; ``unit`` is what its numbers are in, "money" for the reporting
    currency; ``noun`` names many rows, in a regular plural;
    ``sizes`` are how many rows a page may hold, the usual one first.

    ``totals`` may give the count (``rows``) and the ``sums`` of a slice that nothing else narrows
    from sums kept elsewhere. ``note``, ``nothing``, ``narrows`` and ``contract`` are those of a
    panel.
    """

    slug: str
    title: str
    question: str
    rows: Callable[[Slice], QuerySet[Any]]
    columns: tuple[Shown, ...]
    key: tuple[str, ...]
    sort: str = ""
    search: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    flags: Mapping[str, Flag] = field(default_factory=dict)
    dimensions: Collection[str] = ()
    unit: str = ""
    noun: str = "rows"
    sizes: tuple[int, ...] = SIZES
    totals: Callable[[Slice], Mapping[str, Any]] | None = None
    note: Callable[[Slice], Sequence[str]] | None = None
    nothing: Callable[[Slice], str] | None = None
    narrows: Callable[[Mapping[str, Any]], Mapping[str, Any] | None] | None = None
    width: str = "col-12"
    contract: str = ""

    def __post_init__(self) -> None:
        named = {self.sort.removeprefix("-"), *self.groups, *self.sums, *self.hidden} - {""}
        strange = named - set(self.names)
        if strange or not self.key:
            raise ValueError(f"{self.slug} has no column {sorted(strange)}, or no key.")
        if self.names[0] in self.hidden:
            raise ValueError(f"The first column of {self.slug} names its rows: it is shown.")

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """All columns in files and the API, in order."""
        return tuple(shown.name for shown in self.columns)

    @property
    def default(self) -> tuple[str, ...]:
        """The columns that are shown where nobody has chosen."""
        return tuple(name for name in self.names if name not in self.hidden)

    def counted(self, count: int) -> str:
        """So many rows, in words: 1 deal, 1,204 deals."""
        one = self.noun.removesuffix("ies") + "y" if self.noun.endswith("ies") else self.noun[:-1]
        return f"{count:,} {one if count == 1 else self.noun}"

    def column(self, name: str) -> Shown:
        """The column of that name, which has to be one."""
        return next(shown for shown in self.columns if shown.name == name)


def linked(shown: Shown) -> tuple[str, ...]:
    """The fields of a row that a column's link is made of, and that say how it is written."""
    named = tuple(name for _, name, _, _ in Formatter().parse(shown.link) if name)
    return (*named, shown.shows) if shown.shows else named
