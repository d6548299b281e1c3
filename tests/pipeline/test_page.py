"""What people see on the Pipeline page, whole and in parts, and who sees what of it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from pipeline.datasets import DEAL_CHANGES
from pipeline.panels import DEALS, PAGE
from revops_site.kernel.loading import rows as stored
from revops_site.kernel.models import User
from revops_site.kernel.panels import Panel
from tests import pipeline_deals as deals
from tests.conftest import AsUser

SLUGS = [*(panel.slug for panel in PAGE.panels), *(listing.slug for listing in PAGE.listings)]
OPEN = 100_000 + 60_000 * 1.2 + 30_000


@pytest.fixture
def page(as_user: AsUser, vi: User, ana: User, cy: User, pipeline_deals: None) -> Client:
    return as_user(vi)


def text(client: Client, address: str = "/pipeline/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.getvalue().decode()


def rows(client: Client, slug: str, query: str = "") -> list[dict[str, object]]:
    answer = client.get(f"/pipeline/panels/{slug}.json?{query}")
    assert answer.status_code == 200
    found = json.loads(answer.getvalue())["rows"]
    assert isinstance(found, list)
    return found


def figure(client: Client, field: str, query: str = "") -> object:
    return next(
        row["value"] for row in rows(client, "pipeline-kpis", query) if row["field"] == field
    )


def names(client: Client, query: str = "") -> list[str]:
    return [str(row["deal_name"]) for row in rows(client, "deals", query)]


def test_the_page_is_as_of_the_last_day_on_which_a_deal_moved(page: Client) -> None:
    assert "30 Jun 2025" in text(page)


def test_a_day_before_all_days_is_answered_in_peace(page: Client) -> None:
    for part in ("", "forecast/", "calls/", "what-if/", "bridge/", "velocity/"):
        shown = text(page, f"/pipeline/{part}?as_of=0001-01-01")
        assert "could not be computed" not in shown


def test_a_period_after_all_days_is_answered_in_peace(page: Client) -> None:
    shown = text(page, "/pipeline/?period=custom&start=2026-01-05&end=2026-02-01")
    assert "could not be computed" not in shown
    assert "Who has the pipeline" in shown


def test_open_money_is_converted_at_the_rate_of_the_day(page: Client) -> None:
    assert figure(page, "total_pipeline") == OPEN
    weighted = 100_000 * 0.2 + 60_000 * 1.2 * 0.5 + 30_000 * 0.4
    assert figure(page, "weighted_pipeline") == pytest.approx(weighted)


def test_won_money_keeps_the_rate_of_the_day_it_was_won(page: Client) -> None:
    assert figure(page, "avg_deal_size") == (40_000 + 10_000 * 1.25) / 2


def test_win_rate_leaves_out_duplicates_and_what_is_open(page: Client) -> None:
    assert figure(page, "win_rate") == pytest.approx(2 / 3)
    assert figure(page, "avg_sales_cycle_days") == (90 + 134) / 2


def test_velocity_is_what_open_deals_bring_a_day(page: Client) -> None:
    expected = 5 * (2 / 3) * 26_250 / 112
    assert figure(page, "velocity") == pytest.approx(expected)


def test_what_has_no_amount_or_no_rate_is_counted_and_said(page: Client) -> None:
    shown = text(page)
    assert "1 open deal without an amount: counted, but in no amount." in shown
    assert "1 open deal without an exchange rate: counted, but in no amount." in shown


def test_what_is_open_does_not_depend_on_the_period(page: Client) -> None:
    assert figure(page, "total_pipeline", "period=30d") == OPEN
    assert figure(page, "win_rate", "period=30d") == 1


@pytest.mark.parametrize(
    ("query", "amount", "rate"),
    [
        ("segment=SMB", 100_000, 0.5),
        ("region=APAC", 30_000, 0.5),
        ("channel=Referral", 72_000, 1),
        ("owner=ana", 172_000, 1),
        ("team=APAC", 30_000, 0.5),
        ("stage=Negotiation", 72_000, 2 / 3),
        ("pipeline=new&channel=LinkedIn&owner=cy", 30_000, 0),
        ("segment=MM", 30_000, None),
    ],
)
def test_a_filter_narrows_what_is_open_and_what_was_decided(
    page: Client, query: str, amount: float, rate: float | None
) -> None:
    assert figure(page, "total_pipeline", query) == amount
    stages = rows(page, "stage-distribution", query)
    assert sum(float(str(row["amount"])) for row in stages) == amount
    assert figure(page, "win_rate", query) == (None if rate is None else pytest.approx(rate))


def test_a_stage_narrows_what_is_open_and_the_page_says_so(page: Client) -> None:
    assert "a closed deal has left them" in text(page, "/pipeline/?stage=Demo")
    assert figure(page, "velocity", "stage=Demo") == figure(page, "velocity")


def test_stages_stand_in_their_order_with_the_empty_ones(page: Client) -> None:
    found = {row["stage"]: row["open_deals"] for row in rows(page, "stage-distribution")}
    assert list(found.items()) == [("Discovery", 2), ("Demo", 2), ("Proof", 0), ("Negotiation", 1)]


def test_owners_are_ordered_by_what_they_have_open(page: Client) -> None:
    found = rows(page, "owner-performance")
    assert [row["owner"] for row in found] == ["Ana Almeida", "Cy Chen", "No owner"]
    assert found[0]["open_amount"] == 172_000
    assert found[1]["win_rate"] == 0.5
    assert found[1]["few"] == "few"


def test_segments_are_held_against_their_targets_where_enough_was_decided(page: Client) -> None:
    (smb,) = [row for row in rows(page, "win-rate-by-segment") if row["segment"] == "SMB"]
    assert (smb["win_rate"], smb["min_value"], smb["target_value"]) == (0.5, 0.55, 0.6)
    assert smb["verdict"] is None, "two deals say nothing"
    (smb,) = [row for row in rows(page, "cycle-by-segment") if row["segment"] == "SMB"]
    assert (smb["avg_sales_cycle_days"], smb["max_value"]) == (90, 80)


def test_stuck_deals_are_large_and_have_been_in_their_stage_for_long(page: Client) -> None:
    assert [row["deal_name"] for row in rows(page, "stuck-deals")] == ["Acme"]
    assert figure(page, "stuck_amount") == 100_000
    loose = "min_days=0&min_amount=30000"
    assert [row["deal_name"] for row in rows(page, "stuck-deals", loose)] == [
        *("Canary One", "Acme", "Bolt"),
    ]
    assert figure(page, "stuck_amount", loose) == OPEN
    assert names(page, f"flag=stuck&{loose}") == ["Acme", "Bolt", "Canary One"]


def test_the_limits_of_stuck_deals_are_fields_of_the_form(page: Client) -> None:
    shown = text(page)
    assert re.search(r'name="min_days"[^>]*placeholder="45"', shown)
    assert re.search(r'name="min_amount"[^>]*placeholder="50000"', shown)


def test_deals_past_their_expected_close_are_counted_and_listed(page: Client) -> None:
    assert figure(page, "past_due_deals") == 1
    assert names(page, "flag=past-due") == ["Bolt"]


def test_created_won_and_lost_are_shown_by_month_and_in_short_periods_by_week(
    page: Client,
) -> None:
    months = rows(page, "pipeline-flow")
    assert (months[0]["start"], months[-1]["end"]) == ("2024-07-01", "2025-06-30")
    assert {row["start"]: row["won"] for row in months if row["won"]} == {
        "2025-04-01": 1,
        "2025-06-01": 1,
    }
    weeks = rows(page, "pipeline-flow", "period=30d")
    assert (weeks[0]["start"], weeks[0]["end"]) == ("2025-06-01", "2025-06-01")
    assert [row["is_partial"] for row in weeks] == [True, False, False, False, False, True]
    assert sum(float(str(row["created"])) for row in weeks) == 2


def test_the_list_of_deals_is_of_open_ones_until_a_quick_filter_picks_others(
    page: Client,
) -> None:
    assert names(page) == ["Acme", "Bolt", "Canary One", "Corex", "Nobody's"]
    assert names(page, "flag=won") == ["Dune", "Canary Three"]
    assert names(page, "flag=lost") == ["Canary Four"]
    assert names(page, "flag=no-amount") == ["Corex"]
    assert names(page, "flag=no-next-step&sort=deal_name") == [
        *("Bolt", "Canary One", "Corex", "Nobody's"),
    ]


def test_the_list_can_be_searched_sorted_and_grouped(page: Client) -> None:
    assert names(page, "q=canary") == ["Canary One"]
    assert names(page, "q=A2") == ["Bolt"]
    assert names(page, "sort=close_date")[0] == "Bolt"
    groups = {row["owner_name"]: row["value"] for row in rows(page, "deals", "group=owner_name")}
    assert groups == {"Ana Almeida": 172_000, "Cy Chen": 30_000, None: None}


def test_the_caption_of_the_list_sums_all_of_it(page: Client) -> None:
    shown = text(page, "/pipeline/panels/deals/")
    assert "5 deals" in shown
    assert "$202,000" in shown


def test_the_list_leads_to_accounts_and_owners(page: Client, ana: User) -> None:
    assert 'href="/reps/ana/"' in text(page, "/pipeline/panels/deals/")


def test_a_past_day_without_history_is_shown_as_first_known(page: Client) -> None:
    query = "as_of=2025-05-10"
    closed_later = {"Canary Three", "Canary Four"}  # Echo was no deal: it was lost as a duplicate
    assert set(names(page, query)) == {"Acme", "Bolt", "Canary One"} | closed_later
    worth = 100_000 + 60_000 * 1.25 + 30_000 + 10_000 * 1.25 + 30_000
    assert figure(page, "total_pipeline", query) == worth
    assert "History starts here" in text(page, f"/pipeline/?{query}")


def test_a_past_day_is_shown_as_the_deals_stood_then(page: Client) -> None:
    changed = (
        ("A1", "amount", "90000", "100000", "2025-06-01"),
        ("C1", "owner_id", "ana", "cy", "2025-06-10"),
        ("A2", "stage_name", "Demo", "Negotiation", "2025-06-30"),
    )
    stored.write(
        DEAL_CHANGES,
        [
            {**dict(zip(("deal_id", "field", "old", "new"), told, strict=True)), "changed_at": at}
            for *told, at in changed
        ],
        kind="app",
        source="test",
        by=None,
    )
    query = "as_of=2025-06-02&owner=ana&stage=Demo"
    assert set(names(page, query)) == {"Bolt", "Canary One", "Corex"}
    assert figure(page, "total_pipeline", "as_of=2025-05-31&owner=ana&stage=Discovery") == 90_000
    assert "History starts on 1 Jun 2025" in text(page, "/pipeline/?as_of=2025-05-31")
    assert "History starts" not in text(page, "/pipeline/?as_of=2025-06-02")
    assert set(names(page, "owner=ana")) == {"Acme", "Bolt", "Corex"}


def test_a_rep_sees_the_sums_of_his_own_rows(
    as_user: AsUser, ana: User, cy: User, pipeline_deals: None
) -> None:
    client = as_user(ana)
    own = rows(client, "deals")
    assert {row["owner_name"] for row in own} == {"Ana Almeida"}
    assert figure(client, "total_pipeline") == sum(float(str(row["value"] or 0)) for row in own)
    won, lost = rows(client, "deals", "flag=won"), rows(client, "deals", "flag=lost")
    assert figure(client, "win_rate") == len(won) / (len(won) + len(lost))
    assert [row["owner"] for row in rows(client, "owner-performance")] == ["Ana Almeida"]


def test_a_manager_sees_the_team_and_nobody_else(
    as_user: AsUser, bo: User, ana: User, cy: User, pipeline_deals: None
) -> None:
    assert figure(as_user(bo), "total_pipeline") == 172_000


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("kind", ["csv", "json", ""])
def test_no_answer_holds_a_row_of_somebody_elses(
    as_user: AsUser, ana: User, cy: User, pipeline_deals: None, slug: str, kind: str
) -> None:
    ending = f".{kind}" if kind else "/"
    queries = ("", "flag=won", "flag=lost", "q=canary", "owner=cy", "group=owner_name")
    for query in (*queries, "as_of=2025-05-10", "min_days=0&min_amount=0"):
        answer = as_user(ana).get(f"/pipeline/panels/{slug}{ending}?{query}")
        said = answer.getvalue().decode()
        assert "Canary" not in said
        assert "Cy Chen" not in said


@pytest.mark.parametrize("panel", PAGE.panels, ids=lambda panel: panel.slug)
def test_csv_and_json_hold_the_rows_of_the_table(page: Client, panel: Panel) -> None:
    base = f"/pipeline/panels/{panel.slug}"
    lines = list(csv.reader(io.StringIO(page.get(f"{base}.csv").getvalue().decode())))
    assert tuple(lines[0]) == panel.names
    assert len(lines) - 1 == len(rows(page, panel.slug)) > 0
    assert panel.tiles or text(page, f"{base}/").count("<tr") == len(lines)


def test_an_edit_moves_the_figures(page: Client, tmp_path: Path) -> None:
    before = figure(page, "total_pipeline")
    more = deals.DEALS[0].replace("100000", "150000")
    assert deals.load(tmp_path, (more, *deals.DEALS[1:])).exit_code == 0
    assert figure(page, "total_pipeline") == float(str(before)) + 50_000


def test_before_anything_was_loaded_the_page_says_what_it_needs(as_user: AsUser, vi: User) -> None:
    assert "Pipeline needs a file of pipeline_deals." in text(as_user(vi))


def test_where_no_deal_matches_the_page_says_so_once(page: Client) -> None:
    shown = text(page, "/pipeline/?segment=MM&owner=ana")
    assert shown.count("No rows match these filters.") == 1


def test_the_first_column_of_the_list_names_each_deal() -> None:
    assert DEALS.names[0] == "deal_name"
