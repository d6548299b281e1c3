"""How likely each open deal is won by the end of its quarter: by its stage, or as learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.analytics.health import OK_FROM

FACTORS: Mapping[str, float] = {
    "Healthy": 1.00,
    "Monitor": 0.85,
    "At Risk": 0.60,
    "Critical": 0.30,
}
BUCKETS = (("0-14", 14), ("15-30", 30), ("31-60", 60), ("61-92", 92))
STAGE_PRIOR, CELL_PRIOR = 5, 10  # so many deals' worth is a stage's, a cell's prior
MIN_DECIDED, MIN_WON = 100, 25
CELLS = ["stage_name", "bucket", "health", "won", "n"]


def by_stage(deals: pd.DataFrame) -> pd.Series[float]:
    """The stage's probability times the factor of the health band; 0 where no stage tells one.

    Of stage_probability and health_category.
    """
    usual = deals["stage_probability"].astype("float64").clip(0, 1).fillna(0.0)
    return usual * deals["health_category"].map(FACTORS).astype("float64")


def bucket(days_left: pd.Series[Any]) -> pd.Series[str]:
    """Which stretch before the quarter's end so many days lie in."""
    edges = [most for _, most in BUCKETS[:-1]]
    places = np.searchsorted(edges, days_left.to_numpy(dtype="float64"), side="left")
    names = np.array([name for name, _ in BUCKETS], dtype=object)
    return pd.Series(names[places], index=days_left.index, dtype="object")


def health_of(score: pd.Series[Any]) -> pd.Series[str]:
    """``ok`` from 60 on, else ``weak``."""
    return pd.Series(np.where(score >= OK_FROM, "ok", "weak"), index=score.index, dtype="object")


def learned(deals: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Adds bucket, p_stage, p_stage_bucket and p, as past deals ended that stood alike.

    ``deals`` with stage_name, stage_probability, days_left, health_score; ``cells`` are the counts
    ``CELLS``: of ``n`` deals seen in a stage, stretch and health, ``won`` were won by the quarter's
    end. What few deals were seen in leans on the stage, a rare stage on its own probability.
    """
    placed = deals.assign(
        bucket=bucket(deals["days_left"]), health=health_of(deals["health_score"])
    )
    prior = placed["stage_probability"].astype("float64").clip(0, 1).fillna(0.0)
    keys = ["stage_name", "bucket", "health"]
    p_stage = _shrunk(placed, cells, keys[:1], prior, STAGE_PRIOR)
    p_stage_bucket = _shrunk(placed, cells, keys[:2], p_stage, CELL_PRIOR)
    p = _shrunk(placed, cells, keys, p_stage_bucket, CELL_PRIOR)
    return placed.drop(columns="health").assign(p_stage=p_stage, p_stage_bucket=p_stage_bucket, p=p)


def early(deals: pd.DataFrame, cells: pd.DataFrame) -> pd.Series[float]:
    """How likely deals expected next quarter are won in this one, as past ones were.

    ``cells`` counts those that were expected in the quarter after; without any it is 0.
    """
    placed = deals.assign(bucket=bucket(deals["days_left"]))
    seen = cells["n"].sum()
    overall = pd.Series(cells["won"].sum() / seen if seen else 0.0, index=deals.index)
    keys = ["stage_name", "bucket"]
    p_stage = _shrunk(placed, cells, keys[:1], overall, STAGE_PRIOR)
    return _shrunk(placed, cells, keys, p_stage, CELL_PRIOR)


def _shrunk(
    deals: pd.DataFrame, cells: pd.DataFrame, keys: list[str], prior: pd.Series[float], weight: int
) -> pd.Series[float]:
    sums = cells.groupby(keys, as_index=False)[["won", "n"]].sum()
    found = deals[keys].merge(sums, how="left", on=keys).set_index(deals.index)
    won, n = found["won"].fillna(0.0), found["n"].fillna(0.0)
    return ((won + weight * prior) / (n + weight)).astype("float64")
