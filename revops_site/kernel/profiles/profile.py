"""What a profile says, as data: where a dataset's columns come from, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from revops_site.kernel.reading import Layout

# How far a unit moves the decimal point.
UNITS: Mapping[str, int] = {
    "percent": -2,
    "cents": -2,
    "micros": -6,
    "thousands": 3,
    "millions": 6,
}
DECIMALS = (".", ",")
THOUSANDS = ("", ",", ".", " ", "'", "_")


class _Column(Protocol):
    """As much of a dataset's column as a target takes."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def nullable(self) -> bool: ...
    @property
    def title(self) -> str: ...
    @property
    def headers(self) -> tuple[str, ...]: ...
    @property
    def spellings(self) -> Mapping[str, tuple[str, ...]]: ...
    @property
    def highest(self) -> Any: ...


@dataclass(frozen=True)
class Target:
    """A dataset's column as profiles know it.

    ``headers`` are all names that mean it, ``spellings`` the codes that it may hold with what else
    means them, ``highest`` the largest number that is believed, as text; empty where there is none.
    """

    name: str
    title: str
    kind: str
    required: bool
    nullable: bool
    spellings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    highest: str = ""

    @classmethod
    def of(cls, column: _Column) -> Target:
        """The target that a dataset's column is."""
        return cls(
            name=column.name,
            title=column.title,
            kind=str(column.kind),
            required=column.required,
            nullable=column.nullable,
            spellings=dict(column.spellings),
            headers=tuple(column.headers),
            highest="" if column.highest is None else str(column.highest),
        )


@dataclass(frozen=True)
class Source:
    """Where a column comes from: one of ``header``, ``constant`` and ``expression``.

    ``values`` maps what a cell says, in any case, to what is meant; ``otherwise`` is for what is
    not among them, ``default`` for empty cells; None where such cells stay as they are. What is
    meant is written as the dataset has it: it is not converted any more. ``lookup`` names the
    second file, in whose ``column`` the value stands.
    """

    header: str = ""
    constant: str | None = None
    expression: str = ""
    lookup: str = ""
    column: str = ""
    unit: str = ""
    symbol: bool = False
    formats: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    default: str | None = None


@dataclass(frozen=True)
class Lookup:
    """A second file, and the header of the column by which a row of it is found."""

    file: str
    key: str


@dataclass(frozen=True)
class Profile:
    """All that is known of a stranger's file; ``folder`` is where its lookups' files are.

    ``others`` says whether a column that is not among ``columns`` is filled from the header that
    means it, or left out.
    """

    dataset: str = ""
    layout: Layout = field(default_factory=Layout)
    columns: Mapping[str, Source] = field(default_factory=dict)
    others: Literal["match", "leave"] = "leave"
    repeats: Literal["keep", "drop"] = "keep"
    nulls: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    headers_again: Literal["keep", "drop"] = "drop"
    formats: tuple[str, ...] = ("iso",)
    zone: str = ""
    decimal: str = "."
    thousands: str = ""
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    folder: Path | None = field(default=None, compare=False)
