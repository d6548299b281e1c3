"""The door: who gets in, and where they arrive."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.conftest import PASSWORD


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("User name or e-mail").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("name", ["dee", "DEE", "dee@example.com"])
def test_one_signs_in_by_user_name_or_by_e_mail(visit: Visit, name: str) -> None:
    page = visit("/", who=None)
    expect(page).to_have_title("Sign in · RevOps Control Center")
    sign_in(page, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(page.locator("#user-menu .who")).to_contain_text("Dee")


def test_a_wrong_password_is_named_in_a_summary_that_takes_the_focus(visit: Visit) -> None:
    page = visit("/", who=None)
    sign_in(page, "dee", "not my password")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("There is a problem")
    expect(summary).to_contain_text("do not belong together")
    expect(page.get_by_label("User name or e-mail")).to_have_value("dee")
    summary.get_by_role("link").click()
    expect(page.get_by_label("User name or e-mail")).to_be_focused()


def test_one_arrives_where_one_wanted_to_go(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT", who=None)
    sign_in(page, "dee")
    expect(page).to_have_url("/marketing/?segment=ENT")
    expect(page.get_by_role("link", name="Segment: ENT")).to_be_visible()


def test_after_signing_out_the_pages_are_closed(visit: Visit) -> None:
    page = visit()
    page.locator("#user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/marketing/")
    expect(page).to_have_title("Sign in · RevOps Control Center")
