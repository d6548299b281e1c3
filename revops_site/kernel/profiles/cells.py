"""A cell as the profile understands it, in the dataset's own spelling.

What is not understood stays as it is, so that the dataset's promise refuses it with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from revops_site.kernel.profiles.days import PLAIN_DAY, Days
from revops_site.kernel.profiles.errors import TroubleError, normal
from revops_site.kernel.profiles.numbers import Numbers
from revops_site.kernel.profiles.profile import Target
from revops_site.kernel.profiles.words import TRUTH, currency
from revops_site.kernel.reading.records import cleaned

Convert: TypeAlias = Callable[[str], str]
# What Excel makes of a long id when it saves a CSV: most of its digits are lost.
DAMAGED = re.compile(r"[0-9][.,]?[0-9]*E\+[0-9]{1,3}", re.IGNORECASE)
MOST_REMEMBERED = 50_000
LONGEST_REMEMBERED = 100
TEXTS = frozenset({"text", "rep", "team"})
DAYS = frozenset({"date", "instant", "month"})


class Remembered(dict[str, str]):
    """What cells became, so that a cell that comes again is not converted again."""

    def __init__(self, convert: Convert) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: str) -> str:
        if len(cell) > LONGEST_REMEMBERED:
            return self._convert(cell)
        if len(self) > MOST_REMEMBERED:
            self.clear()
        converted = self[cell] = self._convert(cell)
        return converted


def converter(
    target: Target, numbers: Numbers, days: Days, shift: int = 0, signs_kept: bool = True
) -> Convert:
    """How a cell becomes what the target's kind wants; raises TroubleError for some that cannot.

    ``shift`` moves a number's point. Unless its currency is ``signs_kept`` in another column, an
    amount with a currency's sign is refused.
    """
    if target.kind in DAYS:
        return _day(days, target.kind)
    if target.kind in {"integer", "decimal"}:
        return _number(target, numbers, shift, signs_kept)
    if target.kind in {"choice", "boolean"}:
        return _spelled(target)
    if target.kind == "currency":
        return lambda cell: currency(cleaned(cell)) or cell
    return _id if target.kind in {"text", "rep"} and target.name.endswith("_id") else cleaned


def told_currency(numbers: Numbers) -> Convert:
    """The currency that a cell's sign or code tells; empty where it tells none."""

    def convert(cell: str) -> str:
        plain = cleaned(cell)
        read = numbers.read(plain)
        sign = read.money if read else plain
        code = currency(sign) if sign else ""
        return code or (sign if read else "")

    return convert


def _id(cell: str) -> str:
    plain = cleaned(cell)
    if "+" in plain and DAMAGED.fullmatch(plain):
        raise TroubleError(f"{plain} is what Excel makes of a long id; export it again, as text")
    return plain


def _day(days: Days, kind: str) -> Convert:
    formats_iso_first = days.formats[0] == "iso"

    def convert(cell: str) -> str:
        if kind != "month" and formats_iso_first and PLAIN_DAY.fullmatch(cell):
            return cell
        return days.iso(cell, kind) or cell

    return convert


def _number(target: Target, numbers: Numbers, shift: int, signs_kept: bool) -> Convert:
    def convert(cell: str) -> str:
        read = numbers.read(cell, shift)
        if read is None:
            if shift and _is_number(cell):
                raise TroubleError(f"{cell} is not a number as the profile writes them")
            return cell
        if read.money and not signs_kept:
            says = "names a currency, and the profile does not say where currencies go"
            raise TroubleError(f"{cell} {says}")
        return read.plain

    return convert


def _is_number(cell: str) -> bool:
    return Numbers().read(cell) is not None


def _spelled(target: Target) -> Convert:
    known = {normal(code): code for code in target.spellings}
    for code, others in target.spellings.items():
        known |= {normal(other): code for other in others}
    if target.kind == "boolean":
        known = {**TRUTH, **known}

    def convert(cell: str) -> str:
        plain = cleaned(cell)
        return known.get(normal(plain), plain)

    return convert


def mapped(values: Mapping[str, str]) -> dict[str, str]:
    """A profile's values by what cells say, as it is compared."""
    return {normal(cleaned(cell)): code for cell, code in values.items()}
