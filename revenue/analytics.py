"""Revenue's arithmetic: frames of operands in, balances, retention, shares and reasons out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from revenue import metrics as m
from revops_site.kernel.metrics import Measured, Metric, column, measure

SEGMENTS = ("SMB", "MM", "ENT")
UNKNOWN = "Unknown"
DOMINANT_SHARE, DOMINANT_LEAST = 0.30, 5
GAINS, LOSSES = ("new", "expansion", "reactivation"), ("contraction", "churn")
ENDS = ["min_value", "target_value", "max_value"]
CENT = 0.005


def kpis(operands: pd.DataFrame, metrics: Sequence[Metric] = m.METRICS) -> dict[str, Measured]:
    """The metrics whose operands are columns of a frame of one row, by field name."""
    known = [metric for metric in metrics if set(metric.operands) <= set(operands.columns)]
    return {metric.field: measure(metric, operands) for metric in known}


def waterfall(months: pd.DataFrame) -> pd.DataFrame:
    """The balance of each month (R04), the oldest first.

    Columns month, starting_mrr, new_mrr, expansion_mrr, reactivation_mrr, contraction_mrr,
    churn_mrr, fx_impact, ending_mrr, net_new_mrr, starting_customers, new_customers,
    reactivated_customers, churned_customers and check: what is left of starting + gains − losses +
    fx_impact − ending. All movements are positive. Raises ValueError where a balance is off by a
    cent or more.
    """
    frame = pd.DataFrame(
        {
            "month": months["month"],
            "starting_mrr": months["started"],
            **{f"{kind}_mrr": months[kind] for kind in (*GAINS, *LOSSES)},
            "fx_impact": months["fx_impact"],
            "ending_mrr": months["mrr"],
            "net_new_mrr": months["mrr"] - months["started"],
            "starting_customers": months["starting_customers"],
            "new_customers": months["new_customers"],
            "reactivated_customers": months["reactivation_customers"],
            "churned_customers": months["churn_customers"],
        }
    ).sort_values("month", ignore_index=True)
    gained = frame[[f"{kind}_mrr" for kind in GAINS]].sum(axis="columns")
    gone = frame[[f"{kind}_mrr" for kind in LOSSES]].sum(axis="columns")
    left = frame["starting_mrr"] + gained - gone + frame["fx_impact"] - frame["ending_mrr"]
    if (left.abs() >= CENT).any():
        raise ValueError(f"The months do not balance: {left[left.abs() >= CENT].to_dict()}")
    return frame.assign(check=left.round(6) + 0.0)


def retention(months: pd.DataFrame) -> pd.DataFrame:
    """NRR and GRR of each month's end (R08, R09), the oldest first; NaN where unknown.

    Columns month, year_ago, avg_nrr, grr, year_ago_customers.
    """
    frame = months.assign(avg_nrr=column(m.NRR, months), grr=column(m.GRR, months))
    names = ["month", "year_ago_customers", "year_ago", "avg_nrr", "grr"]
    return frame[names].sort_values("month", ignore_index=True)


def blended_target(groups: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The NRR target of each month: the segments' targets weighted by MRR a year before.

    ``groups`` has month, segment and year_ago, ``targets`` segment and target_value. A segment
    without a target is left out of both sums; a month in which none has one has no row. Columns
    month, target.
    """
    both = groups.merge(targets.dropna(subset="target_value"), on="segment")
    both = both.assign(weighed=both["target_value"] * both["year_ago"])
    sums = both.groupby("month", as_index=False)[["weighed", "year_ago"]].sum()
    sums = sums[sums["year_ago"] != 0]
    return sums.assign(target=sums["weighed"] / sums["year_ago"])[["month", "target"]]


def breakdown(groups: pd.DataFrame, moved: pd.DataFrame | None, by: str) -> pd.DataFrame:
    """One row per value of ``by`` (R23): what it pays now, and what moved in the period.

    ``moved`` None: that is not known, which is not 0.

    Columns ``by``, customers, mrr, share (fraction of all MRR), arpa, expansion, contraction,
    churn, churned, churn_rate (monthly), avg_nrr, grr.
    """
    numbers = ["expansion", "contraction", "churn", "churn_customers", "starting_customers"]
    now = groups.drop(columns=numbers)
    known = moved if moved is not None else groups.iloc[:0]
    both = now.merge(known[[by, *numbers]], how="outer", on=by)
    filled = [name for name in both.columns if name != by]
    both[filled] = both[filled].fillna(0)
    both = both[(both["mrr"] != 0) | (both[numbers] != 0).any(axis=1)]
    if moved is None:
        both[numbers] = np.nan
    both = both.assign(
        share=both["mrr"] / (both["mrr"].sum() or np.nan),
        arpa=column(m.ARPA, both),
        churn_rate=column(m.CHURN_RATE, both),
        avg_nrr=column(m.NRR, both),
        grr=column(m.GRR, both),
        churned=both["churn_customers"].astype("int64" if moved is not None else "float64"),
        customers=both["customers"].astype("int64"),
    )
    names = [by, "customers", "mrr", "share", "arpa", "expansion", "contraction", "churn"]
    return by_size(both[[*names, "churned", "churn_rate", "avg_nrr", "grr"]], by)


def nrr_by_segment(groups: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """NRR of each segment beside its target, small customers first.

    Columns segment, year_ago_customers, year_ago, avg_nrr, grr, min_value, target_value,
    max_value and verdict: ``below`` the target, else ``met``; None where there is no target or
    no NRR. The range judges nothing.
    """
    frame = groups.assign(avg_nrr=column(m.NRR, groups), grr=column(m.GRR, groups))
    frame = frame.merge(targets, how="left", on="segment")
    known = frame["avg_nrr"].notna() & frame["target_value"].notna()
    words = pd.Series("met", index=frame.index, dtype="object")
    below = frame["avg_nrr"].round(9) < frame["target_value"].round(9)
    verdict = words.mask(below, "below").where(known, None)
    names = ["segment", "year_ago_customers", "year_ago", "avg_nrr", "grr", *ENDS]
    return by_size(frame.assign(verdict=verdict)[[*names, "verdict"]], "segment")


def churn_reasons(lost: pd.DataFrame) -> pd.DataFrame:
    """Who left, by segment and reason (R22): the most first, then the most money.

    Columns segment, churn_reason (``Unknown`` where nobody said), count, mrr_lost (NaN where it
    is not known of anybody), share_of_lost_mrr.
    """
    named = lost.assign(churn_reason=lost["churn_reason"].replace("", UNKNOWN))
    keys = ["segment", "churn_reason"]
    counts = named.groupby(keys, as_index=False)[["lost_customers"]].sum()
    money = named.groupby(keys, as_index=False)[["mrr_lost"]].sum(min_count=1)
    groups = counts.merge(money, on=keys)
    whole = groups["mrr_lost"].sum() or np.nan
    groups = groups.assign(
        count=groups["lost_customers"], share_of_lost_mrr=groups["mrr_lost"] / whole
    ).sort_values(
        ["count", "mrr_lost", "segment", "churn_reason"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    return groups[["segment", "churn_reason", "count", "mrr_lost", "share_of_lost_mrr"]]


def dominant_reason(reasons: pd.DataFrame) -> tuple[str, float, int] | None:
    """The reason that cost the most (R22), its share of the lost MRR, and how many it was.

    None where nobody said why, where fewer than 5 left, or where no reason cost 30 % of it.
    """
    if reasons["count"].sum() < DOMINANT_LEAST or not reasons["mrr_lost"].sum():
        return None
    known = reasons[reasons["churn_reason"] != UNKNOWN]
    groups = known.groupby("churn_reason", as_index=False)[["mrr_lost", "count"]].sum()
    if groups.empty:
        return None
    first = groups.sort_values(["mrr_lost", "churn_reason"], ascending=[False, True]).iloc[0]
    share = float(first["mrr_lost"]) / float(reasons["mrr_lost"].sum())
    if round(share, 9) < DOMINANT_SHARE:
        return None
    return str(first["churn_reason"]), share, int(first["count"])


def sparklines(months: pd.DataFrame, metrics: Sequence[Metric]) -> dict[str, list[float | None]]:
    """Each metric's monthly values by field name, None where a month leaves it undefined."""
    ordered = months.sort_values("month", ignore_index=True)
    known = [metric for metric in metrics if set(metric.operands) <= set(ordered.columns)]
    return {
        metric.field: [None if pd.isna(v) else float(v) for v in column(metric, ordered)]
        for metric in known
    }


def by_size(groups: pd.DataFrame, by: str) -> pd.DataFrame:
    """Segments from small customers to large ones; anything else by MRR, then by name."""
    if by != "segment":
        return groups.sort_values(["mrr", by], ascending=[False, True], ignore_index=True)
    place = {code: at for at, code in enumerate(SEGMENTS)}
    return groups.sort_values(
        by,
        key=lambda codes: codes.map(lambda code: (place.get(code, len(place)), code)),
        ignore_index=True,
    )
