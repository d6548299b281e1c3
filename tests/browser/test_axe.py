"""Every page in every theme, wide and narrow: axe finds nothing that keeps anybody out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.reading import period
from tests.browser.trouble import Trouble

AXE = (Path(__file__).parent / "vendor/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
JUDGE = """async ([part, tags]) => {
  const { violations } = await axe.run(part, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 120)}`));
}"""
THEMES = ("midnight", "luma", "neon")
WITHIN = (
    *("/marketing/?segment=ENT", "/glossary/", "/data/", "/data/datasets/quotas/", "/data/upload/"),
    "/insights/",
    *("/", "/changes/", "/marketing/channels/LinkedIn/", "/segments/ENT/", "/reps/ana/"),
    *("/reports/", "/reports/weekly-forecast/", "/reports/files/new/?address=/marketing/"),
    "/api/",
    *("/ask/", "/ask/?q=leads+by+channel", "/ask/?q=why+did+leads+change", "/ask/?q=salary"),
    *("/palette/?q=lead", "/choices/owner/?find=a", "/views/marketing/?segment=ENT"),
    *("/marketing/campaigns/", "/marketing/cohorts/", "/marketing/saturation/"),
    *("/marketing/attribution/", "/marketing/attribution/campaigns/", "/marketing/closed-loop/"),
    *("/marketing/attribution/journeys/", "/insights/lead-to-cash/"),
    "/insights/anomalies/",
    *("/data/quality/deals-twice/", "/accounts/profile/", "/nowhere/"),
)
OUTSIDE = ("/accounts/login/", "/accounts/password/reset/")
# What listens to the width has heard of it once the second next picture is due.
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def verdict(
    page: Page, part: str = "html", sizes: Sequence[ViewportSize] = (DESK, PHONE)
) -> dict[str, list[str]]:
    """Violations by theme and width; of a page, or a part of it, without any, an empty answer."""
    page.emulate_media(reduced_motion="reduce")  # a colour halfway to another one is none of ours
    page.evaluate(AXE)
    found = {}
    for theme in THEMES:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        for size in sizes:
            page.set_viewport_size(size)
            page.evaluate(SETTLED)
            where = f"{theme} at {size['width']} px"
            found[where] = page.evaluate(JUDGE, [part, TAGS])
    return {where: violations for where, violations in found.items() if violations}


@pytest.mark.parametrize("address", [*WITHIN, *OUTSIDE])
def test_a_page_keeps_nobody_out(visit: Visit, trouble: Trouble, address: str) -> None:
    trouble.expect("404")
    page = visit(address, "dee" if address in WITHIN else None)
    assert verdict(page) == {}


@pytest.mark.parametrize(
    "address",
    [
        *("/admin/", "/admin/kernel/", "/admin/kernel/user/", "/admin/kernel/user/add/"),
        *("/admin/kernel/rep/add/", "/admin/kernel/rep/ana/change/", "/admin/kernel/dataload/"),
        *("/admin/marketing/marketingday/", "/admin/kernel/rep/ana/delete/"),
        "/admin/kernel/workspace/1/change/",
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_desk_keeps_nobody_out(
    visit: Visit, address: str, scheme: Literal["light", "dark"]
) -> None:
    # Without our shim axe itself would run into the policy; test_roles.py visits with it in force.
    page = visit(address, "ad", color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page.evaluate(AXE)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        assert page.evaluate(JUDGE, ["html", TAGS]) == [], size


@pytest.mark.parametrize("address", ["/marketing/", "/data/"])
def test_an_empty_page_keeps_nobody_out(nothing_loaded: None, visit: Visit, address: str) -> None:
    assert verdict(visit(address)) == {}


def test_what_opens_keeps_nobody_out(visit: Visit) -> None:
    page = visit()
    page.locator("#panel-funnel").get_by_text("Show the data as a table").click()
    assert verdict(page, "#panel-funnel", [DESK]) == {}
    page.locator("#filters summary", has_text="Channel: ").click()
    assert verdict(page, "#filters", [DESK]) == {}
    page.locator("#user-menu summary").click()
    assert verdict(page, "#user-menu", [DESK]) == {}
    page.get_by_role("button", name="Keyboard shortcuts").click()
    assert verdict(page, "#keys", [DESK]) == {}


def test_bad_news_keep_nobody_out(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("503")
    page = visit("/marketing/?period=soon&channel=Organic+Search&segment=ENT")
    page.route("**/marketing/?*", lambda route: route.fulfill(status=503))
    period(page).select_option(label="Last 30 days")
    expect(page.get_by_role("alert")).to_be_visible()
    assert verdict(page) == {}


def test_a_refused_login_keeps_nobody_out(visit: Visit) -> None:
    page = visit("/", None)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert verdict(page) == {}
