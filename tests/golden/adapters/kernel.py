"""The calendar, exchange and formats: what every domain stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from revops_site.kernel import formats, fx, periods
from revops_site.kernel.models import FxRate
from tests.golden.files import Golden


def calendar(golden: Golden) -> dict[str, Any]:
    """What each day is called."""
    return {"rows": [_day(row) for row in golden.input["rows"]]}


def formatters(golden: Golden) -> dict[str, Any]:
    """What each value reads as."""
    codes = {formats.symbol(code): code for code in formats.SYMBOLS}
    symbol = golden.settings.get("symbol", "$")
    currency = codes.get(symbol, symbol.strip())
    rows = golden.input["rows"]
    return {"display": [formats.show(row["value"], row["format"], currency) for row in rows]}


def fx_convert(golden: Golden) -> dict[str, Any]:
    """What each amount becomes, as it is shown."""
    save_rates(golden.input["fx_rates"])
    return {"results": [_converted(request) for request in golden.input["requests"]]}


def save_rates(rates: Iterable[Mapping[str, Any]]) -> None:
    """Exchange rates, as files of worked examples have them, into their table."""
    FxRate.objects.bulk_create(
        FxRate(
            date=date.fromisoformat(rate["date"]),
            from_currency=rate["from"],
            to_currency=rate["to"],
            rate=Decimal(str(rate["rate"])),
        )
        for rate in rates
    )


def _day(row: Mapping[str, Any]) -> dict[str, Any]:
    day, first_month = date.fromisoformat(row["date"]), row["fiscal_year_start_month"]
    quarter = periods.fiscal_quarter(day, first_month)
    return {
        "date": row["date"],
        "quarter": periods.quarter_label(day, first_month),
        "quarter_start": quarter.start.isoformat(),
        "quarter_end": quarter.last_day.isoformat(),
        "week_number": periods.week_of_quarter(day, first_month),
        "iso_week": periods.iso_week_label(day),
        "month": periods.month_label(day),
    }


def _converted(request: Mapping[str, Any]) -> dict[str, Any]:
    on = date.fromisoformat(request["on"])
    amount = None if request["amount"] is None else Decimal(str(request["amount"]))
    found = fx.convert(amount, request["from"], request["to"], on)
    shown = formats.rounded(found.amount, request["to"])
    return {"converted": None if shown is None else float(shown), "stale": found.stale}


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "calendar": calendar,
    "formatters": formatters,
    "fx_convert": fx_convert,
}
