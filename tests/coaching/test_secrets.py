"""A rep sees nobody else's page, figures or rank, whatever the address."""

from __future__ import annotations

import pytest
from django.test import Client

from insights.panels.book import EXPLAINED
from revops_site.kernel.models import Rep, User, Workspace
from tests.coaching import a_team, reading
from tests.conftest import AsUser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
OTHERS = ("ben", "cat", "cy", "nobody", "a/b")
PANELS = (
    *("rep-coaching-kpis", "rep-drivers", "rep-activity", "rep-weekdays", "rep-quarters"),
    *("rep-stages", "rep-calls", "rep-lost", "rep-traits"),
)
TEAM = ("coaching-kpis", "coaching-reps")
KINDS = ("csv", "json")
WIDGETS = ("performance", "drivers", "activity", "actions", "insights")


def everything(client: Client, query: str) -> dict[str, str]:
    """All that coaching answers to somebody under a query, by address."""
    urls = [f"/coaching/?{query}", f"/coaching/reps/ana/?{query}", f"/reps/ana/?{query}"]
    urls += [f"/coaching/panels/{slug}.{kind}?{query}" for slug in TEAM for kind in KINDS]
    urls += [
        f"/coaching/reps/ana/panels/{slug}.{kind}?{query}" for slug in PANELS for kind in KINDS
    ]
    urls += [f"/coaching/reps/ana/{name}.json" for name in WIDGETS]
    urls += ["/coaching/team/performance.json", "/coaching/team/actions.json"]
    urls += [f"/coaching/actions/?{query}"]
    urls += [f"/coaching/actions/panels/coaching-actions.{kind}?{query}" for kind in KINDS]
    for slug in EXPLAINED:
        if slug.startswith("coaching-"):
            urls += [f"/explain/{slug}/?{query}", f"/explain/{slug}/panels/rows.csv?{query}"]
    return {url: reading.text(client, url) for url in urls}


@pytest.mark.parametrize("query", ["", "owner=ben", "owner=cy&team=APAC", "team=EMEA", "sort=name"])
def test_nothing_that_a_rep_is_answered_tells_of_another(
    query: str, ana: User, as_user: AsUser
) -> None:
    found = everything(as_user(ana), query)
    for url, text in found.items():
        for canary in (*a_team.CANARIES, *a_team.BARE, a_team.REASON):
            assert canary not in text, (url, canary)


@pytest.mark.parametrize("rep", OTHERS)
def test_another_s_page_its_files_and_widgets_are_not_there(
    rep: str, ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    base = f"/coaching/reps/{rep.replace('/', '%2F')}/"
    urls = [base, *(f"{base}panels/{slug}.csv" for slug in PANELS)]
    urls += [f"{base}{name}.json" for name in WIDGETS]
    urls += [f"{base}insights/"]
    for url in urls:
        assert client.get(url).status_code == 404, url


def test_a_manager_has_no_way_into_another_team(bo: User, as_user: AsUser) -> None:
    client = as_user(bo)
    assert client.get("/coaching/reps/cy/").status_code == 404
    for url in (
        "/coaching/?owner=cy",
        "/coaching/?team=APAC",
        "/coaching/panels/coaching-reps.csv",
    ):
        text = reading.text(client, url)
        for canary in ("Cy Chen", "77,777", "64,646"):
            assert canary not in text, url
    assert client.get("/coaching/panels/coaching-compare.json?owner=cy").status_code == 200


def test_where_the_others_stand_is_told_to_reps_only_where_that_is_set(
    ana: User, as_user: AsUser, workspace: Workspace
) -> None:
    client = as_user(ana)
    assert client.get("/coaching/panels/coaching-standings.json").status_code == 404
    Workspace.objects.update(shows_ranks_to_reps=True, generation=workspace.generation + 99)
    found = reading.rows(client, "coaching-standings")
    assert [(row["name"], row["overall_rank"]) for row in found] == [
        ("Ana Almeida", 1),
        ("Ben Becker", 2),
    ]
    page = reading.text(client, "/coaching/")
    assert "/coaching/reps/ben/" not in page
    for canary in ("81,000", "162,000", "Cy Chen", "31,313"):
        assert canary not in page


def test_a_team_of_two_is_not_told_apart(ana: User, as_user: AsUser) -> None:
    """What both did together, less the own figures, would be the other one's."""
    Rep.objects.filter(pk="cat").update(team=None)
    client = as_user(ana)
    Workspace.objects.update(generation=12345)
    (found,) = reading.widget(client, "/coaching/reps/ana/performance.json")
    assert found["win_rate"] == 0.5
    assert found["team_avg_win_rate"] is None
    assert found["win_rate_vs_team"] is None
    assert reading.explained(client, "coaching-win-rate", "period=this_year") is None
    periods = reading.widget(client, "/coaching/reps/ana/activity.json")
    assert {row["team_avg_daily"] for row in periods} == {None}
    assert "would give the other one" in reading.text(client, "/coaching/")


def test_top_performers_who_are_one_stranger_are_not_told(ana: User, as_user: AsUser) -> None:
    """Cy is the only Top Performer: what they do is what Cy does."""
    client = as_user(ana)
    for row in reading.widget(client, "/coaching/reps/ana/drivers.json"):
        assert row["top_performer_value"] is None
    page = reading.text(client, "/coaching/reps/ana/")
    assert "Top performers are one rep now" in page


def test_somebody_without_a_rep_or_a_team_sees_nobody(db: None, as_user: AsUser) -> None:
    lost = User.objects.create_user("lost", "lost@example.com", "x", role=User.Role.REP)
    client = as_user(lost)
    assert reading.rows(client, "coaching-reps") == []
    assert reading.widget(client, "/coaching/team/performance.json") == []
    for slug in EXPLAINED:
        if slug.startswith("coaching-"):
            assert not reading.explained(client, slug, "period=this_year"), slug
