"""The story that the pretend company's files tell, as docs/demo-company.md has it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from insights.samples import CPL
from revops_site.kernel.world import AS_OF, World, company
from revops_site.kernel.world.cast import REPS
from revops_site.kernel.world.deals import deals as world_deals
from revops_site.kernel.world.frame import number
from revops_site.kernel.world.process import PIPELINES, PROJECTS
from tests import generated
from tests.generated import generate, read

LAST = pd.Timestamp(AS_OF)
FUNNEL = ["leads", "MQLs", "SQLs", "opportunities", "closed_won"]


@pytest.fixture(scope="module")
def folder() -> Path:
    """The files of the default company."""
    return generated.company()


@pytest.fixture(scope="module")
def marketing(folder: Path) -> pd.DataFrame:
    return read(folder, "marketing_channels", "date")


@pytest.fixture(scope="module")
def deals(folder: Path) -> pd.DataFrame:
    days = ("created_at", "expected_close", "last_stage_change")
    return read(folder, "pipeline_deals", *days)


@pytest.fixture(scope="module")
def customers(folder: Path) -> pd.DataFrame:
    return read(folder, "revenue_customers", "start_date", "churn_date", "notice_date")


@pytest.fixture(scope="module")
def touches(folder: Path) -> pd.DataFrame:
    return read(folder, "touchpoints", "touched_at")


def told() -> pd.DataFrame:
    """What the company knows of the deals in its files; days are numbers."""
    found = world_deals(World())
    return found[found["told"]]


def days(numbers: pd.Series) -> pd.Series:
    """Numbered days as timestamps."""
    return pd.to_datetime(numbers.to_numpy(), unit="D").to_series()


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
        stages = {stage.name for each in PIPELINES for stage in each.stages if not stage.is_closed}
        assert set(company.OPEN_STAGES) <= set(deals.loc[open_, "stage"]) <= stages
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
        assert set(deals["owner"]) == {rep.name for rep in REPS}
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
        assert customers["account"].is_unique
        start = customers.set_index("account")["start_date"]
        won = deals[deals["status"] == "Closed_Won"].set_index("account")["last_stage_change"]
        assert (start[won.index] == won).all()
        assert (start.drop(won.index) < pd.Timestamp(World().first_day)).all()

    def test_who_left_pays_nothing_and_says_why(self, customers: pd.DataFrame) -> None:
        leaves = customers["churned_flag"]
        left = leaves & (customers["churn_date"] <= LAST)
        assert (customers.loc[left, ["mrr", "new_mrr", "arpa", "nrr"]] == 0).all(axis=None)
        assert (customers.loc[~left, "mrr"] > 0).all()
        assert customers["churn_date"].notna().equals(leaves)
        assert customers["churn_reason"].notna().equals(leaves)
        assert (customers.loc[left, "churn_date"] > customers.loc[left, "start_date"]).all()
        assert customers["start_date"].max() <= LAST

    def test_some_gave_notice_and_still_pay(self, customers: pd.DataFrame) -> None:
        leaves = customers[customers["churned_flag"]]
        assert leaves["notice_date"].max() <= LAST
        assert (leaves["notice_date"] <= leaves["churn_date"]).all()
        ahead = leaves[leaves["churn_date"] > LAST]
        assert 5 <= len(ahead) < 0.1 * len(customers)
        assert (ahead["mrr"] > 0).all()

    def test_a_higher_price_drives_small_customers_away(self, customers: pd.DataFrame) -> None:
        left = customers[customers["churned_flag"]]
        months = left.groupby(left["churn_date"].dt.strftime("%Y-%m")).size()
        assert set(months.nlargest(2).index) == {"2026-01", "2026-02"}
        wave = left[left["churn_date"].between("2026-01-01", "2026-02-28")]
        assert wave["churn_reason"].value_counts().idxmax() == "Price"


class TestPeopleAndMoney:
    """Whom the other files are about."""

    def test_every_owner_and_every_account_is_known(
        self, folder: Path, deals: pd.DataFrame, customers: pd.DataFrame
    ) -> None:
        reps, accounts = read(folder, "reps"), read(folder, "accounts")
        assert set(deals["owner"]) <= {*reps["rep_id"], *reps["name"]}
        assert set(accounts["owner"]) <= set(reps["rep_id"])
        assert accounts["account_name"].is_unique

    def test_some_accounts_come_back_after_a_deal_that_was_lost(self) -> None:
        found = told()
        again = found[found["account"].duplicated(keep=False)]
        assert 50 < again["account"].nunique() < 0.1 * found["account"].nunique()
        assert found.loc[found["won"], "account"].is_unique
        first = again.drop_duplicates("account").set_index("account")
        second = again.drop_duplicates("account", keep="last").set_index("account").loc[first.index]
        assert not first["won"].any()
        assert (second["created"] > first["closed"]).all()

    def test_a_deal_in_another_currency_can_be_converted_on_any_day(self, folder: Path) -> None:
        rates = read(folder, "fx_rates", "date")
        found = told()
        assert set(found["currency"]) == {"USD", "EUR", "GBP"}
        assert set(found["currency"]) - {"USD"} <= set(rates["from_currency"])
        for _, each in rates.groupby("from_currency"):
            assert each["date"].min() <= days(found["created"]).min()
            assert each["date"].diff().max() <= pd.Timedelta(days=7)
            assert LAST - each["date"].max() < pd.Timedelta(days=7)
            assert each["rate"].max() < 1.4 * each["rate"].min()

    def test_everybody_rests_on_new_year_and_some_on_days_of_their_own(self, folder: Path) -> None:
        found = read(folder, "holidays", "date")
        assert found["region"].isna().sum() == 2 * found["date"].dt.year.nunique()
        us = found.loc[found["region"] == "US", "date"].dt.strftime("%Y-%m-%d")
        assert {"2025-11-27", "2025-09-01", "2026-07-04"} <= set(us)


class TestTouches:
    """The path from a touch to a lead to a deal."""

    def test_touches_are_of_campaigns_that_ran_and_of_deals_that_are(
        self, touches: pd.DataFrame, marketing: pd.DataFrame, deals: pd.DataFrame
    ) -> None:
        paid = touches[touches["channel"] != "Direct"]
        ran = {*zip(marketing["channel"], marketing["campaign"], strict=True)}
        assert {*zip(paid["channel"], paid["campaign"], strict=True)} <= ran
        known = touches[touches["deal_id"].notna()]
        assert set(known["deal_id"]) <= set(deals["deal_id"])
        assert touches["touch_id"].is_unique
        assert touches["touched_at"].is_monotonic_increasing
        assert touches["touched_at"].dt.tz_localize(None).min() >= pd.Timestamp(World().first_day)
        assert touches["touched_at"].dt.tz_localize(None).max() < LAST + pd.Timedelta(days=1)

    def test_what_made_somebody_a_lead_is_what_marketing_counts(
        self, touches: pd.DataFrame, marketing: pd.DataFrame
    ) -> None:
        made = touches[touches["type"] == "form"]
        assert made["lead_id"].is_unique
        keys = ["date", "channel", "campaign", "segment", "region"]
        made = made.assign(date=made["touched_at"].dt.tz_localize(None).dt.normalize())
        counted = marketing.rename(columns={"geo": "region"}).set_index(keys)["leads"]
        by_line = made.groupby(keys).size()
        assert (counted.reindex(by_line.index) >= by_line).all()

    def test_nearly_every_deal_that_marketing_brought_has_touches_before_it(
        self, touches: pd.DataFrame, deals: pd.DataFrame
    ) -> None:
        settled = deals["created_at"] > pd.Timestamp(World().first_day) + pd.Timedelta(days=90)
        brought = deals[settled & (deals["source_channel"] != company.OUTBOUND)]
        assert set(brought["deal_id"]) <= set(touches["deal_id"])

    def test_some_leads_that_a_rep_accepted_led_to_nothing(self, touches: pd.DataFrame) -> None:
        lost = touches[touches["deal_id"].isna()]
        assert lost["lead_id"].notna().all()
        assert 0.08 < len(lost) / len(touches) < 0.3


class TestScenarios:
    """What was planted for the product to find."""

    def test_on_one_day_the_forms_were_down(self, marketing: pd.DataFrame) -> None:
        sums = marketing.groupby("date")[["leads", "clicks"]].sum()
        outage = pd.Timestamp(World().outage_day)
        around = sums[outage - pd.Timedelta(days=28) : outage + pd.Timedelta(days=21) : 7]
        usual = around.drop(outage).median()
        assert sums.loc[outage, "leads"] < 0.4 * usual["leads"]
        assert sums.loc[outage, "clicks"] > 0.8 * usual["clicks"]

    def test_the_top_performer_knows_many_and_the_silent_one_few(
        self, deals: pd.DataFrame, folder: Path
    ) -> None:
        contacts = read(folder, "contacts").groupby("deal_id").size()
        known = contacts.reindex(deals["deal_id"], fill_value=0).to_numpy()
        by_rep = pd.Series(known).groupby(deals["owner"]).mean()
        assert by_rep.idxmax() == "Maya Okafor"
        assert by_rep["Maya Okafor"] > 1.5 * by_rep.median()
        assert by_rep.idxmin() == "Matteo Rossi"

    def test_the_rep_who_went_dark_logs_nothing_and_the_others_do(self, folder: Path) -> None:
        done = self.done(folder)
        last = done.groupby("name")["day"].max()
        assert last["Matteo Rossi"] < pd.Timestamp(World().dark)
        assert (last.drop("Matteo Rossi") > LAST - pd.Timedelta(days=7)).all()

    def test_a_week_without_activities_is_the_one_in_which_all_were_away(
        self, folder: Path
    ) -> None:
        done = self.done(folder)
        weeks = done.groupby(done["day"].dt.to_period("W-SUN").dt.start_time).size()
        weeks = weeks[LAST - pd.Timedelta(days=365) : LAST - pd.Timedelta(days=7)]
        usual = weeks[~weeks.index.to_series().dt.month.isin([12, 1])]
        assert usual.idxmin() == pd.Timestamp(World().offsite[0])
        assert usual.min() < 0.4 * usual.median()

    def done(self, folder: Path) -> pd.DataFrame:
        """Activities that were done, with the rep's name and the day."""
        reps = read(folder, "reps").set_index("rep_id")["name"]
        done = read(folder, "activities", "done_at").query("is_done")
        return done.assign(
            name=done["rep_id"].map(reps), day=done["done_at"].dt.tz_localize(None).dt.normalize()
        )

    def test_one_rep_gives_large_discounts(self, deals: pd.DataFrame) -> None:
        discount = deals.groupby("owner")["discount_pct"].mean()
        assert discount["Sofia Ramirez"] > 0.2
        assert (discount.drop("Sofia Ramirez") < 0.1).all()

    def test_two_reps_push_their_dates(self, deals: pd.DataFrame, folder: Path) -> None:
        moved = read(folder, "deal_changes", "changed_at").query("field == 'close_date'")
        later = moved[moved["new"].str[:7] > moved["old"].str[:7]]
        counted = later.groupby("deal_id").size().reindex(deals["deal_id"], fill_value=0)
        pushes = counted.groupby(deals["owner"].to_numpy()).mean().sort_values()
        assert set(pushes.index[-2:]) == {"Ethan Walker", "Oliver Grant"}
        assert pushes.iloc[-2] > 1.5 * pushes.iloc[-3]

    def test_one_rep_wins_more_since_she_was_coached(self, deals: pd.DataFrame) -> None:
        hers = deals[(deals["owner"] == "Amelia Hughes") & (deals["status"] != "Open")]
        after = hers["last_stage_change"] >= pd.Timestamp(World().coaching)
        rates = (hers["status"] == "Closed_Won").groupby(after).mean()
        assert rates[True] > 1.8 * rates[False]

    def test_large_contracts_get_stuck_with_the_lawyers(
        self, deals: pd.DataFrame, folder: Path
    ) -> None:
        visits = read(folder, "stage_history", "entered_at", "exited_at")
        visits = visits.merge(deals[["deal_id", "segment"]], on="deal_id")
        left = visits[(visits["stage_name"] == "Negotiation") & visits["exited_at"].notna()]
        took = (left["exited_at"] - left["entered_at"]).dt.days
        ago = (LAST.tz_localize("UTC") - left["exited_at"]).dt.days
        large = left["segment"] == "ENT"
        now, before = ago < 90, ago.between(180, 540)
        assert took[large & now].mean() > 1.25 * took[large & before].mean()
        assert took[~large & now].mean() < 1.25 * took[~large & before].mean()

    def test_the_champion_of_the_largest_committed_deal_has_left(
        self, deals: pd.DataFrame, folder: Path
    ) -> None:
        open_ = deals[(deals["status"] == "Open") & (deals["forecast_category"] == "Commit")]
        deal = open_.sort_values("amount").iloc[-1]
        assert deal["stage"] == "Negotiation"
        assert not deal["has_champion"]
        assert LAST < deal["expected_close"] < LAST + pd.Timedelta(days=31)
        contacts = read(folder, "contacts", "last_engaged_at").query("deal_id == @deal.deal_id")
        gone = contacts[contacts["role"].str.contains("champion")]
        assert len(gone) == 1
        assert (LAST - gone["last_engaged_at"] > pd.Timedelta(days=30)).all()

    def test_orders_wait_until_somebody_knows_the_end_user(
        self, deals: pd.DataFrame, folder: Path
    ) -> None:
        execution = [stage.name for stage in PIPELINES[PROJECTS].stages if stage.is_execution]
        running = deals[(deals["status"] == "Open") & deals["stage"].isin(execution)]
        assert 15 <= len(running) <= 40
        orders = read(folder, "orders").set_index("deal_id")
        assert set(running["deal_id"]) <= set(orders.index)
        waiting = running[running["stage"] == "Order Received"]
        assert (waiting["days_in_stage"] >= 30).sum() >= 6
        known = orders.loc[waiting["deal_id"], "end_user_identified"]
        assert (known == True).sum() < len(known) / 2  # noqa: E712 (unknown is neither)

    def test_papers_of_running_orders_are_there_missing_or_not_noted(
        self, deals: pd.DataFrame, folder: Path
    ) -> None:
        orders = read(folder, "orders").set_index("deal_id")
        open_ = set(deals.loc[deals["status"] == "Open", "deal_id"])
        running = orders[orders.index.isin(open_)]
        bought = running[running["materials_purchased"].eq(True)]
        kinds = (
            bought["survey_checklist_present"]
            .astype(object)
            .where(bought["survey_checklist_present"].notna(), None)
        )
        assert set(kinds) == {True, False, None}
        received = deals.set_index("deal_id").loc[running.index, "stage"] == "Order Received"
        ready = running["end_user_identified"].eq(True) & ~running["materials_purchased"].eq(True)
        ready |= running["end_user_identified"].eq(True) & running["survey_checklist_present"].eq(
            True
        )
        assert (ready & received).sum() >= 2, "fast wins"

    def test_most_of_the_larger_deals_become_projects(self) -> None:
        found = told()
        is_new = found["created"] >= number(World().projects_grow)
        for rows, mid, large in (
            (found[~is_new], (0.1, 0.3), (0.25, 0.45)),
            (found[is_new], (0.3, 0.5), (0.6, 0.85)),
        ):
            shares = (rows["pipeline"] == PROJECTS).groupby(rows["segment"]).mean()
            assert shares[0] == 0
            assert mid[0] < shares[1] < mid[1]
            assert large[0] < shares[2] < large[1]

    def test_nobody_decides_on_a_weekend(self) -> None:
        found = told()
        for column in ("created", "stage_1", "closed"):
            assert (days(found[column]).dt.day_of_week < 5).all()


@pytest.mark.parametrize(
    ("seed", "as_of"), [(1, date(2000, 1, 1)), (2, date(2024, 2, 29)), (3, date(2099, 12, 31))]
)
def test_the_story_holds_for_other_seeds_and_days(seed: int, as_of: date, tmp_path: Path) -> None:
    generate(tmp_path, seed=seed, as_of=as_of)
    rows = read(tmp_path, "marketing_channels", "date")
    spend = rows.groupby("date")["spend"].sum()
    assert spend.sort_values().index[-1] == pd.Timestamp(World(seed, as_of).spike_day)
    assert rows["date"].max().date() == as_of
    assert rows["ROI"].max() < 500_000
