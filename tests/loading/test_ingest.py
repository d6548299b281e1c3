"""``manage.py ingest``: what it says, and the exit codes that its help names."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.models import F
from rich.console import Console

from insights.catalog import DATASETS, ROLLUPS
from insights.datasets import FX_RATES
from insights.management.following import following
from marketing.models import MarketingDay
from revops_site.kernel import freshness
from revops_site.kernel.loading import Step, rows
from revops_site.kernel.models import DataLoad, User
from tests.loading.conftest import DEAL, MARKETING, Write

pytestmark = pytest.mark.django_db

KEPT = {"teams", "reps"}  # of which some may be whom people log in as


def ingest(*arguments: str | Path, **options: Any) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("ingest", *map(str, arguments), stdout=out, stderr=err, **options)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_load_ends_with_0_and_a_table(write: Write) -> None:
    code, out, _ = ingest(write("m.csv", MARKETING))
    assert code == 0
    assert "marketing_channels" in out
    assert MarketingDay.objects.exists()


def test_refused_rows_are_shown_and_the_rest_is_loaded(write: Write) -> None:
    code, out, _ = ingest(write("m.csv", MARKETING, {**MARKETING, "leads": "many"}))
    assert code == 0
    assert "m.csv: line 3: leads 'many' is not a whole number" in out


def test_what_is_loaded_already_ends_with_0(write: Write) -> None:
    path = write("m.csv", MARKETING)
    ingest(path)
    code, out, _ = ingest(path)
    assert (code, "m.csv: was already loaded" in out) == (0, True)


def test_a_missing_column_ends_with_2_and_its_name(write: Write) -> None:
    row = {("spent" if name == "spend" else name): cell for name, cell in MARKETING.items()}
    code, out, err = ingest(write("marketing_channels.csv", row))
    assert code == 2
    assert "column “spend” is missing (the nearest header is “spent”)" in out
    assert "Nothing was loaded." in err


def test_a_missing_column_that_no_header_is_near_to_is_named_alone(write: Write) -> None:
    row = {("zzz" if name == "spend" else name): cell for name, cell in MARKETING.items()}
    _, out, _ = ingest(write("marketing_channels.csv", row))
    assert "column “spend” is missing" in out
    assert "nearest" not in out


def test_wrong_usage_ends_with_2() -> None:
    assert ingest("/nowhere.csv")[0] == 2
    with pytest.raises(CommandError):
        ingest()


def test_strict_ends_with_3_when_a_row_is_refused(write: Write) -> None:
    path = write("d.csv", {**DEAL, "status": "?"})
    assert ingest(path, "--strict")[0] == 3


def test_a_file_of_which_every_row_is_refused_ends_with_1(write: Write) -> None:
    code, _, err = ingest(write("m.csv", {**MARKETING, "leads": "many"}))
    assert (code, "Every row of a file was refused." in err) == (1, True)


def test_a_dry_run_says_so_and_keeps_nothing(write: Write) -> None:
    code, out, _ = ingest(write("m.csv", MARKETING), "--dry-run")
    assert (code, "A dry run: nothing was kept." in out) == (0, True)
    assert not MarketingDay.objects.exists()


def test_json_is_all_that_standard_output_gets(write: Write) -> None:
    _, out, _ = ingest(write("m.csv", MARKETING, {**MARKETING, "leads": "many"}), "--json")
    report = json.loads(out)
    assert report["exit_code"] == 0
    (file,) = report["files"]
    assert (file["rows"], file["accepted"], file["refused"]) == (2, 1, 1)
    assert file["sample"][0]["line"] == 3


def test_a_failing_database_ends_with_4_and_one_line(write: Write) -> None:
    def failing(*_: Any) -> None:
        raise OperationalError("the server is away\nDETAIL: gone")

    with connection.execute_wrapper(failing):
        code, _, err = ingest(write("m.csv", MARKETING))
    assert code == 4
    assert "The database failed, nothing was loaded: the server is away\n" in err


@pytest.mark.slow
def test_a_company_is_made_and_loaded_in_one_step(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    code, out, err = ingest("--regenerate", "--seed", "7", "--as-of", "2025-03-31")
    assert (code, "pipeline_deals" in out, "pipeline_deals.csv" in err) == (0, True, True)
    assert set(DataLoad.objects.values_list("kind", "status")) == {("generated", "loaded")}
    assert not DataLoad.objects.exclude(refused=0).exists()
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_company_comes_in_the_place_of_the_one_before(
    settings: Any, tmp_path: Path, ana: User, bo: User
) -> None:
    settings.VAR = tmp_path
    assert ingest("--regenerate", "--seed", "7", "--as-of", "2025-03-31")[0] == 0
    before = freshness.workspace()
    assert ingest("--regenerate", "--seed", "8", "--as-of", "2024-12-31")[0] == 0
    second = DataLoad.objects.latest("id").run
    for dataset in DATASETS:
        loads = DataLoad.objects.filter(dataset=dataset.name)
        strangers = dataset.table._base_manager.filter(load__in=loads.exclude(run=second))
        assert not strangers.exists() or dataset.name in KEPT
        new = loads.filter(run=second).exclude(inserted=F("accepted"))
        assert not new.exists() or dataset.name in KEPT
    assert freshness.of(["pipeline_deals"], freshness.workspace()).last_day == date(2024, 12, 31)
    assert freshness.generation() == before.generation + 1
    assert [one.name for one in ROLLUPS if one.differences()] == []
    assert User.objects.get(pk=ana.pk).rep == ana.rep
    assert User.objects.get(pk=bo.pk).team == bo.team
    assert DataLoad.objects.exclude(run=second).exists(), "what was loaded is remembered"
    files = DataLoad.objects.filter(run=second).count()
    code, out, _ = ingest("--regenerate", "--seed", "8", "--as-of", "2024-12-31")
    assert (code, out.count("was already loaded")) == (0, files)


@pytest.mark.parametrize("is_edit", [False, True])
def test_a_company_is_not_mixed_with_other_data(write: Write, is_edit: bool) -> None:
    if is_edit:
        row = {"date": "2025-01-01", "from_currency": "EUR", "to_currency": "USD", "rate": "1"}
        rows.write(FX_RATES, [row], kind="edit", source="edit of a rate", by=None)
    else:
        ingest(write("deals.csv", DEAL))
    loads = DataLoad.objects.count()
    code, out, err = ingest("--regenerate")
    assert (code, out) == (2, "")
    found = "fx_rates (edit of a rate)" if is_edit else "pipeline_deals (deals.csv)"
    assert f"The database holds other data than a pretend company: {found}." in err
    assert "set DATABASE_URL to another one, or VAR_DIR" in err
    assert DataLoad.objects.count() == loads


@pytest.mark.parametrize(
    "arguments", [["--regenerate", "x.csv"], ["x.csv", "--seed", "7"], ["--size", "S"]]
)
def test_files_are_named_or_made_anew_but_not_both(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as error:
        ingest(*arguments)
    assert error.value.returncode == 2


def test_a_bar_shows_rows_and_their_rate_on_a_terminal() -> None:
    stream = io.StringIO()
    with following(stream, Console(file=stream, force_terminal=True, width=120)) as progress:
        progress(Step("m.csv", "reading", 500, 50, 100))
        progress(Step("m.csv", "reading", 1000, 100, 100))
    assert "1,000 rows" in stream.getvalue()
    assert "rows/s" in stream.getvalue()


def test_plain_lines_are_written_elsewhere() -> None:
    stream = io.StringIO()
    with following(stream) as progress:
        for done in (50, 60, 100):
            progress(Step("m.csv", "reading", done, done, 100))
        progress(Step("m.csv", "checking", 100, 100, 100))
    assert stream.getvalue().splitlines() == [
        "m.csv: reading, 50 rows, 50 % read",
        "m.csv: checking, 100 rows, 100 % read",
    ]
