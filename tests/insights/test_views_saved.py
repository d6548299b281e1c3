"""Views that people keep: private, named once, in one form, one of a page its default."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from revops_site.kernel.models import AuditEvent, User
from tests.conftest import AsUser

MENU = "/views/marketing/"
HX = {"HX-Request": "true", "HX-Target": "views-sheet"}


@pytest.fixture
def client(dee: User, as_user: AsUser) -> Client:
    """Dee's browser."""
    return as_user(dee)


def save(client: Client, name: str, query: str = "", **more: str) -> Any:
    """Save as the menu does."""
    return client.post(MENU, {"name": name, "query": query, **more}, headers=HX)


def views(client: Client) -> dict[str, str]:
    """The addresses in the menu by name."""
    text = client.get("/marketing/").content.decode()
    found = re.findall(r'class="item" href="([^"]*)"[^>]*><span>([^<]*)</span>', text)
    return {name: href.replace("&amp;", "&") for href, name in found}


def number(client: Client, name: str) -> str:
    """The address that changes the view of this name."""
    text = client.get(MENU).content.decode()
    found = re.findall(
        r'action="(/views/marketing/\d+/)".*?name="name"[^>]*value="([^"]*)"', text, re.DOTALL
    )
    return str(next(address for address, one in found if one == name))


def do(client: Client, name: str, what: str, **more: str) -> Any:
    """Change a view as the menu does."""
    return client.post(number(client, name), {"do": what, "name": name, **more}, headers=HX)


def rail(client: Client) -> str:
    """Where the rail's entry of Marketing leads from a page without filters."""
    text = client.get("/glossary/").content.decode()
    found = re.search(r'<a href="(/marketing/[^"]*)" hx-get[^>]*data-carry', text)
    assert found
    return found[1].replace("&amp;", "&")


def said(answer: Any) -> str:
    """The sentence of what could not be done."""
    found = re.search(r'role="alert">([^<]*)<', answer.content.decode())
    return found[1] if found else ""


def test_a_view_is_kept_in_one_form_and_listed_on_its_page(client: Client) -> None:
    answer = save(
        client, "  Paid \t channels ", "segment=SMB&channel=B&channel=A&period=365d&page=3&x=1"
    )
    assert answer.status_code == 200
    assert views(client) == {"Paid channels": "/marketing/?segment=SMB&channel=A&channel=B"}


def test_a_view_keeps_what_its_lists_show_but_not_the_page_one_has_turned_to(
    client: Client,
) -> None:
    save(
        client,
        "List",
        "q=acme&sort=-spend&group=stage&column=a&column=b&flag=late&page=4&min_days=30",
    )
    query = "min_days=30&q=acme&sort=-spend&group=stage&column=a&column=b&flag=late"
    assert views(client) == {"List": f"/marketing/?{query}"}


def test_a_default_is_what_the_rail_opens_where_no_filters_are_carried(client: Client) -> None:
    save(client, "Quarter", "period=this_quarter", is_default="on")
    assert rail(client) == "/marketing/?period=this_quarter"
    carried = client.get("/glossary/?segment=ENT&sort=x").content.decode()
    assert 'href="/marketing/?segment=ENT"' in carried
    save(client, "Month", "period=30d", is_default="on")
    assert rail(client) == "/marketing/?period=30d"
    do(client, "Quarter", "default")
    assert rail(client) == "/marketing/?period=this_quarter"
    do(client, "Quarter", "undefault")
    assert rail(client) == "/marketing/"


def test_a_view_is_renamed_and_deleted(client: Client) -> None:
    save(client, "Old", "period=30d")
    changed = client.post(number(client, "Old"), {"do": "rename", "name": "New"}, headers=HX)
    assert changed.status_code == 200
    assert list(views(client)) == ["New"]
    do(client, "New", "delete")
    assert views(client) == {}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Give the view a name."),
        (" \t\n ", "Give the view a name."),
        ("x" * 61, "A name has at most 60 characters; this one has 61."),
        ("quarter", "You have a view called “quarter” on this page already."),
    ],
)
def test_a_name_that_will_not_do_is_refused_in_a_sentence(
    client: Client, name: str, sentence: str
) -> None:
    save(client, "Quarter")
    save(client, "Other")
    for answer in (
        save(client, name),
        client.post(number(client, "Other"), {"do": "rename", "name": name}, headers=HX),
    ):
        assert answer.status_code == 422
        assert said(answer) == sentence
    assert list(views(client)) == ["Other", "Quarter"]


def test_a_view_may_change_the_capitals_of_its_own_name(client: Client) -> None:
    save(client, "quarter")
    answer = client.post(number(client, "quarter"), {"do": "rename", "name": "Quarter"}, headers=HX)
    assert answer.status_code == 200
    assert list(views(client)) == ["Quarter"]


def test_fifty_views_are_enough(client: Client) -> None:
    for nth in range(50):
        assert save(client, f"View {nth}").status_code == 200
    answer = save(client, "One more")
    assert answer.status_code == 422
    assert said(answer) == "You have 50 views, which is the most there can be. Delete one first."


def test_more_filters_than_a_view_can_hold_are_refused(client: Client) -> None:
    many = "&".join(f"campaign={nth:02}{'x' * 90}" for nth in range(40))
    answer = save(client, "Many", many)
    assert answer.status_code == 422
    assert said(answer).startswith("Too many filters")


def test_a_refused_name_stays_in_its_field(client: Client) -> None:
    text = save(client, "y" * 70).content.decode()
    assert f'value="{"y" * 70}"' in text
    assert 'aria-invalid="true"' in text


def test_nobody_sees_or_changes_the_views_of_others(
    client: Client, ana: User, as_user: AsUser
) -> None:
    save(client, "Canary", "period=30d", is_default="on")
    address, other = number(client, "Canary"), as_user(ana)
    for page in ("/marketing/", MENU, "/palette/", "/palette/?q=canary", "/glossary/"):
        assert "Canary" not in other.get(page).content.decode()
    assert rail(other) == "/marketing/"
    for deed in ("rename", "default", "undefault", "delete"):
        assert other.post(address, {"do": deed, "name": "Mine"}).status_code == 404
    assert list(views(client)) == ["Canary"]
    assert save(other, "Canary").status_code == 200


def test_without_scripts_one_comes_back_to_what_was_shown(client: Client) -> None:
    answer = client.post(MENU, {"name": "Plain", "query": "segment=SMB"})
    assert (answer.status_code, answer["Location"]) == (302, "/marketing/?segment=SMB")
    refused = client.post(MENU, {"name": "plain", "query": "segment=SMB"})
    assert refused.status_code == 422
    assert "<title>Views of Marketing" in refused.content.decode()


def test_a_view_of_another_page_is_not_changed_from_here(client: Client) -> None:
    save(client, "Here")
    elsewhere = number(client, "Here").replace("marketing", "glossary")
    assert client.post(elsewhere, {"do": "delete"}).status_code == 404


def test_who_kept_and_deleted_what_is_on_record(client: Client, dee: User) -> None:
    save(client, "Noted", "period=30d")
    do(client, "Noted", "default")
    do(client, "Noted", "delete")
    noted = AuditEvent.objects.filter(user=dee, target="marketing: Noted").order_by("id")
    assert list(noted.values_list("action", flat=True)) == [
        "view saved",
        "view chosen",
        "view deleted",
    ]


def test_nothing_is_kept_without_the_forms_token(dee: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dee)
    assert client.post(MENU, {"name": "Forged"}).status_code == 403
    assert views(client) == {}
