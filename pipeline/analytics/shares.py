"""What each deal adds to a quarter's forecast: to be summed up by whatever deals have."""

from __future__ import annotations

import pandas as pd

from pipeline.analytics.forecast import BEST_CASE, COMMIT, PIPELINE

KEYS = ("segment", "source_channel", "region", "stage_name", "pipeline_id", "owner_id")
QUARTER = {
    **dict.fromkeys(
        (
            *("closed_won_amount", "expected_open", "pipeline_commit", "pipeline_best_case"),
            "pipeline_total",
        ),
        "float64",
    ),
    "open_deals": "int64",
}


def quarter(deals: pd.DataFrame, won: pd.DataFrame) -> pd.DataFrame:
    """A row for each open deal of the quarter and each one won in it: ``KEYS`` and ``QUARTER``.

    Of amount (NaN where unknown), p and category; of those won of value. A won deal has no stage.
    """
    amount = deals["amount"].astype("float64").fillna(0.0)
    known = deals["category"].isin([COMMIT, BEST_CASE, PIPELINE])
    opened = _keyed(deals).assign(
        closed_won_amount=0.0,
        expected_open=amount * deals["p"],
        pipeline_commit=amount.where(deals["category"] == COMMIT, 0.0),
        pipeline_best_case=amount.where(deals["category"] == BEST_CASE, 0.0),
        pipeline_total=amount.where(known, 0.0),
        open_deals=1,
    )
    closed = _keyed(won).assign(**dict.fromkeys(QUARTER, 0.0))
    closed = closed.assign(closed_won_amount=won["value"].astype("float64").fillna(0.0))
    both = [one for one in (opened, closed) if len(one)] or [closed]
    return pd.concat(both, ignore_index=True).astype(QUARTER)


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    """The keys alone, as texts, "" where one is not known."""
    kept = rows.reindex(columns=list(KEYS))
    return kept.astype("object").where(kept.notna(), "").astype("str")
