"""What a first view costs: requests, bytes as they are sent, scripts, styles, elements."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import APIResponse, Page, Response

from tests.browser.conftest import Visit

KIB = 1024
REQUESTS = 12
WITHOUT_FIGURES = 140 * KIB
WITH_FIGURES = 520 * KIB
STYLES = 14 * KIB
SCRIPTS_IN_THE_WAY = 24 * KIB
ALL_SCRIPTS = 475 * KIB
FONT = 50 * KIB
ICONS = 8 * KIB
ANSWER = 30 * KIB
ELEMENTS = 1500
IN_PIECES_ALREADY = ("font", "image/png")
# What comes later, by somebody's wish or after a while; it counts where all of a kind do.
LATER = ("palette", "palette-css", "refresh", "charts", "plotly")


@dataclass(frozen=True)
class Sent:
    """One answer: where from, and how many bytes it takes at most, compressed."""

    path: str
    bytes_: int


def sent(response: Response | APIResponse) -> Sent:
    """As in production: files packed once and well by brotli, answers as they come by gzip."""
    kind = response.headers.get("content-type", "")
    path = urlsplit(response.url).path
    body = response.body()
    if kind.startswith(IN_PIECES_ALREADY):
        return Sent(path, len(body))
    return Sent(path, len(packed(body) if path.startswith("/static/") else gzip.compress(body)))


@cache
def packed(body: bytes) -> bytes:
    """A file as it is sent; packing the largest takes seconds."""
    return bytes(brotli.compress(body))


def first_view(page: Page, address: str) -> list[Sent]:
    """All that a browser asks for until it asks for nothing more, figures in view drawn."""
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    fresh = page.context.new_page()
    fresh.on("response", keep)
    fresh.goto(address)
    fresh.wait_for_load_state("networkidle")
    return [sent(answer) for answer in answers if urlsplit(answer.url).scheme == "http"]


def of(answers: list[Sent], *ends: str) -> int:
    """The bytes of those whose names end so."""
    return sum(answer.bytes_ for answer in answers if answer.path.endswith(ends))


@pytest.mark.parametrize(
    "address", ["/", "/insights/", "/glossary/", "/data/", "/data/upload/", "/changes/"]
)
def test_a_first_view_of_words_and_tables_is_light(visit: Visit, address: str) -> None:
    answers = first_view(visit(address), address)
    assert len(answers) <= REQUESTS, [answer.path for answer in answers]
    assert sum(answer.bytes_ for answer in answers) <= WITHOUT_FIGURES


@pytest.mark.parametrize("address", ["/marketing/", "/pipeline/", "/revenue/", "/segments/ENT/"])
def test_a_first_view_with_figures_is_light_too(visit: Visit, address: str) -> None:
    answers = first_view(visit(address), address)
    assert len(answers) <= REQUESTS, [answer.path for answer in answers]
    assert sum(answer.bytes_ for answer in answers) <= WITH_FIGURES


def test_each_kind_of_file_keeps_within_its_share(visit: Visit) -> None:
    page = visit("/glossary/")
    at_once = first_view(page, "/marketing/")
    later = [
        sent(page.request.get(address))
        for name in LATER
        if (address := page.locator("html").get_attribute(f"data-{name}"))
    ]
    whole = [*{answer.path: answer for answer in (*at_once, *later)}.values()]
    in_the_way = [answer for answer in at_once if answer not in later]
    assert of(in_the_way, ".js") <= SCRIPTS_IN_THE_WAY
    assert of(whole, ".js") <= ALL_SCRIPTS
    ours = [answer for answer in whole if "/vendor/" not in answer.path]
    assert of(ours, ".css") <= STYLES
    assert of(whole, ".woff2") <= FONT
    assert of(whole, ".svg") <= ICONS
    assert of(at_once, "/") <= ANSWER


@pytest.mark.parametrize(
    ("address", "folded"),
    [("/marketing/", "details.data *:not(summary, noscript)"), ("/insights/", "dl.facts")],
)
def test_what_one_has_not_opened_costs_no_elements(visit: Visit, address: str, folded: str) -> None:
    page = visit(address)
    page.wait_for_load_state("networkidle")
    assert page.locator("*").count() <= ELEMENTS
    assert page.locator(folded).count() == 0
