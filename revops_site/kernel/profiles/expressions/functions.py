"""The functions of expressions: pure, and small in what they make."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import NamedTuple, TypeAlias

from revops_site.kernel.profiles.errors import TroubleError
from revops_site.kernel.profiles.expressions.values import EXACT, Cells, Value, given, text

Call: TypeAlias = Callable[[Cells, Sequence[Value]], Value]
MANY = 1_000_000


class Function(NamedTuple):
    """A function, and how many arguments it takes at least and at most.

    Unless it ``takes_empty``, the result is empty where any argument is.
    """

    call: Call
    least: int
    most: int
    takes_empty: bool = False


def _whole(cells: Cells, value: Value) -> int:
    number = cells.number(value) or Decimal(0)
    if number != number.to_integral_value() or abs(number) > MANY:
        raise TroubleError(f"{text(number)} is not a small whole number")
    return int(number)


def _mid(cells: Cells, given_: Sequence[Value]) -> Value:
    start = max(_whole(cells, given_[1]) - 1, 0)
    return given(text(given_[0])[start : start + max(_whole(cells, given_[2]), 0)])


def _right(cells: Cells, given_: Sequence[Value]) -> Value:
    whole = text(given_[0])
    return given(whole[max(len(whole) - max(_whole(cells, given_[1]), 0), 0) :])


def _replace(_: Cells, given_: Sequence[Value]) -> Value:
    whole, old, new = map(text, given_)
    if not old:
        return given(whole)
    given("x" * min(len(whole) + whole.count(old) * max(len(new) - len(old), 0), 1_000_000))
    return given(whole.replace(old, new))


def _split(cells: Cells, given_: Sequence[Value]) -> Value:
    parts = text(given_[0]).split(text(given_[1]))
    place = _whole(cells, given_[2])
    inside = 1 <= abs(place) <= len(parts)
    return given(parts[place - 1 if place > 0 else place].strip()) if inside else None


def _round(cells: Cells, given_: Sequence[Value]) -> Value:
    number = cells.number(given_[0]) or Decimal(0)
    places = _whole(cells, given_[1]) if len(given_) > 1 else 0
    if abs(places) > 20:
        raise TroubleError(f"{places} is more places than there are")
    try:
        rounded = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT)
    except DecimalException:
        raise TroubleError(f"{number:.6e} is too large or too small") from None
    return Decimal(f"{rounded:f}")


def _abs(cells: Cells, given_: Sequence[Value]) -> Value:
    return (cells.number(given_[0]) or Decimal(0)).copy_abs()


def _extreme(cells: Cells, values: Sequence[Value], largest: bool) -> Value:
    best: Value = None
    for value in values:
        if value is None:
            continue
        if best is None:
            best = value
            continue
        one, other = cells.comparable(value, best)
        if (one > other) is largest and one != other:  # type: ignore[operator]
            best = value
    return best


def _date(cells: Cells, given_: Sequence[Value]) -> Value:
    if len(given_) == 1:
        return cells.day(given_[0])
    if len(given_) == 2:
        raise TroubleError("a date is made of year, month and day")
    year, month, day = (_whole(cells, value) for value in given_)
    try:
        return date(year, month, day)
    except ValueError:
        raise TroubleError(f"{year}-{month}-{day} is not a date") from None


def _days(cells: Cells, given_: Sequence[Value]) -> Value:
    start, end = cells.day(given_[0]), cells.day(given_[1])
    return Decimal((end - start).days) if start and end else None


def _month_end(cells: Cells, given_: Sequence[Value]) -> Value:
    day = cells.day(given_[0])
    return day and day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _concat(_: Cells, given_: Sequence[Value]) -> Value:
    return given("".join(map(text, given_)))


FUNCTIONS = {
    "abs": Function(_abs, 1, 1),
    "coalesce": Function(lambda _, v: next((x for x in v if x is not None), None), 1, 50, True),
    "concat": Function(_concat, 1, 50, True),
    "contains": Function(lambda _, v: text(v[1]).casefold() in text(v[0]).casefold(), 2, 2),
    "date": Function(_date, 1, 3),
    "days": Function(_days, 2, 2),
    "digits": Function(lambda _, v: given(re.sub("[^0-9]", "", text(v[0]))), 1, 1),
    "left": Function(lambda c, v: given(text(v[0])[: max(_whole(c, v[1]), 0)]), 2, 2),
    "lower": Function(lambda _, v: given(text(v[0]).lower()), 1, 1),
    "max": Function(lambda c, v: _extreme(c, v, True), 1, 50, True),
    "mid": Function(_mid, 3, 3),
    "min": Function(lambda c, v: _extreme(c, v, False), 1, 50, True),
    "month_end": Function(_month_end, 1, 1),
    "number": Function(lambda c, v: c.number(v[0]), 1, 1),
    "replace": Function(_replace, 3, 3, True),
    "right": Function(_right, 2, 2),
    "round": Function(_round, 1, 2),
    "split": Function(_split, 3, 3),
    "title": Function(lambda _, v: given(text(v[0]).title()), 1, 1),
    "trim": Function(lambda _, v: given(" ".join(text(v[0]).split())), 1, 1),
    "upper": Function(lambda _, v: given(text(v[0]).upper()), 1, 1),
}
