"""The ways that a number leaves a page by, each as the same rows of plain values."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import dataclass
from typing import Any

from django.test import Client
from hypothesis import strategies as st
from openpyxl import load_workbook

from insights.queries import files
from revops_site.kernel.models import User
from revops_site.kernel.panels import Page
from tests.insights.paper import TAG, made, squeezed, text

Rows = list[list[Any]]
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "period": st.sampled_from(["all", "this_quarter", "last_quarter", "this_year", "90d"]),
        "segment": st.sampled_from(["ENT", "MM", "SMB"]),
        "region": st.sampled_from(["EMEA", "APAC"]),
        "as_of": st.sampled_from(["2025-06-15", "2025-05-31"]),
    },
)

TILES = re.compile(r'<section id="panel-([^"]*)" class="kpis".*?</section>', re.DOTALL)
TILE = re.compile(
    r'<dt>(.*?)</dt><dd class="value num"(?: title="([^"]*)")?[^>]*>(.*?)</dd>', re.DOTALL
)
NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.([0-9]+))?")


@dataclass(frozen=True)
class Shown:
    """A figure as a tile shows it, in full where that can be seen by hovering."""

    text: str

    def is_(self, value: float | None) -> bool:
        """Whether this is how the value is written."""
        found = NUMBER.search(self.text.replace("\u2212", "-").replace("-$", "-"))
        if value is None or found is None:
            return value is None and found is None
        scale = 100 if "%" in self.text else 1
        near = 0.5 * 10.0 ** -len(found[1] or "") + 1e-9 * abs(value)
        return abs(float(found[0].replace(",", "")) - value * scale) <= near


def tiles_of(page: str) -> dict[str, dict[str, Shown]]:
    """The tiles of a page by the slug of their panel and by their name."""
    return {
        part[1]: {
            html.unescape(TAG.sub("", name)): Shown(html.unescape(full or TAG.sub("", short)))
            for name, full, short in TILE.findall(part[0])
        }
        for part in TILES.finditer(page)
    }


def as_csv(reader: Client, page: Page, slug: str, asked: dict[str, str]) -> Rows:
    """The file of a panel, for those who read it by a program of lines."""
    found = _file(reader, page, f"{slug}.csv", asked).decode()
    return [[cell(value) for value in row] for row in csv.reader(io.StringIO(found))]


def as_xlsx(reader: Client, page: Page, slug: str, asked: dict[str, str]) -> Rows:
    """The workbook of a panel."""
    book = load_workbook(io.BytesIO(_file(reader, page, f"{slug}.xlsx", asked)), read_only=True)
    return [[cell(value) for value in row] for row in book["Data"].iter_rows(values_only=True)]


def cell(value: Any) -> Any:
    """A value without the form that it is written in: empty is unknown, numbers are numbers."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return json.dumps(value)
    try:
        return float(f"{float(value):.12g}")
    except (TypeError, ValueError):
        return str(value)


def printed(user: User, address: str) -> str:
    """The text of the page on paper, made for this person."""
    one = made(user, address)
    assert one.state == one.State.DONE, (address, one.message)
    return squeezed(text(files.kept(one.sha256).read_bytes()))


def _file(reader: Client, page: Page, name: str, asked: dict[str, str]) -> bytes:
    answer = reader.get(f"{page.address}panels/{name}", asked)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
