"""Who sees what: the same pages for all, the desk for those who keep it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import world
from tests.browser.conftest import Visit
from tests.browser.reading import figures
from tests.browser.trouble import Trouble

DESK = {"revops", "admin"}


@pytest.mark.parametrize(("who", "role"), world.ROLES.items())
def test_only_who_keeps_the_desk_is_shown_the_way_to_it(visit: Visit, who: str, role: str) -> None:
    page = visit("/marketing/", who)
    expect(page.locator("#user-menu .who small")).to_have_text(role, ignore_case=True)
    page.locator("#user-menu summary").click()
    expect(page.get_by_role("link", name="Your account")).to_be_visible()
    way = page.get_by_role("link", name="Administration")
    expect(way).to_have_count(1 if role in DESK else 0)


@pytest.mark.parametrize("who", ["dee", "ad"])
def test_the_desk_opens_and_has_no_complaints(visit: Visit, who: str) -> None:
    page = visit("/marketing/", who)
    page.locator("#user-menu summary").click()
    page.get_by_role("link", name="Administration").click()
    expect(page.locator("#site-name")).to_have_text("RevOps administration")
    people = page.get_by_role("link", name="Users", exact=True)
    expect(people).to_have_count(1 if who == "ad" else 0)


def test_an_admin_invites_somebody_at_the_desk(visit: Visit) -> None:
    page = visit("/admin/kernel/user/add/", "ad")
    expect(page.get_by_role("combobox", name="Role")).to_be_visible()
    page.get_by_role("combobox", name="Rep:").click()
    page.get_by_role("searchbox", name="Search: Rep").fill("ana")
    page.get_by_role("option", name="Ana Almeida").click()
    expect(page.get_by_role("combobox", name="Rep:")).to_contain_text("Ana Almeida")
    expect(page.get_by_role("combobox", name="Team:")).to_be_visible()


def test_a_viewer_and_a_rep_see_marketing_alike(visit: Visit) -> None:
    assert figures(visit("/marketing/", "vi")) == figures(visit("/marketing/", "ana")) != []


def test_the_desk_is_closed_to_a_rep(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("403|404")
    page = visit("/admin/", "ana")
    expect(page.locator("#site-name")).to_have_count(0)
