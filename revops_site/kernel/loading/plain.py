"""Records that are surely good, told at a fraction of the price of all their checks.

A regular expression costs most where it begins: what has to be digits goes through one.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.sql import SQL, Composable, Composed, Literal

from revops_site.kernel.datasets import DAYS
from revops_site.kernel.loading import moments
from revops_site.kernel.loading.cells import (
    PLAIN_DECIMAL,
    SIGNED_DECIMAL,
    Cell,
    is_known,
    undamaged,
)

LONGEST = 40
PLAIN_CURRENCY = "^[A-Z][A-Z][A-Z]$"
PLAIN_SHARE = r"^(0(\.[0-9]*)?|1(\.0*)?)$"


def surely_good(cells: Sequence[Cell], *, moments_too: bool = False) -> Composed:
    """SQL that holds for records of which every cell is good; not true says nothing.

    ``moments_too`` lets a day be told by a moment, which is no plain way to write one.
    """
    tests: list[Composable] = []
    digits: list[Composable] = []
    for cell in cells:
        test, figures = _plain(cell)
        if moments_too and cell.column.kind == "date" and figures is not None:
            test, figures = moments.day_or_moment(cell.column, cell.text, test, figures)
        if figures is not None:
            digits.append(SQL("COALESCE({}, '')").format(figures))
        if cell.column.nullable or cell.default is not None:
            test = SQL("({} IS NULL OR {})").format(cell.text, test)
        tests.append(test)
    if digits:
        tests.append(SQL("({}) ~ '^[0-9]*$'").format(SQL(" || ").join(digits)))
    return SQL(" AND ").join(tests)


def _plain(cell: Cell) -> tuple[Composable, Composable | None]:
    """A test of the cell alone, and what of it has to be digits."""
    column, text, kind = cell.column, cell.text, cell.column.kind
    if kind == "date":
        return moments.plain_day(column, text)
    if kind == "integer" and cell.sure_digits:
        return SQL("octet_length({}) <= {}").format(text, Literal(cell.sure_digits)), text
    if kind in {"text", "rep", "team"}:
        return _plain_text(cell), None
    if kind in {"choice", "boolean"}:
        return is_known(cell), None
    if shape := _shape(cell):
        longest, pattern = shape
        test = SQL("octet_length({}) <= {} AND {} ~ {}")
        return test.format(text, Literal(longest), text, Literal(pattern)), None
    return SQL("false"), None


def _plain_text(cell: Cell) -> Composed:
    tests = [SQL("{} IS NOT NULL").format(cell.text)]
    if cell.longest is not None:
        tests = [SQL("octet_length({}) <= {}").format(cell.text, Literal(cell.longest))]
    if cell.is_id:
        tests.append(undamaged(cell.text))
    return SQL(" AND ").join(tests)


def _shape(cell: Cell) -> tuple[int, str] | None:
    """How long the cell may be, and the pattern of those that are surely good then."""
    column, kind = cell.column, cell.column.kind
    if kind == "currency":
        return 3, PLAIN_CURRENCY
    if kind in DAYS and column.minimum is column.maximum is None:
        return LONGEST, moments.SURE[kind]
    if kind == "decimal" and cell.sure_digits:
        return cell.sure_digits, SIGNED_DECIMAL if cell.may_be_negative else PLAIN_DECIMAL
    if kind == "decimal" and (column.minimum, column.maximum) == (0, 1):
        return LONGEST, PLAIN_SHARE
    return None
