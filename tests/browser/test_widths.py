"""From a small phone to a wide screen, in small and large text: nothing sticks out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Visit
from tests.browser.trouble import Trouble

ADDRESSES = (
    *("/marketing/?segment=ENT", "/glossary/", "/data/", "/data/datasets/quotas/", "/data/upload/"),
    "/insights/",
    *("/", "/changes/", "/marketing/channels/LinkedIn/", "/segments/ENT/", "/reps/ana/"),
    *("/accounts/profile/", "/nowhere/"),
)
DOORS = ("/accounts/login/", "/accounts/password/reset/")
WIDTHS = (320, 360, 768, 1024, 1440)
# What reaches over the right edge without lying in a box that scrolls, or over its own box.
STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter(one => {
  if (!one.checkVisibility() || one.closest("svg, .vh, .skip, .progress, dialog")) return false;
  for (let box = one.parentElement; box; box = box.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(box).overflowX)) return false;
  }
  const { left, right, width } = one.getBoundingClientRect();
  return width && (right > document.documentElement.clientWidth + 0.5 || left < -0.5);
}).map(one => one.outerHTML.slice(0, 120))"""
BEYOND = """() => [...document.querySelectorAll("#filters .field")].filter(field =>
  field.firstElementChild.nextElementSibling.getBoundingClientRect().right
    > field.getBoundingClientRect().right + 0.5).map(field => field.textContent.trim())"""
SCROLLS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """least => [...document.querySelectorAll(
  "a[href], button, select, summary, input:not([type=hidden])"
)].filter(one => one.checkVisibility() && !one.closest(".skip:not(:focus)")).map(one => {
  const { width, height } = (one.closest("label") ?? one).getBoundingClientRect();
  const primary = one.matches(
    ".button, select, .pick > summary, .menu > summary, .item, #rail a, input[type=text], " +
    "input[type=password], input[type=email], input[type=date]");
  const wanted = primary ? least : 24;
  return Math.min(width, height) + 0.01 < wanted && !one.closest("p")
    ? `${Math.round(width)} × ${Math.round(height)}: ${one.outerHTML.slice(0, 90)}` : "";
}).filter(Boolean)"""


def loose_ends(page: Page) -> list[str]:
    """What makes the page scroll sideways, or would if it were not cut."""
    found: list[str] = page.evaluate(STICKS_OUT)
    beyond = page.evaluate(SCROLLS)
    return [*found, f"scrolls by {beyond} px"] if beyond else found


@pytest.mark.parametrize("address", [*ADDRESSES, *DOORS])
def test_a_page_fits_every_width(visit: Visit, trouble: Trouble, address: str) -> None:
    trouble.expect("404")
    page = visit(address, who=None if address in DOORS else "dee")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width


@pytest.mark.parametrize("address", [*ADDRESSES, *DOORS])
def test_a_page_fits_with_letters_of_twice_the_size(
    visit: Visit, trouble: Trouble, address: str
) -> None:
    trouble.expect("404")
    page = visit(address, who=None if address in DOORS else "dee")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width


@pytest.mark.parametrize("address", [*ADDRESSES, *DOORS])
def test_a_finger_hits_what_it_aims_at(visit: Visit, trouble: Trouble, address: str) -> None:
    trouble.expect("404")
    page = visit(
        address,
        who=None if address in DOORS else "dee",
        viewport=PHONE,
        is_mobile=True,
        has_touch=True,
    )
    assert page.evaluate(SMALL, 44) == []


def test_what_opens_on_a_phone_is_within_reach_and_fits(visit: Visit) -> None:
    page = visit(viewport=PHONE, is_mobile=True, has_touch=True)
    for opener in ("#filters .pick > summary >> nth=0", "#user-menu summary"):
        page.locator(opener).tap()
        assert loose_ends(page) == []
        assert page.evaluate(SMALL, 44) == []
        page.keyboard.press("Escape")


def test_a_long_choice_stays_within_its_box(visit: Visit) -> None:
    page = visit("/marketing/?channel=Organic+Search&compare=year")
    page.locator("#filters .chosen", has_text="Organic Search").evaluate(
        "one => { one.textContent = 'Partner Webinars of the Northern Region' }"
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(BEYOND) == [], width


def test_a_pointer_of_a_desk_finds_targets_of_24_pixels(visit: Visit) -> None:
    assert visit("/marketing/?segment=ENT").evaluate(SMALL, 24) == []
