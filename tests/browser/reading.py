"""What a reader takes in from a page, and how to wait until a swap has brought it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, Request, expect

FIGURES = "#panels .kpi dd, #panels tbody :is(th, td):not(details.data *)"
BUSY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"


def figures(page: Page) -> list[str]:
    """Every figure of the tiles and of the tables that do not stand behind a chart."""
    return [" ".join(text.split()) for text in page.locator(FIGURES).all_text_contents()]


def period(page: Page) -> Locator:
    """The choice of the period."""
    return page.get_by_role("combobox", name="Period", exact=True)


def query(page: Page) -> str:
    """What the address says after its question mark."""
    return page.url.partition("?")[2]


@contextmanager
def swap(page: Page, part: str = "#panels") -> Iterator[list[Request]]:
    """Waits until what is done inside has put a new element in the place of this one.

    Yields the requests that it took, those of charts and fonts apart.
    """
    asked: list[Request] = []

    def note(request: Request) -> None:
        if "/static/" not in request.url:
            asked.append(request)

    page.locator(part).evaluate("part => part.dataset.before = 'yes'")
    page.on("request", note)
    yield asked
    expect(page.locator(f"{part}:not([data-before])")).to_be_attached()
    page.wait_for_load_state()
    expect(page.locator(BUSY)).to_have_count(0)
    page.remove_listener("request", note)
