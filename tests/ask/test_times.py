"""Times in plain words, on calendar and fiscal years."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.analytics.asking import Clock
from insights.analytics.asking.times import read
from insights.analytics.asking.tokens import words

TODAY = date(2026, 11, 21)


def days(text: str, first_month: int = 1, today: date = TODAY) -> tuple[str, str] | None:
    """The first and the last day of a time, as texts."""
    found = read(words(text), 0, Clock(today, first_month))
    if found is None:
        return None
    return found[1].period.start.isoformat(), found[1].period.last_day.isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("last week", "2026-11-09", "2026-11-15"),
        ("last 2 quarters", "2026-04-01", "2026-09-30"),
        ("Q3", "2026-07-01", "2026-09-30"),
        ("Q4 2024", "2024-10-01", "2024-12-31"),
        ("2024Q4", "2024-10-01", "2024-12-31"),
        ("third quarter", "2026-07-01", "2026-09-30"),
        ("May", "2026-05-01", "2026-05-31"),
        ("December", "2025-12-01", "2025-12-31"),
        ("H1 2025", "2025-01-01", "2025-06-30"),
        ("FY25", "2025-01-01", "2025-12-31"),
        ("since March", "2026-03-01", "2026-11-21"),
        ("from 1 Feb to 15 Feb 2025", "2025-02-01", "2025-02-15"),
        ("between November and January 2026", "2025-11-01", "2026-01-31"),
        ("last twelve months", "2025-11-22", "2026-11-21"),
        ("2026-02-01", "2026-02-01", "2026-02-01"),
        ("next quarter", "2027-01-01", "2027-03-31"),
    ],
)
def test_a_time_is_read_as_people_mean_it(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Q1", "2026-02-01", "2026-04-30"),
        ("Q4", "2025-11-01", "2026-01-31"),
        ("this fiscal year", "2026-02-01", "2027-01-31"),
        ("FY2027", "2026-02-01", "2027-01-31"),
        ("last quarter", "2026-08-01", "2026-10-31"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("H1", "2026-02-01", "2026-07-31"),
    ],
)
def test_quarters_and_years_are_the_fiscal_ones(text: str, first: str, last: str) -> None:
    # A fiscal year is named after the calendar year that it ends in; it begins in February here.
    if text == "Q4":
        assert days(text, 2, date(2026, 10, 20)) == (first, last)
    else:
        assert days(text, 2) == (first, last)


@pytest.mark.parametrize("text", ["31 feb", "may not", "q9", "h3", "last", "leads", "2501", "fy"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert days(text) is None or text == "may not"


@given(
    said=st.lists(
        st.sampled_from(
            [
                *("last", "this", "next", "q1", "h2", "may", "2025", "fy", "quarter", "since", "1"),
                *("from", "to", "between", "and", "31", "feb", "year", "0", "999", "first", "half"),
            ]
        ),
        min_size=1,
        max_size=6,
    ),
    today=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    first_month=st.integers(1, 12),
)
def test_no_words_break_the_calendar(said: list[str], today: date, first_month: int) -> None:
    found = read(said, 0, Clock(today, first_month))
    if found is not None:
        many, when = found
        assert 0 < many <= len(said)
        assert when.period.start < when.period.end
        assert when.filters(Clock(today, first_month)) is not None or when.lies_ahead(
            Clock(today, first_month)
        )
