"""What a file promises, as data: its columns, its key, its days, and the table it lands in.

The promise is read by the loader, which turns it into SQL, and by the page that documents it.
Expressions are SQL over the dataset's own column names; ``{rows}`` in one stands for all rows of
the file that were accepted so far.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from django.apps import apps
from django.db.models import Field, Model

from revops_site.kernel import freshness

if TYPE_CHECKING:
    from psycopg.sql import Composable

    from revops_site.kernel.rollups import RollUp

Kind = Literal[
    "text",
    "integer",
    "decimal",
    "boolean",
    "choice",
    "currency",
    "date",
    "instant",
    "month",
    "rep",
    "team",
]
Bound: TypeAlias = int | Decimal | date

DAYS = frozenset({"date", "instant", "month"})
FIRST_DAY = date(1990, 1, 1)
LAST_DAY = date(2100, 12, 31)
SEGMENTS: Mapping[str, tuple[str, ...]] = {
    "SMB": ("Small Business",),
    "MM": ("Mid-Market", "Mid Market"),
    "ENT": ("Enterprise",),
}
TRUTH: Mapping[str, tuple[str, ...]] = {
    "true": ("t", "yes", "y", "1"),
    "false": ("f", "no", "n", "0"),
}


@dataclass(frozen=True)
class Column:
    """One column of a file; ``name`` is its name in the table, in frames and in the API.

    ``required`` says that the header must be there, ``nullable`` that a cell may be empty.
    ``default`` takes the place of an empty cell and of a column that is not there. ``choices``
    maps a code to the other spellings that mean it, in any case. ``stored=False`` marks a column
    that is checked and feeds a derived one; ``reads`` names the table's column that an edit takes
    its value from then. A ``date`` is a business day (a moment becomes the local day), an
    ``instant`` a moment in time, a ``month`` is kept as its first day. A ``rep`` column names a
    person by id, e-mail or name, a ``team`` column a team by name; whoever is not known yet is
    made, and reported.
    """

    name: str
    kind: Kind
    meaning: str
    header: str = ""
    aliases: tuple[str, ...] = ()
    required: bool = True
    nullable: bool = False
    minimum: Bound | None = None
    maximum: Bound | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    max_length: int | None = None
    default: str | Callable[[], str] | None = None
    unit: str = ""
    stored: bool = True
    reads: str = ""

    @property
    def title(self) -> str:
        """The header that the canonical file has."""
        return self.header or self.name

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that means this column."""
        return (self.title, *dict.fromkeys((*self.aliases, self.name)))

    @property
    def spellings(self) -> Mapping[str, tuple[str, ...]]:
        """Each value that a choice or boolean may take, with the spellings that mean it."""
        return TRUTH if self.kind == "boolean" else self.choices

    @property
    def lowest(self) -> Bound | None:
        """The smallest value that is believed."""
        return FIRST_DAY if self.kind in DAYS and self.minimum is None else self.minimum

    @property
    def highest(self) -> Bound | None:
        """The largest value that is believed."""
        return LAST_DAY if self.kind in DAYS and self.maximum is None else self.maximum


@dataclass(frozen=True)
class Recomputed:
    """A ratio or an age that the file brings along: held against its recomputation, never stored.

    A difference of more than ``tolerance`` (a share), beyond what rounding to ``decimals``
    explains, is a warning. ``formula`` is for people, ``expression`` the same in SQL; where it
    gives null, nothing can be said.
    """

    header: str
    formula: str
    expression: str
    decimals: int
    tolerance: Decimal = Decimal("0.01")

    @property
    def headers(self) -> tuple[str, ...]:
        """The one header that means this column."""
        return (self.header,)


@dataclass(frozen=True)
class Derived:
    """A column of the table that no file has: SQL over the file's columns and ``line``.

    Under the name of a column of the file it is what the table has in that one's place; the SQL
    then names the file's as ``given.<name>``.
    """

    name: str
    expression: str
    meaning: str


@dataclass(frozen=True)
class Rule:
    """What must not be: a row for which ``broken`` holds is refused, at ``column``.

    In it ``{table}`` stands for the rows that are stored already.
    """

    column: str
    broken: str
    reason: str


@dataclass(frozen=True)
class Doubt:
    """What is odd but may be so: rows for which ``odd`` holds are counted as a warning."""

    odd: str
    says: str


@dataclass(frozen=True)
class Reference:
    """A column that should point at a row of another table: where it does not, that is reported.

    ``model`` (``app.Model``) and its column ``to`` are pointed at; ``says`` completes the sentence
    "so many rows …".
    """

    column: str
    model: str
    to: str
    says: str


@dataclass(frozen=True)
class Log:
    """The append-only table (``app.Model``) that keeps, field by field, what a merge changed.

    A row that is deleted is logged as a change of the field ``gone`` from what it was to "deleted".
    """

    model: str
    fields: tuple[str, ...]
    gone: str


@dataclass(frozen=True)
class Touch:
    """A roll-up that the rows count in, and the SQL over a row that gives its buckets there.

    Without buckets, any change touches all of it.
    """

    roll_up: RollUp
    buckets: tuple[str, ...]


@dataclass(frozen=True)
class Repeated:
    """The rows of ``datasets`` repeat words of rows that have another key than they.

    Where a sync brings other words for the same key, ``follow`` changes them there, too, before
    the rows themselves are changed. It is given a cursor and the tables of the rows as they will
    be, with ``is known``, and as they are.
    """

    datasets: tuple[str, ...]
    follow: Callable[[Any, Composable, Composable], None]


@dataclass(frozen=True)
class Dataset:
    """A file's promise, and the table (``app.Model``) that its rows land in.

    ``key`` names the table's key columns: a row replaces the one with the same key. ``identity``
    are the columns that make a row what it is, where the key is a hash of them. The first of
    ``days`` is the day that a row is filed under; all of them tell how far the data reach.
    ``touches`` are recomputed for the rows that changed, in the transaction that changed them;
    ``after`` is called once at its end, if any did. ``repeated`` is where other datasets' rows
    repeat the words of these.
    """

    name: str
    model: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    scope: Literal["everybody", "rep"] = "everybody"
    derived: tuple[Derived, ...] = ()
    rules: tuple[Rule, ...] = ()
    recomputed: tuple[Recomputed, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    references: tuple[Reference, ...] = ()
    log: Log | None = None
    touches: tuple[Touch, ...] = ()
    after: Callable[[], None] | None = None
    repeated: Repeated | None = None

    @property
    def table(self) -> type[Model]:
        """The model that the rows land in."""
        return apps.get_model(self.model)

    @cached_property
    def fields(self) -> Mapping[str, Field[Any, Any]]:
        """The table's fields by column name."""
        return {found.attname: found for found in self.table._meta.concrete_fields}

    @property
    def stored(self) -> tuple[str, ...]:
        """The columns of the table that a file fills, derived ones included."""
        given = [column.name for column in self.columns if column.stored]
        return (*given, *(derived.name for derived in self.derived))

    def column(self, name: str) -> Column:
        """The column of this name; KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]

    def longest(self, column: Column) -> int | None:
        """How many characters a text may have; None for any number."""
        stored = self.fields.get(column.name)
        return column.max_length or (stored.max_length if stored else None)


def hash_of(*parts: str) -> str:
    """SQL for the key of a row that these SQL texts identify together."""
    return rf"md5(concat_ws(E'\x1f', {', '.join(parts)}))::uuid"


def moment(column: str) -> str:
    """SQL for a moment as a text that is the same in every session, for ``hash_of``."""
    return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"


def reporting_currency() -> str:
    """The workspace's currency: what an amount is in when its file does not say."""
    return freshness.workspace().reporting_currency
