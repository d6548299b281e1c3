"""What numbers look like: to people, in files, in every currency, at the edges."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revops_site.kernel import formats
from revops_site.kernel.formats import screen, show


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (2_100_000, "currency", "$2.1M"),
        (-1_300_000, "currency", "-$1.3M"),
        (-40_000, "currency", "$0.0M"),
        (49_500, "currencyK", "$50K"),
        (999_499, "amount_auto", "$999K"),
        (999_500, "amount_auto", "$1.0M"),
        (999.49, "amount_auto", "$999"),
        (999.5, "amount_auto", "$1K"),
        (-850, "amount_auto", "-$850"),
        (2_500_000_000, "amount_auto", "$2,500.0M"),
        (1234.5, "money", "$1,235"),
        (-0.4, "money", "$0"),
        (1234.5, "money2", "$1,234.50"),
        (0.78, "percent", "78%"),
        (0.125, "percent", "13%"),
        (-0.125, "percent", "-13%"),
        (0.0222, "percent1", "2.2%"),
        (1 / 45, "percent2", "2.22%"),
        (0.0445, "percent_auto", "4.5%"),
        (1.05, "percent_auto", "105%"),
        (2700, "percentage", "2,700%"),
        (0.04, "percentDelta", "+4%"),
        (-0.004, "percentDelta", "+0%"),
        (0, "percentDelta", "+0%"),
        (-3.14, "delta", "-3.1"),
        (12345.5, "integer", "12,346"),
        (0.25, "decimal1", "0.3"),
        (0.02222222, "decimal", "0.0222"),
        (10_000, "decimal", "10,000"),
        (5, "days", "5d"),
        (2, "ratio", "2.0x"),
        ((4, 12), "rank", "#4/12"),
        ((None, 12), "rank", "—"),
        (date(2026, 1, 7), "date", "7 Jan 2026"),
        (datetime(2026, 11, 30, 23, 59), "date", "30 Nov 2026"),
        (True, "yes", "Yes"),
        ("Paid-Search", "text", "Paid-Search"),
    ],
)
def test_a_value_reads_as_its_format_says(value: Any, name: str, text: str) -> None:
    assert show(value, name) == text


@pytest.mark.parametrize("name", formats.FORMATS)
@pytest.mark.parametrize("value", [None, float("inf"), np.float32("nan"), pd.NaT, Decimal("NaN")])
def test_the_unknown_is_a_dash_and_never_zero(value: Any, name: str) -> None:
    assert show(value, name) == "—"


def test_half_goes_away_from_zero_as_it_was_meant_in_decimals() -> None:
    # in binary these lie a little below the half
    assert show(1.005, "money2") == "$1.01"
    assert show(0.285, "percent") == "29%"
    assert show(0.1 + 0.2 - 0.175, "percent") == "13%"
    assert show(Decimal("2.5"), "integer") == "3"
    assert show(Decimal("-2.5"), "integer") == "-3"


def test_numbers_of_any_library_and_size_are_shown() -> None:
    assert show(np.int64(2**60), "integer") == "1,152,921,504,606,846,976"
    assert show(np.float32(0.5), "percent") == "50%"
    assert show(Decimal("123456789012345678901234567890.125"), "money2").endswith("567,890.13")
    assert show(1e300, "money").startswith("$1,000,000,")


@pytest.mark.parametrize(
    ("currency", "name", "text"),
    [
        ("EUR", "money2", "-€1,234.56"),
        ("JPY", "money2", "-¥1,235"),
        ("KWD", "money2", "-KWD 1,234.560"),
        ("CHF", "money", "-CHF 1,235"),
        ("CHF", "amount_auto", "-CHF 1K"),
    ],
)
def test_money_follows_its_currency(currency: str, name: str, text: str) -> None:
    assert show(-1234.56, name, currency) == text


def test_amounts_are_rounded_to_the_minor_units_of_their_currency() -> None:
    assert [formats.minor_units(code) for code in ("USD", "JPY", "KRW", "KWD")] == [2, 0, 0, 3]
    assert formats.rounded(Decimal("1614.5"), "JPY") == 1615
    assert formats.rounded(Decimal("-0.005"), "EUR") == Decimal("-0.01")
    assert formats.rounded(None, "EUR") is None


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("-$1.3M", "−$1.3M"),
        ("-CHF 12", "−CHF 12"),
        ("-CA$12", "−CA$12"),
        ("-14%", "−14%"),
        ("-3.1 pts vs -2", "−3.1 pts vs −2"),
        ("Mid-Market", "Mid-Market"),
        ("2025-01-07", "2025-01-07"),
        ("—", "—"),
        ("Ads - brand", "Ads - brand"),
    ],
)
def test_only_the_minus_of_a_number_becomes_a_true_one(text: str, seen: str) -> None:
    assert screen(text) == seen


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(["USD", "JPY", "CHF"]))
def test_no_number_reads_as_minus_zero(value: float, currency: str) -> None:
    for name in ("currency", "amount_auto", "money2", "percent1", "integer", "ratio"):
        text = show(value, name, currency)
        assert not text.startswith("-") or any(digit in text for digit in "123456789")
