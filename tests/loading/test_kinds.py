"""Days, moments and months may be written in several ways, and mean one thing each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.models import Deal, StageVisit
from revenue.models import CustomerMonth
from revops_site.kernel.loading import FileReport
from revops_site.kernel.models import Workspace
from tests.loading.conftest import DEAL, EVERY_ROW, VISIT

LoadOne = Callable[..., FileReport]
MONTH = EVERY_ROW["customer_mrr"]


@pytest.fixture
def new_york(workspace: Workspace) -> None:
    """A company whose days begin five or four hours after those of UTC."""
    workspace.time_zone = "America/New_York"
    workspace.save()


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2024-01-05T08:30:00Z", "2024-01-05T08:30:00+00:00"),
        ("2024-01-05T08:30:00", "2024-01-05T08:30:00+00:00"),
        ("2024-01-05 08:30", "2024-01-05T08:30:00+00:00"),
        ("2024-01-05 08:30:15.250", "2024-01-05T08:30:15.250000+00:00"),
        ("2024-01-05T08:30:00+02:00", "2024-01-05T06:30:00+00:00"),
        ("2024-01-05T08:30:00.5-0430", "2024-01-05T13:00:00.500000+00:00"),
        ("2024-01-05 08:30:00 UTC", "2024-01-05T08:30:00+00:00"),
        ("2024-01-05", "2024-01-05T05:00:00+00:00"),
        ("2024-07-05", "2024-07-05T04:00:00+00:00"),
        ("2024-02-29", "2024-02-29T05:00:00+00:00"),
    ],
)
def test_a_moment_is_stored_in_utc_and_a_day_alone_begins_where_the_company_is(
    load_one: LoadOne, new_york: None, text: str, stored: str
) -> None:
    assert load_one("v.csv", {**VISIT, "entered_at": text, "exited_at": ""}).accepted == 1
    assert StageVisit.objects.get().entered_at.isoformat() == stored


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-05", date(2024, 1, 5)),
        ("2024-01-31", date(2024, 1, 31)),
        ("2024-01-05T03:00:00Z", date(2024, 1, 4)),
        ("2024-01-05 03:00:00", date(2024, 1, 4)),
        ("2024-01-05T05:00:00Z", date(2024, 1, 5)),
        ("2024-01-05T23:30:00-05:00", date(2024, 1, 5)),
    ],
)
def test_a_moment_in_a_column_of_days_is_the_companys_day(
    load_one: LoadOne, new_york: None, text: str, day: date
) -> None:
    assert load_one("d.csv", {**DEAL, "created_at": text}).accepted == 1
    assert Deal.objects.get().created_at == day


@pytest.mark.parametrize("text", ["2024-05", "2024-05-01", "2024-05-31"])
def test_a_month_is_stored_as_its_first_day_and_tells_of_all_its_days(
    load_one: LoadOne, text: str
) -> None:
    report = load_one("m.csv", {**MONTH, "month": text})
    assert CustomerMonth.objects.get().month == date(2024, 5, 1)
    assert (report.first_day, report.last_day) == (date(2024, 5, 1), date(2024, 5, 31))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("yesterday", "is not a moment like 2024-12-31T08:30:00Z"),
        ("05/01/2024 08:30", "is not a moment like 2024-12-31T08:30:00Z"),
        ("2024-02-30T08:30:00Z", "is not a moment like 2024-12-31T08:30:00Z"),
        ("2024-01-05T25:00:00Z", "is not a moment like 2024-12-31T08:30:00Z"),
        ("2024-01-05T08:61:00Z", "is not a moment like 2024-12-31T08:30:00Z"),
        ("2024-01-05T08:30:00 EST", "is not a moment like 2024-12-31T08:30:00Z"),
        ("2024-01-05T08:30:00+99:00", "is not a moment like 2024-12-31T08:30:00Z"),
        ("1704443400", "is not a moment like 2024-12-31T08:30:00Z"),
        ("1970-01-01T00:00:00Z", "is below 1990-01-01"),
        ("2199-01-01T00:00:00Z", "is above 2100-12-31"),
        ("", "is empty"),
    ],
)
def test_what_is_no_moment_is_refused_with_its_reason(
    load_one: LoadOne, text: str, reason: str
) -> None:
    report = load_one("v.csv", {**VISIT, "entered_at": text})
    assert [(r.column, r.reason) for r in report.sample] == [("entered_at", reason)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2024-13", "is not a month like 2024-12"),
        ("2024-02-30", "is not a month like 2024-12"),
        ("2024-5", "is not a month like 2024-12"),
        ("May 2024", "is not a month like 2024-12"),
        ("1989-12", "is below 1990-01-01"),
        ("2101-01", "is above 2100-12-31"),
    ],
)
def test_what_is_no_month_is_refused_with_its_reason(
    load_one: LoadOne, text: str, reason: str
) -> None:
    report = load_one("m.csv", {**MONTH, "month": text})
    assert [(r.column, r.reason) for r in report.sample] == [("month", reason)]


def test_how_far_the_data_reach_is_told_in_the_companys_days(
    load_one: LoadOne, new_york: None
) -> None:
    stay = {"entered_at": "2024-01-05T03:00:00Z", "exited_at": "2024-01-09T03:00:00Z"}
    report = load_one("v.csv", {**VISIT, **stay})
    assert (report.first_day, report.last_day) == (date(2024, 1, 4), date(2024, 1, 8))


def test_one_moment_in_two_spellings_is_one_row(load_one: LoadOne) -> None:
    spellings = ("2024-01-05T08:30:00Z", "2024-01-05 10:30:00+02:00")
    report = load_one("v.csv", *({**VISIT, "entered_at": text} for text in spellings))
    assert [(r.line, r.reason) for r in report.sample] == [(3, "repeats line 2")]
