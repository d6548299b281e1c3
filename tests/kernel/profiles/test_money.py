"""Amounts as people write them in reports: behind signs, in brackets, in thousands and millions."""

from __future__ import annotations

import pytest

from revops_site.kernel.profiles.numbers import Numbers
from tests.kernel.profiles.strangers import cell

US = '[numbers]\nthousands = ","'


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("$(1,234.50)", "-1234.50"),
        ("($1,234.50)", "-1234.50"),
        ("US$ (1,234.50)", "-1234.50"),
        ("$1.5M", "1500000"),
        ("$1.5m", "1500000"),
        ("€2.25bn", "2250000000"),
        ("1.2k EUR", "1200"),
        ("($3k)", "-3000"),
    ],
)
def test_money_in_brackets_and_in_thousands_or_millions_is_a_number(text: str, is_: str) -> None:
    read = Numbers(".", ",").read(text)

    assert read is not None
    assert read.plain == is_
    assert read.money


@pytest.mark.parametrize(
    ("text", "marks", "is_"),
    [
        ("1.2k", (".", ","), "1200"),
        ("1.5M", (".", ","), "1500000"),
        ("-3 Mio", (",", "."), "-3000000"),
        ("1,5 Tsd", (",", "."), "1500"),
    ],
)
def test_letters_behind_a_number_move_its_point(
    text: str, marks: tuple[str, str], is_: str
) -> None:
    read = Numbers(*marks).read(text)

    assert read is not None
    assert read.plain == is_


@pytest.mark.parametrize("text", ["12m", "3B", "5k%", "1e3k", "$(5 €)", "($5", "1.2kg"])
def test_what_may_mean_another_thing_stays_as_it_is_to_be_refused(text: str) -> None:
    assert cell('"It"', text, US) == text


def test_a_unit_and_letters_are_not_both_counted() -> None:
    said = cell('{ from = "It", unit = "thousands" }', "1.2k")

    assert said == "amount: 1.2k is not a number as the profile writes them"
