"""The forecast's worked examples: frames as the tables give them, and the product's own sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from pipeline.analytics import backtest, chances, forecast, health, history
from revops_site.kernel import periods
from tests.golden.files import Golden

DAYS = ("close_date", "closed_at")
SEED = 7


def dashboard_kpis(golden: Golden) -> dict[str, Any]:
    """The tiles of a day, by the probabilities of the stages."""
    given, settings = golden.input, golden.settings
    day, first_month = date.fromisoformat(settings["as_of"]), settings["fiscal_year_start_month"]
    quarter, label = (
        periods.fiscal_quarter(day, first_month),
        periods.quarter_label(day, first_month),
    )
    deals = _frame(given["deals"])
    usual = {stage["stage_name"]: stage["probability"] for stage in given["stages"]}
    won = deals[(deals["status"] == "won") & deals["closed_at"].between(*_ends(quarter.start, day))]
    open_ = deals[deals["status"] == "open"]
    open_ = open_.assign(
        stage_probability=open_["stage_name"].map(usual),
        chance=open_["stage_name"].map(usual),
        health_category=health.categories(open_["health_score"].to_numpy()),
    )
    open_ = open_.assign(category=forecast.categories(open_), p=chances.by_stage(open_))
    mine = forecast.expected_in(open_, quarter)
    sums = forecast.pipeline_sums(mine)
    closed = float(won["amount"].sum())
    said = forecast.Parts(closed, history.expected(mine)).ai_forecast
    target = sum(row["quota_amount"] for row in given["quotas"] if row["quarter"] == label)
    commit = closed + sums["pipeline_commit"]
    before = given["previous_snapshot"]
    return {
        "quarter": label,
        "week_number": periods.week_of_quarter(day, first_month),
        "quarter_target": target,
        "closed_won_amount": closed,
        "open_pipeline": sums["pipeline_total"],
        "pipeline_commit": sums["pipeline_commit"],
        "pipeline_best_case": sums["pipeline_best_case"],
        "commit_amount": commit,
        "ai_forecast": said,
        **forecast.gaps(target, closed, said, sums["pipeline_total"]),
        "forecast_change_1w": said - before["ai_forecast"],
        "commit_change_1w": commit - before["commit_amount"],
    }


def dashboard_from_totals(golden: Golden) -> dict[str, Any]:
    """Gap, coverage and risk of each row of totals."""
    names = ("quarter_target", "closed_won_amount", "ai_forecast", "open_pipeline")
    return {"rows": [forecast.gaps(*(row[name] for name in names)) for row in golden.input["rows"]]}


def forecast_distribution(golden: Golden) -> dict[str, Any]:
    """The range of a few deals, and the chances it gives."""
    given = golden.input
    deals = pd.DataFrame(given["open_deals"]).assign(
        category=lambda all_: all_["forecast_category"]
    )
    closed, target = given["closed_won_amount"], given["quarter_target"]
    said = forecast.Parts(closed, history.expected(deals)).ai_forecast
    commit = closed + forecast.pipeline_sums(deals)["pipeline_commit"]
    found = forecast.distribution(closed, deals, SEED)
    low, high = forecast.interval(found, closed, said, golden.settings["interval_inflation"])
    return {
        "ai_forecast": said,
        "forecast_sd": found.sd,
        "q10": found.quantile(0.1),
        "q50": found.quantile(0.5),
        "q90": found.quantile(0.9),
        "forecast_low": low,
        "forecast_high": high,
        "commit_amount": commit,
        **forecast.certainty(found, said, commit, target),
    }


def forecast_probability(golden: Golden) -> dict[str, Any]:
    """Each deal's chance, as past deals ended."""
    given = golden.input
    usual = {stage["stage_name"]: stage["probability"] for stage in given["stages"]}
    deals = pd.DataFrame(given["open_deals"])
    deals["stage_probability"] = deals["stage_name"].map(usual)
    found = chances.learned(deals, pd.DataFrame(given["history"]))
    columns = ["bucket", "p_stage", "p_stage_bucket", "p"]
    return {row["opportunity_id"]: {name: row[name] for name in columns} for row in _rows(found)}


def forecast_history(golden: Golden) -> dict[str, Any]:
    """A row for each snapshot."""
    given, first_month = golden.input, golden.settings["fiscal_year_start_month"]
    won = _frame(given["won_deals"])
    rows = []
    for snapshot in given["snapshots"]:
        day = date.fromisoformat(snapshot["snapshot_date"])
        quarter = periods.fiscal_quarter(day, first_month)
        deals = _frame(snapshot["open_deals"]).assign(chance=0.0)
        deals["category"] = forecast.categories(deals)
        inside = won["closed_at"].between(*_ends(quarter.start, day))
        closed = float(won.loc[inside, "amount"].sum())
        mine = forecast.expected_in(deals, quarter)
        said = forecast.Parts(closed, history.expected(mine)).ai_forecast
        row = history.history_row(day, deals, closed, said, given["quarter_target"], first_month)
        rows.append(row | {"snapshot_date": day.isoformat()})
    return {"history": rows}


def forecast_backtest(golden: Golden) -> dict[str, Any]:
    """The scores of a few past forecasts."""
    return backtest.scores(pd.DataFrame(golden.input["rows"]))


def _frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in DAYS if name in frame})


def _ends(first: date, last: date) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(first), pd.Timestamp(last)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "dashboard_kpis": dashboard_kpis,
    "dashboard_from_totals": dashboard_from_totals,
    "forecast_distribution": forecast_distribution,
    "forecast_probability": forecast_probability,
    "forecast_history": forecast_history,
    "forecast_backtest": forecast_backtest,
}
