"""A company across all domains, page by page: nobody is kept out, nothing sticks out."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, WIDTHS, loose_ends
from tests.insights.a_company import ODD_ACCOUNT

pytestmark = pytest.mark.usefixtures("a_company")
ADDRESSES = (
    *("/today/", "/pipeline/lists/overdue/", "/pipeline/lists/stuck/"),
    *("/pipeline/lists/cashflow/", "/pipeline/lists/hygiene/", "/pipeline/lists/orders/"),
    *("/", "/changes/", "/pipeline/", "/pipeline/?group=stage&flag=past_due", "/revenue/"),
    *("/insights/", "/segments/SMB/", "/reps/ana/", "/marketing/channels/LinkedIn/"),
    *(f"/accounts/{quote(ODD_ACCOUNT, safe='')}/", "/palette/?q=acme", "/views/pipeline/"),
    *("/explain/pipeline-win-rate/", "/explain/marketing-cac/?channel=LinkedIn"),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_of_the_company_keeps_nobody_out(visit: Visit, address: str) -> None:
    assert verdict(visit(address)) == {}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_of_the_company_fits_every_width(visit: Visit, address: str) -> None:
    page = visit(address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], f"{width} with large letters"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_finger_hits_what_it_aims_at_in_the_company(visit: Visit, address: str) -> None:
    page = visit(address, viewport=PHONE, is_mobile=True, has_touch=True)
    assert page.evaluate(SMALL, 44) == []


def test_an_explanation_beside_its_page_keeps_nobody_out(visit: Visit) -> None:
    page = visit("/pipeline/")
    page.get_by_role("link", name="explain Win rate").click()
    page.locator("#explain-title").wait_for()
    assert verdict(page, "#explain") == {}


@pytest.mark.parametrize("who", ["ana", "bo", "vi"])
def test_what_a_role_starts_with_keeps_nobody_out(visit: Visit, who: str) -> None:
    assert verdict(visit("/", who)) == {}
