"""Money from one currency into another, at the dated rate of the database's one function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import DecimalField, F, Func

from revops_site.kernel.queries import lasting, shared
from revops_site.kernel.replica import connection

STALE_AFTER_DAYS = 7
MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=40, decimal_places=12)
RATES = """
    SELECT known.code, found.rate
    FROM (SELECT from_currency FROM kernel_fxrate UNION SELECT to_currency FROM kernel_fxrate)
        AS known (code), kernel_fx_rate(known.code, %s, %s) AS found
"""


AGED = """
    SELECT used.code, min(found.dated)
    FROM unnest(%s::text[], %s::date[], %s::date[]) AS used (code, first, last),
        generate_series(used.first, used.last, interval '1 day') AS day,
        kernel_fx_rate(used.code, %s, CAST(day AS date)) AS found
    WHERE used.code <> %s AND CAST(day AS date) - found.dated > %s
    GROUP BY used.code ORDER BY used.code
"""


class Span(NamedTuple):
    """Money of a currency from a day to a day, both counted."""

    code: str
    first: date
    last: date


class RateOn(Func):
    """In a query: the rate from a currency to another on a day, null where none is known."""

    template = "(SELECT found.rate FROM kernel_fx_rate(%(expressions)s) AS found)"
    output_field = MONEY


class RateAmong(Func):
    """In a query: the rate of a currency among those given by code, null of any other."""

    output_field = MONEY

    def __init__(self, currency: str, known: Sequence[tuple[str, Decimal]]) -> None:
        super().__init__(F(currency))
        self.known = known

    def as_sql(  # type: ignore[override]  # nothing of Func's own template is asked
        self, compiler: Any, connection: Any, **_: Any
    ) -> tuple[str, list[Any]]:
        """``CASE currency WHEN code THEN rate … END``, each code and rate a value."""
        sql, values = compiler.compile(self.source_expressions[0])
        pairs = " ".join("WHEN %s THEN %s" for _ in self.known)
        return f"CASE {sql} {pairs} END", [*values, *(one for pair in self.known for one in pair)]


@dataclass(frozen=True)
class Converted:
    """An amount after conversion, unrounded; ``amount`` and ``rate`` are None where unknown.

    ``stale`` says that it was converted at a rate dated more than a week before.
    """

    amount: Decimal | None
    rate: Decimal | None
    dated: date | None
    stale: bool


def convert(amount: Decimal | None, from_: str, to: str, on: date) -> Converted:
    """``amount`` of ``from_`` in ``to`` (ISO 4217 codes) at the rate of the day ``on``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rate, dated FROM kernel_fx_rate(%s, %s, %s)", [from_, to, on])
        found = cursor.fetchone()
    rate, dated = found or (None, None)
    if amount is None or rate is None or dated is None:
        return Converted(None, rate, dated, stale=False)
    return Converted(amount * rate, rate, dated, stale=(on - dated).days > STALE_AFTER_DAYS)


@shared
def aged(spans: tuple[Span, ...], currency: str) -> dict[str, date]:
    """The day of the oldest rate by which a currency is converted more than a week later.

    Only of currencies that are converted so on a day of their spans.
    """
    used = [span for span in spans if span.code != currency and span.first <= span.last]
    if not used:
        return {}
    codes, firsts, lasts = (list(each) for each in zip(*used, strict=True))
    with connection.cursor() as cursor:
        values: list[Any] = [codes, firsts, lasts, currency, currency, STALE_AFTER_DAYS]
        cursor.execute(AGED, values)
        return dict(cursor.fetchall())


@lasting
def rates(currency: str, day: date) -> dict[str, Decimal]:
    """What one unit of each known currency is in ``currency`` on a day."""
    with connection.cursor() as cursor:
        cursor.execute(RATES, [currency, day])
        return {**dict(cursor.fetchall()), currency: Decimal(1)}
