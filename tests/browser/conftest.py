"""A browser at the product's door: one Chromium and one filled server, a fresh context a visit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.browser import chromium as installed
from tests.browser import world
from tests.browser.trouble import Trouble
from tests.insights import a_company as company

HERE = Path(__file__).parent
DESK: ViewportSize = {"width": 1280, "height": 900}
PATIENCE = 45_000  # milliseconds; a busy machine is slow, not wrong
PHONE: ViewportSize = {"width": 360, "height": 780}


class Visit(Protocol):
    """Opens an address as somebody, in a context of its own."""

    def __call__(
        self, address: str = "/marketing/", who: str | None = "dee", **context: Any
    ) -> Page: ...


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies here needs a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The one browser; its driver runs a loop in this thread, beside which Django's ORM is safe."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        browser = installed.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def transactional_db(
    chromium: Browser,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Data that a server can see and that stay for all browser tests; filling takes a second."""
    with django_db_blocker.unblock():
        assert connection.settings_dict["NAME"].startswith("test_"), "this is no test's database"
        world.fill(tmp_path_factory.mktemp("data"))
        yield
        world.clear()
        # Beside the driver's loop this is a connection of its own, which nobody else closes.
        connection.close()


@pytest.fixture(scope="package")
def site(chromium: Browser, transactional_db: None) -> Iterator[str]:
    """The address of a server over data that all browser tests read and none may change."""
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def nothing_loaded(site: str, tmp_path: Path) -> Iterator[None]:
    """The same house before anything was loaded into it."""
    world.clear()
    world.settle_people()
    yield
    world.clear()
    world.fill(tmp_path)


@pytest.fixture(scope="module")
def a_company(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The same house with deals, people, accounts and customers beside its marketing."""
    assert company.load(tmp_path_factory.mktemp("company")).exit_code == 0
    yield
    world.clear()
    world.fill(tmp_path_factory.mktemp("data"))


@pytest.fixture
def trouble() -> Trouble:
    """What the browser complains of."""
    return Trouble()


@pytest.fixture
def visit(chromium: Browser, site: str, trouble: Trouble) -> Iterator[Visit]:
    """Opens pages; afterwards, any complaint that the test did not expect fails it."""
    contexts = []

    def opened(address: str = "/marketing/", who: str | None = "dee", **context: Any) -> Page:
        options = {"viewport": DESK, "base_url": site, "locale": "en-US", **context}
        made = chromium.new_context(**options)
        contexts.append(made)
        trouble.watch(made)
        made.set_default_timeout(PATIENCE)
        if who:
            value = world.session_of(who)
            made.add_cookies([{"name": "sessionid", "value": value, "url": site}])
        page = made.new_page()
        page.goto(address)
        return page

    yield opened
    for made in contexts:
        made.close()
    assert trouble.unexpected == []
