"""Figures that change though nothing was loaded are told of; those that a load changes are not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some

from insights import tasks
from insights.actions.numbers import Outcome
from insights.analytics.standing import judged
from insights.models import CheckedNumber, NumberAlarm
from insights.queries.numbers import Before, Reading
from revops_site.kernel import freshness
from revops_site.kernel.models import AuditEvent, User, Workspace
from tests.conftest import AsUser
from tests.insights import a_quarter

pytestmark = pytest.mark.django_db
VALUES = some.none() | some.floats(-1e12, 1e12)


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_quarter.load(tmp_path)


def check() -> Outcome:
    found = tasks.compare_numbers(freshness.workspace())
    assert found is not None
    return found


def by_hand() -> None:
    """A change behind the product's back, as a slip in the database or a new release would be."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pipeline_deal SET amount = amount * 2 WHERE status = 'open'")


def page(as_user: AsUser, dee: User) -> str:
    answer = as_user(dee).get("/data/")
    return re.sub(r"\s+", " ", answer.content.decode())


def test_two_checks_of_the_same_data_find_no_difference(company: None) -> None:
    first = check()
    assert first.new > 100
    again = check()
    assert (again.new, again.loaded, again.alarms) == (0, 0, [])
    assert again.compared == first.new


def test_a_load_may_change_figures(company: None, tmp_path: Path) -> None:
    check()
    by_hand()
    freshness.bump()
    found = check()
    assert found.loaded > 0
    assert found.alarms == []


def test_a_change_without_a_load_is_an_alarm_with_both_values(
    company: None, as_user: AsUser, dee: User
) -> None:
    check()
    assert "None changed without a load" in page(as_user, dee)
    by_hand()
    found = check()
    alarm = next(
        one
        for one in found.alarms
        if (one.metric_slug, one.slice_name) == ("pipeline-stuck-amount", "everything")
    )
    assert alarm.after == pytest.approx(2 * (alarm.before or 0))
    shown = page(as_user, dee)
    assert f"{len(found.alarms)} changed without a load in 30 days" in shown
    assert AuditEvent.objects.filter(action="numbers changed without a load").count() == 1
    assert check().alarms == [], "it is told once"
    assert NumberAlarm.objects.count() == len(found.alarms)


def test_the_command_ends_with_status_1_on_an_alarm(
    company: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_numbers")
    assert "0 changed with the data, 0 without" in capsys.readouterr().out
    by_hand()
    with pytest.raises(SystemExit) as ended:
        call_command("check_numbers")
    assert ended.value.code == 1
    assert "pipeline-stuck-amount, everything: was" in capsys.readouterr().err


def test_the_worker_checks_after_a_load_and_not_again_before_hours_have_passed(
    company: None,
) -> None:
    tasks.check_numbers(0)
    first = CheckedNumber.objects.order_by("-checked_at")[0].checked_at
    tasks.check_numbers(0)
    assert CheckedNumber.objects.order_by("-checked_at")[0].checked_at == first
    freshness.bump()
    tasks.check_numbers(0)
    assert CheckedNumber.objects.order_by("-checked_at")[0].checked_at > first


def test_another_calendar_makes_other_slices_and_no_alarm(company: None) -> None:
    check()
    Workspace.objects.update(fiscal_year_start_month=2)
    assert check().alarms == []


def test_without_data_there_is_nothing_to_compare(
    workspace: Workspace, as_user: AsUser, dee: User
) -> None:
    assert check().compared == 0
    assert "Nothing was compared yet." in page(as_user, dee)


@given(VALUES, VALUES, some.integers(0, 3), some.integers(0, 3))
def test_an_alarm_needs_another_value_of_the_same_data(
    then: float | None, now: float | None, was_at: int, at: int
) -> None:
    verdict = judged(Reading("a", "all", "k", now), Before("k", then, was_at), at)
    if verdict == "alarm":
        assert then != now
        assert was_at == at
    if then == now:
        assert verdict == "same"
    assert judged(Reading("a", "all", "other", now), Before("k", then, was_at), at) == "new"
