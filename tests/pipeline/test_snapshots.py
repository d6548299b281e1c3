"""What was known on a day is kept once for good, and is what pages say of that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from pipeline import tasks
from pipeline.actions import snapshots
from pipeline.analytics.history import average_health
from pipeline.datasets import ACTIVITIES
from pipeline.models import Backtest, DealSnapshot, ForecastSnapshot
from pipeline.models.snapshots import UnchangeableError
from pipeline.panels import forecasts
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.permissions import allowed
from tests import pipeline_deals as deals
from tests.pipeline.a_quarter import DEALS, LAST_DAY, MONDAY, fill, whole

AT = datetime(2025, 7, 1, 6, tzinfo=UTC)
TEAMS = {"ana": "EMEA", "cy": "APAC"}
NEGOTIATED = "B1,Acme,SMB,ana,Negotiation,500000"
LOST = (
    "B4,Dune,MM,cy,Closed_Lost,30000,USD,2025-04-20,2025-06-28,2025-06-30,,lost,2025-06-30,"
    "LinkedIn,APAC,new,Price,,"
)


@pytest.fixture
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each with a quota, their deals and what was done for them."""
    fill(tmp_path)


def keep(*days: date) -> int:
    return snapshots.keep(days, at=AT)


def said(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("company")
def test_a_kept_forecast_is_what_the_page_says_of_that_day() -> None:
    assert keep(LAST_DAY) == 1
    for team, slice_ in (("All", whole()), ("EMEA", whole(team=("EMEA",)))):
        kept = ForecastSnapshot.objects.get(snapshot_date=LAST_DAY, team=team)
        shown = forecasts.dashboard_kpis(slice_)
        for name in ("quarter_target", "ai_forecast", "commit_amount", "gap_pct", "coverage_ratio"):
            assert getattr(kept, name) == pytest.approx(shown[name])
        assert kept.risk_level == shown["risk_level"]


@pytest.mark.usefixtures("company")
def test_the_forecast_counts_the_quarter_s_deals_alone() -> None:
    shown = forecasts.dashboard_kpis(whole())
    assert shown["closed_won_amount"] == 40_000
    assert shown["commit_amount"] == 140_000
    assert shown["quarter_target"] == 300_000
    assert shown["coverage_ratio"] == pytest.approx(162_000 / 260_000)
    assert shown["risk_level"] == "Critical"
    assert shown["gap_to_target"] == pytest.approx(shown["ai_forecast"] - 300_000)
    assert 40_000 < shown["ai_forecast"] < 202_000


@pytest.mark.usefixtures("company")
def test_what_happens_after_a_day_changes_no_forecast_of_it(tmp_path: Path) -> None:
    before = forecasts.dashboard_kpis(whole(MONDAY))
    changed = [line.replace("B1,Acme,SMB,ana,Negotiation,100000", NEGOTIATED) for line in DEALS]
    changed[3] = LOST
    assert deals.load(tmp_path, tuple(changed)).exit_code == 0
    call = {"activity_id": "T2", "rep_id": "ana", "deal_id": "B2", "type": "call"}
    late = [call | {"done_at": "2025-06-27T10:00:00Z", "is_done": "true"}]
    assert not rows.write(ACTIVITIES, late, kind="app", source="test", by=None).refused
    after = forecasts.dashboard_kpis(whole(MONDAY))
    for name in ("ai_forecast", "commit_amount", "closed_won_amount", "coverage_ratio"):
        assert after[name] == pytest.approx(before[name])
    assert forecasts.dashboard_kpis(whole())["commit_amount"] == 540_000


@pytest.mark.usefixtures("company")
def test_reps_managers_and_teams_see_their_own_forecast(ana: User, cy: User, bo: User) -> None:
    everything = forecasts.dashboard_kpis(whole())
    emea = forecasts.dashboard_kpis(whole(team=("EMEA",)))
    of_ana = forecasts.dashboard_kpis(whole(reps=allowed(ana)))
    of_bo = forecasts.dashboard_kpis(whole(reps=allowed(bo)))
    of_cy = forecasts.dashboard_kpis(whole(reps=allowed(cy)))
    for name in ("ai_forecast", "quarter_target", "commit_amount", "closed_won_amount"):
        assert of_ana[name] == pytest.approx(of_bo[name]) == pytest.approx(emea[name])
        assert of_ana[name] + of_cy[name] == pytest.approx(everything[name])
    assert [one["team_filter"] for one in (everything, emea, of_cy)] == ["All", "EMEA", "APAC"]
    assert of_cy["closed_won_amount"] == 0
    assert forecasts.dashboard_kpis(whole(segment=("MM",)))["quarter_target"] is None


@pytest.mark.usefixtures("company")
def test_a_day_is_kept_once_and_never_changed() -> None:
    assert keep(MONDAY, LAST_DAY) == 2
    before = list(ForecastSnapshot.objects.values_list().order_by("snapshot_date", "team"))
    assert keep(MONDAY, LAST_DAY) == 0
    assert list(ForecastSnapshot.objects.values_list().order_by("snapshot_date", "team")) == before
    one = ForecastSnapshot.objects.get(snapshot_date=MONDAY, team="All")
    with pytest.raises(UnchangeableError):
        one.save()
    with pytest.raises(UnchangeableError):
        DealSnapshot.objects.update(p=1)
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE pipeline_forecastsnapshot SET ai_forecast = 0")


@pytest.mark.usefixtures("company")
def test_missed_mondays_are_made_up_for_and_said_to_be() -> None:
    assert (
        said("snapshot").strip()
        == f"{ForecastSnapshot.objects.filter(team='All').count()} days kept."
    )
    days = set(ForecastSnapshot.objects.values_list("snapshot_date", flat=True))
    first = date(2025, 1, 13)  # the first Monday since a deal was created
    assert days == {first + timedelta(weeks=nth) for nth in range(25)}
    past = ForecastSnapshot.objects.filter(snapshot_date__lt=LAST_DAY)
    assert set(past.values_list("made_from", flat=True)) == {"history"}
    newest = ForecastSnapshot.objects.filter(snapshot_date=LAST_DAY)
    assert set(newest.values_list("made_from", flat=True)) == {"day"}
    assert said("snapshot").strip() == "All days are kept already."


@pytest.mark.usefixtures("company")
def test_the_change_of_a_week_is_that_to_what_was_kept() -> None:
    assert forecasts.dashboard_kpis(whole())["forecast_change_1w"] is None
    keep(MONDAY)
    kept = ForecastSnapshot.objects.get(snapshot_date=MONDAY, team="All")
    shown = forecasts.dashboard_kpis(whole())
    assert shown["forecast_change_1w"] == pytest.approx(shown["ai_forecast"] - kept.ai_forecast)
    assert shown["commit_change_1w"] == pytest.approx(shown["commit_amount"] - kept.commit_amount)


@pytest.mark.usefixtures("company")
def test_the_check_names_what_the_history_tells_otherwise() -> None:
    tasks.take_snapshots(MONDAY)
    assert said("snapshot", "--check").strip().endswith(" 0 differences.")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pipeline_dealsnapshot SET value = 1"
            " WHERE deal_id = 'B1' AND snapshot_date = %s",
            [MONDAY],
        )
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("snapshot", "--check", stdout=out)
    assert f"{MONDAY} B1 value: 1.000000000000 kept, 100000.0 rebuilt" in out.getvalue()
    assert said("snapshot", "--remake").startswith("24 days taken away.")
    assert said("snapshot", "--check").strip().endswith(" 0 differences.")


@pytest.mark.usefixtures("company")
def test_the_contract_s_rows_have_its_fields_and_types() -> None:
    tasks.take_snapshots()
    row = forecasts.dashboard_kpis(whole())
    assert {name: type(value) for name, value in row.items()} == {
        "snapshot_date": date,
        "quarter": str,
        "team_filter": str,
        **dict.fromkeys(("quarter_target", "ai_forecast", "ai_forecast_confidence"), float),
        **dict.fromkeys(("commit_amount", "commit_confidence", "closed_won_amount"), float),
        **dict.fromkeys(("gap_to_target", "gap_pct", "coverage_ratio"), float),
        "risk_level": str,
        **dict.fromkeys(("forecast_change_1w", "commit_change_1w"), float),
        **dict.fromkeys(("created_at", "updated_at", "data_freshness"), datetime),
    }
    history = forecasts.forecast_history(whole())
    assert [one["week_number"] for one in history] == list(range(1, 14))
    ranges = dict.fromkeys(("forecast_low", "forecast_high"), float)
    assert {name: type(value) for name, value in history[-1].items()} == {
        **dict.fromkeys(("created_at", "updated_at", "data_freshness"), datetime),
        "snapshot_date": date,
        "week_number": int,
        "quarter": str,
        **dict.fromkeys(("cumulative_target", "cumulative_closed", "cumulative_commit"), float),
        **dict.fromkeys(("cumulative_forecast", "pipeline_commit", "pipeline_best_case"), float),
        **dict.fromkeys(("pipeline_total", "avg_pipeline_health"), float),
        **ranges,
    }


@pytest.mark.usefixtures("company")
def test_the_weeks_of_a_slice_are_sums_of_the_deals_that_were_kept(ana: User, cy: User) -> None:
    tasks.take_snapshots()
    everything = forecasts.forecast_history(whole())
    parts = [forecasts.forecast_history(whole(reps=allowed(one))) for one in (ana, cy)]
    for nth, week in enumerate(everything):
        kept = ForecastSnapshot.objects.get(snapshot_date=week["snapshot_date"], team="All")
        assert week["cumulative_forecast"] == pytest.approx(kept.ai_forecast)
        assert week["avg_pipeline_health"] == pytest.approx(kept.avg_pipeline_health)
        for name in ("cumulative_forecast", "cumulative_target", "pipeline_total"):
            assert sum(one[nth][name] for one in parts) == pytest.approx(week[name])
    assert everything[-1]["cumulative_target"] == pytest.approx(300_000)


@pytest.mark.usefixtures("company")
def test_too_little_history_leaves_the_method_as_it_is() -> None:
    assert "Not enough data" in said("backtest")
    found = Backtest.objects.get()
    assert (found.method, found.interval_inflation) == ("L0", 1.25)
    assert tasks.is_tried()


def test_without_deals_there_is_nothing_to_keep_or_to_try(workspace: Workspace) -> None:
    assert said("snapshot").strip() == "All days are kept already."
    assert said("backtest").strip() == "There are no deals to forecast."
    tasks.keep_snapshots()
    shown = forecasts.dashboard_kpis(whole())
    assert (shown["ai_forecast"], shown["quarter_target"], shown["risk_level"]) == (0, None, None)
    assert forecasts.forecast_history(whole()) == []
    assert average_health(forecasts.reckon(whole()).deals) is None


@pytest.mark.usefixtures("company")
def test_every_figure_of_the_forecast_has_its_operands() -> None:
    row = forecasts.totals(whole())
    for metric in forecasts.LEDGER.metrics:
        assert set(metric.operands) <= set(row.columns), metric.slug
    assert len(forecasts.LEDGER.rows(whole())) == int(row["open_deals"].iloc[0]) == 3
    assert len(forecasts.LEDGER.rows(replace(whole(), owner=("cy",)))) == 1
