"""How open deals spread over the bands of health, and how that moved within a week."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline import metrics as m
from revops_site.kernel.metrics import measure

# category as stored, what the contract calls it
BANDS = {
    "Healthy": "healthy",
    "Monitor": "monitor",
    "At Risk": "at_risk",
    "Critical": "critical",
}
KEPT_BY = (
    *("owner_id", "segment", "region", "source_channel", "pipeline_id", "stage_name"),
    "health_category",
)
MOVED = 0.02  # from this share on the weak part grew or shrank


def distribution(deals: pd.DataFrame) -> pd.DataFrame:
    """One row a band from the best on: deals, amount, amount_share and deals_share.

    Of single deals or of sums of them: health_category, deals (1 for a single one), amount (0
    where unknown). A share of nothing is NaN.
    """
    sums = deals.groupby("health_category")[["deals", "amount"]].sum().reindex(list(BANDS))
    sums = sums.fillna(0).astype({"deals": "int64", "amount": "float64"})
    whole = sums.sum()
    return (
        sums.assign(
            amount_share=sums["amount"] / (whole["amount"] or float("nan")),
            deals_share=sums["deals"] / (whole["deals"] or float("nan")),
        )
        .rename_axis("health_category")
        .reset_index()
    )


def fields(bands: pd.DataFrame) -> dict[str, Any]:
    """The same by the names of the contract; None where a share is unknown."""
    found: dict[str, Any] = {}
    for row in bands.to_dict("records"):
        name = BANDS[row["health_category"]]
        found[f"{name}_count"] = int(row["deals"])
        found[f"{name}_amount"] = float(row["amount"])
        found[f"{name}_pct"] = None if pd.isna(row["amount_share"]) else row["amount_share"]
        found[f"{name}_count_pct"] = None if pd.isna(row["deals_share"]) else row["deals_share"]
    return found


def operands(deals: pd.DataFrame, before: pd.DataFrame | None) -> dict[str, float]:
    """What the metrics of health are made of, NaN where unknown.

    ``deals`` are single deals or sums: health_category, deals, amount, weighed (amount times
    score) and score (sum of scores); ``before`` the same as kept a week ago, None where nothing
    was.
    """
    counts = deals.groupby("health_category")["deals"].sum()
    amounts = deals.groupby("health_category")["amount"].sum()
    whole, weighed = float(deals["amount"].sum()), float(deals["weighed"].sum())
    number, score = int(deals["deals"].sum()), float(deals["score"].sum())
    by_band = {f"{name}_count": int(counts.get(band, 0)) for band, name in BANDS.items()}
    worth = {f"{name}_amount": float(amounts.get(band, 0.0)) for band, name in BANDS.items()}
    share = weak_share(deals)
    earlier = None if before is None else weak_share(before)
    unknown = float("nan")
    return {
        **by_band,
        **worth,
        "scored_deals": number,
        "scored_amount": whole,
        "weak_amount": worth["at_risk_amount"] + worth["critical_amount"],
        # Without any amount every deal weighs the same.
        "health_weight": whole or number,
        "health_sum": weighed if whole else score,
        "weak_share": unknown if share is None else share,
        "weak_share_week_ago": unknown if earlier is None else earlier,
    }


def weak_share(deals: pd.DataFrame) -> float | None:
    """The share of the amount that is At Risk or Critical; None where there is no amount."""
    whole = float(deals["amount"].sum())
    weak = deals["health_category"].isin(["At Risk", "Critical"])
    return float(deals.loc[weak, "amount"].sum()) / whole if whole else None


def trend(change: float | None) -> str | None:
    """worsening, improving or stable, of the change of a week; None where that is unknown."""
    if change is None:
        return None
    moved = round(change, 9)
    if moved > MOVED:
        return "worsening"
    return "improving" if moved < -MOVED else "stable"


def health_distribution(deals: pd.DataFrame, before: pd.DataFrame | None) -> dict[str, Any]:
    """The sums of the contract with at_risk_change_1w, trend_direction, avg_pipeline_health."""
    known = operands(deals, before)
    change = measure(m.AT_RISK_CHANGE, known).value
    return {
        **fields(distribution(deals)),
        "at_risk_change_1w": change,
        "trend_direction": trend(change),
        "avg_pipeline_health": measure(m.AVG_HEALTH, known).value,
    }


def single(deals: pd.DataFrame) -> pd.DataFrame:
    """Single deals as sums of one: amount (NaN where unknown), health_score, health_category."""
    amount = deals["amount"].astype("float64").fillna(0.0)
    score = deals["health_score"].astype("float64")
    return deals.assign(deals=1, amount=amount, weighed=amount * score, score=score)


def kept(deals: pd.DataFrame) -> list[dict[str, Any]]:
    """Scored deals as they are kept of a day: rows of sums by ``KEPT_BY``.

    Of ``KEPT_BY``, value (NaN where unknown) and health_score.
    """
    found = single(deals.assign(amount=deals["value"]))
    sums = found.groupby(list(KEPT_BY), dropna=False)[["deals", "amount", "weighed", "score"]]
    rows = sums.sum().reset_index().to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def rounded(shares: pd.Series[float]) -> list[float]:
    """Shares of a whole in whole percent that add up to 100: those cut most are rounded up."""
    if shares.isna().any():
        return [float("nan")] * len(shares)
    exact = (shares * 100).round(9)
    whole = exact // 1
    missing = round(100 - float(whole.sum()))
    order = (exact - whole).sort_values(ascending=False, kind="stable").index
    whole.loc[order[:missing]] += 1
    return [float(one) / 100 for one in whole]
