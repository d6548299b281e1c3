"""Whoever a file names is found, or made and reported: nobody is lost, nobody is there twice."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.models import Deal, Quota
from revops_site.kernel.loading import FileReport
from revops_site.kernel.models import Rep, Team
from tests.loading.conftest import DEAL, EVERY_ROW, QUOTA, REP, Load, Write

LoadOne = Callable[..., FileReport]
UNKNOWN_REP = "owner: rows name a rep that nothing else is known of"


def owners() -> dict[str, str | None]:
    return dict(Deal.objects.values_list("deal_id", "owner_id"))


def test_a_deal_of_an_unknown_rep_loads_and_is_reported(load: Load, write: Write) -> None:
    other = {**DEAL, "deal_id": "D2", "owner": "Nobody Knows"}
    paths = write("reps.csv", REP), write("deals.csv", DEAL, other)
    _, deals = load(*paths).files
    assert (deals.accepted, dict(deals.warnings)) == (2, {UNKNOWN_REP: 1})
    assert owners() == {"D1": "r7", "D2": "nobody-knows"}
    made = Rep.objects.get(rep_id="nobody-knows")
    assert (made.name, made.is_placeholder, made.load) == ("Nobody Knows", True, None)
    assert not Rep.objects.get(rep_id="r7").is_placeholder


def test_owners_are_not_reported_while_no_rep_is_known_at_all(load_one: LoadOne) -> None:
    assert load_one("d.csv", DEAL).warnings == {}
    assert Rep.objects.get().is_placeholder


def test_a_rep_of_the_same_run_is_found_by_name_and_email(load: Load, write: Write) -> None:
    deals = [
        {**DEAL, "deal_id": f"D{n}", "owner": name}
        for n, name in enumerate(("Ana Almeida", "ANA@example.com", "r7", "ana almeida"))
    ]
    load(write("deals.csv", *deals), write("reps.csv", REP))
    assert set(owners().values()) == {"r7"}
    assert Rep.objects.count() == 1


def test_deals_move_from_a_placeholder_to_the_rep_that_is_told_of_later(
    load: Load, write: Write
) -> None:
    deals = write("deals.csv", DEAL)
    load(deals)
    assert owners() == {"D1": "ana-almeida"}
    load(write("reps.csv", REP))
    (again,) = load(deals).files
    assert (again.status, again.updated) == ("loaded", 1)
    assert owners() == {"D1": "r7"}
    assert load(deals).files[0].status == "unchanged"


def test_an_id_counts_before_an_email_and_an_email_before_a_name(load: Load, write: Write) -> None:
    reps = [
        {**REP, "rep_id": "a", "name": "b", "email": ""},
        {**REP, "rep_id": "b", "name": "x", "email": "c"},
        {**REP, "rep_id": "d", "name": "c", "email": ""},
        {**REP, "rep_id": "B", "name": "y", "email": ""},
    ]
    deals = [{**DEAL, "deal_id": name, "owner": name} for name in ("b", "B", "c", "X")]
    load(write("reps.csv", *reps), write("deals.csv", *deals))
    assert owners() == {"b": "b", "B": "B", "c": "b", "X": "b"}


def test_nobody_is_made_for_a_row_that_is_refused(load: Load, write: Write) -> None:
    load(
        write("q.csv", {**QUOTA, "quarter": "some day"}),
        write("d.csv", {**DEAL, "amount": "much", "owner": "Someone Else"}),
        write("reps.csv", {**REP, "is_active": "maybe"}),
    )
    assert not Rep.objects.exists()
    assert not Team.objects.exists()


def test_an_unknown_team_is_made_once_and_taken_over_by_its_file(load: Load, write: Write) -> None:
    reps = write("reps.csv", REP, {**REP, "rep_id": "r8", "name": "Bo", "team": "emea"})
    load(reps)
    team = Team.objects.get()
    assert (team.name, team.is_placeholder) == ("EMEA", True)
    assert set(Rep.objects.values_list("team__name", flat=True)) == {"EMEA"}
    load(write("teams.csv", EVERY_ROW["teams"]))
    again = Team.objects.get()
    assert (again.pk, again.is_placeholder, again.manager_name) == (team.pk, False, "Bo Berg")
    assert load(reps).files[0].warnings == {}


def test_a_rep_of_a_team_that_no_file_knows_is_reported(load: Load, write: Write) -> None:
    teams = write("teams.csv", EVERY_ROW["teams"])
    report = load(teams, write("reps.csv", {**REP, "team": "Moon"})).files[1]
    assert dict(report.warnings) == {"team: rows name a team that nothing else is known of": 1}


def test_quotas_of_a_rep_by_name_and_by_id_are_of_one_rep(load: Load, write: Write) -> None:
    quotas = write("q.csv", QUOTA, {**QUOTA, "rep_id": "r7", "quarter": "Q1 2025"})
    load(write("reps.csv", REP), quotas)
    assert set(Quota.objects.values_list("rep_id", flat=True)) == {"r7"}


def test_names_as_long_as_they_may_be_are_no_error(load_one: LoadOne) -> None:
    rows = [{**DEAL, "deal_id": n, "owner": c * 120} for n, c in enumerate("ﷺxß")]
    assert load_one("d.csv", *rows, {**DEAL, "deal_id": "D9", "owner": "x" * 121}).refused == 1
    assert load_one("reps.csv", {**REP, "team": "t" * 121}).refused == 1
