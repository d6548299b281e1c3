"""Words that would run, load or lead away do nothing in a browser, drawn in charts too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Dialog, Page, Request

from revops_site.kernel.models import User
from tests.browser import world
from tests.browser.conftest import Visit
from tests.proof import a_hostile_house
from tests.proof.crawl import HTML, crawl, registered
from tests.proof.payloads import CANARY

# As many addresses of each name as the environment says, instead of those that hold most words.
MOST = int(os.environ.get("REVOPS_HOSTILE_PAGES", "0"))
SOME = (
    *("/", "/marketing/", "/marketing/campaigns/", "/marketing/attribution/", "/pipeline/"),
    *("/pipeline/health/", "/pipeline/deals/Odd-deal-2/", "/accounts/Odd-account-2/", "/coaching/"),
    *("/tasks/", "/annotations/", "/boards/", "/alerts/", "/insights/", "/data/"),
)
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", (e) => window.broken.push(e.blockedURI));
"""
# Handlers, links out of the house, and whatever else a page of this product never has.
ALIVE = """
canary => [...document.querySelectorAll("*")].flatMap(one => [...one.attributes]
  .filter(({name, value}) => name.startsWith("on") || name.startsWith("hx-on") ||
    /^(?:https?:)?[/][/]canary|^\\s*(?:java|vb)?script:/i.test(value) &&
    /href|src|action|data|hx-/.test(name))
  .map(({name, value}) => `${one.tagName} ${name}=${value}`))
"""
DRAWN = (
    "() => [...document.querySelectorAll('.chart')]"
    ".every(one => one.querySelector('svg.main-svg') || "
    "one.classList.contains('failed') || !one.offsetParent)"
)


@pytest.fixture(scope="module")
def addresses(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The pages of a house full of payloads, written into files and forms."""
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "FILES", folder / "files")
        patch.setattr(settings, "UPLOADS", folder / "uploads")
        a_hostile_house.load(folder / "house")
        client = Client()
        client.force_login(User.objects.get(username="dee"))
        found: list[str] = []

        def look(address: str, answer: Any, body: bytes) -> None:
            is_page = answer.headers.get("Content-Type", "").startswith(HTML)
            if answer.status_code == 200 and is_page and b"<html" in body:
                found.append(address)

        if MOST:
            crawl(client, list(registered({})), look, MOST)
        a_hostile_house.write_everywhere(client, found or list(SOME))
        yield found or list(SOME)
    world.clear()
    world.fill(tmp_path_factory.mktemp("again"))


def draw_all(page: Page) -> None:
    """Scroll through the page, so that every chart is drawn."""
    for chart in page.locator(".chart:visible").all():
        chart.scroll_into_view_if_needed()
    page.wait_for_function(DRAWN)


def test_no_word_runs_loads_or_leads_anywhere(visit: Visit, addresses: list[str]) -> None:
    page = visit("/glossary/")
    dialogs: list[str] = []
    asked: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    def note(request: Request) -> None:
        if CANARY in request.url.partition("?")[0]:
            asked.append(request.url)

    page.on("dialog", dismiss)
    page.on("request", note)
    page.add_init_script(WATCH)
    alive: dict[str, list[str]] = {}
    for address in addresses:
        page.goto(address)
        draw_all(page)
        if bad := page.evaluate(ALIVE, CANARY) + page.evaluate("window.broken"):
            alive[address] = bad
    assert alive == {}
    assert (dialogs, asked) == ([], [])


def test_a_name_with_tags_is_drawn_as_it_is_written(visit: Visit, addresses: list[str]) -> None:
    page = visit("/marketing/")
    draw_all(page)
    drawn = page.locator(".chart svg text").all_text_contents()
    assert any("<a href='//canary.invalid'>x</a>" in text for text in drawn)
