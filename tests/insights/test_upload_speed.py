"""How long somebody waits who sends a file: what is long is done behind, what is a bomb is not."""

from __future__ import annotations

import gzip
import time
from io import BytesIO
from typing import Any

from django.test import Client
from openpyxl import Workbook

from insights.actions import uploads as actions
from insights.models import Upload
from tests.insights.sending import (
    GOOD,
    HEADER,
    SEND,
    do,
    kept,
    page,
    send,
    sent,
    shown,
    table,
    text,
    work,
)

__all__ = ["kept", "page"]

PATIENCE = 6.0  # seconds, on a slow machine


def deals(number: int) -> str:
    return "\n".join([HEADER, *map(GOOD.format, range(number)), ""])


def book(rows: int) -> bytes:
    held = BytesIO()
    written = Workbook(write_only=True)
    sheet = written.create_sheet("Deals")
    sheet.append(HEADER.split(";"))
    for n in range(rows):
        day = f"2026-03-{1 + n % 28:02}"
        sheet.append([f"D-{n}", f"Deal {n}", "ana@example.com", "Discovery", n, day, "open"])
    written.save(held)
    return held.getvalue()


def test_a_file_that_unpacks_to_a_thousand_times_its_size_is_refused_at_once(page: Client) -> None:
    bomb = gzip.compress(f"{HEADER}\n".encode() + (GOOD.format(1) + "\n").encode() * 1_500_000)
    assert len(bomb) < 1_000_000
    began = time.monotonic()
    answer = send(page, bomb, "deals.csv.gz")
    assert time.monotonic() - began < 2
    assert answer.status_code == 422
    assert "is compressed more than 100 times" in text(answer)


def test_a_small_packed_file_of_many_rows_is_checked_in_the_background(page: Client) -> None:
    packed = gzip.compress(deals(60_000).encode())
    assert len(packed) < 1_000_000
    began = time.monotonic()
    one = sent(page, packed, "deals.csv.gz")
    assert time.monotonic() - began < PATIENCE
    assert "Being checked" in shown(page, one)
    work()
    told = shown(page, one)
    assert "Import 60,000 rows" in told
    assert "How will its rows be stored?" in told


def test_a_small_workbook_of_many_rows_is_checked_in_the_background(page: Client) -> None:
    content = book(25_000)
    assert len(content) < 2_000_000
    began = time.monotonic()
    one = sent(page, content, "deals.xlsx")
    assert time.monotonic() - began < PATIENCE
    assert "Being checked" in shown(page, one)
    work()
    assert "Import 25,000 rows" in shown(page, one)


def test_a_short_text_of_very_many_lines_is_checked_in_the_background(page: Client) -> None:
    one = sent(page, table(3) + "\n" * 500_000)
    assert "Being checked" in shown(page, one)
    work()
    assert "Import 3 rows" in shown(page, one)


def test_a_page_that_waited_for_a_check_is_drawn_anew_with_its_form(page: Client) -> None:
    one = sent(page, table(3) + "\n" * 30_000)
    asks: dict[str, Any] = {"headers": {"HX-Request": "true", "HX-Target": "upload-state"}}
    assert "HX-Refresh" not in page.get(f"{SEND}{one.pk}/state/", **asks)
    work()
    assert page.get(f"{SEND}{one.pk}/state/", **asks)["HX-Refresh"] == "true"


def test_a_check_of_a_mapping_that_was_changed_meanwhile_is_not_shown(page: Client) -> None:
    one = sent(page, table(3))
    slow = Upload.objects.get(pk=one.pk)
    assert do(page, one, "map", dataset="accounts").status_code == 302
    slow.checked = {"problem": "This is told of the mapping before."}
    actions.keep_checked(slow)
    assert "of the mapping before" not in shown(page, one)
    same = Upload.objects.get(pk=one.pk)
    same.checked = {"problem": "This is told of the mapping of now."}
    actions.keep_checked(same)
    assert "of the mapping of now" in shown(page, one)
