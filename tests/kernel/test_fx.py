"""Exchange: the newest rate of the day or before, either way round, else by way of the dollar."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from revops_site.kernel import fx
from revops_site.kernel.models import FxRate

pytestmark = pytest.mark.django_db

DAY = date(2025, 1, 10)


def quote(day: date, from_: str, to: str, rate: str) -> None:
    FxRate.objects.create(date=day, from_currency=from_, to_currency=to, rate=Decimal(rate))


def converted(amount: str, from_: str, to: str, on: date = DAY) -> Decimal | None:
    return fx.convert(Decimal(amount), from_, to, on).amount


def test_the_newest_rate_up_to_the_day_counts() -> None:
    quote(date(2025, 1, 3), "EUR", "USD", "1.03")
    quote(date(2025, 1, 10), "EUR", "USD", "1.02")
    assert converted("100", "EUR", "USD", date(2025, 1, 9)) == 103
    assert converted("100", "EUR", "USD", date(2025, 1, 10)) == 102
    assert converted("100", "EUR", "USD", date(2025, 1, 2)) is None


def test_a_pair_counts_both_ways_and_the_newer_way_wins() -> None:
    quote(date(2025, 1, 9), "EUR", "USD", "1.25")
    assert converted("5", "USD", "EUR") == 4
    quote(date(2025, 1, 10), "USD", "EUR", "0.5")
    assert converted("5", "USD", "EUR") == Decimal("2.5")
    assert converted("5", "EUR", "USD") == 10
    quote(date(2025, 1, 10), "EUR", "USD", "3")
    assert converted("5", "EUR", "USD") == 15


def test_an_inverse_rate_keeps_enough_digits() -> None:
    quote(DAY, "EUR", "USD", "1.02")
    found = converted("51000000", "USD", "EUR")
    assert found is not None
    assert abs(found - 50_000_000) < Decimal("1e-18")


def test_without_a_pair_the_dollar_stands_between_and_the_older_leg_dates_it() -> None:
    quote(date(2025, 1, 10), "EUR", "USD", "1.02")
    quote(date(2025, 1, 2), "USD", "JPY", "158.25")
    found = fx.convert(Decimal(10), "EUR", "JPY", DAY)
    assert found.amount == Decimal("1614.15")
    assert (found.dated, found.stale) == (date(2025, 1, 2), True)
    assert converted("158.25", "JPY", "USD") == 1


def test_a_pair_of_its_own_goes_before_the_dollar() -> None:
    quote(date(2025, 1, 10), "EUR", "USD", "1")
    quote(date(2025, 1, 10), "USD", "JPY", "100")
    quote(date(2024, 1, 10), "EUR", "JPY", "200")
    assert converted("1", "EUR", "JPY") == 200


@pytest.mark.parametrize(("age", "stale"), [(7, False), (8, True)])
def test_a_rate_older_than_a_week_still_converts_and_is_stale(age: int, stale: bool) -> None:
    quote(date(2025, 1, 10 - age), "EUR", "USD", "1.02")
    found = fx.convert(Decimal(100), "EUR", "USD", DAY)
    assert found.amount == 102
    assert found.stale is stale


def test_one_currency_needs_no_rate() -> None:
    assert fx.convert(Decimal(100), "GBP", "GBP", DAY) == fx.Converted(
        Decimal(100), Decimal(1), DAY, stale=False
    )


def test_nothing_known_gives_nothing() -> None:
    quote(date(2024, 1, 1), "EUR", "USD", "1.02")
    assert fx.convert(Decimal(1), "GBP", "USD", DAY) == fx.Converted(None, None, None, stale=False)
    unknown = fx.convert(None, "EUR", "USD", DAY)
    assert (unknown.amount, unknown.stale) == (None, False)
