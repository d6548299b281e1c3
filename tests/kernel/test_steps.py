"""The period beside the one that is shown."""

from __future__ import annotations

from datetime import date

import pytest

from revops_site.kernel.filters import Filters
from revops_site.kernel.steps import stepped

AS_OF = date(2025, 6, 20)


def step(query: str, later: bool, first_month: int = 1) -> str | None:
    """The address one step on or back; None where there is none."""
    asked = Filters.parse(query)
    to = stepped(asked, asked.period or "30d", AS_OF, first_month, later=later)
    return None if to is None else asked.replace(**to).to_query()


@pytest.mark.parametrize(
    ("here", "before"),
    [
        ("period=this_month", "period=last_month"),
        ("period=last_month", "period=custom&start=2025-04-01&end=2025-04-30"),
        ("period=this_quarter", "period=last_quarter"),
        ("period=last_quarter", "period=custom&start=2024-10-01&end=2024-12-31"),
        ("period=this_year", "period=last_year"),
        ("period=30d", "period=custom&start=2025-04-22&end=2025-05-21"),
        (
            "period=custom&start=2025-03-01&end=2025-03-31",
            "period=custom&start=2025-02-01&end=2025-02-28",
        ),
        (
            "period=custom&start=2025-06-11&end=2025-06-20",
            "period=custom&start=2025-06-01&end=2025-06-10",
        ),
    ],
)
def test_one_step_back_and_on_again_is_where_one_was(here: str, before: str) -> None:
    assert step(here, later=False) == before
    assert step(before, later=True) == here


@pytest.mark.parametrize(
    "query", ["period=this_month", "period=this_year", "period=30d", "period=365d"]
)
def test_nothing_lies_after_the_newest_day(query: str) -> None:
    assert step(query, later=True) is None


@pytest.mark.parametrize("later", [False, True])
def test_all_time_has_no_neighbour(later: bool) -> None:
    assert step("period=all", later) is None


def test_a_page_s_own_period_steps_too() -> None:
    assert step("", later=False) == "period=custom&start=2025-04-22&end=2025-05-21"


def test_quarters_and_years_are_fiscal() -> None:
    before = step("period=this_quarter", later=False, first_month=2)
    assert before == "period=last_quarter"
    before = step(before, later=False, first_month=2)
    assert before == "period=custom&start=2024-11-01&end=2025-01-31"


def test_other_filters_stay() -> None:
    assert step("period=this_month&segment=ENT", later=False) == "period=last_month&segment=ENT"


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_trouble(day: str, later: bool) -> None:
    step(f"period=custom&start={day}&end={day}", later)
