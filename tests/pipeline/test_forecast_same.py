"""The forecast is one number wherever it stands, and is what its deals make it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pipeline import metrics, tasks
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.pipeline.a_quarter import fill

PAGE = "/pipeline/forecast"
QUERIES = ("", "segment=MM", "team=EMEA", "owner=cy", "region=APAC", "as_of=2025-06-23")
FIELDS = {
    "ai_forecast": metrics.FORECAST,
    "commit_amount": metrics.COMMIT,
    "closed_won_amount": metrics.CLOSED_WON,
    "gap_to_target": metrics.GAP,
    "coverage_ratio": metrics.COVERAGE,
}
VALUE = re.compile(r'<data value="([^"]*)">')


@pytest.fixture(autouse=True)
def company(ana: User, cy: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each with a quota, their deals and what was done for them."""
    fill(tmp_path)


@pytest.fixture
def client(as_user: AsUser, dee: User) -> Client:
    return as_user(dee)


def told(client: Client, address: str) -> Any:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return json.loads(answer.getvalue())


def lines(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(client.get(address).getvalue().decode().splitlines()))


def same(one: Any, other: Any) -> None:
    assert (one in (None, "")) == (other in (None, "")), (one, other)
    if one not in (None, ""):
        assert float(one) == pytest.approx(float(other))


@pytest.mark.parametrize("query", QUERIES)
def test_tile_table_file_contract_and_explanation_say_the_same(client: Client, query: str) -> None:
    rows = told(client, f"{PAGE}/panels/forecast-kpis.json?{query}")["rows"]
    tiles: Mapping[str, Any] = {row["field"]: row["value"] for row in rows}
    written = {
        row["field"]: row for row in lines(client, f"{PAGE}/panels/forecast-kpis.csv?{query}")
    }
    contract = told(client, f"{PAGE}/kpis.json?{query}")
    contract = contract[0] if isinstance(contract, list) else contract
    parts = lines(client, f"{PAGE}/panels/forecast-parts.csv?{query}")
    same(parts[-1]["amount"], tiles["ai_forecast"])
    same(sum(float(row["amount"]) for row in parts[:-1]), tiles["ai_forecast"])
    for field, metric in FIELDS.items():
        same(written[field]["value"], tiles[field])
        same(contract[field], tiles[field])
        said = client.get(f"/explain/{metric.slug}/?{query}").getvalue().decode()
        same(VALUE.findall(said)[0], tiles[field])


@pytest.mark.parametrize("query", QUERIES)
def test_the_deals_behind_it_sum_to_it(client: Client, query: str) -> None:
    rows = told(client, f"/explain/{metrics.FORECAST.slug}/panels/rows.json?{query}")["rows"]
    for row in rows:
        assert 0 <= row["p"] <= 1
        assert float(row["expected"]) == pytest.approx(float(row["value"] or 0) * row["p"])
    tiles = {
        row["field"]: row["value"]
        for row in told(client, f"{PAGE}/panels/forecast-kpis.json?{query}")["rows"]
    }
    expected = sum(float(row["expected"]) for row in rows)
    assert tiles["closed_won_amount"] + expected == pytest.approx(tiles["ai_forecast"])


@pytest.mark.parametrize("query", ["segment=SMB", "owner=ana", "region=APAC", "owner=cy"])
def test_reps_segments_and_regions_have_a_range_for_each_week(client: Client, query: str) -> None:
    tasks.take_snapshots()
    weeks = told(client, f"{PAGE}/panels/forecast-trend.json?{query}")["rows"]
    kept = [row for row in weeks if row["cumulative_forecast"] is not None]
    assert kept
    for row in kept:
        assert row["cumulative_closed"] <= row["forecast_low"]
        assert row["forecast_low"] <= row["cumulative_forecast"] <= row["forecast_high"]
    assert any(row["forecast_low"] < row["forecast_high"] for row in kept)


def test_a_team_s_range_is_that_of_its_only_rep(client: Client) -> None:
    tasks.take_snapshots()
    team, rep = (
        told(client, f"{PAGE}/panels/forecast-trend.json?{query}")["rows"]
        for query in ("team=EMEA", "owner=ana")
    )
    for one, other in zip(team, rep, strict=True):
        for name in ("cumulative_forecast", "forecast_low", "forecast_high"):
            same(one[name], other[name])
