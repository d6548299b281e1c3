"""What ``manage.py generate`` writes: the contract, the same bytes, and the story that is told."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from insights.catalog import DATASETS
from insights.samples import CPL
from revops_site.kernel import loading
from revops_site.kernel.world import AS_OF, World, company

ROOT = Path(__file__).parent.parent
LAST = pd.Timestamp(AS_OF)
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
FUNNEL = ["leads", "MQLs", "SQLs", "opportunities", "closed_won"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the default company."""
    path = tmp_path_factory.mktemp("generated")
    call_command("generate", output=str(path), verbosity=0, stdout=sys.stderr)
    return path


def read(folder: Path, name: str, *days: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", parse_dates=list(days))


@pytest.fixture(scope="module")
def marketing(folder: Path) -> pd.DataFrame:
    return read(folder, "marketing_channels", "date")


@pytest.fixture(scope="module")
def deals(folder: Path) -> pd.DataFrame:
    days = ("created_at", "expected_close", "last_stage_change")
    return read(folder, "pipeline_deals", *days)


@pytest.fixture(scope="module")
def customers(folder: Path) -> pd.DataFrame:
    return read(folder, "revenue_customers", "start_date", "churn_date")


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def generate(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as ops would call it, in a process of its own."""
    command = [sys.executable, "manage.py", "generate", *arguments]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )


class TestFiles:
    """What is written, and how."""

    def test_each_file_has_exactly_the_columns_of_its_contract(self, folder: Path) -> None:
        written = {path.stem: path.read_text().split("\n", 1)[0] for path in folder.iterdir()}
        assert written == HEADERS

    def test_another_process_writes_the_same_bytes_and_says_where(
        self, folder: Path, tmp_path: Path
    ) -> None:
        run = generate("--output", str(tmp_path / "new" / "again"))
        assert run.returncode == 0, run.stderr
        assert hashes(tmp_path / "new" / "again") == hashes(folder)
        lines = run.stdout.splitlines()
        assert len(lines) == len(HEADERS)
        for name, line in zip(HEADERS, lines, strict=True):
            rows = len((folder / f"{name}.csv").read_text().splitlines()) - 1
            assert line == f"{tmp_path / 'new' / 'again' / name}.csv: {rows:,} rows"

    def test_another_seed_or_day_tells_another_story(self, folder: Path, tmp_path: Path) -> None:
        call_command("generate", output=str(tmp_path / "a"), seed=7, stdout=sys.stderr)
        call_command("generate", output=str(tmp_path / "b"), as_of="2026-06-29", stdout=sys.stderr)
        told = [hashes(path) for path in (folder, tmp_path / "a", tmp_path / "b")]
        for name in set(HEADERS) - {"benchmarks"}:
            assert len({each[f"{name}.csv"] for each in told}) == 3

    def test_a_file_made_alone_is_the_one_that_comes_with_the_others(
        self, folder: Path, tmp_path: Path
    ) -> None:
        call_command(
            "generate", output=str(tmp_path), only=["revenue_customers"], stdout=sys.stderr
        )
        assert hashes(tmp_path).items() <= hashes(folder).items()
        assert [path.name for path in tmp_path.iterdir()] == ["revenue_customers.csv"]

    def test_files_that_are_there_are_replaced_and_others_are_left(self, tmp_path: Path) -> None:
        (tmp_path / "benchmarks.csv").write_text("old")
        (tmp_path / "notes.txt").write_text("mine")
        call_command("generate", output=str(tmp_path), only=["benchmarks"], stdout=sys.stderr)
        assert (tmp_path / "benchmarks.csv").read_text().startswith(HEADERS["benchmarks"])
        assert {path.name for path in tmp_path.iterdir()} == {"benchmarks.csv", "notes.txt"}

    @pytest.mark.django_db
    def test_the_loader_takes_every_row(self, folder: Path) -> None:
        report = loading.load([folder], DATASETS, strict=True)
        assert {file.dataset for file in report.files} == set(HEADERS)
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
        ],
    )
    def test_a_bad_argument_is_named(self, arguments: list[str], says: str, tmp_path: Path) -> None:
        run = generate("--output", str(tmp_path / "out"), *arguments)
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


class TestMarketing:
    """Invariants and stories of the marketing file."""

    def test_counts_and_money_are_never_below_zero(self, marketing: pd.DataFrame) -> None:
        counted = marketing[["spend", "impressions", "clicks", *FUNNEL]]
        assert (counted >= 0).all(axis=None)
        assert (marketing["clicks"] <= marketing["impressions"]).all()
        assert (marketing["leads"] <= marketing["clicks"]).all()

    def test_no_row_stands_twice_and_the_days_are_26_months(self, marketing: pd.DataFrame) -> None:
        assert not marketing.duplicated(["date", "channel", "campaign", "segment", "geo"]).any()
        assert marketing["date"].min() == pd.Timestamp(2024, 5, 1)
        assert marketing["date"].max() == LAST
        assert marketing["date"].nunique() == 791

    def test_ratios_follow_from_the_counts(self, marketing: pd.DataFrame) -> None:
        rows = marketing
        cac, cpl = rows["spend"] / rows["closed_won"].clip(1), rows["spend"] / rows["leads"].clip(1)
        assert (rows["CAC"] - cac).abs().max() <= 0.0051
        assert (rows["CPL"] - cpl).abs().max() <= 0.0051
        assert (rows["CTR"] - rows["clicks"] / rows["impressions"].clip(1)).abs().max() <= 0.000051
        assert rows["ROI"].isna().equals(rows["spend"] == 0)
        assert (rows["ROI"].dropna() >= -100).all()

    def test_what_roi_credits_is_what_the_deals_brought(
        self, marketing: pd.DataFrame, deals: pd.DataFrame
    ) -> None:
        credited = (marketing["spend"] * (1 + marketing["ROI"] / 100)).groupby(marketing["channel"])
        won = deals[deals["status"] == "Closed_Won"].groupby("source_channel")["amount"].sum()
        for channel in ("Google Ads", "LinkedIn"):
            assert credited.sum()[channel] == pytest.approx(won[channel], rel=1e-3)

    def test_unpaid_channels_cost_nothing_and_bring_customers(
        self, marketing: pd.DataFrame
    ) -> None:
        sums = marketing.groupby("channel")[["spend", "closed_won"]].sum()
        unpaid = set(sums.index[sums["spend"] == 0])
        assert unpaid == {"Organic Search", "Referral"}
        assert (sums.loc[sorted(unpaid), "closed_won"] > 0).all()
        assert set(sums.index) - unpaid == set(CPL)

    def test_linkedin_is_strongest_in_ent_and_google_in_smb(self, marketing: pd.DataFrame) -> None:
        won = marketing.groupby(["channel", "segment"])["closed_won"].sum().unstack()
        assert won["ENT"].idxmax() == "LinkedIn"
        assert won["SMB"].idxmax() == "Google Ads"

    def test_facebook_stops_converting_while_its_leads_keep_coming(
        self, marketing: pd.DataFrame
    ) -> None:
        facebook = marketing[marketing["channel"] == company.FACEBOOK]
        broken = facebook["date"] >= pd.Timestamp(World().facebook_breaks)
        before, after = (
            facebook[~broken].sum(numeric_only=True),
            facebook[broken].sum(numeric_only=True),
        )
        assert after["MQLs"] / after["leads"] < 0.25 * before["MQLs"] / before["leads"]
        assert after["spend"] / after["leads"] == pytest.approx(
            before["spend"] / before["leads"], rel=0.15
        )

    def test_one_campaign_spends_without_a_lead(self, marketing: pd.DataFrame) -> None:
        sums = marketing.groupby("campaign")[["spend", "leads"]].sum()
        assert list(sums.index[sums["leads"] == 0]) == [company.VIDEO]
        assert sums["spend"][company.VIDEO] > 1000

    def test_the_spike_is_the_dearest_day(self, marketing: pd.DataFrame) -> None:
        spend = marketing.groupby("date")["spend"].sum().sort_values()
        assert spend.index[-1] == pd.Timestamp(World().spike_day) == pd.Timestamp(2026, 5, 12)
        assert spend.iloc[-1] > 2 * spend.iloc[-2]

    def test_webinars_are_new_in_the_last_five_months(self, marketing: pd.DataFrame) -> None:
        webinars = marketing[marketing["channel"] == company.WEBINARS]
        assert webinars["date"].dt.to_period("M").nunique() == 5

    def test_the_calendar_shows(self, marketing: pd.DataFrame) -> None:
        leads = marketing.groupby("date")["leads"].sum()
        days = leads.index.to_series().dt
        months = leads.groupby(days.strftime("%Y-%m")).mean()
        assert months["2025-08"] < 0.85 * months["2025-09"]
        assert leads["2025-12-22":"2026-01-02"].mean() < 0.6 * leads["2025-11"].mean()
        weekend = days.day_of_week >= 5
        assert leads[weekend].mean() < 0.75 * leads[~weekend].mean()
        assert 1.1 < leads["2025-07-01":].sum() / leads[:"2025-06-30"].sum() < 1.4


class TestDealsAndCustomers:
    """Invariants and stories of the pipeline and revenue files."""

    def test_stage_status_and_probability_agree(self, deals: pd.DataFrame) -> None:
        open_ = deals["status"] == "Open"
        assert set(deals.loc[open_, "stage"]) == set(company.OPEN_STAGES)
        assert (deals.loc[~open_, "stage"] == deals.loc[~open_, "status"]).all()
        assert (deals.loc[deals["status"] == "Closed_Won", "probability"] == 1).all()
        assert (deals.loc[deals["status"] == "Closed_Lost", "probability"] == 0).all()
        assert deals.loc[open_, "probability"].between(0.01, 0.99).all()

    def test_days_are_in_order_and_known(self, deals: pd.DataFrame) -> None:
        assert (deals["created_at"] <= deals["last_stage_change"]).all()
        assert (deals["last_stage_change"] <= LAST).all()
        assert ((LAST - deals["last_stage_change"]).dt.days == deals["days_in_stage"]).all()
        ahead = deals.loc[deals["status"] == "Open", "expected_close"] > LAST
        assert 0.75 < ahead.mean() < 1

    def test_about_a_fifth_of_the_decided_deals_is_won(self, deals: pd.DataFrame) -> None:
        decided = deals[deals["status"] != "Open"]
        assert 0.18 < (decided["status"] == "Closed_Won").mean() < 0.26

    def test_every_owner_is_one_of_the_reps_and_the_top_performer_stands_out(
        self, deals: pd.DataFrame
    ) -> None:
        assert set(deals["owner"]) == {rep.name for rep in company.REPS}
        decided = deals[deals["status"] != "Open"]
        rates = (decided["status"] == "Closed_Won").groupby(decided["owner"]).mean()
        assert rates.idxmax() == "Maya Okafor"

    def test_the_rep_who_went_dark_has_the_most_open_deals(self, deals: pd.DataFrame) -> None:
        owners = deals.loc[deals["status"] == "Open", "owner"].value_counts()
        assert owners.idxmax() == "Matteo Rossi"

    def test_marketing_counts_the_deals_that_it_brought(
        self, marketing: pd.DataFrame, deals: pd.DataFrame
    ) -> None:
        brought = deals[deals["source_channel"] != company.OUTBOUND]
        won = brought[brought["status"] == "Closed_Won"]["source_channel"].value_counts()
        counted = marketing.groupby("channel")["closed_won"].sum()
        assert won.to_dict() == counted[counted > 0].to_dict()
        created = brought[brought["created_at"] >= marketing["date"].min()]
        known = created["source_channel"].value_counts()
        assert known.to_dict() == marketing.groupby("channel")["opportunities"].sum().to_dict()

    def test_every_won_deal_is_a_customer_from_that_day(
        self, deals: pd.DataFrame, customers: pd.DataFrame
    ) -> None:
        assert deals["account"].is_unique
        assert customers["account"].is_unique
        start = customers.set_index("account")["start_date"]
        won = deals[deals["status"] == "Closed_Won"].set_index("account")["last_stage_change"]
        assert (start[won.index] == won).all()
        assert (start.drop(won.index) < pd.Timestamp(World().first_day)).all()

    def test_who_left_pays_nothing_and_says_why(self, customers: pd.DataFrame) -> None:
        left = customers["churned_flag"]
        assert (customers.loc[left, ["mrr", "new_mrr", "arpa", "nrr"]] == 0).all(axis=None)
        assert (customers.loc[~left, "mrr"] > 0).all()
        assert customers["churn_date"].notna().equals(left)
        assert customers["churn_reason"].notna().equals(left)
        assert (customers.loc[left, "churn_date"] > customers.loc[left, "start_date"]).all()
        assert customers["churn_date"].max() <= LAST
        assert customers["start_date"].max() <= LAST

    def test_a_higher_price_drives_small_customers_away(self, customers: pd.DataFrame) -> None:
        left = customers[customers["churned_flag"]]
        months = left.groupby(left["churn_date"].dt.strftime("%Y-%m")).size()
        assert set(months.nlargest(2).index) == {"2026-01", "2026-02"}
        wave = left[left["churn_date"].between("2026-01-01", "2026-02-28")]
        assert wave["churn_reason"].value_counts().idxmax() == "Price"


@pytest.mark.parametrize(
    ("seed", "as_of"), [(1, date(2000, 1, 1)), (2, date(2024, 2, 29)), (3, date(2099, 12, 31))]
)
def test_the_story_holds_for_other_seeds_and_days(seed: int, as_of: date, tmp_path: Path) -> None:
    call_command("generate", output=str(tmp_path), seed=seed, as_of=as_of, stdout=sys.stderr)
    rows = read(tmp_path, "marketing_channels", "date")
    spend = rows.groupby("date")["spend"].sum()
    assert spend.sort_values().index[-1] == pd.Timestamp(World(seed, as_of).spike_day)
    assert rows["date"].max().date() == as_of
    assert rows["ROI"].max() < 500_000


def test_a_topic_has_dice_of_its_own() -> None:
    one, other = World(1), World(1)
    other.dice("leads").random(1000)
    assert one.dice("deals").random() == other.dice("deals").random()
    assert one.dice("deals").random() != one.dice("leads").random()
    assert World(1).dice("deals").random() != World(2).dice("deals").random()


@pytest.mark.parametrize("as_of", [date(2026, 1, 1), date(2026, 11, 20), date(2028, 2, 29)])
def test_a_year_can_be_held_against_the_whole_year_before_it(as_of: date) -> None:
    assert World(1, as_of).first_day <= as_of - timedelta(days=2 * 365 - 1)
