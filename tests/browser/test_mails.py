"""Follow-ups in a browser: read, approved and sent; the mail arrives at the demo's mail server."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import expect

from coaching import tasks
from revops_site.sink import HOST
from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.coaching import a_mailbox

ROOT = Path(__file__).resolve().parents[2]
URL = "/coaching/mails/"


@pytest.fixture(scope="module", autouse=True)
def drafts(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Three deals of Ana's wait, and a mail on each."""
    a_mailbox.load(tmp_path_factory.mktemp("mailbox"))
    a_mailbox.drafted()
    yield
    world.clear()
    world.fill(tmp_path_factory.mktemp("data"))


@pytest.fixture
def sink(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """The demo's mail server, as the demo starts it."""
    folder = tmp_path / "mail"
    settings.MAIL_SINK = folder
    with subprocess.Popen(
        [sys.executable, "-m", "revops_site.sink", "--port", "0", "--folder", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = HOST, port
        yield folder
        process.terminate()


def test_a_rep_reads_a_draft_changes_it_and_approves_and_it_arrives(
    visit: Visit, sink: Path
) -> None:
    page = visit(URL, "ana")
    page.get_by_role("link", name="Shall we talk about Globex 0 again?").click()
    expect(page.locator(".letter-text")).to_contain_text("If you do not want such mails")
    page.locator("#mail-subject").fill("A word on Globex")
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#page-head")).to_contain_text("Approved")
    tasks.send_follow_ups()
    page.reload()
    expect(page.locator("#page-head")).to_contain_text("Sent")
    for _ in range(50):
        if list(sink.glob("*.mail")):
            break
        time.sleep(0.1)
    data = visit("/data/", "dee")
    data.locator("#panel-data-mail").get_by_role("link", name="A word on Globex").click()
    expect(data.locator("h1")).to_have_text("A word on Globex")
    expect(data.locator(".letter-text")).to_contain_text("We have not spoken about Globex 0")
    assert verdict(data) == {}


def test_two_are_chosen_by_keyboard_and_approved_at_once(visit: Visit) -> None:
    page = visit(URL, "ana")
    for nth in (0, 1):
        page.get_by_role("checkbox").nth(nth).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Approve the chosen ones").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("2 approved")


def test_a_draft_is_asked_for_on_a_deals_page(visit: Visit) -> None:
    page = visit("/pipeline/deals/D0/", "ana")
    page.get_by_role("button", name="Draft a follow-up").click()
    expect(page.locator("h1")).to_have_text("A short word on Globex 0")


@pytest.mark.parametrize("address", [URL, f"{URL}?show=sent", "first"])
def test_follow_ups_keep_nobody_out_on_a_phone_and_a_desk(visit: Visit, address: str) -> None:
    page = visit(URL if address == "first" else address, "dee")
    if address == "first":
        page.locator(".mail-row a").first.click()
        expect(page.locator("#mail-body")).to_be_visible()
    assert verdict(page) == {}
    page.set_viewport_size(PHONE)
    assert loose_ends(page) == []
    assert page.evaluate(SMALL) == []
