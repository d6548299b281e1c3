"""A run: repeatable, all or nothing, recorded, and of files that it recognises."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from marketing.models import MarketingDay
from pipeline.models import Deal
from revops_site.kernel import freshness
from revops_site.kernel.loading import FileReport, Step
from revops_site.kernel.models import DataLoad, Rep
from tests.loading.conftest import CUSTOMER, DEAL, MARKETING, ROWS, Load, Write, text_of

LoadOne = Callable[..., FileReport]


def state() -> list[dict[str, Any]]:
    return [dict(row) for row in MarketingDay.objects.order_by("key").values()]


def test_the_same_file_again_changes_nothing_and_says_so(load: Load, write: Write) -> None:
    path = write("m.csv", MARKETING)
    load(path)
    before, generation = state(), freshness.generation()
    (again,) = load(path).files
    assert (again.status, again.message) == ("unchanged", "was already loaded")
    assert (again.rows, again.accepted, again.unchanged) == (1, 1, 1)
    assert state() == before
    assert freshness.generation() == generation


def test_a_then_b_then_a_again_applies_a(load: Load, write: Write) -> None:
    a, b = write("a.csv", MARKETING), write("b.csv", {**MARKETING, "spend": "7"})
    for path, spend in ((a, "1000.50"), (b, "7"), (a, "1000.50")):
        (report,) = load(path).files
        assert report.status == "loaded"
        assert MarketingDay.objects.get().spend == Decimal(spend)
    assert (report.inserted, report.updated, report.unchanged) == (0, 1, 0)


def test_only_rows_that_differ_are_written(load_one: LoadOne) -> None:
    eu, apac = ({**MARKETING, "geo": geo} for geo in ("EU", "APAC"))
    load_one("a.csv", MARKETING, eu)
    first = {row["geo"]: row for row in state()}
    report = load_one("b.csv", MARKETING, {**eu, "leads": 101}, apac)
    assert (report.inserted, report.updated, report.unchanged) == (1, 1, 1)
    now = {row["geo"]: row for row in state()}
    assert now["US"] == first["US"]
    assert now["EU"]["row_created_at"] == first["EU"]["row_created_at"]
    assert now["EU"]["row_updated_at"] > first["EU"]["row_updated_at"]
    assert now["EU"]["load_id"] == now["APAC"]["load_id"] != first["EU"]["load_id"]


def test_a_folder_is_loaded_in_one_run_and_again_without_change(load: Load, write: Write) -> None:
    for name, row in ROWS.items():
        folder = write(f"{name}.csv", row).parent
    write("marketing_channels_2.csv", {**MARKETING, "geo": "EU"})
    write("README.txt", "Nothing for a table.")
    write("other.csv", "a,b\n1,2\n")
    report = load(folder)
    names = ["benchmarks", *["marketing_channels"] * 2, "pipeline_deals", "revenue_customers"]
    assert [file.dataset for file in report.files] == [*names, "", ""]
    assert [(file.file, file.status) for file in report.files[-2:]] == [
        ("README.txt", "skipped"),
        ("other.csv", "skipped"),
    ]
    assert {load.run.hex for load in DataLoad.objects.all()} == {report.run.replace("-", "")}
    assert {file.status for file in load(folder).files} == {"unchanged", "skipped"}


def test_all_files_of_a_run_come_in_together_or_none_does(load: Load, write: Write) -> None:
    good, bad = write("m.csv", MARKETING), write("pipeline_deals.csv", "deal_id,acount\nD1,x\n")
    report = load(good, bad)
    assert (report.stopped, report.exit_code) == ("unreadable", 2)
    assert not MarketingDay.objects.exists()
    kept = dict(DataLoad.objects.values_list("file_name", "message"))
    assert kept["m.csv"] == "is not loaded, because pipeline_deals.csv stopped the run"
    assert "“account” is missing (the nearest header is “acount”)" in kept["pipeline_deals.csv"]
    assert set(DataLoad.objects.values_list("status", flat=True)) == {"refused"}


def test_a_later_file_of_a_run_replaces_rows_of_an_earlier_one(load: Load, write: Write) -> None:
    paths = [write(f"{n}.csv", {**MARKETING, "leads": n}) for n in (1, 2)]
    load(*paths)
    assert MarketingDay.objects.get().leads == 2


def test_strict_loads_nothing_when_a_row_is_refused(load: Load, write: Write) -> None:
    good, bad = write("m.csv", MARKETING), write("d.csv", DEAL, {**DEAL, "status": "?"})
    report = load(good, bad, strict=True)
    assert (report.stopped, report.exit_code) == ("strict", 3)
    assert {file.status for file in report.files} == {"refused"}
    assert not MarketingDay.objects.exists()
    assert not Deal.objects.exists()
    assert not Rep.objects.exists()
    kept = DataLoad.objects.get(dataset="pipeline_deals")
    assert (kept.status, kept.rejected_rows.count()) == ("refused", 1)
    assert load(good, strict=True).exit_code == 0


def test_a_dry_run_tells_all_and_keeps_nothing(load: Load, write: Write) -> None:
    path = write("d.csv", DEAL, {**DEAL, "deal_id": "D2", "amount": "abc"})
    (report,) = load(path, dry_run=True).files
    assert (report.status, report.inserted, report.refused) == ("checked", 1, 1)
    for table in (Deal, Rep, DataLoad):
        assert not table._default_manager.exists()
    assert load(path).files[0].status == "loaded"


def test_a_load_grows_the_generation_and_moves_the_last_day(load_one: LoadOne) -> None:
    generation = freshness.generation()
    load_one("m.csv", {**MARKETING, "date": "2024-05-01"}, {**MARKETING, "geo": ""})
    assert freshness.generation() == generation + 1
    known = freshness.of(["marketing_channels"], freshness.workspace())
    assert (str(known.last_day), known.refused) == ("2024-05-01", 1)


def test_owners_become_reps_unless_they_are_known(load_one: LoadOne) -> None:
    Rep.objects.create(rep_id="r7", name="Bo Berg", email="bo@example.com")
    names = ("Ana Almeida", "ana almeida", "BO BERG", "bo@example.com", "r7", "李雷", "")
    rows = [{**DEAL, "deal_id": f"D{n}", "owner": name} for n, name in enumerate(names)]
    report = load_one("d.csv", *rows)
    owners = list(Deal.objects.order_by("deal_id").values_list("owner_id", flat=True))
    assert owners == ["ana-almeida", "ana-almeida", "r7", "r7", "r7", "李雷", None]
    assert report.warnings["owner is empty"] == 1
    assert Rep.objects.get(rep_id="ana-almeida").name == "Ana Almeida"
    again = load_one("e.csv", *rows, {**DEAL, "deal_id": "D9"})
    assert (again.inserted, again.updated) == (1, 0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n\n", "is empty"),
        (b"PK\x03\x04rest", "is a damaged zip archive or workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "is an old Office file without a workbook"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\x00\x01\x02\n", "is a binary file"),
        (b'{"rows": []}', "is JSON, not a table"),
        (b"x;y\n1;2\n", "“date” is missing"),
        (b"x;y\n1;2\n", "(it has “;” between its columns)"),
        (b",".join([b"x"] * 400) + b"\n", "has 400 columns; at most 300 can be read without"),
        (b"x" * 100_000, "has a first line of more than 65,536 characters"),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(
    load_one: LoadOne, content: bytes, says: str
) -> None:
    report = load_one("marketing_channels.csv", content)
    assert (report.status, report.rows) == ("refused", 0)
    assert says in report.message
    kept = DataLoad.objects.get()
    assert (kept.dataset, kept.status, kept.message) == (
        "marketing_channels",
        "refused",
        report.message,
    )


def test_a_header_alone_is_a_file_of_no_rows(load_one: LoadOne) -> None:
    report = load_one("m.csv", text_of(MARKETING).split("\n")[0] + "\n")
    assert (report.status, report.rows) == ("loaded", 0)


def test_a_column_that_is_there_twice_stops_the_run(load_one: LoadOne) -> None:
    text = text_of({**DEAL, "owner_name": "x"})
    assert load_one("d.csv", text).message == "has column “owner_name” twice"


def test_a_file_that_is_not_there_or_matches_nothing_stops_the_run(
    load: Load, write: Write
) -> None:
    unknown = write("x.csv", "a,b\n1,2\n")
    assert load(unknown).files[0].message.startswith("matches no dataset by name or header")
    assert load(unknown.parent / "none.csv").files[0].message == "does not exist"
    assert not DataLoad.objects.exists()


def test_a_dataset_can_be_named(load: Load, write: Write) -> None:
    (report,) = load(write("x.csv", CUSTOMER), dataset="pipeline_deals").files
    assert "column “deal_id” is missing" in report.message
    with pytest.raises(ValueError, match="known are"):
        load(write("x.csv", CUSTOMER), dataset="deals")


def test_a_header_that_nearly_fits_is_told_what_it_lacks(load_one: LoadOne) -> None:
    row = {name: cell for name, cell in DEAL.items() if name != "stage"}
    assert "column “stage” is missing" in load_one("x.csv", row).message


def test_the_header_counts_more_than_the_name(load_one: LoadOne) -> None:
    assert load_one("pipeline_deals.csv", CUSTOMER).dataset == "revenue_customers"


def test_who_follows_hears_of_every_stage(load: Load, write: Write) -> None:
    steps: list[Step] = []
    load(write("m.csv", MARKETING), progress=steps.append)
    assert [step.stage for step in steps] == ["reading", "checking", "writing"]
    assert all(step.rows == 1 and step.done == step.total for step in steps)
