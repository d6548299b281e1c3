"""What people say of a quarter is kept as it was said, and held against what came of it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.test import Client

from insights.catalog import DATASETS
from pipeline import tasks
from pipeline.analytics import calls as said
from pipeline.datasets import FORECAST_CALLS, PIPELINE_DEALS
from pipeline.models import ForecastCall
from revops_site.kernel import loading
from revops_site.kernel.loading import rows
from revops_site.kernel.models import AuditEvent, Team, User, Workspace
from tests import pipeline_deals as deals
from tests.conftest import AsUser
from tests.pipeline.a_quarter import DEALS, fill
from tests.sample_rows import fill as fill_rows

PAGE = "/pipeline/calls/"
HEADER = "rep_id,team,quarter,submitted_at,commit_amount,best_case_amount,note"
# Ana said too much of the first quarter of 2025, in which she won nothing; Cy was never asked.
LINES = (
    "ana,,Q2 2025,2025-04-10T10:00:00Z,120000,150000,",
    "ana,,Q2 2025,2025-04-11T10:00:00Z,90000,,changed my mind",
    "ana,,Q2 2025,2025-06-20T10:00:00Z,60000,100000,",
    ",EMEA,2025-Q2,2025-04-12T10:00:00Z,80000,,",
    "cy,,Q2 2025,2025-06-20T10:00:00Z,30000,,",
)


def load(folder: Path, *lines: str) -> loading.Report:
    path = folder / "forecast_calls.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return loading.load([path], DATASETS)


@pytest.fixture(autouse=True)
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each with a quota, their deals; the data end on 30 June 2025."""
    fill(tmp_path)


@pytest.fixture
def called(company: None, tmp_path: Path) -> None:
    """What was said of the second quarter, weeks 2 and 12."""
    assert load(tmp_path, *LINES).exit_code == 0


def shown(as_user: AsUser, who: User, slug: str, query: str = "") -> list[dict[str, Any]]:
    answer = as_user(who).get(f"{PAGE}panels/{slug}.json?{query}")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.getvalue())["rows"]
    return found


def submit(browser: Client, **given: str) -> Any:
    told = {"commit": "65000", "best_case": "80,000", "note": ""} | given
    return browser.post(PAGE, told)


def test_a_rep_s_call_is_kept_with_all_that_was_known_then(as_user: AsUser, ana: User) -> None:
    assert submit(as_user(ana), note="<b>Acme</b> signs").status_code == 302
    call = ForecastCall.objects.get()
    assert (call.rep_id, call.team, call.quarter) == ("ana", None, "Q2 2025")
    assert (
        f"{call.commit_amount} {call.best_case_amount} {call.currency}" == "65000.00 80000.00 USD"
    )
    assert (call.day.isoformat(), call.submitted_by) == ("2025-06-30", "Ana")
    assert call.forecast_amount is not None
    assert call.forecast_amount > 40000, "what is won, and what is expected of open deals"
    event = AuditEvent.objects.get(action="forecast called")
    assert (event.user, event.target) == (ana, "ana Q2 2025")
    text = as_user(ana).get(PAGE).content.decode()
    assert 'commit <strong class="num">$65,000</strong>' in text
    assert "&lt;b&gt;Acme&lt;/b&gt; signs" in text


def test_a_manager_calls_for_the_team_beside_the_reps_calls(
    as_user: AsUser, ana: User, bo: User
) -> None:
    submit(as_user(ana))
    assert "Your reps commit" in as_user(bo).get(PAGE).content.decode()
    submit(as_user(bo), commit="61k", best_case="")
    team, rep = shown(as_user, bo, "calls")
    assert (team["team"], team["commit_amount"], team["reps_commit"]) == ("EMEA", 61000, 65000)
    assert (rep["who"], rep["commit_amount"]) == ("Ana Almeida", 65000)
    assert ForecastCall.objects.get(team__name="EMEA").best_case_amount is None


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("65000", 65000), ("$65,000.50", 65000.5), ("65k", 65000), ("1.2M", 1_200_000), ("0", 0)],
)
def test_amounts_are_read_as_people_write_them(
    as_user: AsUser, ana: User, typed: str, amount: float
) -> None:
    assert submit(as_user(ana), commit=typed, best_case="").status_code == 302
    assert float(ForecastCall.objects.get().commit_amount) == amount


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Say how much."),
        ("lots", "Write an amount in digits"),
        ("-5", "Write an amount in digits"),
        ("1.200.000", "Write an amount in digits"),
        ("1e9", "Write an amount in digits"),
        ("٣٤x", "Write an amount in digits"),
        ("9" * 30, "more than can be meant"),
        ("'; DROP TABLE x; --", "Write an amount in digits"),
    ],
)
def test_a_bad_amount_is_told_of_and_nothing_is_lost(
    as_user: AsUser, ana: User, typed: str, says: str
) -> None:
    answer = submit(as_user(ana), commit=typed, note="keep <me>")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert says in text
    assert 'value="keep &lt;me&gt;"' in text
    assert 'value="80,000"' in text
    assert not ForecastCall.objects.exists()


def test_the_best_case_is_no_less_than_the_commit_and_a_note_is_short(
    as_user: AsUser, ana: User
) -> None:
    answer = submit(as_user(ana), best_case="1000", note="x" * 501)
    text = answer.content.decode()
    assert "The best case cannot be less than the commit." in text
    assert "at most 500 characters; this one has 501" in text


def test_the_same_sent_twice_is_kept_once_and_another_beside_the_first(
    as_user: AsUser, ana: User
) -> None:
    browser = as_user(ana)
    for commit in ("65000", "65,000", "70000", "65000"):
        assert submit(browser, commit=commit).status_code == 302
    amounts = ForecastCall.objects.order_by("submitted_at").values_list("commit_amount", flat=True)
    assert list(amounts) == [65000, 70000, 65000]


def test_whoever_sells_nothing_calls_nothing(
    as_user: AsUser, vi: User, dee: User, db: None
) -> None:
    lost = User.objects.create_user("lost", "lost@example.com", role="manager")
    for who in (vi, dee, lost):
        assert "Submit call" not in as_user(who).get(PAGE).content.decode()
        assert submit(as_user(who)).status_code == 403
    assert submit(Client()).status_code == 302
    assert not ForecastCall.objects.exists()


def test_another_quarter_is_read_and_the_next_one_s_deals_are_there(
    as_user: AsUser, ana: User, cy: User, called: None, tmp_path: Path
) -> None:
    own = as_user(cy).get(PAGE).content.decode()
    assert "What will you bring in Q2 2025?" in own
    assert 'id="filter-quarter"' in own
    after = as_user(cy).get(f"{PAGE}?quarter=2025Q3").content.decode()
    assert "Q3 2025 has not begun" in after
    assert "What will you bring" not in after
    assert "Echo" in after
    assert "Echo" not in own
    sent = {"commit": "1000", "best_case": "", "note": ""}
    assert as_user(cy).post(f"{PAGE}?quarter=2025Q3", sent).status_code == 403
    late = "B7,Gale,SMB,ana,Demo,5000,USD,2025-07-02,2025-08-30,2025-07-02,,open,,LinkedIn,EMEA,,,,"
    assert deals.load(tmp_path, (*DEALS, late)).exit_code == 0
    (past,) = shown(as_user, ana, "calls", "quarter=2025Q2&owner=ana")
    assert (past["commit_amount"], past["closed_won_amount"]) == (60_000, 40_000)
    assert past["ai_forecast"] == 40_000


def test_a_past_day_is_only_read(as_user: AsUser, ana: User) -> None:
    browser = as_user(ana)
    assert "Submit call" not in browser.get(f"{PAGE}?as_of=2025-06-01").content.decode()
    assert browser.post(f"{PAGE}?as_of=2025-06-01", {"commit": "1"}).status_code == 403


def test_everybody_sees_the_calls_of_those_whose_deals_they_see(
    as_user: AsUser, called: None, ana: User, bo: User, cy: User, dee: User, vi: User
) -> None:
    def who(reader: User) -> list[str]:
        return [row["who"] for row in shown(as_user, reader, "calls")]

    assert who(bo) == ["EMEA", "Ana Almeida"]
    assert who(cy) == ["APAC", "Cy Chen"], "a team of one is that one's"
    assert who(dee) == who(vi) == ["APAC", "Cy Chen", "EMEA", "Ana Almeida"]


def test_a_rep_of_a_team_of_two_does_not_see_the_manager_s_call(
    as_user: AsUser, called: None, ana: User, emea: Team
) -> None:
    emea.reps.create(rep_id="eva", name="Eva")
    assert [row["who"] for row in shown(as_user, ana, "calls")] == ["Ana Almeida"]


def test_the_last_call_of_a_week_is_the_week_s_and_each_stands_until_the_next(
    as_user: AsUser, called: None, dee: User
) -> None:
    row = next(r for r in shown(as_user, dee, "calls") if r["who"] == "Ana Almeida")
    assert (row["commit_amount"], row["of_week"], row["change"]) == (60000, 12, -30000)
    then = shown(as_user, dee, "calls", "as_of=2025-06-19")
    row = next(r for r in then if r["who"] == "Ana Almeida")
    assert (row["commit_amount"], row["of_week"], row["change"]) == (90000, 2, None)
    weeks = {r["week_number"]: r for r in shown(as_user, dee, "calls-by-week")}
    assert weeks[1]["reps_commit"] is None
    assert weeks[2]["reps_commit"] == weeks[11]["reps_commit"] == 90000
    assert weeks[12]["reps_commit"] == weeks[13]["reps_commit"] == 90000, "60,000 and 30,000"
    assert weeks[12]["managers_commit"] == 80000


def test_a_past_day_knows_what_was_said_by_then(as_user: AsUser, called: None, dee: User) -> None:
    row = next(
        r for r in shown(as_user, dee, "calls", "as_of=2025-04-10") if r["who"] == "Ana Almeida"
    )
    assert (row["commit_amount"], row["best_case_amount"]) == (120000, 150000)
    weeks = shown(as_user, dee, "calls-by-week", "as_of=2025-04-10")
    assert {r["reps_commit"] for r in weeks} == {None, 120000}


def test_filters_narrow_to_people_and_no_other_filter_does(
    as_user: AsUser, called: None, dee: User
) -> None:
    assert [r["who"] for r in shown(as_user, dee, "calls", "team=EMEA")] == ["EMEA", "Ana Almeida"]
    assert [r["who"] for r in shown(as_user, dee, "calls", "owner=cy")] == ["Cy Chen"]
    everything = shown(as_user, dee, "calls")
    assert shown(as_user, dee, "calls", "segment=MM") == everything


def test_the_same_file_again_changes_nothing_and_what_was_said_cannot_be_changed(
    called: None, tmp_path: Path
) -> None:
    again = load(tmp_path, *LINES, "cy,,Q2 2025,2025-06-21T10:00:00Z,31000,,").files[0]
    assert (again.inserted, again.updated, again.unchanged) == (1, 0, 5)
    other = load(tmp_path, LINES[0].replace("120000", "100000")).files[0]
    assert (other.accepted, other.refused) == (0, 1)
    assert "is another one than what was said at that moment" in other.sample[0].reason
    assert ForecastCall.objects.filter(commit_amount=120000).exists()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("ana,,2025,2025-04-10T10:00:00Z,1,,", "is not a quarter like Q4 2024"),
        ("ana,,2025-04,2025-04-10T10:00:00Z,1,,", "is not a quarter like Q4 2024"),
        ("ana,EMEA,Q2 2025,2025-04-10T10:00:00Z,1,,", "just one of the two"),
        (",,Q2 2025,2025-04-10T10:00:00Z,1,,", "just one of the two"),
        ("ana,,Q2 2025,2025-04-10T10:00:00Z,-1,,", "below"),
        ("ana,,Q2 2025,,1,,", "empty"),
    ],
)
def test_a_row_that_breaks_the_promise_is_refused_with_its_reason(
    tmp_path: Path, line: str, says: str
) -> None:
    (found,) = load(tmp_path, line).files
    assert found.refused == 1
    assert says in found.sample[0].reason


def test_a_closed_quarter_s_calls_are_held_against_what_was_won(
    as_user: AsUser, called: None, dee: User
) -> None:
    later = {"deal_id": "Z1", "owner_id": "ana", "stage_name": "Demo", "status": "open"}
    days = {"created_at": "2025-08-10", "last_stage_change": "2025-08-10"}
    report = rows.write(PIPELINE_DEALS, [later | days], kind="app", source="test", by=None)
    assert report.accepted == 1
    tasks.take_snapshots()
    found = {row["who"]: row for row in shown(as_user, dee, "calls-accuracy")}
    ana = found["Ana Almeida"]
    # Ana won 40,000 and said 90,000 in week 2 and 60,000 in week 12.
    assert (ana["quarters"], ana["calls"], ana["verdict"]) == (1, 2, "Not enough")
    assert ana["error"] == pytest.approx(70 / 80)
    assert ana["bias"] == pytest.approx(70 / 80)
    assert ana["error_early"] == pytest.approx(50 / 40)
    assert ana["error_late"] == pytest.approx(20 / 40)
    assert ana["error_middle"] is None
    assert ana["system_error"] is not None
    assert found["EMEA (team EMEA)"]["error"] == pytest.approx(40 / 40)
    assert found["Cy Chen"]["error"] is None, "of nothing won there is no share"
    by_week = {row["week_number"]: row for row in shown(as_user, dee, "calls-errors")}
    assert by_week[12]["calls"] == 2
    assert by_week[12]["error"] == pytest.approx((20 + 30) / 40)


def weekly(*found: tuple[str, str, str, int, float]) -> pd.DataFrame:
    columns = ["rep_id", "team", "quarter", "week", "commit_amount"]
    frame = pd.DataFrame(found, columns=columns)
    return frame.assign(forecast_amount=float("nan"))


def test_errors_and_bias_are_of_sums_and_the_verdict_needs_three_quarters() -> None:
    calls = weekly(
        ("ana", "", "Q1", 1, 130.0),
        ("ana", "", "Q2", 1, 70.0),
        ("ana", "", "Q3", 5, 340.0),
        ("eve", "", "Q1", 1, 100.0),
    )
    results = [("ana", "Q1", 100.0), ("ana", "Q2", 100.0), ("ana", "Q3", 200.0), ("eve", "Q1", 0.0)]
    actual = pd.DataFrame(results, columns=["rep_id", "quarter", "actual"]).assign(team="")
    system = pd.DataFrame(
        [("ana", "", "Q1", 1, 90.0)], columns=["rep_id", "team", "quarter", "week", "forecast"]
    )
    errors = said.errors(calls, actual, system)
    ana, eve = said.accuracy(errors).to_dict("records")
    assert ana["error"] == pytest.approx((30 + 30 + 140) / 400)
    assert ana["bias"] == pytest.approx((30 - 30 + 140) / 400)
    assert ana["error_early"] == pytest.approx(60 / 200)
    assert ana["error_middle"] == pytest.approx(140 / 200)
    assert ana["system_error"] == pytest.approx(10 / 100)
    assert (ana["verdict"], eve["verdict"]) == ("Calls too high", "Not enough")
    assert math.isnan(eve["error"])
    first, fifth = said.week_errors(errors).to_dict("records")
    assert (first["week_number"], first["calls"]) == (1, 3)
    assert first["error"] == pytest.approx(160 / 200)
    assert fifth["bias"] == pytest.approx(140 / 200)


@pytest.mark.parametrize(
    ("quarters", "bias", "verdict"),
    [
        (2, 0.5, "Not enough"),
        (3, 0.5, "Calls too high"),
        (3, -0.5, "Calls too low"),
        (8, 0.1, "On the mark"),
        (8, -0.1, "On the mark"),
        (8, float("nan"), "Not enough"),
    ],
)
def test_what_is_said_of_somebody_s_calls(quarters: int, bias: float, verdict: str) -> None:
    assert said.verdict(quarters, bias) == verdict


def test_the_sample_of_the_dataset_loads(workspace: Workspace) -> None:
    fill_rows(FORECAST_CALLS, 5)
    assert ForecastCall.objects.count() == 5
