"""The steps that an expression is compiled to: each a function of a record's cells and line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from revops_site.kernel.profiles.errors import TroubleError
from revops_site.kernel.profiles.expressions.functions import Function
from revops_site.kernel.profiles.expressions.values import (
    Cells,
    Step,
    Value,
    counted,
    text,
    truth,
)


def constant(value: Value) -> Step:
    """The same for every record."""
    return lambda fields, line: value


def of_line(fields: Sequence[str], line: int) -> Value:
    """The line that the record begins in."""
    return Decimal(line)


def joined(one: Step, other: Step, decides: bool) -> Step:
    """``or`` (where true decides) and ``and``: the other side counts only where one does not."""

    def step(fields: Sequence[str], line: int) -> Value:
        return decides if truth(one(fields, line)) is decides else truth(other(fields, line))

    return step


def negated(one: Step) -> Step:
    """``not``."""
    return lambda fields, line: not truth(one(fields, line))


def compared(cells: Cells, sign: str, one: Step, other: Step) -> Step:
    """A comparison."""

    def step(fields: Sequence[str], line: int) -> Value:
        return _holds(sign, *cells.comparable(one(fields, line), other(fields, line)))

    return step


def summed(cells: Cells, sign: str, one: Step, other: Step) -> Step:
    """Two values taken together."""

    def step(fields: Sequence[str], line: int) -> Value:
        return _sum(cells, sign, one(fields, line), other(fields, line))

    return step


def called(cells: Cells, function: Function, given: Sequence[Step]) -> Step:
    """A function of values."""
    call, takes_empty = function.call, function.takes_empty

    def step(fields: Sequence[str], line: int) -> Value:
        values = [one(fields, line) for one in given]
        return None if not takes_empty and None in values else call(cells, values)

    return step


def chosen(when: Step, then: Step, otherwise: Step) -> Step:
    """``if``: only the branch that is taken is looked at."""

    def step(fields: Sequence[str], line: int) -> Value:
        return then(fields, line) if truth(when(fields, line)) else otherwise(fields, line)

    return step


def _holds(sign: str, left: object, right: object) -> Value:
    """Whether a comparison holds; empty where something is compared with what is empty."""
    if sign in {"=", "=="}:
        return left == right
    if sign in {"!=", "<>"}:
        return left != right
    if left is None or right is None:
        return None
    below, same = left < right, left == right  # type: ignore[operator]
    return bool({"<": below, "<=": below or same, ">": not (below or same), ">=": not below}[sign])


def _sum(cells: Cells, sign: str, left: Value, right: Value) -> Value:
    """Two values taken together; a day may be moved by days, and have another taken from it."""
    if left is None or right is None:
        return None
    if isinstance(left, date) and sign in {"+", "-"}:
        if isinstance(right, date) and sign == "-":
            return Decimal((left - right).days)
        days = cells.number(right) or Decimal(0)
        try:
            return left + timedelta(days=int(days if sign == "+" else -days))
        except OverflowError:
            raise TroubleError(f"{text(left)} {sign} {text(days)} is not a date") from None
    one, other = cells.number(left), cells.number(right)
    return None if one is None or other is None else counted(sign, one, other)
