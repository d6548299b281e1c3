"""Owners to choose from: who is listed, who is found, and who may see whom."""

from __future__ import annotations

import pytest
from django.test import Client

from revops_site.kernel import choosing
from revops_site.kernel.models import Rep, Team, User

HX = {"HX-Request": "true", "HX-Target": "options-owner"}
KNOWN = {f"r{nth:03}": f"Person {nth:03}" for nth in range(200)}


def test_a_few_owners_are_all_listed_in_their_order() -> None:
    few = {"b": "Ann", "a": "Bert"}
    assert choosing.offered(few, ("a",)) == choosing.Offered(few, 0)


def test_of_many_the_chosen_stand_first_and_the_rest_is_counted() -> None:
    found = choosing.offered(KNOWN, ("r150",))
    assert list(found.options)[:2] == ["r150", "r000"]
    assert (len(found.options), found.more) == (31, 169)


@pytest.mark.parametrize(("text", "found"), [("PERSON 19", 10), ("r007", 1), ("x", 0), ("", 200)])
def test_a_name_or_an_id_is_found_in_any_case(text: str, found: int) -> None:
    offered = choosing.offered(KNOWN, (), text)
    assert len(offered.options) + offered.more == found


@pytest.fixture
def crowd(db: None) -> Team:
    """Forty owners of EMEA, and one of NA."""
    emea, na = Team.objects.create(name="EMEA"), Team.objects.create(name="NA")
    Rep.objects.bulk_create(
        Rep(rep_id=f"r{nth:03}", name=f"Person {nth:03}", team=emea) for nth in range(40)
    )
    Rep.objects.create(rep_id="nora", name="Nora of NA", team=na)
    Rep.objects.create(rep_id="gone", name="Nora who left", team=emea, is_active=False)
    return emea


def entered(role: str, rep: Rep | None = None, team: Team | None = None) -> Client:
    user = User.objects.create_user(role, f"{role}@example.com", role=role, rep=rep, team=team)
    client = Client()
    client.force_login(user)
    return client


def test_everybody_finds_those_alone_whose_rows_they_see(crowd: Team) -> None:
    people = {
        entered("revops"): "Nora of NA",
        entered("manager", team=crowd): "No owner is called so.",
        entered("rep", rep=Rep.objects.get(pk="r001")): "No owner is called so.",
    }
    for client, said in people.items():
        html = client.get("/choices/owner/?find=nora", headers=HX).content.decode()
        assert said in html
        assert "Nora who left" not in html


def test_a_rep_finds_nobody_but_themselves(crowd: Team) -> None:
    client = entered("rep", rep=Rep.objects.get(pk="r001"))
    html = client.get("/choices/owner/?find=person", headers=HX).content.decode()
    assert html.count("<li><label>") == 1
    assert "Person 001" in html


def test_the_form_of_a_page_lists_some_and_keeps_whom_it_is_narrowed_to(crowd: Team) -> None:
    html = entered("revops").get("/pipeline/?owner=nora&sort=age").content.decode()
    assert html.count('name="owner"') == 31
    assert 'value="nora" checked' in html
    assert '<input type="hidden" name="back" value="/pipeline/?owner=nora">' in html


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_out_of_the_house(crowd: Team, back: str) -> None:
    html = entered("revops").get("/choices/owner/", {"find": "nora", "back": back}).content.decode()
    assert f'"{back}' not in html
    assert 'href="/?owner=nora"' in html


def test_the_way_back_keeps_its_filters_and_leaves_its_page(crowd: Team) -> None:
    back = "/pipeline/?segment=ENT&owner=r001&page=3"
    html = entered("revops").get("/choices/owner/", {"find": "nora", "back": back}).content.decode()
    assert 'href="/pipeline/?segment=ENT&amp;owner=r001&amp;owner=nora"' in html
