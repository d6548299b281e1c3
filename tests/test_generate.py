"""What ``manage.py generate`` writes: the contracts, the same bytes, the sizes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from insights.catalog import DATASETS
from insights.samples import FILES
from revops_site.kernel import loading
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.world import World, csvtext
from revops_site.kernel.world.accounts import accounts
from revops_site.kernel.world.deals import deals
from revops_site.kernel.world.files import File
from tests.generated import NAMES, company, generate, hashes, read

ROOT = Path(__file__).parent.parent
# What the files of the four first datasets began with from the start: others build upon it.
HEADERS = {
    "benchmarks": "benchmark_id,metric_type,category,subcategory,target_value,min_value,max_value,"
    "unit,description",
    "marketing_channels": "date,channel,campaign,segment,geo,spend,impressions,clicks,leads,MQLs,"
    "SQLs,opportunities,closed_won,CAC,CPL,CTR,CVR_stagewise,ROI",
    "pipeline_deals": "deal_id,account,segment,owner,stage,amount,created_at,expected_close,"
    "last_stage_change,days_in_stage,probability,expected_value,status,source_channel",
    "revenue_customers": "customer_id,account,segment,plan,start_date,mrr,new_mrr,expansion_mrr,"
    "contraction_mrr,churned_flag,churn_date,churn_reason,arpa,nrr",
}
# About so many rows has a company of this size.
ROWS = {
    "M": {"pipeline_deals": 2e5, "marketing_channels": 1e6, "customer_mrr": 1.8e6},
    "L": {
        "pipeline_deals": 2e6,
        "marketing_channels": 1e7,
        "touchpoints": 0.9e7,
        "customer_mrr": 1e7,
        "activities": 1e7,
        "deal_changes": 1e7,
    },
}
PROMISES = {dataset.name: dataset for dataset in DATASETS}


@pytest.fixture(scope="module")
def folder() -> Path:
    """The files of the default company."""
    return company()


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as ops would call it, in a process of its own."""
    command = [sys.executable, "manage.py", "generate", *arguments]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )


class TestFiles:
    """What is written, and how."""

    def test_there_is_a_file_of_every_name_in_load_order(self, folder: Path) -> None:
        assert {path.name for path in folder.iterdir()} == {f"{name}.csv" for name in NAMES}
        assert [name for name in PROMISES if name in NAMES] == NAMES

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
    def test_each_file_has_the_columns_of_its_contract(self, file: File, folder: Path) -> None:
        header = (folder / f"{file.name}.csv").read_text().split("\n", 1)[0]
        assert header.startswith(HEADERS.get(file.name, ""))
        _holds_to_its_columns(PROMISES[file.name], header.split(","))

    def test_another_process_writes_the_same_bytes_and_says_where(
        self, folder: Path, tmp_path: Path
    ) -> None:
        run = program("--output", str(tmp_path / "new" / "again"))
        assert run.returncode == 0, run.stderr
        assert hashes(tmp_path / "new" / "again") == hashes(folder)
        lines = run.stdout.splitlines()
        assert len(lines) == len(NAMES)
        for name, line in zip(NAMES, lines, strict=True):
            rows = len((folder / f"{name}.csv").read_text().splitlines()) - 1
            assert line == f"{tmp_path / 'new' / 'again' / name}.csv: {rows:,} rows"

    def test_another_seed_or_day_tells_another_story(self, folder: Path, tmp_path: Path) -> None:
        told = [hashes(folder)]
        told.append(hashes(generate(tmp_path / "seed", seed=7)))
        told.append(hashes(generate(tmp_path / "day", as_of="2026-06-29")))
        same = {"benchmarks", "teams", "holidays", "pipelines", "stages"}
        for name in set(NAMES) - same:
            assert told[0][name] != told[1][name], name
        for name in set(NAMES) - same - {"fx_rates", "reps"}:
            assert told[0][name] != told[2][name], name

    def test_a_file_made_alone_is_the_one_that_comes_with_the_others(
        self, folder: Path, tmp_path: Path
    ) -> None:
        generate(tmp_path, only=["revenue_customers"])
        assert hashes(tmp_path).items() <= hashes(folder).items()
        assert [path.name for path in tmp_path.iterdir()] == ["revenue_customers.csv"]

    def test_files_that_are_there_are_replaced_and_others_are_left(self, tmp_path: Path) -> None:
        (tmp_path / "benchmarks.csv").write_text("old")
        (tmp_path / "notes.txt").write_text("mine")
        generate(tmp_path, only=["benchmarks"])
        assert (tmp_path / "benchmarks.csv").read_text().startswith(HEADERS["benchmarks"])
        assert {path.name for path in tmp_path.iterdir()} == {"benchmarks.csv", "notes.txt"}

    @pytest.mark.django_db
    def test_the_loader_takes_every_row(self, folder: Path) -> None:
        report = loading.load([folder], DATASETS, strict=True)
        assert {file.dataset for file in report.files} == set(NAMES)
        assert report.exit_code == 0
        assert sum(file.refused for file in report.files) == 0
        warnings = [says for file in report.files for says in file.warnings]
        assert all("closed_at" in says for says in warnings), "no ratio, age or day is doubted"


class TestBadArguments:
    """What cannot be made is said in a sentence, and nothing is written."""

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["--as-of", "yesterday"], "--as-of takes a date such as 2026-06-30, not 'yesterday'"),
            (["--as-of", "1999-12-31"], "the day must lie from 2000-01-01 to 2099-12-31"),
            (["--seed", "-1"], "the seed must be 0 or above, not -1"),
            (["--seed", "one"], "invalid int value: 'one'"),
            (["--only", "invoices"], "invalid choice: 'invoices'"),
            (["--size", "XL"], "invalid choice: 'XL'"),
        ],
    )
    def test_a_bad_argument_is_named(self, arguments: list[str], says: str, tmp_path: Path) -> None:
        run = program("--output", str(tmp_path / "out"), *arguments)
        assert run.returncode == 2
        assert says in run.stderr
        assert "Traceback" not in run.stderr
        assert not (tmp_path / "out").exists()

    def test_an_output_is_needed(self) -> None:
        with pytest.raises(CommandError, match="--output"):
            call_command("generate")

    @pytest.mark.parametrize("below", ["", "deeper"])
    def test_an_output_that_is_a_file_is_refused_and_kept(self, below: str, tmp_path: Path) -> None:
        taken = tmp_path / "taken"
        taken.write_text("mine")
        with pytest.raises(CommandError, match="is not a folder"):
            call_command("generate", output=str(taken / below))
        assert taken.read_text() == "mine"

    def test_a_target_that_cannot_be_replaced_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "benchmarks.csv").mkdir()
        with pytest.raises(CommandError, match=r"Cannot write.*benchmarks\.csv"):
            call_command("generate", output=str(tmp_path), only=["benchmarks"])
        assert [path.name for path in tmp_path.iterdir()] == ["benchmarks.csv"]


class TestSizes:
    """What M and L hold, and how their shards fit together."""

    @pytest.mark.parametrize("size", ROWS)
    def test_a_size_has_about_the_rows_that_it_promises(self, size: str) -> None:
        shard = World(size=size).shards[3]
        for file in FILES:
            if file.name in ROWS[size]:
                rows = len(file.make(shard)) * shard.scale.shards
                assert rows == pytest.approx(ROWS[size][file.name], rel=0.1), file.name

    def test_shards_share_no_id_no_account_and_no_campaign(self) -> None:
        one, other = World(size="M").shards[:2]
        for frame, column in (
            (deals, "deal_id"),
            (accounts, "account_id"),
            (accounts, "account_name"),
        ):
            texts = [set(frame(shard)[column]) - {""} for shard in (one, other)]
            assert texts[0].isdisjoint(texts[1]), column

    def test_people_of_all_shards_stand_in_one_file_with_the_known_ones_first(
        self, tmp_path: Path
    ) -> None:
        generate(tmp_path, size="M", only=["teams", "reps", "holidays"])
        reps, teams = read(tmp_path, "reps"), read(tmp_path, "teams")
        assert len(reps) > 250
        assert reps["rep_id"].is_unique
        assert reps["email"].is_unique
        assert set(reps["team"]) == set(teams["team"])
        assert list(reps["name"][:12]) == list(read(company(), "reps")["name"])
        assert hashes(tmp_path)["holidays"] == hashes(company())["holidays"]

    def test_an_id_of_the_largest_company_is_as_long_as_the_others(self) -> None:
        shards = World(size="L").shards
        ids = [shard.ids("DEAL", np.array([1]))[0] for shard in (shards[0], shards[-1])]
        assert ids == ["DEAL_00000001", "DEAL_79000001"]


def test_what_a_frame_holds_is_read_back_from_its_lines() -> None:
    frame = pd.DataFrame(
        {
            "text": ["plain", 'says "no", twice', "two\nlines", None],
            "kind": pd.Categorical(["a, b", "c", None, "a, b"]),
            "day": pd.to_datetime(["2026-05-12", "", "2026-05-14", "2026-05-12"]),
            "at": pd.to_datetime(["2026-05-12 14:05", "", "2026-05-14 00:00", ""], utc=True),
            "many": [1, -2, 3_000_000_000, 0],
            "money": [0.1 + 0.2, 1e6, float("nan"), 12.5],
            "is": [True, False, True, False],
            "maybe": pd.array([True, None, False, None], dtype="boolean"),
            "few": pd.array([1, None, 3, 4], dtype="Int64"),
        }
    )
    file = io.StringIO(csvtext.header(frame))
    file.seek(0, io.SEEK_END)
    csvtext.write(frame, file)
    lines = file.getvalue()
    assert lines.splitlines()[1:3] == [
        'plain,"a, b",2026-05-12,2026-05-12T14:05:00Z,1,0.3,True,True,1',
        '"says ""no"", twice",c,,,-2,1000000,False,,',
    ]
    file.seek(0)
    again = pd.read_csv(file, keep_default_na=False)
    assert list(again["text"]) == ["plain", 'says "no", twice', "two\nlines", ""]
    assert list(again["many"]) == list(frame["many"])


def _holds_to_its_columns(promise: Dataset, header: list[str]) -> None:
    given = {title for column in promise.columns for title in column.headers}
    assert set(header) <= given | {ratio.header for ratio in promise.recomputed}
    for column in promise.columns:
        assert not column.required or column.title in header, column.title


def test_a_topic_has_dice_of_its_own() -> None:
    one, other = World(1), World(1)
    other.dice("leads").random(1000)
    assert one.dice("deals").random() == other.dice("deals").random()
    assert one.dice("deals").random() != one.dice("leads").random()
    assert World(1).dice("deals").random() != World(2).dice("deals").random()


@pytest.mark.parametrize("as_of", [date(2026, 1, 1), date(2026, 11, 20), date(2028, 2, 29)])
def test_a_year_can_be_held_against_the_whole_year_before_it(as_of: date) -> None:
    assert World(1, as_of).first_day <= as_of - timedelta(days=2 * 365 - 1)
