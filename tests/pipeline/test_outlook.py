"""The Forecast page: its parts sum to the forecast, for whoever reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import tasks
from pipeline.models import Backtest, BacktestScore
from pipeline.panels import FORECAST
from revops_site.kernel import clock
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.pipeline.a_quarter import fill

QUERIES = ("", "segment=MM", "team=EMEA", "region=APAC", "as_of=2025-06-23")
PARTED = ("forecast-by-team", "forecast-by-rep", "forecast-by-segment", "forecast-by-region")


@pytest.fixture(autouse=True)
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each with a quota, their deals and what was done for them."""
    fill(tmp_path)


def rows(as_user: AsUser, who: User, slug: str, query: str = "") -> list[dict[str, Any]]:
    answer = as_user(who).get(f"/pipeline/forecast/panels/{slug}.json?{query}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.getvalue())["rows"]
    return found


def tiles(as_user: AsUser, who: User, query: str = "") -> Mapping[str, float]:
    return {row["field"]: row["value"] for row in rows(as_user, who, "forecast-kpis", query)}


@pytest.mark.parametrize(
    "query", ["", "segment=MM", "team=EMEA", "region=APAC", "as_of=2025-06-23"]
)
def test_every_way_to_part_the_forecast_sums_to_it(as_user: AsUser, dee: User, query: str) -> None:
    whole = tiles(as_user, dee, query)
    parts = rows(as_user, dee, "forecast-parts", query)
    assert parts[-1]["amount"] == pytest.approx(whole["ai_forecast"])
    assert sum(row["amount"] for row in parts[:-1]) == pytest.approx(whole["ai_forecast"])
    for slug in PARTED:
        found = rows(as_user, dee, slug, query)
        for name in ("ai_forecast", "closed_won_amount"):
            assert sum(row[name] for row in found) == pytest.approx(whole[name]), slug


def test_targets_are_people_s(as_user: AsUser, dee: User) -> None:
    by_team = {row["key"]: row["quarter_target"] for row in rows(as_user, dee, PARTED[0])}
    by_rep = {row["key"]: row["quarter_target"] for row in rows(as_user, dee, PARTED[1])}
    assert by_team == {"EMEA": 200_000, "APAC": 100_000}
    assert sorted(by_rep.values()) == [100_000, 200_000]
    of_segment = rows(as_user, dee, PARTED[0], "segment=MM")
    assert {row["quarter_target"] for row in of_segment} == {None}


def test_a_rep_and_a_manager_see_their_own(as_user: AsUser, ana: User, bo: User, dee: User) -> None:
    for who in (ana, bo):
        assert [row["key"] for row in rows(as_user, who, "forecast-by-team")] == ["EMEA"]
        assert {row["deal_name"] for row in rows(as_user, who, "swing-deals")} == {"Acme", "Bolt"}
    everybody = {row["deal_name"] for row in rows(as_user, dee, "swing-deals")}
    assert everybody == {"Acme", "Bolt", "Dune"}


def test_the_deal_that_moves_the_result_most_comes_first(as_user: AsUser, dee: User) -> None:
    found = rows(as_user, dee, "swing-deals")
    assert [row["swing"] for row in found] == sorted((row["swing"] for row in found), reverse=True)
    for row in found:
        chance = row["p"]
        assert row["swing"] == pytest.approx(row["amount"] * (chance * (1 - chance)) ** 0.5)


def test_the_trend_has_thirteen_weeks_and_the_kept_ones_have_figures(
    as_user: AsUser, dee: User
) -> None:
    assert rows(as_user, dee, "forecast-trend") == []
    tasks.take_snapshots()
    weeks = rows(as_user, dee, "forecast-trend")
    assert [row["week_number"] for row in weeks] == list(range(1, 14))
    kept = [row for row in weeks if row["cumulative_forecast"] is not None]
    assert kept
    for row in kept:
        assert row["forecast_low"] <= row["cumulative_forecast"] <= row["forecast_high"]
    assert weeks[-1]["cumulative_target"] == 300_000


@pytest.mark.parametrize(("bias", "told"), [(0.38, "38% too high"), (-0.2, "20% too low"), (0, "")])
def test_a_forecast_says_how_far_past_ones_of_its_weeks_leaned(
    as_user: AsUser, dee: User, bias: float, told: str
) -> None:
    made = Backtest.objects.create(
        as_of=date(2025, 6, 30), made_at=clock.now(), generation=1, currency="USD", quarters=8,
        method="L0", reason="", interval_inflation=2.0, cells=[], early=[], calibration={},
    )  # fmt: skip
    for weeks in ("1-3", "4-10", "11-13", "all"):
        mine = bias if weeks == "11-13" else 0.9
        BacktestScore.objects.create(backtest=made, method="L0", weeks=weeks, n=24, bias=mine)
    text = as_user(dee).get(FORECAST.address).content.decode()
    assert ("% too high" in text, "% too low" in text) == (bias > 0, bias < 0)
    assert told in text
    assert ("In weeks 11–13 of closed quarters" in text) is bool(told)


def test_the_page_is_there_for_everybody_and_says_what_was_not_tried(
    as_user: AsUser, ana: User, dee: User
) -> None:
    for who in (ana, dee):
        text = as_user(who).get(FORECAST.address).content.decode()
        assert "Past quarters were not tried yet" in text
        assert 'href="/pipeline/forecast/"' in text
