"""Stage velocity: what the page, its files and its links say of deals that are visited by hand."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revops_site.kernel import survival
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.insights import files

SPEC = {
    "stage_name": str,
    "stage_order": int,
    "avg_duration_days": float,
    "median_duration_days": float,
    "benchmark_days": float,
    "deviation_days": float,
    "duration_change_pct": float,
    "trend_direction": str,
    "conversion_rate": float,
    "deals_in_stage": int,
    "amount_in_stage": float,
    "status_indicator": str,
    "trend_display": str,
    "created_at": str,
    "updated_at": str,
    "data_freshness": str,
}
STAGES = (("Discovery", 10), ("Demo", 20), ("Negotiation", 15))


def deal(
    deal_id: str, owner: str, stage: str, status: str = "open", **other: str
) -> dict[str, str]:
    return {
        "deal_id": deal_id,
        "account": deal_id,
        "owner": owner,
        "stage": stage,
        "status": status,
        "pipeline_id": "new",
        "created_at": "2025-04-01",
        "amount": "1000",
        "currency": "USD",
        "segment": "ENT",
        **other,
    }


def visit(deal_id: str, stage: str, entered: str, left: str = "") -> dict[str, str]:
    return {
        "deal_id": deal_id,
        "stage_name": stage,
        "pipeline_id": "new",
        "entered_at": f"{entered}T10:00:00Z",
        "exited_at": left and f"{left}T09:00:00Z",
    }


@pytest.fixture
def deals(workspace: Workspace, ana: User, cy: User, tmp_path: Path) -> None:
    """Three of Ana's deals, one of which went back, and one of Cy's; the day is 30 June 2025."""
    stages = [
        {
            "stage_id": name,
            "pipeline_id": "new",
            "stage_name": name,
            "stage_order": str(place),
            "expected_days": str(days),
            "is_closed": "false",
        }
        for place, (name, days) in enumerate(STAGES, 1)
    ]
    lost = {"closed_at": "2025-05-20", "lost_reason": "Price"}
    files.load(
        tmp_path,
        {
            "stages": stages,
            "pipeline_deals": [
                deal("back", "ana", "Demo", last_stage_change="2025-06-20"),
                deal("won", "ana", "Closed_Won", "won", closed_at="2025-06-30"),
                deal("lost", "ana", "Closed_Lost", "lost", **lost),
                deal("far", "cy", "Discovery", last_stage_change="2025-06-30", amount="500"),
            ],
            "stage_history": [
                visit("back", "Discovery", "2025-04-01", "2025-04-11"),
                visit("back", "Demo", "2025-04-11", "2025-05-01"),
                visit("back", "Discovery", "2025-05-01", "2025-06-20"),
                visit("back", "Demo", "2025-06-20"),
                visit("won", "Discovery", "2025-04-01", "2025-04-21"),
                visit("won", "Demo", "2025-04-21", "2025-05-01"),
                visit("won", "Negotiation", "2025-05-01", "2025-06-30"),
                visit("lost", "Discovery", "2025-04-10", "2025-05-20"),
                visit("far", "Discovery", "2025-06-30"),
            ],
        },
    )


def rows(as_user: AsUser, who: User, slug: str, query: str = "") -> list[dict[str, Any]]:
    answer = as_user(who).get(f"/pipeline/velocity/panels/{slug}.json?{query}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.content)["rows"]
    return found


def test_the_widget_s_json_has_the_names_and_types_of_its_contract(
    deals: None, as_user: AsUser, dee: User
) -> None:
    found = rows(as_user, dee, "stage-velocity")
    assert [row["stage_name"] for row in found] == [name for name, _ in STAGES]
    for row in found:
        assert list(row) == list(SPEC)
        for name, kind in SPEC.items():
            assert row[name] is None or type(row[name]) in {kind, int}, (name, row[name])


def test_a_stage_tells_its_times_its_passage_and_what_is_in_it(
    deals: None, as_user: AsUser, dee: User
) -> None:
    first, second, last = rows(as_user, dee, "stage-velocity")
    # Back stayed 10 + 50 days, won 20, lost 40; far has only come.
    assert first["avg_duration_days"] == 40
    assert first["deviation_days"] == 30
    assert (first["status_indicator"], first["trend_display"]) == ("red", "▲ +30d")
    assert first["median_duration_days"] == 40
    assert first["conversion_rate"] == pytest.approx(2 / 3)
    assert (first["deals_in_stage"], first["amount_in_stage"]) == (1, 500)
    assert first["data_freshness"] == "2025-06-30"
    # Back is in the demo again: it has not left.
    assert (second["avg_duration_days"], second["status_indicator"]) == (10, "green")
    assert second["trend_display"] == "✓"
    assert last["avg_duration_days"] == 60


def test_a_rep_is_told_of_the_own_deals_alone(
    deals: None, as_user: AsUser, ana: User, cy: User
) -> None:
    assert rows(as_user, cy, "stage-velocity")[0]["deals_in_stage"] == 1
    assert rows(as_user, ana, "stage-velocity")[0]["deals_in_stage"] == 0
    assert not rows(as_user, cy, "process-paths")


def test_moves_back_are_marked_and_closed_deals_end_in_won_or_lost(
    deals: None, as_user: AsUser, dee: User
) -> None:
    found = {
        (row["from_stage"], row["to_stage"]): (row["kind"], row["moves"], row["median_days"])
        for row in rows(as_user, dee, "process-paths")
    }
    assert found == {
        ("Discovery", "Demo"): ("on", 3, 20),
        ("Discovery", "Lost"): ("lost", 1, 40),
        ("Demo", "Negotiation"): ("on", 1, 10),
        ("Demo", "Discovery"): ("back", 1, 20),
        ("Negotiation", "Won"): ("won", 1, 60),
    }


def test_the_page_names_where_most_time_is_lost(deals: None, as_user: AsUser, dee: User) -> None:
    text = as_user(dee).get("/pipeline/velocity/").content.decode()
    assert "Most time is lost in Discovery: 3 deals left it after 40.0 days on average" in text
    assert "With ENT (3 deals) it took 40.0 days instead of 10.0." in text
    assert 'href="/pipeline/velocity/"' in as_user(dee).get("/pipeline/").content.decode()


def test_a_cell_of_the_ages_leads_to_its_deals(
    deals: None, as_user: AsUser, ana: User, dee: User
) -> None:
    (demo, discovery) = sorted(rows(as_user, dee, "stage-ages"), key=lambda row: row["stage_name"])
    assert (demo["deals_8-14"], demo["amount_8-14"], demo["open_deals"]) == (1, 1000, 1)
    assert (discovery["deals_0-7"], discovery["amount_0-7"]) == (1, 500)
    text = as_user(dee).get("/pipeline/velocity/").content.decode()
    assert 'href="/pipeline/velocity/Demo/8-14/"' in text
    listed = as_user(dee).get("/pipeline/velocity/Demo/8-14/")
    assert "<th" in listed.content.decode()
    assert ">back<" in listed.content.decode()
    file = as_user(dee).get("/pipeline/velocity/Demo/8-14/panels/deals.csv").getvalue().decode()
    assert len(file.splitlines()) == 2
    far = as_user(ana).get("/pipeline/velocity/Discovery/0-7/panels/deals.csv").getvalue().decode()
    assert len(far.splitlines()) == 1  # Cy's deal is not hers to see
    assert as_user(dee).get("/pipeline/velocity/Demo/9-12/").status_code == 404


@given(
    st.lists(
        st.tuples(st.integers(0, 60), st.integers(0, 4), st.integers(0, 4)),
        max_size=12,
        unique_by=lambda one: one[0],
    )
)
def test_without_anybody_inside_the_median_is_the_middle_stay(
    counted: list[tuple[int, int, int]],
) -> None:
    ordered = sorted((days, left) for days, left, _ in counted)
    stays = [days for days, left in ordered for _ in range(left)]
    found = survival.median(
        [days for days, _ in ordered], [left for _, left in ordered], [0] * len(ordered)
    )
    if not stays:
        assert found != found
        return
    passed = dict(zip(stays, accumulate([1] * len(stays)), strict=True))
    assert found == min(days for days, gone in passed.items() if 2 * gone >= len(stays))


def test_a_median_is_unknown_where_more_than_half_are_still_inside() -> None:
    assert survival.median([5, 9], [1, 0], [0, 2]) != survival.median([5], [1], [0])
    assert survival.median([5, 9], [1, 0], [0, 2]) != 9
    assert survival.median([20, 117], [1, 0], [0, 1]) == 20
