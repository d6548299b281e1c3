"""The rules about the quarter: too little pipeline, a weak commit, a sinking forecast."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from pathlib import Path

import pandas as pd
import pytest

from insights.analytics.facts import Outlook
from insights.analytics.reading import outlook
from insights.rules.forecast import FORECAST_DROP, LOW_COVERAGE, WEAK_COMMIT
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.insights import a_quarter, files

QUARTER = Outlook(
    open_deals=12,
    open_amount=300_000.0,
    remaining=200_000.0,
    required=3.0,
    forecast=900_000.0,
    week_ago=1_000_000.0,
    commit_deals=4,
    commit_amount=400_000.0,
    weak_deals=1,
    weak_amount=100_000.0,
    priced=4,
    currency="USD",
)


def test_less_pipeline_than_past_quarters_took_is_said_with_what_is_missing() -> None:
    found = LOW_COVERAGE.judge(QUARTER)
    assert found is not None
    assert (found.said.value, found.said.threshold) == (1.5, 3.0)
    assert found.said.money == 300_000.0
    assert found.severity == "high"


@pytest.mark.parametrize(
    "facts",
    [
        replace(QUARTER, open_amount=600_000.0),  # just enough
        replace(QUARTER, open_deals=4),
        replace(QUARTER, remaining=None),  # the target is met, or not known
        replace(QUARTER, required=None),
    ],
)
def test_enough_pipeline_few_deals_or_no_target_are_no_low_coverage(facts: Outlook) -> None:
    assert LOW_COVERAGE.judge(facts) is None


def test_a_commit_that_stands_on_deals_in_bad_health_is_weak() -> None:
    found = WEAK_COMMIT.judge(QUARTER)
    assert found is not None
    assert found.said.headline == (
        "$100K of $400K in Commit is in bad health: 1 deal, 25.0% of it."
    )
    assert WEAK_COMMIT.judge(replace(QUARTER, weak_amount=80_000.0)) is None, "equality"
    assert WEAK_COMMIT.judge(replace(QUARTER, commit_deals=1)) is None
    assert WEAK_COMMIT.judge(replace(QUARTER, commit_amount=0.0, weak_amount=0.0)) is None


def test_a_forecast_that_fell_by_more_than_a_twentieth_in_a_week_sinks() -> None:
    found = FORECAST_DROP.judge(QUARTER)
    assert found is not None
    assert found.said.headline == "The forecast fell by 10.0% in a week, to $900K."
    assert found.said.money == 100_000.0
    assert FORECAST_DROP.judge(replace(QUARTER, forecast=950_000.0)) is None, "equality"
    assert FORECAST_DROP.judge(replace(QUARTER, week_ago=None)) is None
    assert FORECAST_DROP.judge(replace(QUARTER, open_deals=4)) is None


def test_the_facts_are_read_from_the_forecast_and_its_deals() -> None:
    totals = pd.DataFrame(
        {
            "open_deals": [3.0],
            "pipeline_total": [90.0],
            "remaining_target": [nan],
            "past_pipeline": [300.0],
            "past_won": [100.0],
            "ai_forecast": [50.0],
            "forecast_week_ago": [nan],
        }
    )
    deals = pd.DataFrame(
        {
            "category": ["Commit", "Commit", "Pipeline"],
            "value": [20.0, 0.0, 70.0],
            "health_score": [59, 60, 10],
        }
    )
    (found,) = outlook(totals, deals, 60, "USD")
    assert (found.required, found.remaining, found.week_ago) == (3.0, None, None)
    assert (found.commit_deals, found.weak_deals, found.weak_amount) == (2, 1, 20.0)
    assert found.priced == 1
    assert outlook(totals.assign(open_deals=0.0), deals, 60, "USD") == ()


@pytest.mark.django_db
def test_the_page_names_a_weak_commit_of_the_quarter(
    workspace: Workspace, ana: User, bo: User, cy: User, dee: User, as_user: AsUser, tmp_path: Path
) -> None:
    a_quarter.load(tmp_path)
    called = {**a_quarter.DEAL, "owner": "ana", "stage": "Demo", "status": "open", "closed_at": ""}
    called |= {"segment": "SMB", "forecast_category": "Commit", "expected_close": "2025-06-30"}
    deals = [{**called, "deal_id": f"W{nth}", "amount": "5000"} for nth in range(6)]
    files.load(tmp_path / "called", {"pipeline_deals": deals})
    cards = as_user(dee).get("/insights/panels/cards.json").content.decode()
    assert "of $30K in Commit is in bad health: 6 deals" in cards
