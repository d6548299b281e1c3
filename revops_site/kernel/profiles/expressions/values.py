"""What expressions count with: cells become numbers and days where they are taken for such."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow
from typing import TypeAlias

from revops_site.kernel.profiles.days import Days
from revops_site.kernel.profiles.errors import TroubleError
from revops_site.kernel.profiles.numbers import Numbers
from revops_site.kernel.profiles.words import TRUTH

Value: TypeAlias = str | Decimal | bool | date | None
Step: TypeAlias = Callable[[Sequence[str], int], Value]
LONGEST = 20_000
FARTHEST = 40
PLACES = 12
EXACT = Context(prec=80, Emax=999, Emin=-999, traps=[InvalidOperation, DivisionByZero, Overflow])


@dataclass(frozen=True)
class Cells:
    """How a file's cells are read when they are counted with."""

    numbers: Numbers = Numbers()  # noqa: RUF009
    days: Days = Days()  # noqa: RUF009

    def number(self, value: Value) -> Decimal | None:
        """A value as a number. Raises TroubleError where it is none."""
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, bool):
            return Decimal(value)
        read = self.numbers.read(value) if isinstance(value, str) else None
        if read is None:
            raise TroubleError(f"{text(value)} is not a number")
        return Decimal(read.plain)

    def day(self, value: Value) -> date | None:
        """A value as a day. Raises TroubleError where it is none."""
        if value is None or isinstance(value, date):
            return value
        read = self.days.read(value) if isinstance(value, str) else None
        if read is None:
            raise TroubleError(f"{text(value)} is not a date")
        return read.day

    def comparable(self, left: Value, right: Value) -> tuple[object, object]:
        """Two values as they are compared: as numbers, as days, else as texts in any case."""
        if left is None or right is None:
            return left, right
        for reader, kind in ((self.number, Decimal), (self.day, date)):
            if isinstance(left, str | kind) and isinstance(right, str | kind):
                try:
                    return reader(left), reader(right)
                except TroubleError:
                    continue
        return text(left).casefold(), text(right).casefold()


def truth(value: Value) -> bool:
    """Whether a value counts as true: neither empty, nor 0, nor a word for no."""
    if isinstance(value, str):
        return TRUTH.get(value.casefold()) != "false"
    return bool(value)


def text(value: Value) -> str:
    """A value as a dataset has it; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return value
    if abs(value.adjusted()) > FARTHEST and value:
        raise TroubleError(f"{value:.6e} is too large or too small")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PLACES:
        value = EXACT.quantize(value, Decimal(1).scaleb(-PLACES))
    plain = f"{value:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain == "-0" else plain


def given(value: str) -> Value:
    """A text as a value: an empty one is none. Raises TroubleError where it is too long."""
    if len(value) > LONGEST:
        raise TroubleError(f"{value[:20]}… is longer than {LONGEST} characters")
    return value or None


def counted(sign: str, left: Decimal, right: Decimal) -> Decimal:
    """Two numbers taken together. Raises TroubleError where that has no result."""
    try:
        if sign == "+":
            return EXACT.add(left, right)
        if sign == "-":
            return EXACT.subtract(left, right)
        if sign == "*":
            return EXACT.multiply(left, right)
        if not right:
            raise TroubleError(f"{text(left)} {sign} {text(right)} is a division by zero")
        return EXACT.divide(left, right) if sign == "/" else EXACT.remainder(left, right)
    except DecimalException:
        raise TroubleError(f"{left:.6e} {sign} {right:.6e} is too large or too small") from None
