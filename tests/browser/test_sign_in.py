"""The second factor, one's sessions and invitations, as somebody meets them in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from revops_site.kernel.entry import second_factor
from revops_site.kernel.models import User
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_login import sign_in
from tests.browser.trouble import Trouble
from tests.kernel.test_accounts import deliver
from tests.kernel.test_second_factor import code_of


@pytest.fixture
def without(site: str) -> Iterator[None]:
    """Bo has no second factor, before and after."""
    yield
    second_factor.remove(User.objects.get(username="bo"), by=None)


def enter(page: Page, label: str, text: str, button: str) -> None:
    page.get_by_label(label).fill(text)
    page.get_by_role("button", name=button).click()


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def test_a_second_factor_is_set_up_and_lets_in_by_the_app_and_by_a_recovery_code(
    visit: Visit, trouble: Trouble, without: None
) -> None:
    trouble.expect("422")
    page = visit("/accounts/profile/", "bo")
    page.get_by_role("link", name="Set up a second factor").click()
    expect(title(page)).to_have_text("Set up your second factor")
    picture = page.get_by_role("img", name="QR code of the secret below")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0, "the policy lets it show"
    assert verdict(page) == {}
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    enter(page, "Code of the app", "000000", "Set it up")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    enter(page, "Code of the app", code_of(secret), "Set it up")
    expect(title(page)).to_have_text("Your recovery codes")
    assert verdict(page) == {}
    codes = page.locator(".codes code").all_inner_texts()
    for code in (code_of(secret, 1), codes[0]):
        fresh = visit("/", who=None)
        sign_in(fresh, "bo")
        expect(title(fresh)).to_have_text("Your second factor")
        assert verdict(fresh) == {}
        enter(fresh, "Code", code, "Sign in")
        expect(title(fresh)).to_have_text("Overview")
    page.goto("/accounts/second-factor/")
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()
    assert verdict(page) == {}


def test_a_session_elsewhere_is_ended(visit: Visit) -> None:
    other = visit("/", who=None)
    sign_in(other, "vi")
    expect(title(other)).to_have_text("Overview")
    page = visit("/", who=None, viewport=PHONE)
    sign_in(page, "vi")
    expect(title(page)).to_have_text("Overview")
    page.goto("/accounts/profile/")
    expect(page.get_by_text("this one")).to_be_visible()
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("Signed out everywhere else")).to_be_visible()
    other.goto("/glossary/")
    expect(title(other)).to_have_text("Sign in")


def test_somebody_is_invited_and_makes_an_account(
    visit: Visit, trouble: Trouble, mailoutbox: list[object]
) -> None:
    page = visit("/accounts/invitations/", "dee")
    assert verdict(page) == {}
    enter(page, "E-mail", "nia@example.com", "Send the invitation")
    expect(page.get_by_text("nia@example.com is invited as Viewer.")).to_be_visible()
    assert verdict(page) == {}
    deliver()
    body = str(getattr(mailoutbox[-1], "body", ""))
    link = next(word for word in body.split() if "/accounts/invitation/" in word)
    newcomer = visit(link, who=None, viewport=PHONE)
    assert verdict(newcomer) == {}
    newcomer.set_viewport_size(PHONE)
    chosen = "a phrase that nobody knows"
    for label, text in (("First name", "Nia"), ("Last name", "Novak"), ("Password, again", chosen)):
        newcomer.get_by_label(label).fill(text)
    newcomer.get_by_label("Password", exact=True).fill(chosen)
    newcomer.get_by_role("button", name="Make my account").click()
    expect(newcomer.get_by_text("Your account is made.")).to_be_visible()
    sign_in(newcomer, "nia@example.com", chosen)
    expect(title(newcomer)).to_have_text("Overview")
    trouble.expect("404")
    newcomer.goto(link)
    expect(title(newcomer)).to_have_text("This link no longer works")
    User.objects.filter(email="nia@example.com").delete()


def test_the_privacy_page_keeps_nobody_out(visit: Visit) -> None:
    page = visit("/accounts/privacy/", "ad")
    expect(title(page)).to_have_text("Personal data")
    assert verdict(page) == {}
