"""Cells as strangers write them: days, numbers, money, truth, words for empty, ids."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revops_site.kernel.profiles.days import Days
from revops_site.kernel.profiles.numbers import Numbers
from tests.kernel.profiles.strangers import cell

US = '[numbers]\nthousands = ","'
GERMAN = '[numbers]\ndecimal = ","\nthousands = "."'
KEPT = 'currency = { from = "It", symbol = true }'


@pytest.mark.parametrize(
    ("text", "top", "is_"),
    [
        ("1234.50", "", "1234.50"),
        ("1,234.50", US, "1234.50"),
        ("12,34,567", US, "1234567"),
        ("1.234,50", GERMAN, "1234.50"),
        ("1 234,50", '[numbers]\ndecimal = ","\nthousands = " "', "1234.50"),
        ("1\u202f234,50", '[numbers]\ndecimal = ","\nthousands = " "', "1234.50"),
        ("1'234.50", '[numbers]\nthousands = "\'"', "1234.50"),
        ("1’234.50", '[numbers]\nthousands = "\'"', "1234.50"),
        ("(1,200)", US, "-1200"),
        ("1,200-", US, "-1200"),
        ("\u22121200", "", "-1200"),
        ("- 1200", "", "-1200"),
        ("+7", "", "7"),
        ("30.00%", "", "30.00"),
        ("1.5e3", "", "1500"),
        (".5", "", "0.5"),
        ("5.", "", "5"),
        ("\u200b12\u00a0", "", "12"),
    ],
)
def test_a_number_is_understood_however_it_is_written(text: str, top: str, is_: str) -> None:
    assert cell('"It"', text, top) == is_


@pytest.mark.parametrize(
    "text", ["$101,2000.00", "1,23", "12,3456", "(5", "-(5)", "--5", "five", "$"]
)
def test_what_is_no_number_stays_as_it_is_to_be_refused(text: str) -> None:
    assert cell('"It"', text, US) == text


def test_a_number_with_marks_that_nobody_announced_stays_as_it_is() -> None:
    assert cell('"It"', "1,234") == "1,234"


@pytest.mark.parametrize(
    ("unit", "text", "is_"),
    [
        ("micros", "36150000", "36.15"),
        ("cents", "150000", "1500"),
        ("cents", "5", "0.05"),
        ("thousands", "1.5", "1500"),
        ("millions", "0.0012345", "1234.5"),
        ("percent", "60%", "0.6"),
        ("percent", "60", "0.6"),
        ("micros", "-1", "-0.000001"),
        (
            "micros",
            "98765432109876543210987654321098765432",
            "98765432109876543210987654321098.765432",
        ),
    ],
)
def test_a_unit_moves_the_point_and_loses_no_digit(unit: str, text: str, is_: str) -> None:
    assert cell(f'{{ from = "It", unit = "{unit}" }}', text) == is_


def test_a_number_that_only_others_would_understand_does_not_slip_by_its_unit() -> None:
    said = cell('{ from = "It", unit = "micros" }', "1.5", '[numbers]\ndecimal = ","')

    assert said == "amount: 1.5 is not a number as the profile writes them"


MARKS = [(".", ""), (".", ","), (",", "."), (",", " "), (".", "'"), (",", "")]


@settings(max_examples=200)
@given(
    number=st.decimals(
        allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12
    ),
    marks=st.sampled_from(MARKS),
    money=st.sampled_from(["{}", "${}", "{} €", "EUR {}", "{} usd"]),
)
def test_a_number_in_any_country_s_marks_is_the_same_number(
    number: Decimal, marks: tuple[str, str], money: str
) -> None:
    decimal, thousands = marks
    local = f"{number:,.2f}".translate({ord(","): thousands, ord("."): decimal})

    read = Numbers(decimal, thousands).read(money.format(local))

    assert read is not None
    assert Decimal(read.plain) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("$5", "USD"),
        ("5 €", "EUR"),
        ("£5", "GBP"),
        ("CA$ 5", "CAD"),
        ("5 chf", "CHF"),
        ("JPY 500", "JPY"),
        ("R$5", "BRL"),
        ("EUR", "EUR"),
        ("5", ""),
    ],
)
def test_the_sign_of_an_amount_tells_its_currency(text: str, code: str) -> None:
    assert cell('{ from = "It", symbol = true }', text, column="currency") == code


def test_a_sign_that_several_currencies_share_is_not_guessed() -> None:
    assert cell('{ from = "It", symbol = true }', "5 kr", column="currency") == "kr"


def test_an_amount_s_currency_is_never_lost() -> None:
    said = cell('"It"', "€500")

    assert said == "amount: €500 names a currency, and the profile does not say where currencies go"


@pytest.mark.parametrize(
    ("formats", "text", "is_"),
    [
        (["%m/%d/%Y"], "3/5/2024", "2024-03-05"),
        (["%d/%m/%Y"], "3/5/2024", "2024-05-03"),
        (["%d.%m.%y"], "31.12.99", "1999-12-31"),
        (["%d.%m.%y"], "31.12.68", "2068-12-31"),
        (["%b %d, %Y"], "Mar 5, 2024", "2024-03-05"),
        (["%d. %B %Y"], "5. März 2024", "2024-03-05"),
        (["%d %b %Y"], "14 févr. 2024", "2024-02-14"),
        (["%d de %B de %Y"], "9 de agosto de 2023", "2023-08-09"),
        (["%A, %B %e, %Y"], "Tuesday, March 5, 2024", "2024-03-05"),
        (["%Y%m%d"], "20240305", "2024-03-05"),
        (["%Y-%j"], "2024-060", "2024-02-29"),
        (["%D"], "03/05/24", "2024-03-05"),
        (["%-m/%-d/%Y"], "3/5/2024", "2024-03-05"),
        (["%m/%d/%Y", "iso"], "2024-3-5", "2024-03-05"),
        (["%m/%d/%Y"], "3/5/2024 0:00", "2024-03-05"),
        (["%m/%d/%Y"], "3/5/2024 11:30 PM", "2024-03-05"),
        (["%b %Y"], "Mar 2024", "2024-03-01"),
        (["excel"], "45356", "2024-03-05"),
        (["epoch"], "1709640000", "2024-03-05T12:00:00Z"),
        (["epoch_ms"], "1709640000123", "2024-03-05T12:00:00.123000Z"),
        (["iso"], "2021-01-07 6:49:18", "2021-01-07"),
        (["iso"], "2024-03-05T23:30:00-05:00", "2024-03-06T04:30:00Z"),
    ],
)
def test_a_day_is_understood_in_the_formats_that_are_named(
    formats: list[str], text: str, is_: str
) -> None:
    assert cell('"It"', text, f"[dates]\nformats = {formats}", column="created_at") == is_


@pytest.mark.parametrize(
    "text", ["31/02/2024", "13/13/2024", "tomorrow", "2024-02", "1/2", "0/0/0000"]
)
def test_what_is_no_day_stays_as_it_is_to_be_refused(text: str) -> None:
    top = '[dates]\nformats = ["%d/%m/%Y", "iso"]'

    assert cell('"It"', text, top, column="created_at") == text


@pytest.mark.parametrize(
    ("column", "text", "is_"),
    [
        ("update_time", "3/5/2024 11:30 PM", "2024-03-06T04:30:00Z"),
        ("update_time", "7/5/2024 11:30 PM", "2024-07-06T03:30:00Z"),
        ("update_time", "3/5/2024", "2024-03-05"),
        ("created_at", "3/5/2024 11:30 PM", "2024-03-06T04:30:00Z"),
        ("created_at", "3/5/2024 00:00:00", "2024-03-05"),
        ("created_at", "3/5/2024", "2024-03-05"),
    ],
)
def test_moments_without_offset_are_of_the_zone_that_is_named(
    column: str, text: str, is_: str
) -> None:
    top = '[dates]\nformats = ["%m/%d/%Y"]\nzone = "America/New_York"'

    assert cell('"It"', text, top, column=column) == is_


def test_a_column_may_have_formats_of_its_own() -> None:
    source = '{ from = "It", formats = ["%d/%m/%Y"] }'

    assert cell(source, "3/5/2024", '[dates]\nformats = ["%m/%d/%Y"]', "created_at") == "2024-05-03"


@settings(max_examples=200)
@given(
    day=st.dates(date(1970, 1, 1), date(2068, 12, 31)),
    format_=st.sampled_from(
        ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%y", "%d %b %Y", "%B %d, %Y", "%Y%m%d", "%j %Y", "%d-%b-%y"]
    ),
)
def test_a_day_written_in_a_format_is_the_same_day(day: date, format_: str) -> None:
    assert Days((format_,)).iso(day.strftime(format_), "date") == day.isoformat()


@settings(max_examples=200)
@given(text=st.text(max_size=20), format_=st.sampled_from(["iso", "%m/%d/%Y", "excel", "epoch"]))
def test_any_text_is_a_day_or_none(text: str, format_: str) -> None:
    found = Days((format_,), "Asia/Tokyo").iso(text, "instant")

    assert found is None or date.fromisoformat(found[:10]) - timedelta(0)


@pytest.mark.parametrize(
    ("text", "is_"),
    [("Closed-Won", "won"), ("CLOSED LOST", "lost"), (" open\u200b", "open"), ("Maybe", "Maybe")],
)
def test_a_choice_counts_in_any_case_and_with_any_dashes(text: str, is_: str) -> None:
    assert cell('"It"', text, column="status") == is_


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("TRUE", "true"),
        ("Ja", "true"),
        ("✓", "true"),
        ("0.0", "false"),
        ("nein", "false"),
        ("?", "?"),
    ],
)
def test_truth_is_understood_in_several_languages(text: str, is_: str) -> None:
    assert cell('"It"', text, column="has_champion") == is_


def test_words_for_empty_are_empty_in_any_case() -> None:
    assert cell('"It"', "n/a", 'nulls = ["N/A"]', "account") == ""
    assert (
        cell('{ from = "It", default = "Nobody" }', "N/A", 'nulls = ["n/a"]', "account") == "Nobody"
    )


def test_values_come_before_words_for_empty() -> None:
    source = '{ from = "It", values = { NA = "North America" } }'

    assert cell(source, "na", 'nulls = ["NA"]', "region") == "North America"


def test_values_map_in_any_case_and_what_is_not_among_them_passes_or_is_otherwise() -> None:
    source = '{ from = "It", values = { "In Progress" = "open" } }'

    assert cell(source, "in-progress", column="status") == "open"
    assert cell(source, "Stuck", column="status") == "Stuck"
    other = '{ from = "It", values = { Won = "won" }, otherwise = "open", default = "lost" }'
    assert [cell(other, text, column="status") for text in ("WON", "x", "")] == [
        "won",
        "open",
        "lost",
    ]


def test_a_column_that_may_be_empty_and_has_no_source_is_empty() -> None:
    assert cell('"It"', "x", column="account") == "x"


@pytest.mark.parametrize("text", ["2.41E+18", "2,41e+18", "5E+15"])
def test_an_id_that_excel_damaged_is_refused_with_that_reason(text: str) -> None:
    said = cell('"It"', text, column="deal_id")

    assert said == f"deal_id: {text} is what Excel makes of a long id; export it again, as text"
    assert cell('"It"', text, column="account") == text


def test_what_nobody_sees_is_not_kept() -> None:
    assert cell('"It"', "GTX\u00a0Pro\u200b\ufeff", column="account") == "GTX Pro"
