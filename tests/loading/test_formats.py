"""Files as strangers write them: of any format, any dialect, through a profile or without one."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from insights.management.reporting import written
from pipeline.models import Deal
from revops_site.kernel.loading import FileReport, recalled
from revops_site.kernel.models import DataLoad
from revops_site.kernel.profiles import parse
from revops_site.kernel.reading import Layout
from tests.loading.conftest import CUSTOMER, DEAL, Load, Write, text_of

DEALS = [DEAL, {**DEAL, "deal_id": "D2", "account": "Café"}]
LATIN = text_of(*DEALS).encode("cp1252")
STRANGERS = """\
Deals of the quarter;;

Opportunity;Company;Won;Close value;Opened
O-1;Acme;Yes;"1.200,50";31.01.2024
O-2;Bolt;No;2.000;01.02.2024
O-2;Bolt;No;2.000;01.02.2024
Total;;;3.200,50;
"""
PROFILE = """
dataset = "pipeline_deals"
repeats = "drop"
[file]
drop = ["Total"]
[dates]
formats = ["%d.%m.%Y"]
[numbers]
decimal = ","
thousands = "."
[columns]
deal_id = "Opportunity"
account = "Company"
amount = "Close value"
created_at = "Opened"
last_stage_change = "Opened"
status = { from = "Won", values = { Yes = "won", No = "lost" } }
stage = { from = "Won", values = { Yes = "Closed", No = "Closed" } }
segment = { constant = "SMB" }
owner_name = { constant = "Ana" }
source_channel = { constant = "Import" }
expected_close = "Opened"
probability = { from = "Won", values = { Yes = "1", No = "0" } }
"""

LoadOne = Callable[..., FileReport]


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


@pytest.mark.parametrize(
    "content",
    [
        text_of(*DEALS).encode("utf-16"),
        LATIN,
        LATIN.replace(b",", b"|"),
        LATIN.replace(b"\n", b"\r"),
        gzip.compress(text_of(*DEALS).encode()),
        b"Deals of 2024\nby Ana\n\n" + text_of(*DEALS).encode(),
        text_of(*DEALS, delimiter="\t").encode("utf-16-le"),
    ],
    ids=["UTF-16", "Latin", "bars", "CR alone", "gzip", "junk on top", "UTF-16 tabs"],
)
def test_a_dialect_is_found_by_looking(load_one: LoadOne, content: bytes) -> None:
    report = load_one("deals.csv", content)
    assert (report.status, report.accepted, report.message) == ("loaded", 2, "")
    assert report.notes
    assert Deal.objects.get(deal_id="D2").account_name == "Café"


def test_a_sheet_is_loaded_by_name_and_several_are_appended(load: Load, tmp_path: Path) -> None:
    header, *cells = ([*row] for row in (DEAL, *(row.values() for row in DEALS)))
    path = book(
        tmp_path / "deals.xlsx",
        Notes=[["Ask Ana"]],
        North=[header, cells[0]],
        South=[header, cells[1]],
    )
    (south,) = load(path, layout=Layout(sheets=("South",))).files
    assert [deal.deal_id for deal in Deal.objects.all()] == ["D2"]
    (both,) = load(path, layout=Layout(sheets=("North", "South"))).files
    assert (south.rows, both.status, both.rows, both.inserted) == (1, "loaded", 2, 1)
    (none,) = load(path, layout=Layout(sheets=("East",))).files
    assert (none.status, "South" in none.message) == ("refused", True)


def test_a_refused_row_of_an_appended_sheet_is_told_by_its_sheet_and_own_line(
    load: Load, tmp_path: Path
) -> None:
    header, *cells = ([*row] for row in (DEAL, *(row.values() for row in DEALS)))
    bad = [
        "much" if name == "amount" else cell for name, cell in zip(header, cells[1], strict=True)
    ]
    path = book(tmp_path / "deals.xlsx", North=[header, cells[0]], South=[header, bad])
    report = load(path, layout=Layout(sheets=("*",)))
    (file,) = report.files
    assert file.appended == (("North", 0), ("South", 2))
    assert "South, line 2: amount 'much' is not a number" in written(report)
    assert recalled(DataLoad.objects.get()).appended == file.appended
    (again,) = load(path, layout=Layout(sheets=("*",))).files
    assert (again.status, again.appended) == ("unchanged", file.appended)


def test_columns_without_headers_are_the_datasets_in_their_order(load_one: LoadOne) -> None:
    report = load_one(
        "rates.csv",
        "2024-01-01,EUR,USD,1.1\n2024-01-02,EUR,USD,1.2\n",
        dataset="fx_rates",
        layout=Layout(header=False),
    )
    assert (report.status, report.accepted) == ("loaded", 2)


def test_a_profile_maps_a_strangers_file_and_tells_what_it_drops(load_one: LoadOne) -> None:
    report = load_one("export.csv", STRANGERS, profile=parse(PROFILE))
    assert (report.rows, report.accepted, report.refused) == (2, 2, 0), report
    assert {kind: (d.rows, d.lines) for kind, d in report.dropped.items()} == {
        "exact repeats": (1, (6,)),
        "total rows": (1, (7,)),
    }
    assert report.repeats.rows == 1
    deal = Deal.objects.get(deal_id="O-1")
    assert (deal.amount, deal.status, str(deal.created_at)) == (
        Decimal("1200.50"),
        "won",
        "2024-01-31",
    )
    assert DataLoad.objects.get().dropped["total rows"] == {"rows": 1, "lines": [7]}


def test_the_same_bytes_by_another_profile_are_another_load(load: Load, write: Write) -> None:
    path = write("export.csv", STRANGERS)
    other = parse(PROFILE.replace('"SMB"', '"ENT"'))
    statuses = [
        load(path, profile=profile).files[0].status
        for profile in (parse(PROFILE), parse(PROFILE), other)
    ]
    assert statuses == ["loaded", "unchanged", "loaded"]
    assert set(Deal.objects.values_list("segment", flat=True)) == {"ENT"}


def test_a_cell_that_the_profile_does_not_understand_is_refused_with_its_line(
    load_one: LoadOne,
) -> None:
    bad = STRANGERS.replace("2.000;01.02.2024", "two;01.02.2024", 1)
    report = load_one("export.csv", bad, profile=parse(PROFILE))
    assert (report.rows, report.accepted) == (3, 2)
    (cell,) = report.sample
    assert (cell.line, cell.column, cell.value) == (5, "amount", "two")


def test_a_profile_that_does_not_fit_the_file_stops_the_run(load_one: LoadOne) -> None:
    report = load_one("export.csv", "a;b\n1;2\n", profile=parse(PROFILE))
    assert report.status == "refused"
    assert report.message.startswith("does not fit the profile: ")
    few = PROFILE.replace('deal_id = "Opportunity"\n', "")
    report = load_one("export.csv", STRANGERS, profile=parse(few))
    assert report.message == "the profile fills no column “deal_id”"


def test_of_a_folder_only_what_fits_the_profile_is_loaded(load: Load, write: Write) -> None:
    write("customers.csv", CUSTOMER)
    write("b.csv", STRANGERS.replace("O-", "P-"))
    report = load(write("a.csv", STRANGERS).parent, profile=parse(PROFILE))
    assert [(file.file, file.status) for file in report.files] == [
        ("a.csv", "loaded"),
        ("b.csv", "loaded"),
        ("customers.csv", "skipped"),
    ]
    assert Deal.objects.count() == 4


def test_a_file_that_breaks_on_the_way_stops_the_run(load: Load, write: Write) -> None:
    rows = ({**DEAL, "deal_id": f"D{n}", "account": f"Account {n * 7919}"} for n in range(20_000))
    path = write("deals.csv.gz", gzip.compress(text_of(*rows).encode())[:-2000] + bytes(8))
    report = load(write("c.csv", CUSTOMER), path)
    assert (report.stopped, report.exit_code) == ("unreadable", 2)
    says = {file.file: file.message for file in report.files}
    assert says["deals.csv.gz"].startswith("is compressed, and ")
    assert says["c.csv"] == "is not loaded, because deals.csv.gz stopped the run"
    assert not Deal.objects.exists()


def test_what_a_second_file_does_not_have_is_a_warning(load_one: LoadOne, write: Write) -> None:
    folder = write("people.csv", "company,rep\nAcme,Ana\n").parent
    beside = PROFILE.replace(
        'owner_name = { constant = "Ana" }',
        'owner_name = { from = "Company", lookup = "people", column = "rep" }',
    )
    beside += '[lookups.people]\nfile = "people.csv"\nkey = "company"\n'
    report = load_one("export.csv", STRANGERS, profile=parse(beside, folder))
    assert report.accepted == 2
    assert report.warnings["not found in people"] == 1
    assert DataLoad.objects.get().warnings["not found in people"] == 1
