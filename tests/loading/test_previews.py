"""Before a load: how rows will be stored. After it: the refused ones, to mend and send again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from insights.catalog import DATASETS
from pipeline.models import Deal
from revops_site.kernel import loading
from revops_site.kernel.models import DataLoad, Rep
from revops_site.kernel.profiles import parse
from revops_site.kernel.reading import UnreadableError
from tests.loading.conftest import DEAL, Load, Write, text_of
from tests.loading.test_formats import PROFILE, STRANGERS

pytestmark = pytest.mark.django_db


def test_a_preview_shows_rows_as_they_will_be_stored_and_keeps_nothing(write: Write) -> None:
    path = write("export.csv", STRANGERS.replace("01.02.2024", "01.13.2024", 1))
    shown = loading.preview(path, parse(PROFILE), DATASETS)
    first, second, third = (dict(zip(shown.titles, r.cells, strict=True)) for r in shown.rows)
    assert (first["deal_id"], first["amount"], first["status"]) == ("O-1", "1200.50", "won")
    assert (first["created_at"], first["owner"]) == ("2024-01-31", "Ana")
    assert [row.line for row in shown.rows] == [4, 5, 6]
    assert dict(shown.rows[0].troubles) == {}
    assert set(shown.rows[1].troubles) == {"created_at", "expected_close", "last_stage_change"}
    assert (second["created_at"], third["created_at"]) == ("01.13.2024", "2024-02-01")
    for table in (Deal, Rep, DataLoad):
        assert not table._default_manager.exists()


def test_a_preview_of_few_rows_is_of_the_first(write: Write) -> None:
    path = write("d.csv", *({**DEAL, "deal_id": f"D{n}"} for n in range(50)))
    shown = loading.preview(path, parse('dataset = "pipeline_deals"'), DATASETS, rows=3)
    assert [row.cells[0] for row in shown.rows] == ["D0", "D1", "D2"]


def test_a_preview_says_why_there_is_none(write: Write) -> None:
    path = write("d.csv", DEAL)
    with pytest.raises(UnreadableError, match="does not fit the profile"):
        loading.preview(path, parse(PROFILE), DATASETS)
    with pytest.raises(ValueError, match="No dataset is called"):
        loading.preview(path, parse('dataset = "deals"'), DATASETS)


def test_refused_rows_are_mended_and_sent_again(load: Load, write: Write) -> None:
    bad = {**DEAL, "deal_id": "D2", "amount": "lots", "status": "?"}
    path = write("d.csv", text_of(DEAL, bad) + "short,row\n")
    load(path)
    header, *rows = loading.refused_rows(DataLoad.objects.get(), path)
    assert header == [*DEAL, "refused because"]
    assert [row[0] for row in rows] == ["D2", "short,row"]
    assert rows[0][-1] == "amount: is not a number; status: is not one of open, won, lost"
    assert rows[1][-1] == "has 2 fields where the header has 14"
    for name, cell in (("amount", "7"), ("expected_value", "3.5"), ("status", "open")):
        rows[0][header.index(name)] = cell
    again = _written(write, "again.csv", header, rows[0])
    (report,) = load(again).files
    assert (report.status, report.accepted, dict(report.warnings)) == ("loaded", 1, {})
    assert Deal.objects.get(deal_id="D2").amount == 7


def test_a_file_of_refused_rows_loads_its_guarded_cells_without_the_guard(
    load: Load, write: Write
) -> None:
    row = {**DEAL, "deal_id": "'-7-A", "opportunity_name": "''=1+1", "refused because": "x"}
    (report,) = load(write("d.csv", row)).files
    assert (report.accepted, report.refused) == (1, 0)
    deal = Deal.objects.get()
    assert (deal.deal_id, deal.opportunity_name) == ("-7-A", "'=1+1")
    load(write("e.csv", {**DEAL, "deal_id": "'-8"}))
    assert Deal.objects.filter(deal_id="'-8").exists()


def test_refused_rows_of_a_strangers_file_are_as_they_stand_there(load: Load, write: Write) -> None:
    path, profile = write("e.csv", STRANGERS.replace("2.000", "two")), parse(PROFILE)
    load(path, profile=profile)
    header, row = loading.refused_rows(DataLoad.objects.get(), path, profile)
    assert header[:2] == ["Opportunity", "Company"]
    assert row == ["O-2", "Bolt", "No", "two", "01.02.2024", "amount: is not a number"]
    row[3] = "2.000"
    (report,) = load(_written(write, "again.csv", header, row), profile=profile).files
    assert (report.accepted, report.refused) == (1, 0)


def _written(write: Write, name: str, *rows: list[str]) -> Path:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return write(name, out.getvalue())
