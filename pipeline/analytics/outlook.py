"""The forecast taken apart: its parts, its weeks, whose it is, and the deals that decide it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.analytics.forecast import BEST_CASE, COMMIT, PIPELINE
from pipeline.analytics.reckoned import Reckoned
from revops_site.kernel.periods import WEEKS_OF_QUARTER

NOT_TOLD_APART = "Early and new deals"
OPEN_PARTS = ((COMMIT, "Commit"), (BEST_CASE, "Best case"), (PIPELINE, "Pipeline"))


def parts(found: Reckoned) -> pd.DataFrame:
    """What the forecast is the sum of, in order; the last row is the forecast itself.

    Columns part, amount (what it adds, in the reporting currency), open_amount (the whole amount
    of those deals, NaN where there are none to list), deals, is_total.
    """
    mine = _expecting(found)
    rows: list[dict[str, Any]] = [_part("Won", found.parts.closed_won_amount)]
    for category, label in OPEN_PARTS:
        here = mine[mine["category"] == category]
        whole = float(here["amount"].sum())
        rows.append(_part(label, float(here["expected"].sum()), whole, len(here)))
    rows.append(_part("Closing early", found.parts.expected_pull_in))
    rows.append(_part("Not created yet", found.parts.expected_new))
    rows.append(_part("Forecast", found.parts.ai_forecast) | {"is_total": True})
    return pd.DataFrame(rows)


def weeks(
    rows: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]], target: float | None
) -> pd.DataFrame:
    """The thirteen weeks of a quarter as they were kept, NaN where nothing was.

    Columns week_number, those of ``rows`` (a forecast's history with its range), and last_closed,
    what the quarter ``before`` had won by the same week.
    """
    numbers = pd.DataFrame({"week_number": range(1, WEEKS_OF_QUARTER + 1)})
    names = ["week_number", "snapshot_date", *WEEK_AMOUNTS]
    kept = pd.DataFrame([{name: row[name] for name in names} for row in rows], columns=names)
    kept = kept.astype({"week_number": "int64", "snapshot_date": "datetime64[s]"})
    kept[list(WEEK_AMOUNTS)] = kept[list(WEEK_AMOUNTS)].astype("float64")
    last = {row["week_number"]: float(row["cumulative_closed"]) for row in before}
    found = numbers.merge(kept, how="left", on="week_number")
    whole = np.nan if target is None else target
    return found.assign(
        cumulative_target=whole * found["week_number"] / WEEKS_OF_QUARTER,
        last_closed=found["week_number"].map(last).astype("float64"),
    )


WEEK_AMOUNTS = (
    *("cumulative_closed", "cumulative_commit", "cumulative_forecast"),
    *("forecast_low", "forecast_high", "pipeline_commit", "pipeline_best_case", "pipeline_total"),
    "avg_pipeline_health",
)


def by_part(
    found: Reckoned, won: pd.DataFrame, key: str, targets: Mapping[str, float] | None
) -> pd.DataFrame:
    """Won, expected and forecast by a column of the deals, the largest forecast first.

    ``won`` has that column and value; ``targets`` is known of people alone. What is expected of
    next quarter's deals and of those not created yet is nobody's: it is a row of its own, so that
    the rows sum to the forecast. Columns key, closed_won_amount, pipeline_commit, pipeline_total,
    expected_open, ai_forecast, quarter_target, gap_to_target, open_deals, is_part.
    """
    mine = _expecting(found)
    mine = mine.assign(committed=mine["amount"].where(mine["category"] == COMMIT, 0.0))
    sums = mine.groupby(key).agg(
        pipeline_commit=("committed", "sum"),
        pipeline_total=("amount", "sum"),
        expected_open=("expected", "sum"),
        open_deals=("deal_id", "count"),
    )
    closed = won.groupby(key)["value"].sum().rename("closed_won_amount")
    plan = pd.Series(targets or {}, dtype="float64", name="quarter_target")
    both = sums.join(closed, how="outer").join(plan, how="outer")
    numbers = [name for name in both.columns if name != "quarter_target"]
    both[numbers] = both[numbers].fillna(0.0)
    both = both.rename_axis("key").reset_index().astype({"open_deals": "int64"})
    both["is_part"] = True
    more = found.parts.expected_pull_in + found.parts.expected_new
    if more:
        both.loc[len(both)] = {"key": NOT_TOLD_APART, "expected_open": more, "is_part": False}
        both = both.fillna(dict.fromkeys(numbers, 0)).astype({"open_deals": "int64"})
    both["ai_forecast"] = both["closed_won_amount"] + both["expected_open"]
    both["gap_to_target"] = both["ai_forecast"] - both["quarter_target"]
    order = ["is_part", "ai_forecast", "key"]
    return both.sort_values(order, ascending=[False, False, True], ignore_index=True)


def swing(found: Reckoned, most: int) -> pd.DataFrame:
    """The open deals that decide the quarter: those whose outcome moves it most, first.

    Columns deal_id, stage_name, category, amount, p, close_date, health_score, swing (how far the
    result scatters by this deal alone: one standard deviation).
    """
    chance = found.deals["p"]
    known = found.deals.assign(swing=found.deals["amount"] * np.sqrt(chance * (1 - chance)))
    known = known[known["swing"] > 0].sort_values(["swing", "deal_id"], ascending=[False, True])
    names = ["deal_id", "stage_name", "category", "amount", "p", "close_date", "health_score"]
    return known.head(most)[[*names, "swing"]].reset_index(drop=True)


def _expecting(found: Reckoned) -> pd.DataFrame:
    """The quarter's open deals, each with what is ``expected`` of it; an unknown amount is 0."""
    return found.deals.assign(expected=found.deals["amount"].fillna(0.0) * found.deals["p"])


def _part(
    label: str, amount: float, whole: float = float("nan"), deals: int | None = None
) -> dict[str, Any]:
    return {
        "part": label,
        "amount": amount,
        "open_amount": whole,
        "deals": float("nan") if deals is None else deals,
        "is_total": False,
    }
