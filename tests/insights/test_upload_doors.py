"""What may come in through the browser, from whom, and what is given away to begin with."""

from __future__ import annotations

import shutil
from collections import namedtuple
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.test import Client
from openpyxl import Workbook

from insights.analytics.uploads import examples
from insights.catalog import DATASETS
from insights.models import Upload
from revops_site.kernel.models import AuditEvent, DataLoad, User
from tests.conftest import AsUser
from tests.insights.sending import (
    HEADER,
    SEND,
    do,
    fact,
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


def bomb() -> bytes:
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 30_000_000)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("bomb.xlsx", bomb()),
        ("macros.xlsm", bomb()),
        ("wrong.xlsx", b"a,b\n1,2\n"),
        ("header.csv", b"deal_id,amount\n"),
        ("picture.csv", b"%PDF-1.7 \0\0\0\n"),
        ("wide.csv", b"," * 1_000_000 + b"\n1\n"),
    ],
)
def test_a_hostile_or_useless_file_is_refused_with_a_sentence_and_not_kept(
    page: Client, kept: Path, name: str, content: bytes
) -> None:
    answer = send(page, content, name)
    assert answer.status_code == 422
    assert "This file was not taken" in text(answer)
    assert name in text(answer)
    assert [*kept.iterdir()] == []
    assert not Upload.objects.exists()
    assert AuditEvent.objects.filter(action="file refused", target=name).exists()
    assert page.get(SEND).status_code == 200


def test_a_name_leads_nowhere_else(page: Client, kept: Path) -> None:
    one = sent(page, table(), "..\\..\\evil\n.csv")
    assert "/" not in one.file_name
    assert [path.name for path in kept.iterdir()] == [one.sha256]


def test_a_file_that_is_too_large_is_refused_before_it_is_kept(
    page: Client, kept: Path, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    answer = send(page, table())
    assert answer.status_code == 422
    assert "The file is larger than" in text(answer)
    assert not kept.exists()


def test_a_disk_without_room_refuses_a_file_and_serves_on(
    page: Client, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 99, 1))
    answer = send(page, table())
    assert answer.status_code == 422
    assert "not enough room on the disk" in text(answer)
    assert page.get(SEND).status_code == 200
    assert not kept.exists()


def test_nothing_is_sent_or_imported_without_the_forms_token(page: Client, dee: User) -> None:
    one = sent(page, table())
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(dee)
    assert send(strict, table()).status_code == 403
    assert do(strict, one, "import").status_code == 403
    assert Upload.objects.get().state == "ready"


@pytest.mark.parametrize("codec", ["rot13", "zip", "hex", "klingon"])
def test_a_mapping_that_names_no_encoding_of_text_is_refused(page: Client, codec: str) -> None:
    one = sent(page, table())
    mapping = f'{Upload.objects.get(pk=one.pk).profile}\n[file]\nencoding = "{codec}"\n'
    answer = do(page, one, "say", text=mapping)
    assert answer.status_code == 422
    assert f"“{codec}” is not an encoding of text" in text(answer)
    assert "Import 3 rows" in shown(page, one)


def test_whoever_may_not_load_data_gets_nothing_of_an_upload(
    page: Client, as_user: AsUser, ana: User, bo: User, vi: User, ad: User
) -> None:
    one = sent(page, table())
    for address in (SEND, f"{SEND}{one.pk}/", f"{SEND}{one.pk}/state/"):
        for person in (ana, bo, vi):
            assert as_user(person).get(address).status_code == 403
        assert Client().get(address).status_code == 302
    assert send(as_user(ana), table()).status_code == 403
    assert do(as_user(vi), one, "import").status_code == 403
    assert "deals.csv" in text(as_user(ad).get(SEND))
    assert "by Dee" in shown(as_user(ad), one)


@pytest.mark.parametrize("name", [dataset.name for dataset in DATASETS])
def test_an_example_of_each_dataset_loads_as_it_is(page: Client, name: str) -> None:
    answer = page.get(f"/data/contracts/{name}.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    one = sent(page, answer.getvalue(), f"{name}.csv")
    told = shown(page, one)
    assert fact(told, "Dataset") == name
    assert (fact(told, "Rows ok"), fact(told, "Refused")) == (str(examples.ROWS), "0")
    assert name in page.get(f"/data/contracts/{name}/").getvalue().decode()


def test_rows_of_appended_sheets_are_told_by_sheet_and_line(page: Client) -> None:
    held = BytesIO()
    book = Workbook()
    for nth, title in enumerate(("North", "South")):
        sheet = book.create_sheet(title)
        sheet.append(HEADER.split(";"))
        for n in range(3):
            amount = "much" if title == "South" and n == 1 else 100
            who = "ana@example.com"
            sheet.append([f"D-{nth}{n}", "A deal", who, "Discovery", amount, "2026-03-31", "open"])
    book.remove(book["Sheet"])
    book.save(held)
    one = sent(page, held.getvalue(), "deals.xlsx")
    mapping = Upload.objects.get(pk=one.pk).profile.replace('"North"', '"*"')
    assert '"*"' in mapping
    assert do(page, one, "say", text=mapping).status_code == 302
    told = shown(page, one)
    assert "South, line 3: “much”" in told
    do(page, one, "import")
    work()
    told = shown(page, one)
    assert fact(told, "New") == "5"
    assert "South, line 3: “much”" in told
    load = f"/data/loads/{DataLoad.objects.get().pk}/"
    assert "South, line 3" in text(page.get(load))
    assert b'"South, line 3",amount,much' in page.get(f"{load}refused.csv").getvalue()
