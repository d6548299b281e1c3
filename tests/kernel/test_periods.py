"""The calendar: fiscal quarters, elapsed parts, equal footing, and the ends of time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revops_site.kernel import periods
from revops_site.kernel.periods import Period, compared, resolve

CODES = (
    "all",
    "this_month",
    "last_month",
    "this_quarter",
    "last_quarter",
    "this_year",
    "last_year",
    "30d",
    "90d",
    "365d",
)
FIRST_MONTHS = st.integers(1, 12)
KINDS = st.sampled_from(["previous", "year"])


def days(start: str, last: str) -> Period:
    return Period(date.fromisoformat(start), periods.plus(date.fromisoformat(last), 1))


def test_a_period_holds_its_start_and_not_its_end() -> None:
    january = periods.month(date(2025, 1, 31))
    assert date(2025, 1, 1) in january
    assert date(2025, 2, 1) not in january
    assert (january.last_day, january.days) == (date(2025, 1, 31), 31)


def test_a_period_cannot_run_backwards() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Period(date(2025, 1, 2), date(2025, 1, 1))


def test_a_week_runs_from_monday_to_sunday() -> None:
    assert periods.week(date(2025, 3, 5)) == days("2025-03-03", "2025-03-09")


@pytest.mark.parametrize(
    ("day", "first_month", "label", "week"),
    [
        (date(2024, 12, 31), 1, "Q4 2024", 13),
        (date(2025, 1, 31), 2, "Q4 2025", 13),
        (date(2025, 2, 1), 2, "Q1 2026", 1),
        (date(2024, 2, 29), 4, "Q4 2024", 9),
        (date(9999, 12, 31), 2, "Q4 10000", 9),
    ],
)
def test_a_fiscal_year_is_named_after_the_year_it_ends_in(
    day: date, first_month: int, label: str, week: int
) -> None:
    assert periods.quarter_label(day, first_month) == label
    assert periods.week_of_quarter(day, first_month) == week


def test_iso_weeks_and_months_are_labelled_by_their_own_year() -> None:
    assert periods.iso_week_label(date(2024, 12, 30)) == "2025-W01"
    assert periods.month_label(date(2024, 12, 30)) == "2024-12"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("this_month", days("2025-05-01", "2025-05-15")),
        ("last_month", days("2025-04-01", "2025-04-30")),
        ("this_quarter", days("2025-05-01", "2025-05-15")),
        ("last_quarter", days("2025-02-01", "2025-04-30")),
        ("this_year", days("2025-02-01", "2025-05-15")),
        ("last_year", days("2024-02-01", "2025-01-31")),
        ("30d", days("2025-04-16", "2025-05-15")),
    ],
)
def test_a_code_names_days_of_the_fiscal_calendar(code: str, expected: Period) -> None:
    assert resolve(code, date(2025, 5, 15), first_month=2) == expected


def test_all_names_no_days_and_a_made_up_code_is_an_error() -> None:
    assert resolve("all", date(2025, 5, 15), 1) is None
    for code in ("", "custom", "this_week", "next_month", "month"):
        with pytest.raises(ValueError, match="No period"):
            resolve(code, date(2025, 5, 15), 1)


@pytest.mark.parametrize(
    ("code", "as_of", "kind", "expected"),
    [
        # 15 elapsed days of the second quarter against 15 of the first
        ("this_quarter", date(2025, 4, 15), "previous", days("2025-01-01", "2025-01-15")),
        ("this_quarter", date(2025, 4, 15), "year", days("2024-04-01", "2024-04-15")),
        # the quarter is over: the complete quarter before, though it is a day shorter
        ("this_quarter", date(2025, 6, 30), "previous", days("2025-01-01", "2025-03-31")),
        ("last_month", date(2025, 4, 15), "previous", days("2025-02-01", "2025-02-28")),
        ("last_month", date(2025, 4, 15), "year", days("2024-03-01", "2024-03-31")),
        ("last_year", date(2025, 4, 15), "previous", days("2023-01-01", "2023-12-31")),
        # 30 March has 30 elapsed days, more than all of February
        ("this_month", date(2025, 3, 30), "previous", None),
        ("30d", date(2025, 3, 31), "previous", days("2025-01-31", "2025-03-01")),
        ("all", date(2025, 3, 31), "previous", None),
    ],
)
def test_a_period_meets_one_of_equal_footing(
    code: str, as_of: date, kind: periods.Comparison, expected: Period | None
) -> None:
    assert compared(code, resolve(code, as_of, 1), kind, as_of, 1) == expected


def test_a_trailing_window_meets_the_same_weekdays_a_year_before() -> None:
    as_of = date(2025, 3, 31)
    found = compared("90d", resolve("90d", as_of, 1), "year", as_of, 1)
    assert found is not None
    assert found.last_day == date(2024, 4, 1)
    assert found.last_day.weekday() == as_of.weekday()


def test_a_custom_window_meets_the_window_just_before() -> None:
    window = days("2025-03-05", "2025-03-20")
    found = compared("custom", window, "previous", date(2025, 6, 1), 1)
    assert found == days("2025-02-17", "2025-03-04")


@settings(deadline=None)
@given(st.sampled_from(CODES), st.dates(), KINDS, FIRST_MONTHS)
def test_a_running_window_meets_as_many_days_or_nothing(
    code: str, as_of: date, kind: periods.Comparison, first_month: int
) -> None:
    period = resolve(code, as_of, first_month)
    found = compared(code, period, kind, as_of, first_month)
    if period is None or found is None:
        return
    assert found.end <= period.end
    running = code.startswith("this") and periods.plus(as_of, 1) in periods.fiscal_quarter(
        as_of, first_month
    )
    if running and code != "this_month":
        assert found.days == period.days


@pytest.mark.parametrize("day", [date.min, date(1, 2, 3), date(9999, 1, 31), date.max])
@pytest.mark.parametrize("first_month", range(1, 13))
def test_the_ends_of_the_calendar_raise_nothing(day: date, first_month: int) -> None:
    periods.week(day), periods.month(day), periods.fiscal_quarter(day, first_month)
    periods.quarter_label(day, first_month), periods.iso_week_label(day)
    assert 1 <= periods.week_of_quarter(day, first_month) <= 13
    for code in CODES:
        period = resolve(code, day, first_month)
        for kind in ("previous", "year"):
            compared(code, period, kind, day, first_month)
