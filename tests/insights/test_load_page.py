"""One load, and what it refused: on its page and in files."""

from __future__ import annotations

import csv
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from revops_site.kernel.models import DataLoad, User
from tests.conftest import AsUser
from tests.insights import faults, files

EVIL = '=HYPERLINK("http://x")'


@pytest.fixture
def page(as_user: AsUser, dee: User) -> Client:
    return as_user(dee)


def bad(count: int, **cells: str) -> files.Rows:
    return [
        {**faults.DEAL, "deal_id": f"bad-{nth}", "created_at": "yesterday", **cells}
        for nth in range(count)
    ]


@pytest.fixture
def load(dee: User, tmp_path: Path) -> str:
    """The address of a load of one good row, of 30 with a bad day and one with a bad amount."""
    rows = [
        {**faults.DEAL, "deal_id": "good"},
        *bad(30),
        *bad(1, created_at="2025-01-01", deal_id="evil", amount=EVIL),
    ]
    order = {"order_id": "o", "deal_id": "gone", "received_on": "2025-01-01"}
    files.load(tmp_path, {"pipeline_deals": rows, "orders": [order]}, strict=False, by=dee)
    return f"/data/loads/{DataLoad.objects.get(dataset='pipeline_deals').pk}/"


def text(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def fact(shown: str, name: str) -> str:
    found = re.search(rf"<dt>{name}</dt><dd[^>]*>([^<]*)</dd>", shown)
    assert found is not None, name
    return found[1]


def test_a_load_tells_what_became_of_its_rows(page: Client, load: str) -> None:
    shown = text(page, load)
    assert fact(shown, "Rows in the file") == "32"
    assert fact(shown, "Rows ok") == "1"
    assert fact(shown, "Refused") == "31"
    assert fact(shown, "New") == "1"
    assert "File pipeline_deals.csv" in shown
    assert "by Dee" in shown
    assert "orders (orders.csv)" in shown


def test_refused_rows_are_listed_in_pages_by_line_with_their_reason(
    page: Client, load: str
) -> None:
    shown = text(page, load)
    assert "1–25 of 31 refused cells" in shown
    assert re.search(r"<th scope=\"row\">3</th> ?<td[^>]*>created_at</td>.*?yesterday", shown)
    part = {"HX-Request": "true", "HX-Target": "panel-data-refused"}
    rest = text(page, f"{load}?page=2", **part)
    assert rest.lstrip().startswith('<section id="panel-data-refused"')
    assert "26–31 of 31 refused cells" in rest
    assert "is not a number" in rest


def test_the_reasons_are_counted(page: Client, load: str) -> None:
    shown = text(page, load)
    rows = re.findall(r"<th scope=\"row\">is not ([^<]*)</th>.*?<td class=\"n\">(\d+)</td>", shown)
    assert [(why[:6], int(cells)) for why, cells in rows] == [("a date", 30), ("a numb", 1)]


def test_the_file_holds_all_refused_cells_and_runs_no_formula(page: Client, load: str) -> None:
    answer = page.get(f"{load}refused.csv")
    assert "attachment" in answer["Content-Disposition"]
    header, *rows = csv.reader(answer.getvalue().decode().splitlines())
    assert header == ["line", "column", "value", "reason"]
    assert len(rows) == 31
    assert rows[0][:3] == ["3", "created_at", "yesterday"]
    assert rows[-1][2] == f"'{EVIL}"


def test_the_workbook_holds_the_same(page: Client, load: str) -> None:
    sheet = load_workbook(BytesIO(page.get(f"{load}refused.xlsx").getvalue()))["Data"]
    assert sheet.max_row == 32
    assert sheet["C32"].value == EVIL
    assert sheet["C32"].data_type == "s"


def test_warnings_are_sentences_with_their_number_of_rows(page: Client, load: str) -> None:
    orders = f"/data/loads/{DataLoad.objects.get(dataset='orders').pk}/"
    shown = text(page, orders)
    assert "deal_id: rows belong to an unknown deal" in shown
    assert "Which rows were refused" not in shown


def test_a_load_that_is_not_there_is_not_found(page: Client, load: str) -> None:
    assert page.get("/data/loads/999999/").status_code == 404
    assert page.get("/data/loads/999999/refused.csv").status_code == 404
    assert page.get(f"{load}refused.exe").status_code == 404


def test_a_dataset_says_what_its_file_holds_and_what_brings_it(page: Client, db: None) -> None:
    shown = text(page, "/data/datasets/quotas/")
    assert "rep_id,manager_name,quarter,quota_amount,currency" in shown
    assert "manage.py ingest quotas.csv" in shown
    assert 'href="/data/?dataset=quotas"' in shown
