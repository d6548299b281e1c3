"""A column's promise as SQL: when a cell breaks it and why, and the cell as a typed value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from psycopg.sql import SQL, Composable, Composed, Literal

from revops_site.kernel.datasets import DAYS, Column
from revops_site.kernel.loading import moments

PLAIN_INTEGER = "^[0-9]+$"
PLAIN_DECIMAL = r"^[0-9]+\.?[0-9]*$"
SIGNED_DECIMAL = r"^-?[0-9]+\.?[0-9]*$"
INTEGER = r"^[+-]?[0-9]+\.?0*$"
DECIMAL = r"^[+-]?[0-9]*\.?[0-9]*([eE][+-]?[0-9]+)?$"
DAMAGED = "^[0-9][.,]?[0-9]*[eE][+][0-9]+$"
ROUNDED = "is what Excel makes of a long id; export it again, as text"
CURRENCY = "^[A-Za-z][A-Za-z][A-Za-z]$"


@dataclass(frozen=True)
class Cell:
    """One column on its way from text to its type; ``text`` is null where the cell is empty.

    ``type`` is the SQL type that it gets, ``longest`` the number of characters it may have,
    ``digits`` the number of them that surely fit before the point, ``default`` what an empty cell
    means, ``empty`` what is stored then, ``zone`` the one that business days are of. ``is_id``
    says that rows are known by it: what a spreadsheet has rounded is none.
    """

    column: Column
    text: Composable
    type: str
    longest: int | None
    digits: int
    default: str | None
    empty: str | None
    zone: str
    is_id: bool = False

    @property
    def sure_digits(self) -> int:
        """How many characters a number may have that is surely within its bounds and its type."""
        least, most = self.column.minimum, self.column.maximum
        if least is not None and not isinstance(least, date) and least > 0:
            return 0
        return self.digits if most is None else min(self.digits, len(str(most)) - 1)

    @property
    def may_be_negative(self) -> bool:
        """Whether a number of so many characters is within its bounds with a sign, too."""
        least = self.column.minimum
        return least is None or len(str(least)) - 2 >= self.sure_digits


def reason(cell: Cell) -> Composed:
    """SQL that is null for a good cell and says what is wrong with a bad one."""
    cases = [SQL("WHEN {} THEN {}").format(*case) for case in (*_sound(cell), *_faults(cell))]
    if not cases:
        return SQL("{}").format(Literal(None))
    return SQL("CASE {} END").format(SQL(" ").join(cases))


def value(cell: Cell, is_plain: bool) -> Composed:
    """SQL for a good cell's value in the column's type.

    ``is_plain`` says that the cell is written in the plainest way, as ``plain`` knows it.
    """
    as_it_is = is_plain and cell.column.kind in {"integer", "date", "currency"}
    kept = SQL("{}").format(cell.text) if as_it_is else _converted(cell)
    if cell.empty is not None:
        kept = SQL("COALESCE({}, {})").format(kept, Literal(cell.empty))
    return SQL("CAST({} AS {})").format(kept, SQL(cell.type))


def is_known(cell: Cell) -> Composed:
    """SQL that holds where a choice or boolean is spelled in one of the ways that are known."""
    known = SQL(", ").join(Literal(spelling) for _, spelling in _spellings(cell.column))
    return SQL("lower({}) IN ({})").format(cell.text, known)


def undamaged(text: Composable) -> Composed:
    """SQL that holds for an id that is surely not a rounded number; not true says nothing."""
    return SQL("strpos({0}, 'E+') = 0 AND strpos({0}, 'e+') = 0").format(text)


def number(text: Composable) -> Composed:
    """SQL for the number (float8) that a text holds, null where it holds none."""
    valid = SQL("pg_input_is_valid({}, 'float8')").format(text)
    return SQL("CASE WHEN {} THEN CAST({} AS float8) END").format(valid, text)


def _whole(text: Composable) -> Composed:
    return SQL("split_part({}, '.', 1)").format(text)


def _converted(cell: Cell) -> Composed:
    text, kind = cell.text, cell.column.kind
    if kind in DAYS:
        return moments.value(kind, text, cell.zone)
    if kind == "integer":
        return _whole(text)
    if kind == "currency":
        return SQL("upper({})").format(text)
    if kind in {"choice", "boolean"}:
        pairs = [
            SQL("WHEN {} THEN {}").format(Literal(spelling), Literal(code))
            for code, spelling in _spellings(cell.column)
        ]
        return SQL("CASE lower({}) {} END").format(text, SQL(" ").join(pairs))
    return SQL("{}").format(text)


def _spellings(column: Column) -> Iterator[tuple[str, str]]:
    for code, others in column.spellings.items():
        for spelling in dict.fromkeys(other.lower() for other in (code, *others)):
            yield code, spelling


def _sound(cell: Cell) -> Iterator[tuple[Composable, Composable]]:
    """What a cell nearly always looks like, told at a fraction of the price of all its checks."""
    column, good = cell.column, Literal(None)
    decimal = SIGNED_DECIMAL if cell.may_be_negative else PLAIN_DECIMAL
    shapes = {"integer": PLAIN_INTEGER, "decimal": decimal}
    if column.kind in DAYS and column.minimum is None and column.maximum is None:
        yield moments.surely(column.kind, cell.text), good
    elif column.kind in shapes and cell.sure_digits > 0:
        shaped = SQL("length({}) <= {} AND {} ~ {}")
        shape = Literal(shapes[column.kind])
        yield shaped.format(cell.text, Literal(cell.sure_digits), cell.text, shape), good


def _faults(cell: Cell) -> Iterator[tuple[Composable, Composable]]:
    """Conditions with their reasons: the first that holds counts; null for an empty cell."""
    column, text = cell.column, cell.text
    if not column.nullable and cell.default is None:
        yield SQL("{} IS NULL").format(text), Literal("is empty")
    if cell.is_id:
        yield SQL("{} ~ {}").format(text, Literal(DAMAGED)), Literal(ROUNDED)
    if column.kind == "integer":
        yield SQL("{} !~ {}").format(text, Literal(INTEGER)), Literal("is not a whole number")
        large = SQL("NOT pg_input_is_valid({}, {})").format(_whole(text), Literal(cell.type))
        yield large, Literal("is too large")
    elif column.kind == "decimal":
        shaped = SQL("{} !~ {} OR NOT pg_input_is_valid({}, 'numeric')")
        yield shaped.format(text, Literal(DECIMAL), text), Literal("is not a number")
        large = SQL("NOT pg_input_is_valid({}, {})").format(text, Literal(cell.type))
        yield large, Literal("is too large")
    elif column.kind in DAYS:
        yield moments.broken(column.kind, text), Literal(moments.LIKE[column.kind])
    elif column.kind == "currency":
        shaped = SQL("{} !~ {}")
        yield shaped.format(text, Literal(CURRENCY)), Literal("is not a currency code like USD")
    elif column.kind in {"choice", "boolean"}:
        codes = ", ".join(column.spellings)
        yield SQL("NOT {}").format(is_known(cell)), Literal(f"is not one of {codes}")
    elif cell.longest is not None:
        long = SQL("length({}) > {}").format(text, Literal(cell.longest))
        yield long, Literal(f"is longer than {cell.longest} characters")
    yield from _bounds(cell)


def _bounds(cell: Cell) -> Iterator[tuple[Composable, Composable]]:
    kind = cell.column.kind
    for bound, sign, says in (
        (cell.column.lowest, SQL("<"), "is below"),
        (cell.column.highest, SQL(">"), "is above"),
    ):
        if bound is None:
            continue
        sides: tuple[Composable, Composable]
        if kind in DAYS:
            sides = moments.comparable(kind, cell.text), Literal(moments.bound(kind, bound))
        else:
            sides = _numeric(cell.text), _numeric(Literal(str(bound)))
        yield sign.join(sides), Literal(f"{says} {bound}")


def _numeric(text: Composable) -> Composed:
    return SQL("CAST({} AS numeric)").format(text)
