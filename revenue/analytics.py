"""Revenue's arithmetic: frames of operands in, balances, retention, shares and reasons out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from revenue import metrics as m
from revops_site.kernel.frames import beside, together
from revops_site.kernel.metrics import Measured, Metric, Operands, column, measure

SEGMENTS = ("SMB", "MM", "ENT")
UNKNOWN = "Unknown"
DOMINANT_SHARE, DOMINANT_LEAST = 0.30, 5
GAINS, LOSSES = ("new", "expansion", "reactivation"), ("contraction", "churn")
ENDS = ["min_value", "target_value", "max_value"]
CENT = 0.005


def kpis(
    operands: Operands | pd.DataFrame, metrics: Sequence[Metric] = m.METRICS
) -> dict[str, Measured]:
    """The metrics of which all operands are known, by field name; a frame has one row."""
    names = set(operands)
    known = [metric for metric in metrics if names.issuperset(metric.operands)]
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
    gained = sum(frame[f"{kind}_mrr"] for kind in GAINS)
    gone = sum(frame[f"{kind}_mrr"] for kind in LOSSES)
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
    aims = dict(zip(targets["segment"], targets["target_value"], strict=True))
    aim = np.array([aims.get(segment, np.nan) for segment in groups["segment"]], dtype="float64")
    both = pd.DataFrame({"month": groups["month"], "base": groups["year_ago"]})
    both = both.assign(weighed=aim * both["base"])[~np.isnan(aim)]
    sums = both.groupby("month", as_index=False).sum()
    sums = sums[sums["base"] != 0]
    return pd.DataFrame({"month": sums["month"], "target": sums["weighed"] / sums["base"]})


def breakdown(groups: pd.DataFrame, moved: pd.DataFrame | None, by: str) -> pd.DataFrame:
    """One row per value of ``by`` (R23): what it pays now, and what moved in the period.

    ``moved`` None: that is not known, which is not 0.

    Columns ``by``, customers, mrr, share (fraction of all MRR), arpa, expansion, contraction,
    churn, churned, churn_rate (monthly), avg_nrr, grr.
    """
    numbers = ["expansion", "contraction", "churn", "churn_customers", "starting_customers"]
    known = moved if moved is not None else groups.iloc[:0]
    both = together(groups.drop(columns=numbers), known[[by, *numbers]], by)
    both = both[(both[["mrr", *numbers]].to_numpy() != 0).any(axis=1)]
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
    frame = beside(frame, targets, "segment")
    nrr, aim = (frame[name].to_numpy().round(9) for name in ("avg_nrr", "target_value"))
    verdict = [
        None if np.isnan(one) or np.isnan(least) else "below" if one < least else "met"
        for one, least in zip(nrr, aim, strict=True)
    ]
    names = ["segment", "year_ago_customers", "year_ago", "avg_nrr", "grr", *ENDS]
    return by_size(
        frame.assign(verdict=pd.Series(verdict, frame.index, dtype="object"))[[*names, "verdict"]],
        "segment",
    )


def churn_reasons(lost: pd.DataFrame) -> pd.DataFrame:
    """Who left, by segment and reason (R22): the most first, then the most money.

    Columns segment, churn_reason (``Unknown`` where nobody said), count, mrr_lost (NaN where it
    is not known of anybody), share_of_lost_mrr.
    """
    named = lost.assign(churn_reason=lost["churn_reason"].replace("", UNKNOWN))
    keys = ["segment", "churn_reason"]
    groups = named.groupby(keys, as_index=False)[["lost_customers", "mrr_lost"]].sum(min_count=1)
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
    codes = groups[by].tolist()
    order = sorted(range(len(codes)), key=lambda nth: (place.get(codes[nth], 9), codes[nth]))
    return groups.iloc[order].reset_index(drop=True)
