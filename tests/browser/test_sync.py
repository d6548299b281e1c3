"""A sync in the browser: connected, followed, asked for by a key, late, failed, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from insights.actions import connecting as actions
from insights.catalog import DATASETS, SOURCES
from insights.models import SourceTrial
from pipeline.sources import PIPEDRIVE
from revops_site.kernel import clock, sync
from revops_site.kernel.models import SourceConnection, SourceRecord, SyncRun, SyncState
from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, WIDTHS, loose_ends
from tests.browser.trouble import Trouble
from tests.sync.conftest import TOKEN, Simulator, simulator

SOURCE = "/data/sources/pipedrive/"


@pytest.fixture(scope="module")
def company() -> Iterator[Simulator]:
    """A small company's Pipedrive."""
    with simulator("--deals", "60") as one:
        yield one


@pytest.fixture(autouse=True)
def crm(site: str, company: Simulator, settings: Any, tmp_path: Path) -> Iterator[Simulator]:
    """The product may ask it; afterwards the house is as it was."""
    settings.OUTGOING_LOOPBACK, settings.SOURCES = True, {}
    forget()
    yield company
    forget()
    world.clear()
    world.fill(tmp_path)


def forget() -> None:
    for model in (SourceConnection, SourceRecord, SourceTrial, SyncRun, SyncState):
        model.objects.all().delete()


def try_it() -> None:
    """Do the trials that the background was asked for."""
    for job in ProcrastinateJob.objects.filter(task_name=actions.TASK):
        actions.work(job.args["trial_id"], SOURCES, DATASETS)


def read() -> None:
    """Do the sync that the background was asked for."""
    run = SyncRun.objects.filter(status="queued").latest("asked_at")
    sync.run(PIPEDRIVE, DATASETS, run_id=run.pk)


def connect(page: Page, url: str) -> None:
    page.get_by_label("Your company’s address").fill(url)
    page.get_by_label("API token").fill(TOKEN)
    page.get_by_role("button", name="Save and test").click()


def connected(settings: Any, url: str) -> None:
    settings.SOURCES = {"pipedrive": {"token": TOKEN, "base_url": url}}


def test_pipedrive_is_connected_tried_mapped_and_read(visit: Visit, crm: Simulator) -> None:
    page = visit("/data/")
    page.get_by_role("link", name="Connect Pipedrive").click()
    connect(page, crm.url)
    expect(page.locator("#source-trial")).to_contain_text("Waits for the background")
    try_it()
    expect(page.locator("#source-trial")).to_contain_text("answers for Simulated Oy")
    assert page.get_by_label("API token").input_value() == ""
    page.get_by_role("button", name="Dry run").click()
    try_it()
    expect(page.locator("#source-trial")).to_contain_text("Some deals as they would be")
    stage = page.get_by_role("group", name="Qualified").first
    stage.get_by_label("Chance, in %").fill("15")
    page.get_by_role("button", name="Save stages").click()
    expect(page.get_by_role("group", name="Qualified").first.get_by_label("Chance")).to_have_value(
        "15"
    )
    page.get_by_role("button", name="Test what is kept").click()
    try_it()
    page.get_by_role("button", name="Start syncing").click()
    expect(page.locator("#sync-menu")).to_contain_text("Sync waits")
    read()
    expect(page.locator("#sync-menu")).to_contain_text("Synced")
    expect(page.locator("#source-now")).to_contain_text("Up to date")
    assert verdict(page) == {}


def test_a_key_asks_for_a_sync_and_the_figures_renew_themselves(
    visit: Visit, crm: Simulator, settings: Any, trouble: Trouble
) -> None:
    trouble.expect("429")
    connected(settings, crm.url)
    page = visit("/pipeline/")
    expect(page.locator("#sync-menu")).to_contain_text("Not synced yet")
    page.keyboard.press("Shift+R")
    expect(page.locator("#live")).to_contain_text("Sync")
    expect(page.locator("#sync-menu")).to_contain_text("Sync waits")
    read()
    expect(page.locator("#sync-menu")).to_contain_text("Synced")
    expect(page.locator("#panels")).to_contain_text("Open pipeline")
    page.keyboard.press("Shift+R")
    expect(page.locator("#live")).to_contain_text("All was read a moment ago")


def test_who_waits_asks_ever_less_often_and_not_at_all_unseen(
    visit: Visit, crm: Simulator, settings: Any
) -> None:
    connected(settings, crm.url)
    page = visit("/glossary/")
    page.keyboard.press("Shift+R")
    expect(page.locator("#sync-menu")).to_contain_text("Sync waits")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/sync/state/" in one.url else None)
    page.wait_for_timeout(9_000)
    assert 1 <= len(asked) <= 4
    page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, value: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    asked.clear()
    page.wait_for_timeout(4_000)
    assert asked == []
    read()
    page.evaluate("""() => {
      delete document.hidden;
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(page.locator("#sync-menu")).to_contain_text("Synced")
    asked.clear()
    page.wait_for_timeout(4_000)
    assert asked == []


def test_late_and_failed_say_so_in_words(visit: Visit, crm: Simulator, settings: Any) -> None:
    connected(settings, crm.url)
    sync.run(PIPEDRIVE, DATASETS)
    SyncState.objects.update(last_sync_time=clock.now() - timedelta(hours=5))
    page = visit("/glossary/", "ana")
    page.locator("#sync-summary").click()
    expect(page.locator("#sync-menu")).to_contain_text("Sync is late")
    expect(page.locator("#sync-told")).to_contain_text("Last read 5 hours ago")
    assert verdict(page) == {}
    says = "Pipedrive refuses the token."
    SyncRun.objects.update(status="failed", message=says)
    page.reload()
    page.locator("#sync-summary").click()
    expect(page.locator("#sync-told")).to_contain_text(f"{says} Figures are as of")


def test_without_scripts_it_is_connected_and_read(
    visit: Visit, crm: Simulator, trouble: Trouble
) -> None:
    trouble.expect("429")
    page = visit(SOURCE, java_script_enabled=False)
    connect(page, crm.url)
    try_it()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Start syncing").click()
    read()
    page.locator("#sync-summary").click()
    page.get_by_role("link", name="What was read").click()
    expect(page.locator("#sync-pipedrive")).to_contain_text("Up to date")
    page.get_by_role("button", name="Sync now").last.click()
    expect(page.locator("#main")).to_contain_text("All was read a moment ago")


def test_the_pages_of_a_source_keep_nobody_out_and_fit(visit: Visit, crm: Simulator) -> None:
    page = visit(SOURCE)
    assert verdict(page) == {}
    page.reload()
    connect(page, crm.url)
    try_it()
    expect(page.locator("#source-trial")).to_contain_text("answers for Simulated Oy")
    page.get_by_role("button", name="Dry run").click()
    try_it()
    expect(page.locator("#source-trial")).to_contain_text("Some deals")
    page.get_by_role("button", name="Make a webhook").click()
    expect(page.locator("#hook-secret")).to_be_visible()
    page.goto(SOURCE)
    assert verdict(page) == {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width
    phone = visit(SOURCE, viewport=PHONE, is_mobile=True, has_touch=True)
    assert phone.evaluate(SMALL, 44) == []
