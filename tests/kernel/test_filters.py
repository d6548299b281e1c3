"""Any address is read, with a word about what could not be; and nothing widens a slice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revops_site.kernel.filters import (
    COMPARISONS,
    DIMENSIONS,
    PERIODS,
    Allowed,
    Filters,
    Slice,
    narrow,
)
from revops_site.kernel.periods import (
    Period,
    coded_quarter,
    fiscal_quarter,
    quarter_code,
    quarter_label,
)

LAST_DAY = date(2025, 12, 31)
VALUE = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30).filter(
    lambda text: text == text.strip()
)
HOSTILE = st.sampled_from(
    ["&", "=", "+", "%", "%00", "a&region=b", "Ünï ☃", "🔥", "a b", "\u202ex", ";"]
)
VALUES = st.lists(VALUE | HOSTILE, max_size=5).map(tuple)


@st.composite
def filters(draw: st.DrawFn) -> Filters:
    choices: dict[str, Any] = {name: draw(VALUES) for name in DIMENSIONS}
    choices["period"] = draw(st.none() | st.sampled_from(list(PERIODS)))
    if choices["period"] == "custom":
        choices["start"], choices["end"] = sorted([draw(st.dates()), draw(st.dates())])
    choices["compare"] = draw(st.sampled_from(list(COMPARISONS)))
    choices["as_of"] = draw(st.none() | st.dates())
    choices["quarter"] = draw(st.none() | st.from_regex(r"20[0-9]{2}Q[1-4]", fullmatch=True))
    return Filters(**choices)


def shown(asked: Filters, allowed: Allowed | None = None, **options: Any) -> Slice:
    return narrow(
        asked, allowed or Allowed(), LAST_DAY, **{"first_month": 1, "currency": "USD", **options}
    )


@settings(deadline=None)
@given(filters())
def test_an_address_says_all_that_was_asked(asked: Filters) -> None:
    assert Filters.parse(asked.to_query()) == asked
    assert Filters.parse(asked.to_query()).notices == ()


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60) | st.text("periodsta=&%+;custom0123456789-", max_size=60))
def test_no_address_is_ever_refused(query: str) -> None:
    asked = Filters.parse(query)
    assert Filters.parse(asked.to_query()) == asked
    shown(asked)


def test_an_address_is_readable_and_leaves_defaults_out() -> None:
    assert Filters().to_query() == ""
    asked = Filters(channel=("Google Ads",), region=("EMEA", "APAC"), period="90d", compare="none")
    assert asked.to_query() == "period=90d&compare=none&channel=Google+Ads&region=APAC&region=EMEA"


def test_keys_that_are_no_filter_are_passed_over() -> None:
    assert Filters.parse("page=2&sort=-spend&period=30d") == Filters(period="30d")
    assert Filters.parse("page=2").notices == ()


def test_blank_choices_of_a_form_are_defaults() -> None:
    asked = Filters.parse("period=&start=2025-01-01&end=2025-01-31&compare=&region=&as_of=")
    assert (asked, asked.notices) == (Filters(), ())


def test_dates_alone_are_custom_dates() -> None:
    asked = Filters.parse("start=2025-01-01&end=2025-01-07")
    assert asked == Filters(period="custom", start=date(2025, 1, 1), end=date(2025, 1, 7))


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("period=foo", "Period “foo” is unknown; showing the default."),
        ("compare=twice", "Comparison “twice” is unknown; showing the default."),
        ("period=custom", "Custom dates need both a start and an end; showing the default."),
        ("end=2025-01-01", "Custom dates need both a start and an end; showing the default."),
        (
            "start=2025-01-02&end=2025-01-01",
            "The end 2025-01-01 lies before the start 2025-01-02; showing the default.",
        ),
        (
            "start=2025-02-30&end=2025-03-01",
            "“2025-02-30” is not a date such as 2025-01-31; showing the default.",
        ),
        ("as_of=soon", "“soon” is not a date such as 2025-01-31; showing the newest data."),
        ("region=%00", "Unprintable characters were left out of the region filter."),
        ("region=" + "x" * 201, "A region of more than 200 characters was left out."),
        ("a&" * 1001, "The address has too many parts; showing the default."),
        ("period=" + "y" * 99, f"Period “{'y' * 39}…” is unknown; showing the default."),
    ],
)
def test_what_cannot_be_used_falls_back_with_a_word(query: str, notice: str) -> None:
    asked = Filters.parse(query)
    assert asked == Filters()
    assert asked.notices == (notice,)


def test_one_dimension_takes_fifty_values() -> None:
    asked = Filters.parse("&".join(f"owner=Rep{n}" for n in range(60)))
    assert len(asked.owner) == 50
    assert asked.notices == ("Only the first 50 values of the owner filter are used.",)


def test_a_filter_can_be_taken_away_whole_or_by_value() -> None:
    asked = Filters.parse("period=custom&start=2025-01-01&end=2025-01-02&region=A&region=B&as_of=x")
    assert asked.active == 2
    assert asked.without("region", "A").region == ("B",)
    assert asked.without("region").region == ()
    assert asked.without("period") == Filters(region=("A", "B"))
    assert asked.replace(compare="none").notices == ()


def test_filters_that_make_no_sense_cannot_be_built() -> None:
    for choices in ({"period": "foo"}, {"compare": "x"}, {"period": "custom"}):
        with pytest.raises(ValueError, match=r"called|Custom dates"):
            Filters(**choices)  # type: ignore[arg-type]


def test_a_page_has_its_own_period_and_without_a_page_all_is_shown() -> None:
    assert shown(Filters()).period is None
    slice_ = shown(Filters(), default_period="30d")
    assert slice_.period == Period(date(2025, 12, 2), date(2026, 1, 1))
    assert shown(Filters(period="all"), default_period="30d").period is None


def test_nothing_is_shown_from_after_the_day_of_the_slice() -> None:
    asked = Filters.parse("start=2025-03-01&end=2025-03-31&as_of=2025-03-20")
    slice_ = shown(asked)
    assert slice_.as_of == date(2025, 3, 20)
    assert slice_.period == Period(date(2025, 3, 1), date(2025, 3, 21))
    assert shown(Filters(as_of=date(2030, 1, 1))).as_of == LAST_DAY
    assert shown(asked.replace(as_of=date(2025, 2, 1))).period == Period(
        date(2025, 2, 2), date(2025, 2, 2)
    )


def test_the_previous_slice_is_as_of_its_own_last_day() -> None:
    slice_ = shown(Filters(period="30d", region=("EMEA",)))
    before = slice_.previous()
    assert before is not None
    assert before.as_of == date(2025, 12, 1)
    assert before.period == slice_.compare
    assert before.region == ("EMEA",)
    assert before.previous() is None
    assert shown(Filters(period="30d", compare="none")).previous() is None


def test_permission_comes_through_whatever_was_asked() -> None:
    assert shown(Filters(owner=("Cy",)), Allowed(("ana",))).reps == ("ana",)
    assert shown(Filters()).reps is None


def test_a_filter_that_a_dataset_does_not_know_is_told() -> None:
    slice_ = shown(Filters(owner=("Ana",), region=("EMEA",), campaign=("Spring",)))
    assert slice_.not_applied({"region", "segment"}) == ("campaign", "owner")


def test_equal_slices_share_a_key_and_others_do_not() -> None:
    asked = Filters(region=("EMEA",), period="30d")
    assert shown(asked).cache_key == shown(asked).cache_key
    others = [
        shown(asked.without("region")),
        shown(asked, Allowed(())),
        shown(asked, Allowed(("ana",))),
        shown(asked, currency="EUR"),
        shown(asked, first_month=2),
        shown(asked.replace(compare="year")),
        shown(asked.replace(as_of=date(2025, 12, 30))),
        shown(asked.replace(region=(), team=("EMEA",))),
    ]
    assert len({shown(asked).cache_key, *(other.cache_key for other in others)}) == 9
    assert len({shown(asked), *others}) == 9


@pytest.mark.parametrize("first_month", range(1, 13))
def test_a_quarter_s_code_names_the_same_days_as_its_label(first_month: int) -> None:
    for day in (date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 1), date(2025, 7, 15)):
        quarter = fiscal_quarter(day, first_month)
        code = quarter_code(day, first_month)
        assert coded_quarter(code, first_month) == quarter
        assert quarter_label(day, first_month) == f"{code[4:]} {code[:4]}"


def test_a_quarter_that_is_over_is_shown_as_at_its_end() -> None:
    past = shown(Filters.parse("quarter=2025q2"))
    assert (past.as_of, past.quarter) == (date(2025, 6, 30), fiscal_quarter(date(2025, 6, 30), 1))
    inside = shown(Filters.parse("quarter=2025Q2&as_of=2025-05-05"))
    assert (inside.as_of, inside.quarter) == (date(2025, 5, 5), past.quarter)
    ahead = shown(Filters.parse("quarter=2026Q1"))
    assert (ahead.as_of, ahead.quarter.start) == (LAST_DAY, date(2026, 1, 1))
    running = shown(Filters())
    assert (running.chosen_quarter, running.quarter.start) == (None, date(2025, 10, 1))


def test_what_is_no_quarter_is_said_to_be_none() -> None:
    for text in ("2025", "2025Q5", "Q2 2025", "9999Q9"):
        asked = Filters.parse(f"quarter={text.replace(' ', '+')}")
        assert asked.quarter is None
        assert asked.notices == (f"“{text}” is not a quarter such as 2025Q3; showing the default.",)
