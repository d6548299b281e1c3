"""A workbook's cell as text: what it holds, not how it is shown."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from revops_site.kernel.reading.records import cleaned

# Excel keeps 15 digits; a longer whole number has lost its end, which its text should show.
_SURE = 10**15


def text(value: Any) -> str:
    """ISO dates and times, numbers without needless zeros, ``true`` and ``false``."""
    if isinstance(value, str):
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        return cleaned(value) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    return _time(value)


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if abs(value) >= _SURE:
        return f"{Decimal(repr(value)).normalize():E}"
    if value == int(value):
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def _time(value: Any) -> str:
    if isinstance(value, dt.datetime):
        near = value + dt.timedelta(microseconds=500)  # Excel's fractions of a day are not exact
        return near.replace(microsecond=0).isoformat() if near.microsecond < 1000 else _milli(near)
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = "-" if seconds < 0 else "", abs(seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _milli(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
