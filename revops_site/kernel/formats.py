"""Numbers as people read them: rounded half away from zero, minus before the symbol, — for unknown.

A format is data: metrics, tiles and tables name theirs, and ``show`` applies it. Texts carry a
hyphen as minus, fit for files; ``screen`` makes it a true minus.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from numbers import Integral, Real
from typing import Any, TypeAlias

ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
Format: TypeAlias = Callable[[Any, str], str]

UNKNOWN = "—"
MINUS = "−"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WIDE = Context(prec=400)  # holds every double to the cent
KNOWN = frozenset({str, int, bool})
UNITS = [Decimal(1).scaleb(-decimals) for decimals in range(5)]

SYMBOLS: Mapping[str, str] = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "CN¥",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "PHP": "₱",
    "TWD": "NT$",
    "VND": "₫",
}
MINOR_UNITS: Mapping[str, int] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}

_NUMERIC_MINUS = re.compile(r"(?<!\S)-(?=(?:[A-Z]{3} |[A-Z]{0,2}[^\w\s]?)\d)")


def show(value: Any, name: str, currency: str = "USD") -> str:
    """``value`` in the format called ``name``, one of ``FORMATS``; "—" for what is not known."""
    return UNKNOWN if _is_unknown(value) else FORMATS[name](value, currency)


def writer(name: str, currency: str) -> Callable[[Any], str]:
    """What writes values of one format as they stand on a screen, for a column of them."""
    write = FORMATS[name]

    def text(value: Any) -> str:
        if _is_unknown(value):
            return UNKNOWN
        said = write(value, currency)
        return _NUMERIC_MINUS.sub(MINUS, said) if "-" in said else said

    return text


def screen(text: str) -> str:
    """The text with a true minus before its numbers; hyphens of words and dates stay."""
    return _NUMERIC_MINUS.sub(MINUS, text) if "-" in text else text


def symbol(currency: str) -> str:
    """What stands before an amount: ``$``, or the code and a space where there is no sign."""
    return SYMBOLS.get(currency, f"{currency} ")


def minor_units(currency: str) -> int:
    """How many decimals the currency has (ISO 4217)."""
    return MINOR_UNITS.get(currency, 2)


def rounded(amount: Decimal | float | None, currency: str) -> Decimal | None:
    """The amount in the currency's minor units, half away from zero; None stays None."""
    return None if amount is None else _rounded(_decimal(amount), minor_units(currency))


def _is_unknown(value: Any) -> bool:
    """None, NaN, NaT (which differs from itself) and the infinite."""
    if type(value) is float:  # nearly every number of a page; the abstract types are slow to ask
        return not math.isfinite(value)
    if type(value) in KNOWN:
        return False
    if isinstance(value, Real | Decimal):
        return not math.isfinite(value)
    return value is None or bool(value != value)


def _decimal(value: Any) -> Decimal:
    """The number that was meant: a double holds 15 digits, what follows is noise."""
    if type(value) is float:
        return Decimal(f"{value:.15g}")
    if isinstance(value, Decimal):
        return value
    if type(value) is int:
        return Decimal(value)
    return Decimal(int(value)) if isinstance(value, Integral) else Decimal(f"{value:.15g}")


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(UNITS[decimals], ROUND_HALF_UP, WIDE)


def _signed(number: Decimal, decimals: int, *, before: str = "", plus: str = "") -> str:
    """Sign, then what stands before the digits, then the grouped digits; −0 is 0."""
    number = number.quantize(UNITS[decimals], ROUND_HALF_UP, WIDE)
    sign = "-" if number < 0 else plus
    return f"{sign}{before}{number.copy_abs():,.{decimals}f}"


def _number(decimals: int, *, times: int = 1, after: str = "", plus: str = "") -> Format:
    many = Decimal(times)

    def text(value: Any, _: str) -> str:
        number = _decimal(value)
        if times != 1:
            number = WIDE.multiply(number, many)
        return _signed(number, decimals, plus=plus) + after

    return text


def _money(decimals: int | None, *, unit: int = 1, after: str = "") -> Format:
    """Money in units of ``unit``; ``decimals`` None for as many as the currency has."""

    many = Decimal(unit)

    def text(value: Any, currency: str) -> str:
        amount = _decimal(value)
        if unit != 1:
            amount = WIDE.divide(amount, many)
        places = minor_units(currency) if decimals is None else decimals
        return _signed(amount, places, before=symbol(currency)) + after

    return text


def _amount_auto(value: Any, currency: str) -> str:
    """Millions from 999,500 up, thousands from 999.5 up, so that no 1000K and no 1000 appears."""
    size = _decimal(value).copy_abs()
    if size >= 999_500:
        return FORMATS["currency"](value, currency)
    return FORMATS["currencyK" if size >= Decimal("999.5") else "money"](value, currency)


def _percent_auto(value: Any, currency: str) -> str:
    """One decimal below 10 %, where it is most of the news."""
    small = _decimal(value).copy_abs() < Decimal("0.1")
    return FORMATS["percent1" if small else "percent"](value, currency)


def _decimal_text(value: Any, _: str) -> str:
    """Up to four decimals, without trailing zeros."""
    return _signed(_decimal(value), 4).rstrip("0").rstrip(".")


def _rank(value: tuple[int | None, int | None], _: str) -> str:
    place, of = value
    return UNKNOWN if place is None or of is None else f"#{place}/{of}"


def _day(value: date, _: str) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def _told(value: Any, currency: str) -> str:
    """Words in which a day is written as it is elsewhere."""
    return ISO_DAY.sub(_day_of, str(value))


def _day_of(found: re.Match[str]) -> str:
    try:
        return _day(date.fromisoformat(found[0]), "")
    except ValueError:
        return found[0]


FORMATS: Mapping[str, Format] = {
    "currency": _money(1, unit=1_000_000, after="M"),
    "currencyK": _money(0, unit=1_000, after="K"),
    "amount_auto": _amount_auto,
    "money": _money(0),
    "money2": _money(None),
    "percent": _number(0, times=100, after="%"),
    "percent1": _number(1, times=100, after="%"),
    "percent2": _number(2, times=100, after="%"),
    "percent_auto": _percent_auto,
    "percentage": _number(0, after="%"),  # of measures that are percent already, such as ROI
    "percentDelta": _number(0, times=100, after="%", plus="+"),
    "delta": _number(1, plus="+"),
    "points": _number(2, times=100, after=" pts", plus="+"),
    "integer": _number(0),
    "decimal1": _number(1),
    "decimal": _decimal_text,
    "days": _number(0, after="d"),
    "days1": _number(1, after="d"),
    "ratio": _number(1, after="x"),
    "rank": _rank,
    "date": _day,
    "yes": lambda value, _: "Yes" if value else "No",
    "text": lambda value, _: str(value),
    "told": _told,
}
