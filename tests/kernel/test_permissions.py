"""Whose rows each role sees, and what a role may do beyond looking."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from revops_site.kernel.filters import Allowed
from revops_site.kernel.models import Rep, Team, User
from revops_site.kernel.permissions import CAPABILITIES, Capability, allowed, may


@pytest.mark.parametrize("role", ["admin", "revops", "viewer"])
def test_admin_revops_and_viewer_see_everybodys_rows(role: str) -> None:
    assert allowed(User(role=role)) == Allowed(None)


def test_a_rep_sees_the_rows_of_the_own_rep_id_alone(ana: User, cy: User) -> None:
    assert allowed(ana) == Allowed(("ana",))
    assert allowed(cy) == Allowed(("cy",))


def test_a_manager_sees_the_reps_of_the_own_team_also_those_who_left(
    bo: User, ana: User, cy: User, emea: Team
) -> None:
    Rep.objects.create(rep_id="al", name="Al", team=emea, is_active=False)
    assert allowed(bo) == Allowed(("al", "ana"))


@pytest.mark.parametrize("role", ["manager", "rep"])
def test_a_manager_without_a_team_and_a_rep_without_a_rep_see_nothing(role: str) -> None:
    assert allowed(User(role=role)) == Allowed(())


def test_a_manager_of_an_empty_team_sees_nothing(bo: User) -> None:
    assert allowed(bo) == Allowed(())


def test_a_rep_who_was_once_put_into_a_team_still_sees_the_own_rows_alone(
    ana: User, apac: Team
) -> None:
    ana.team = apac
    assert allowed(ana) == Allowed(("ana",))


def test_nobody_in_particular_and_nobody_any_more_see_nothing() -> None:
    assert allowed(AnonymousUser()) == Allowed(())
    assert allowed(User(role="admin", is_active=False)) == Allowed(())
    assert not may(AnonymousUser(), "enter admin")
    assert not may(User(role="admin", is_active=False), "enter admin")


@pytest.mark.parametrize("what", CAPABILITIES)
@pytest.mark.parametrize("role", User.Role.values)
def test_viewers_only_read_and_reps_and_managers_call_their_forecast_and_have_deals_read(
    role: str, what: Capability
) -> None:
    keeps = {"see data", "enter admin", "edit data", "load data", "connect sources"}
    changing_no_data = {"share scenarios", "subscribe others", "annotate for all"}
    keeps |= {"invite people"}
    shares = what in changing_no_data and role in {"manager", "revops"}
    sells = what in {"call forecast", "sync now", "work deals"} and role in {
        "revops",
        "manager",
        "rep",
    }
    if what in {"attend 1:1s", "plan own day"}:  # those that it is between, whoever runs the rest
        assert may(User(role=role), what) is (
            role == "rep" or (what == "attend 1:1s" and role == "manager")
        )
        return
    expected = role == "admin" or (role == "revops" and what in keeps) or shares or sells
    assert may(User(role=role), what) is expected


def test_an_unknown_role_may_nothing_and_sees_nothing() -> None:
    stranger = User(role="owner")
    assert allowed(stranger) == Allowed(())
    assert not any(may(stranger, what) for what in CAPABILITIES)
