"""The files that hang on deals and customers: that they agree, and what they let one see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from insights.samples import FILES
from revops_site.kernel.world import AS_OF, World
from revops_site.kernel.world.cast import REPS
from revops_site.kernel.world.frame import number
from revops_site.kernel.world.process import PIPELINES
from tests import generated
from tests.generated import NAMES, generate, read

DAYS = {
    "pipeline_deals": (
        *("created_at", "expected_close", "last_stage_change", "closed_at", "last_activity_at"),
        *("next_activity_at", "update_time"),
    ),
    "stage_history": ("entered_at", "exited_at"),
    "status_events": ("at",),
    "deal_changes": ("changed_at",),
    "contacts": ("last_engaged_at",),
    "activities": ("due_date", "done_at"),
    "notes": ("created_at",),
    "orders": ("received_on", "invoiced_on", "paid_on"),
    "revenue_customers": ("start_date", "churn_date", "notice_date"),
    "subscriptions": ("start_date", "ended_on", "trial_end", "discount_start", "discount_end"),
}
SHIFT = pd.Timedelta(days=1)
CENT = 0.0051


class Company:
    """A company's files, each read once; moments are of UTC, without saying so."""

    def __init__(self, folder: Path, as_of: date) -> None:
        self.folder = folder
        self.last = pd.Timestamp(as_of)
        self.read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.read:
            frame = read(self.folder, name, *DAYS.get(name, ()))
            for column in frame.columns:
                if isinstance(frame[column].dtype, pd.DatetimeTZDtype):
                    frame[column] = frame[column].dt.tz_localize(None)
            self.read[name] = frame
        return self.read[name]

    @property
    def deals(self) -> pd.DataFrame:
        return self["pipeline_deals"].set_index("deal_id")

    def of_deals(self, name: str, column: str) -> pd.Series:
        """A column of the deals, for each row of another file."""
        return self[name]["deal_id"].map(self.deals[column])


@pytest.fixture(
    scope="module",
    params=[(42, AS_OF), (5, date(2024, 2, 29))],
    ids=["the default company", "another one"],
)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Company:
    """Two companies: what holds must not be by chance."""
    seed, as_of = request.param
    if (seed, as_of) == (42, AS_OF):
        return Company(generated.company(), as_of)
    return Company(generate(tmp_path_factory.mktemp("other"), seed=seed, as_of=as_of), as_of)


@pytest.fixture(scope="module")
def demo() -> Company:
    """The default company, whose story is told in docs/demo-company.md."""
    return Company(generated.company(), AS_OF)


def newest(company: Company, field: str) -> pd.Series:
    """The newest value of a field that the changes of deals tell of, by deal."""
    changes = company["deal_changes"]
    rows = changes[changes["field"] == field].sort_values("changed_at", kind="stable")
    return rows.groupby("deal_id")["new"].last()


def mrr_of(items: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """What the items of each customer count for on a day, by the rule for MRR."""
    months = items["interval"].map({"month": 1, "quarter": 3, "year": 12})
    live = items["discount_start"].le(day) & ~items["discount_end"].le(day)
    live &= items["discount_duration"] != "once"
    counts = months.notna() & (items["usage_type"] == "licensed")
    counts &= items["status"].isin(["active", "past_due", "canceled"])
    counts &= items["start_date"].le(day) & ~items["ended_on"].le(day)
    price = items["unit_amount"] * items["quantity"]
    price *= 1 - items["percent_off"].where(live, 0).fillna(0) / 100
    price -= items["amount_off"].where(live, 0).fillna(0)
    each = (price / months / items["interval_count"]).clip(lower=0)
    return each.where(counts, 0).groupby(items["customer_id"]).sum()


class TestHistory:
    """Visits to stages and status events."""

    def test_a_deal_is_in_one_stage_at_a_time(self, company: Company) -> None:
        visits = company["stage_history"].sort_values(["deal_id", "entered_at"])
        following = visits.groupby("deal_id")["entered_at"].shift(-1)
        assert (visits["exited_at"] > visits["entered_at"])[visits["exited_at"].notna()].all()
        left = following.notna()
        assert (visits.loc[left, "exited_at"] <= following[left]).all()

    def test_an_open_deal_is_in_the_stage_of_its_open_visit(self, company: Company) -> None:
        visits = company["stage_history"]
        inside = visits[visits["exited_at"].isna()].set_index("deal_id")
        deals = company.deals
        open_ = deals[deals["status"] == "Open"]
        assert inside.index.is_unique
        assert set(inside.index) == set(open_.index)
        assert (inside["stage_name"].reindex(open_.index) == open_["stage"]).all()
        entered = inside["entered_at"].dt.normalize().reindex(open_.index)
        assert (entered == open_["last_stage_change"]).all()
        assert (company.last - entered).dt.days.equals(open_["days_in_stage"])

    def test_every_deal_begins_with_its_creation_in_the_first_stage(self, company: Company) -> None:
        first = company["stage_history"].groupby("deal_id").first()
        assert set(first["stage_name"]) == {"Discovery"}
        opened = company["status_events"].groupby("deal_id").first()
        assert set(opened["status"]) == {"open"}
        created = company.deals["created_at"]
        assert (first["entered_at"].dt.normalize().reindex(created.index) == created).all()
        assert (first["entered_at"] == opened["at"]).all()

    def test_the_last_event_is_what_the_deal_is(self, company: Company) -> None:
        last = company["status_events"].groupby("deal_id").last()
        deals = company.deals
        said = last["status"].map({"open": "Open", "won": "Closed_Won", "lost": "Closed_Lost"})
        assert (said.reindex(deals.index) == deals["status"]).all()
        closed = deals[deals["status"] != "Open"]
        days = last["at"].dt.normalize().reindex(closed.index)
        assert (days == closed["closed_at"]).all()
        assert (closed["closed_at"] == closed["last_stage_change"]).all()
        assert deals.loc[deals["status"] == "Open", "closed_at"].isna().all()

    def test_some_deals_go_back_a_stage_and_a_few_are_opened_again(self, company: Company) -> None:
        visits, events = company["stage_history"], company["status_events"]
        again = visits[visits.duplicated(["deal_id", "stage_name"])]
        assert 0.02 < again["deal_id"].nunique() / visits["deal_id"].nunique() < 0.12
        paths = events.groupby("deal_id")["status"].agg(" ".join)
        assert 1 <= (paths == "open won open lost").sum() <= 0.01 * len(paths)

    def test_events_happen_in_office_hours_on_working_days(self, company: Company) -> None:
        for name, column in (
            ("stage_history", "entered_at"),
            ("status_events", "at"),
            ("notes", "created_at"),
        ):
            moments = company[name][column]
            assert (moments < company.last + SHIFT).all()
            assert (moments.dt.day_of_week < 5).mean() > 0.995, name
        hours = company["status_events"]["at"].dt.hour
        emea = company.of_deals("status_events", "region") == "EMEA"
        assert hours[emea].between(7, 17).all()


class TestChanges:
    """What was changed in deals."""

    def test_the_newest_values_are_those_of_the_deals(self, company: Company) -> None:
        deals = company.deals
        names = dict(zip(company["reps"]["rep_id"], company["reps"]["name"], strict=True))
        for field, column in (
            ("stage_name", "stage"),
            ("forecast_category", "forecast_category"),
            ("close_date", "expected_close"),
            ("amount", "amount"),
            ("discount_pct", "discount_pct"),
            ("owner_id", "owner"),
        ):
            values = newest(company, field)
            known = deals[column].reindex(values.index)
            if field == "owner_id":
                values = values.map(names)
            elif field == "close_date":
                known = known.dt.strftime("%Y-%m-%d")
            elif field in {"amount", "discount_pct"}:
                values = values.astype(float)
            assert (values == known).all(), field
            assert len(values) > 50, field

    def test_each_change_begins_where_the_one_before_it_ended(self, company: Company) -> None:
        rows = company["deal_changes"].sort_values(["deal_id", "field", "changed_at"])
        before = rows.groupby(["deal_id", "field"])["new"].shift()
        later = before.notna()
        assert (rows.loc[later, "old"] == before[later]).all()
        assert (rows["old"] != rows["new"]).all()
        assert not rows.duplicated(["deal_id", "field", "changed_at"]).any()

    def test_nothing_changes_before_the_deal_is_there_or_after_it_is_decided(
        self, company: Company
    ) -> None:
        days = company["deal_changes"]["changed_at"].dt.normalize()
        assert (days >= company.of_deals("deal_changes", "created_at")).all()
        closed = company.of_deals("deal_changes", "closed_at").fillna(company.last)
        assert (days <= closed).all()

    def test_two_reps_push_their_close_dates_to_later_months(self, demo: Company) -> None:
        changes = demo["deal_changes"]
        dates = changes[changes["field"] == "close_date"]
        months = dates[["old", "new"]].apply(lambda texts: texts.str[:7])
        pushed = dates[months["new"] > months["old"]]
        deals = demo.deals
        owners = (
            deals["owner"].reindex(pushed["deal_id"]).value_counts() / deals["owner"].value_counts()
        )
        top = owners.sort_values()
        assert set(top.index[-2:]) == {"Ethan Walker", "Oliver Grant"}
        assert top.iloc[-2] > 2 * top.iloc[-3]
        slipped = pushed[(pushed["old"] <= "2026-06-30") & (pushed["new"] > "2026-06-30")]
        assert (slipped["changed_at"] >= "2026-04-01").sum() > 5

    def test_some_open_deals_have_lately_lost_a_fifth_of_their_amount(self, demo: Company) -> None:
        changes = demo["deal_changes"]
        amounts = changes[changes["field"] == "amount"]
        old, new = amounts["old"].astype(float), amounts["new"].astype(float)
        lately = amounts["changed_at"] > demo.last - pd.Timedelta(days=30)
        open_ = demo.deals["status"].reindex(amounts["deal_id"]).to_numpy() == "Open"
        assert 2 <= (lately & open_ & (new <= 0.8 * old)).sum() <= 20


class TestPeople:
    """Contacts of deals."""

    def test_a_deal_has_a_champion_if_one_of_its_contacts_is(self, company: Company) -> None:
        contacts, deals = company["contacts"], company.deals
        for column, own in (
            ("is_champion", "has_champion"),
            ("is_economic_buyer", "has_economic_buyer"),
        ):
            says = contacts.groupby("deal_id")[column].agg(lambda values: values.max(skipna=False))
            told = deals[own].map({True: 1.0, False: 0.0})
            said = says.map({True: 1.0, False: 0.0}).reindex(deals.index)
            pd.testing.assert_series_equal(said, told, check_names=False)
            assert contacts[contacts[column].eq(True)].groupby("deal_id").size().max() == 1
            assert told.isna().sum() > 100

    def test_contacts_are_one_person_each_and_were_met_during_the_deal(
        self, company: Company
    ) -> None:
        contacts = company["contacts"]
        assert contacts["contact_id"].is_unique
        assert not contacts.duplicated(["deal_id", "contact_name"]).any()
        sizes = contacts.groupby("deal_id").size()
        assert set(sizes.index) == set(company.deals.index)
        assert sizes.between(1, 9).all()
        engaged = contacts["last_engaged_at"]
        assert (engaged <= company.last).where(engaged.notna(), True).all()
        created = company.of_deals("contacts", "created_at")
        assert (engaged >= created).where(engaged.notna(), True).all()

    def test_who_answered_was_engaged_with(self, company: Company) -> None:
        rows = company["activities"]
        answered = rows["is_answered"].eq(True) | (rows["direction"] != "outbound")
        heard = rows[answered & rows["is_done"] & rows["contact_id"].notna()]
        last = heard.groupby("contact_id")["done_at"].max().dt.normalize()
        engaged = company["contacts"].set_index("contact_id")["last_engaged_at"]
        assert (engaged.reindex(last.index) >= last).mean() > 0.999

    def test_the_top_performer_knows_twice_as_many(self, demo: Company) -> None:
        contacts = demo["contacts"]["deal_id"].value_counts()
        means = contacts.groupby(demo.deals["owner"]).mean()
        assert means.idxmax() == "Maya Okafor"
        assert means["Maya Okafor"] > 1.5 * means.median()

    def test_the_champion_of_the_largest_committed_deal_has_left(self, demo: Company) -> None:
        contacts = demo["contacts"]
        (gone,) = contacts[contacts["title"].str.contains("left")].to_dict("records")
        deal = demo.deals.loc[gone["deal_id"]]
        assert gone["role"] == "champion"
        assert gone["is_champion"] is False
        assert (demo.last - gone["last_engaged_at"]).days > 35
        assert deal["forecast_category"] == "Commit"
        assert deal["has_champion"] is False
        assert deal["status"] == "Open"
        assert 0 < (deal["expected_close"] - demo.last).days <= 25
        notes = demo["notes"]
        assert notes.loc[notes["deal_id"] == gone["deal_id"], "body"].str.contains("left").any()


class TestWork:
    """Activities and notes."""

    def test_what_is_done_has_a_moment_and_what_is_planned_has_none(self, company: Company) -> None:
        rows = company["activities"]
        assert rows["done_at"].notna().equals(rows["is_done"])
        assert (rows.loc[rows["is_done"], "done_at"] < company.last + SHIFT).all()
        calls = (rows["type"] == "call") & rows["is_done"]
        assert rows["is_answered"].notna().equals(calls)
        assert rows["activity_id"].is_unique
        assert set(rows["rep_id"]) <= set(company["reps"]["rep_id"])

    def test_the_last_and_the_next_activity_of_a_deal_are_those_of_the_file(
        self, company: Company
    ) -> None:
        rows, deals = company["activities"], company.deals
        last = rows[rows["is_done"]].groupby("deal_id")["done_at"].max().dt.normalize()
        planned = rows[~rows["is_done"]].groupby("deal_id")["due_date"].min()
        for told, column in ((last, "last_activity_at"), (planned, "next_activity_at")):
            pd.testing.assert_series_equal(
                told.reindex(deals.index), deals[column], check_names=False, check_dtype=False
            )
        known = rows["deal_id"].notna() & rows["is_done"]
        days = rows.loc[known, "done_at"].dt.normalize()
        assert (days > company.of_deals("activities", "created_at")[known]).all()
        closed = company.of_deals("activities", "closed_at")[known]
        assert (days < closed).where(closed.notna(), True).all()
        assert rows.loc[~rows["is_done"], "deal_id"].map(deals["status"]).eq("Open").all()

    def test_a_deal_was_updated_when_last_something_happened_to_it(self, company: Company) -> None:
        rows = company["activities"]
        moments = [
            rows[rows["is_done"]].groupby("deal_id")["done_at"].max(),
            company["deal_changes"].groupby("deal_id")["changed_at"].max(),
            company["status_events"].groupby("deal_id")["at"].max(),
        ]
        last = pd.concat(moments, axis=1).max(axis=1)
        assert (company.deals["update_time"] == last.reindex(company.deals.index)).all()

    def test_some_open_deals_go_dark_and_most_of_the_others_are_alive(self, demo: Company) -> None:
        deals = demo.deals
        open_ = deals[(deals["status"] == "Open") & (deals["owner"] != "Matteo Rossi")]
        silent = (demo.last - open_["last_activity_at"]).dt.days.fillna(999)
        assert 0.1 < (silent >= 14).mean() < 0.45
        assert (silent <= 7).mean() > 0.4
        step = open_["next_activity_at"]
        assert 0.35 < step.gt(demo.last).mean() < 0.8
        assert 1 <= step.le(demo.last).sum() < 0.2 * len(open_)

    def test_a_rep_who_went_dark_logs_nothing(self, demo: Company) -> None:
        rows = demo["activities"]
        done = rows[rows["is_done"]]
        (matteo,) = demo["reps"].loc[demo["reps"]["name"] == "Matteo Rossi", "rep_id"]
        dark = pd.Timestamp(World().dark)
        counts = done[done["done_at"] >= dark].groupby("rep_id").size()
        assert matteo not in counts.index
        assert len(counts) == len(REPS) - 1
        before = done["done_at"].between(dark - pd.Timedelta(days=90), dark)
        assert (done.loc[before, "rep_id"] == matteo).sum() > 30

    def test_in_one_week_all_are_away(self, demo: Company) -> None:
        done = demo["activities"].dropna(subset=["done_at"])
        weeks = done["done_at"].dt.to_period("W").value_counts().sort_index()
        away = pd.Period(World().offsite[0], "W")
        assert weeks[away] < 0.25 * weeks[away - 4 : away + 4].median()

    def test_reps_have_weekdays_of_their_own_and_rest_at_weekends(self, demo: Company) -> None:
        done = demo["activities"].dropna(subset=["done_at"])
        assert (done["done_at"].dt.day_of_week < 5).all()
        assert not {"12-25", "01-01"} & set(done["done_at"].dt.strftime("%m-%d"))
        days = done["done_at"].dt.day_of_week
        share = pd.crosstab(done["rep_id"], days, normalize="index")
        assert (share.min(axis=1) < 0.17).sum() >= 6
        assert share.idxmin(axis=1).nunique() >= 3

    def test_calls_of_a_rep_are_answered_most_in_two_hours(self, demo: Company) -> None:
        calls = demo["activities"].query("type == 'call' and is_done")
        found = 0
        for _, rows in calls.groupby("rep_id"):
            answered = rows["is_answered"].astype(bool).groupby(rows["done_at"].dt.hour)
            sums, counts = answered.sum(), answered.size()
            usual = sums.sum() / counts.sum()
            pairs = [
                sums.reindex([hour, hour + 1]).sum() / counts.reindex([hour, hour + 1]).sum()
                for hour in counts.index[counts > 15]
            ]
            found += max(pairs) > usual + 0.15
        assert found >= 10

    def test_notes_say_what_happens(self, demo: Company) -> None:
        notes, deals = demo["notes"], demo.deals
        assert 0.5 < len(notes) / len(deals) < 1.2
        assert set(notes["author"]) <= set(demo["reps"]["rep_id"])
        legal = notes[notes["body"].str.contains("Legal has the contract")]
        assert len(legal) >= 5
        assert (deals.loc[legal["deal_id"], "segment"] == "ENT").all()
        price = notes[notes["body"].str.startswith("Lost on price")]
        assert (deals.loc[price["deal_id"], "lost_reason"] == "Price").all()
        assert (notes["created_at"] < demo.last + SHIFT).all()


class TestOrders:
    """Projects after the customer's order."""

    def test_every_ordered_project_has_one_order(self, company: Company) -> None:
        orders, visits = company["orders"], company["stage_history"]
        received = visits[visits["stage_name"] == "Order Received"].set_index("deal_id")
        assert orders["deal_id"].is_unique
        assert set(orders["deal_id"]) == set(received.index)
        days = received["entered_at"].dt.normalize().reindex(orders["deal_id"])
        assert (days.to_numpy() == orders["received_on"].to_numpy()).all()
        assert (orders["amount"] == company.of_deals("orders", "amount")).all()

    def test_a_project_is_won_with_its_invoice_and_paid_later(self, company: Company) -> None:
        orders = company["orders"]
        invoiced = orders["invoiced_on"]
        closed = company.of_deals("orders", "closed_at")
        pd.testing.assert_series_equal(invoiced, closed, check_names=False, check_dtype=False)
        paid = orders[orders["paid_on"].notna()]
        assert (paid["paid_on"] > paid["invoiced_on"]).all()
        assert len(paid) > 10

    def test_documents_are_there_missing_or_unknown(self, company: Company) -> None:
        orders = company["orders"]
        for column in ("survey_checklist_present", "quality_docs_present", "end_user_identified"):
            kinds = orders[column].astype(object).where(orders[column].notna(), None)
            assert {True, False, None} == set(kinds), column
        named = orders["end_user_identified"].eq(True)
        assert orders["end_user"].notna().equals(named)

    def test_orders_wait_for_somebody_to_name_the_end_user(self, demo: Company) -> None:
        orders = demo["orders"]
        inside = demo.of_deals("orders", "stage") == "Order Received"
        waiting = orders[inside]
        assert waiting["end_user_identified"].eq(False).sum() > len(waiting) / 2
        asked = waiting[waiting["end_user_identified"].eq(False)]
        assert asked["end_user_requests_count"].max() >= 5
        assert asked["evidence"].str.contains("names no end user").all()


class TestPlan:
    """Pipelines, stages, quotas."""

    def test_stages_are_those_of_the_deals(self, company: Company) -> None:
        stages = company["stages"]
        assert set(company["pipelines"]["pipeline_id"]) == set(stages["pipeline_id"])
        keys = set(zip(stages["pipeline_id"], stages["stage_name"], strict=True))
        visits = company["stage_history"]
        assert set(zip(visits["pipeline_id"], visits["stage_name"], strict=True)) <= keys
        deals = company["pipeline_deals"]
        assert set(zip(deals["pipeline_id"], deals["stage"], strict=True)) <= keys

    def test_execution_stages_count_down_to_the_invoice(self, company: Company) -> None:
        stages = company["stages"].set_index("stage_name")
        running = stages[stages["is_execution"]]
        assert len(running) == 9
        assert set(running["pipeline_id"]) == {PIPELINES[1].id}
        assert running["days_to_invoice"].is_monotonic_decreasing
        expected = {"Approved": 29, "Awaiting Payment": 27, "Site Readiness": 22, "GR": 7}
        assert running["days_to_invoice"][list(expected)].to_dict() == expected
        assert set(stages.index[stages["is_closed"]]) == {"Closed_Won", "Closed_Lost"}

    def test_quotas_are_a_little_above_what_is_won(self, company: Company) -> None:
        by_quarter, quotas = attained(company)
        total = by_quarter.sum() / quotas.sum()
        assert 0.8 < total < 1.0

    def test_attainments_of_a_year_spread_around_nine_tenths(self, demo: Company) -> None:
        won, quotas = attained(demo)
        year = ["2026Q1", "2026Q2"]
        shares = won.unstack()[year].sum(axis=1) / quotas.unstack()[year].sum(axis=1)
        shares = shares.rename(dict(zip(demo["reps"]["rep_id"], demo["reps"]["name"], strict=True)))
        assert shares.between(0.4, 1.4).all()
        assert shares["Maya Okafor"] == shares.max() > 1.1
        assert shares["Matteo Rossi"] < 0.7
        assert 0.75 < shares.median() < 1.05

    def test_a_new_hire_has_a_growing_quota_and_none_before(self, demo: Company) -> None:
        quotas = demo["quotas"]
        (grace,) = demo["reps"].loc[demo["reps"]["name"] == "Grace Liu", "rep_id"]
        own = quotas[quotas["rep_id"] == grace]
        assert list(own["quarter"]) == ["Q4 2025", "Q1 2026", "Q2 2026", "Q3 2026"]
        assert own["quota_amount"].is_monotonic_increasing
        assert own["quota_amount"].iloc[-1] > 3 * own["quota_amount"].iloc[0]
        assert not quotas.duplicated(["rep_id", "quarter"]).any()


def attained(company: Company) -> tuple[pd.Series, pd.Series]:
    """What was won and what was to be won, by rep and quarter that has ended."""
    rates = {"USD": 1.0, "EUR": 1.09, "GBP": 1.28}
    deals = company.deals.query("status == 'Closed_Won'")
    ids = company["reps"].set_index("name")["rep_id"]
    quarter = deals["closed_at"].dt.to_period("Q").astype(str)
    worth = deals["amount"] * deals["currency"].map(rates)
    won = worth.groupby([deals["owner"].map(ids), quarter]).sum()
    quotas = company["quotas"]
    quotas = quotas.assign(period=quotas["quarter"].str[3:] + quotas["quarter"].str[:2])
    ends = pd.PeriodIndex(quotas["period"], freq="Q").end_time.normalize()
    asked = quotas[ends <= company.last].set_index(["rep_id", "period"])["quota_amount"]
    return won.reindex(asked.index, fill_value=0.0), asked


class TestLedger:
    """Customers, their months and their subscriptions."""

    def test_every_won_deal_is_one_new_customer_at_a_twelfth(self, company: Company) -> None:
        customers = company["revenue_customers"]
        bought = customers[customers["deal_id"].notna()].set_index("deal_id")
        won = company.deals.query("status == 'Closed_Won'")
        assert bought.index.is_unique
        assert set(bought.index) == set(won.index)
        same = bought.reindex(won.index)
        assert (same["start_date"] == won["closed_at"]).all()
        for column in ("account", "account_id", "segment", "region", "currency"):
            assert (same[column] == won[column]).all(), column
        first = company["customer_mrr"].groupby("customer_id")["mrr"].first()
        assert (first[same["customer_id"]].to_numpy() - won["amount"] / 12).abs().max() < CENT
        first_day = pd.Timestamp(World(as_of=company.last.date()).first_day)
        assert (customers.loc[customers["deal_id"].isna(), "start_date"] < first_day).all()

    def test_the_last_month_is_the_customers_file(self, company: Company) -> None:
        months, customers = company["customer_mrr"], company["revenue_customers"]
        month = company.last.strftime("%Y-%m")
        now = months[months["month"] == month].set_index("customer_id")["mrr"]
        told = customers.set_index("customer_id")["mrr"]
        assert (now.reindex(told.index).fillna(0) == told).all()
        before = (company.last.to_period("M") - 1).strftime("%Y-%m")
        then = months[months["month"] == before].set_index("customer_id")["mrr"]
        paid = then.reindex(told.index).fillna(0).to_numpy()
        stayed = (paid > 0) & (told > 0).to_numpy()
        moved = (customers["expansion_mrr"] - customers["contraction_mrr"])[stayed]
        assert np.allclose(told[stayed].to_numpy() - paid[stayed], moved, atol=CENT)
        assert (customers.loc[customers["new_mrr"] > 0, "mrr"] > 0).all()
        assert not months.duplicated(["customer_id", "month"]).any()

    def test_months_are_there_from_the_start_to_the_end(self, company: Company) -> None:
        months = company["customer_mrr"]
        assert months["month"].nunique() == 26
        customers = company["revenue_customers"].set_index("customer_id")
        start = months["customer_id"].map(customers["start_date"]).dt.strftime("%Y-%m")
        assert (months["month"] >= start).all()
        left = customers[customers["mrr"] == 0]
        last = months[months["mrr"] > 0].groupby("customer_id")["month"].max()
        gone = left["churn_date"].dt.strftime("%Y-%m")
        assert (last.reindex(left.index).dropna() < gone[last.index.intersection(left.index)]).all()
        active = months[months["mrr"] > 0].groupby("customer_id").size()
        stayed = customers[customers["mrr"] > 0]
        never_away = active.reindex(stayed.index) == _months_since(stayed["start_date"], company)
        assert 0.9 < never_away.mean() < 1

    def test_some_come_back_after_they_left(self, company: Company) -> None:
        table = company["customer_mrr"].pivot(index="customer_id", columns="month", values="mrr")
        paying = table.fillna(0).to_numpy() > 0
        ever = np.maximum.accumulate(paying, axis=1)
        returned = (paying[:, 1:] & ~paying[:, :-1] & ever[:, :-1]).any(axis=1)
        assert 3 <= returned.sum() < 0.05 * len(table)

    def test_mid_market_expands_most(self, demo: Company) -> None:
        table = demo["customer_mrr"].pivot(index="customer_id", columns="month", values="mrr")
        table = table.fillna(0.0)
        then, now = table["2025-06"], table["2026-06"]
        segment = demo["revenue_customers"].set_index("customer_id")["segment"]
        cohort = then > 0
        kept = now[cohort].groupby(segment).sum() / then[cohort].groupby(segment).sum()
        assert kept.idxmax() == "MM"
        assert kept["MM"] > 1
        assert kept.idxmin() == "SMB"

    def test_the_items_that_count_come_to_the_ledger_at_every_month_end(
        self, company: Company
    ) -> None:
        items, months = company["subscriptions"], company["customer_mrr"]
        ids = company["revenue_customers"]["customer_id"]
        for name, rows in months.groupby("month"):
            day = min(pd.Period(str(name)).end_time.normalize(), company.last)
            told = rows.set_index("customer_id")["mrr"].reindex(ids).fillna(0.0)
            counted = mrr_of(items, day).reindex(ids).fillna(0.0)
            assert (told - counted).abs().max() < CENT, name

    def test_prices_are_of_whole_cents_so_that_the_sum_is_exact(self, demo: Company) -> None:
        items = demo["subscriptions"]
        for price in items["unit_amount"].head(200):
            assert Decimal(str(price)) == round(Decimal(str(price)), 2)
        assert (items["unit_amount"] > 0).all()

    def test_items_are_of_every_kind(self, company: Company) -> None:
        items = company["subscriptions"]
        assert items["item_id"].is_unique
        assert set(items["interval"]) == {"month", "quarter", "year", "one_time"}
        assert set(items["usage_type"]) == {"licensed", "metered"}
        assert set(items["status"]) == {
            *("active", "past_due", "trialing", "paused", "unpaid", "canceled")
        }
        assert set(items["discount_duration"].dropna()) == {"once", "repeating", "forever"}
        running = items[items["ended_on"].isna()].groupby("customer_id").size()
        active = company["revenue_customers"].query("mrr > 0")["customer_id"]
        assert set(running.index) == set(active)
        canceled = items["status"] == "canceled"
        assert items["ended_on"].notna().equals(canceled)
        started = items["customer_id"].map(
            company["revenue_customers"].set_index("customer_id")["start_date"]
        )
        assert (items["start_date"] >= started).all()


def _months_since(start: pd.Series, company: Company) -> pd.Series:
    """Ends of months in the files from the start to the last day."""
    months = 12 * (company.last.year - start.dt.year) + company.last.month - start.dt.month
    told: pd.Series = (months + 1).clip(upper=26)
    return told


class TestAgain:
    """The same world gives the same frames, and no shard knows of another."""

    @pytest.mark.parametrize("name", [name for name in NAMES if name in DAYS])
    def test_what_hangs_on_a_deal_or_customer_is_of_one_that_is(
        self, name: str, company: Company
    ) -> None:
        for column, owner in (
            ("deal_id", "pipeline_deals"),
            ("customer_id", "revenue_customers"),
            ("account_id", "accounts"),
        ):
            if column in company[name]:
                assert set(company[name][column].dropna()) <= set(company[owner][column])

    def test_a_shard_of_a_large_company_keeps_to_the_same_rules(self) -> None:
        shard = World(size="M").shards[3]
        frames = {file.name: file.make(shard) for file in FILES if not file.parents}
        visits = frames["stage_history"]
        inside = visits[visits["exited_at"].isna()]
        deals = frames["pipeline_deals"]
        assert set(inside["deal_id"]) == set(deals.loc[deals["status"] == "Open", "deal_id"])
        customers, months = frames["revenue_customers"], frames["customer_mrr"]
        now = months[months["month"] == "2026-06"].set_index("customer_id")["mrr"]
        told = customers.set_index("customer_id")["mrr"]
        assert (now.reindex(told.index).fillna(0) == told).all()
        counted = mrr_of(frames["subscriptions"], pd.Timestamp(AS_OF)).reindex(told.index).fillna(0)
        assert (counted - told).abs().max() < CENT
        done = frames["activities"].query("is_done")
        assert 4.5 < len(done) / len(deals) < 7.5
        assert number(AS_OF) == shard.last
