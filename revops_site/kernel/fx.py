"""Money from one currency into another, at the dated rate of the database's one function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import DecimalField, Func

from revops_site.kernel.queries import shared

STALE_AFTER_DAYS = 7
MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=40, decimal_places=12)
RATES = """
    SELECT known.code, found.rate
    FROM (SELECT from_currency FROM kernel_fxrate UNION SELECT to_currency FROM kernel_fxrate)
        AS known (code), kernel_fx_rate(known.code, %s, %s) AS found
"""


class RateOn(Func):
    """In a query: the rate from a currency to another on a day, null where none is known."""

    template = "(SELECT found.rate FROM kernel_fx_rate(%(expressions)s) AS found)"
    output_field = MONEY


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
def rates(currency: str, day: date) -> dict[str, Decimal]:
    """What one unit of each known currency is in ``currency`` on a day."""
    with connection.cursor() as cursor:
        cursor.execute(RATES, [currency, day])
        return {**dict(cursor.fetchall()), currency: Decimal(1)}
