"""The pretend company's leads and budgets tell the same story as its days and deals."""

from __future__ import annotations

import pandas as pd
import pytest

from revops_site.kernel.world import AS_OF
from revops_site.kernel.world.leads import DAYS_TO_DEAL, DAYS_TO_MQL, DAYS_TO_SQL
from tests import generated
from tests.generated import read

STEPS = ("created_at", "mql_at", "sql_at", "converted_at")
LONGEST = sum(span[1] for span in (DAYS_TO_MQL, DAYS_TO_SQL, DAYS_TO_DEAL)) + 9  # weekends


@pytest.fixture(scope="module")
def leads() -> pd.DataFrame:
    return read(generated.company(), "leads", *STEPS)


@pytest.fixture(scope="module")
def days() -> pd.DataFrame:
    return read(generated.company(), "marketing_channels", "date")


@pytest.mark.parametrize(
    ("step", "column"), [*zip(STEPS, ("leads", "MQLs", "SQLs", "opportunities"), strict=True)]
)
def test_each_day_has_as_many_leads_and_steps_as_the_marketing_file_counts(
    leads: pd.DataFrame, days: pd.DataFrame, step: str, column: str
) -> None:
    by = ["channel", "campaign", "segment"]
    counted = days.groupby(["date", *by])[column].sum()
    counted = counted[counted > 0]
    # Whoever came before the files begin takes steps within them, and has no row.
    start = days["date"].min() + pd.Timedelta(days=0 if step == "created_at" else LONGEST)
    named = leads[leads[step].notna()].groupby([step, *by]).size()
    counted = counted[counted.index.get_level_values(0) >= start]
    named = named[named.index.get_level_values(0) >= start]
    assert named.rename_axis(counted.index.names).astype("int64").equals(counted)


def test_a_lead_that_became_a_deal_is_its_owner_s(leads: pd.DataFrame) -> None:
    deals = read(generated.company(), "pipeline_deals", "created_at").set_index("deal_id")
    sold = leads[leads["deal_id"].notna()]
    assert len(sold) > 1_500
    assert (sold["converted_at"] == sold["deal_id"].map(deals["created_at"])).all()
    reps = read(generated.company(), "reps").set_index("rep_id")["name"]
    assert (sold["owner"].map(reps) == sold["deal_id"].map(deals["owner"])).all()


def test_nobody_hurries_to_those_who_sat_in_a_webinar(leads: pd.DataFrame) -> None:
    hours = leads.groupby(leads["channel"] == "Partner Webinars")["response_hours"].median()
    assert hours[True] > 8 * hours[False]


def test_who_began_a_campaign_without_asking_has_no_budget(days: pd.DataFrame) -> None:
    budgets = read(generated.company(), "marketing_budgets", "month")
    assert "Executive Video" not in set(budgets["campaign"])
    month = pd.Timestamp(AS_OF).to_period("M")
    spent = days[days["date"].dt.to_period("M") == month].groupby("channel")["spend"].sum()
    planned = budgets[budgets["month"].dt.to_period("M") == month].groupby("channel")
    beside = spent / planned["amount"].sum() - 1
    assert beside["LinkedIn"] > 0.1
    paid = beside.drop("LinkedIn").dropna()
    assert (paid.abs() < 0.35).all(), paid
