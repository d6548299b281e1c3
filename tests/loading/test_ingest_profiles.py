"""``manage.py ingest`` with files of others: profiles, guesses, layouts, and files one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from marketing.models import MarketingDay
from pipeline.models import Deal
from revops_site.kernel.models import DataLoad
from tests.loading.conftest import CUSTOMER, DEAL, MARKETING, Write, text_of
from tests.loading.test_formats import PROFILE, STRANGERS, book
from tests.loading.test_ingest import ingest

pytestmark = pytest.mark.django_db


def test_a_profile_is_named_and_the_report_tells_what_was_left_out(write: Write) -> None:
    path, profile = write("export.csv", STRANGERS), write("p.toml", PROFILE)
    code, out, _ = ingest(path, "--map", profile)
    assert code == 0
    assert "export.csv: left out: 1 total row (line 7)" in out
    assert "export.csv: left out: 1 exact repeat (line 6)" in out
    assert Deal.objects.count() == 2
    _, out, _ = ingest(path, "--map", profile, "--json", "--dry-run")
    assert json.loads(out)["files"][0]["dropped"]["total rows"] == {"rows": 1, "lines": [7]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dataset = ", "the profile is not TOML"),
        ('dataset = "deals"', "No dataset is called “deals”"),
        ("[numbers]\ndecimal = '.'", "The profile names no dataset"),
        ('dataset = "pipeline_deals"\n[columns]\nsize = "x"', "size"),
    ],
)
def test_a_profile_that_is_none_ends_with_2_and_a_sentence(
    write: Write, text: str, says: str
) -> None:
    code, out, err = ingest(write("e.csv", STRANGERS), "--map", write("p.toml", text))
    assert code == 2
    assert says in out + err
    assert not Deal.objects.exists()


def test_a_guess_is_written_as_a_profile_to_mend(write: Write, tmp_path: Path) -> None:
    path = write("crm_deals.csv", text_of({"Deal ID": "1", "Amount": "5", "Deal Stage": "Won"}))
    code, out, err = ingest("--guess", path)
    assert code == 0
    assert 'dataset = "pipeline_deals"' in out
    assert "doubt: " in err
    ingest("--guess", path, "--output", tmp_path / "deals.toml")
    assert (tmp_path / "deals.toml").read_text(encoding="utf-8").strip() == out.strip()
    assert not DataLoad.objects.exists()
    assert ingest("--guess", tmp_path / "nothing.csv")[0] == 2
    with pytest.raises(CommandError):
        ingest("--guess", path, path)


def test_sheets_and_signs_are_named_on_the_command_line(write: Write, tmp_path: Path) -> None:
    rows: list[list[Any]] = [[*DEAL], [*DEAL.values()]]
    workbook = book(tmp_path / "deals.xlsx", Notes=[["Ask Ana", "or Bo"]], Deals=rows)
    assert ingest(workbook, "--sheet", "Deals")[0] == 0
    assert ingest(workbook, "--sheet", "Nothing")[0] == 2
    tabs = write("m.csv", text_of(MARKETING, delimiter="\t").encode("utf-16-le"))
    assert ingest(tabs, "--delimiter", "tab", "--encoding", "utf-16-le")[0] == 0
    assert (Deal.objects.count(), MarketingDay.objects.count()) == (1, 1)
    code, _, err = ingest(tabs, "--encoding", "klingon")
    assert (code, "--encoding: “klingon” is not an encoding of text" in err) == (2, True)
    rates = write("r.csv", "2024-01-01,EUR,USD,1.1\n")
    assert ingest(rates, "--no-header", "--dataset", "fx_rates")[0] == 0


def test_files_that_come_in_one_by_one_stop_no_other(write: Write) -> None:
    good = write("m.csv", MARKETING)
    write("revenue_customers.csv", CUSTOMER)
    write("pipeline_deals.csv", "deal_id,acount\nD1,x\n")
    code, out, err = ingest(good.parent, "--commit", "each")
    assert (code, "A file was not loaded." in err) == (1, True)
    assert "“account” is missing" in out
    kept = dict(DataLoad.objects.values_list("dataset", "status"))
    assert kept == {
        "marketing_channels": "loaded",
        "revenue_customers": "loaded",
        "pipeline_deals": "refused",
    }
    assert DataLoad.objects.values("run").distinct().count() == 3


def test_a_run_that_was_ended_goes_on_with_what_is_missing(write: Write) -> None:
    paths = [write(f"m{n}.csv", {**MARKETING, "leads": n}) for n in range(4)]
    ingest(*paths[:2], "--commit", "each")
    for statuses in (["unchanged"] * 2 + ["loaded"] * 2, ["unchanged"] * 4):
        _, out, _ = ingest(*paths, "--commit", "each", "--json")
        assert [file["status"] for file in json.loads(out)["files"]] == statuses
        assert MarketingDay.objects.get().leads == 3
