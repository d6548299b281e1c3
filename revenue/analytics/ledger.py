"""A ledger's balances, retention, shares and reasons, from frames of operands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from revenue import metrics as m
from revops_site.kernel.frames import Floats, array, arrays, found, framed, joined, listed, taken
from revops_site.kernel.metrics import Measured, Metric, Operands, measure, values

SEGMENTS = ("SMB", "MM", "ENT")
UNKNOWN = "Unknown"
DOMINANT_SHARE, DOMINANT_LEAST = 0.30, 5
GAINS, LOSSES = ("new", "expansion", "reactivation"), ("contraction", "churn")
ENDS = ("min_value", "target_value", "max_value")
MOVED = ("expansion", "contraction", "churn", "churn_customers", "starting_customers")
A_YEAR_AGO = ("year_ago_customers", "year_ago")
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
    of = in_order(months)
    gained: Floats = sum(of[kind] for kind in GAINS)
    gone: Floats = sum(of[kind] for kind in LOSSES)
    left = of["started"] + gained - gone + of["fx_impact"] - of["mrr"]
    if (np.abs(left) >= CENT).any():
        raise ValueError(f"The months do not balance: {left.tolist()}")
    return framed(
        {
            "month": of["month"],
            "starting_mrr": of["started"],
            **{f"{kind}_mrr": of[kind] for kind in (*GAINS, *LOSSES)},
            "fx_impact": of["fx_impact"],
            "ending_mrr": of["mrr"],
            "net_new_mrr": of["mrr"] - of["started"],
            "starting_customers": of["starting_customers"],
            "new_customers": of["new_customers"],
            "reactivated_customers": of["reactivation_customers"],
            "churned_customers": of["churn_customers"],
            "check": left.round(6) + 0.0,
        }
    )


def retention(months: pd.DataFrame) -> pd.DataFrame:
    """NRR and GRR of each month's end (R08, R09), the oldest first; NaN where unknown.

    Columns month, year_ago, avg_nrr, grr, year_ago_customers.
    """
    of = in_order(months)
    rates = {"avg_nrr": values(m.NRR, of), "grr": values(m.GRR, of)}
    return framed({name: of[name] for name in ("month", *A_YEAR_AGO)} | rates)


def in_order(months: pd.DataFrame) -> dict[str, Any]:
    """The columns of the months, the oldest first."""
    order = np.argsort(months["month"].to_numpy(), kind="stable")
    return {name: one[order] for name, one in arrays(months).items()}


def blended_target(groups: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """The NRR target of each month: the segments' targets weighted by MRR a year before.

    ``groups`` has month, segment and year_ago, ``targets`` segment and target_value. A segment
    without a target is left out of both sums; a month in which none has one has no row. Columns
    month, target.
    """
    aims = dict(zip(listed(targets["segment"]), listed(targets["target_value"]), strict=True))
    sums: dict[Any, tuple[float, float]] = {}
    rows = (listed(groups[name]) for name in ("month", "segment", "year_ago"))
    for month, segment, paid in zip(*rows, strict=True):
        aim = aims.get(segment, np.nan)
        if not np.isnan(aim):
            weighed, base = sums.get(month, (0.0, 0.0))
            sums[month] = weighed + aim * paid, base + paid
    known = {month: weighed / base for month, (weighed, base) in sorted(sums.items()) if base}
    target = np.array(list(known.values()), dtype="float64")
    return framed({"month": array(list(known), "datetime64[s]"), "target": target})


def breakdown(groups: pd.DataFrame, moved: pd.DataFrame | None, by: str) -> pd.DataFrame:
    """One row per value of ``by`` (R23): what it pays now, and what moved in the period.

    ``moved`` None: that is not known, which is not 0.

    Columns ``by``, customers, mrr, share (fraction of all MRR), arpa, expansion, contraction,
    churn, churned, churn_rate (monthly), avg_nrr, grr.
    """
    known = arrays(groups)
    of = {by: known[by][:0], **dict.fromkeys(MOVED, np.zeros(0))}
    if moved is not None:
        of = {name: one for name, one in arrays(moved).items() if name in of}
    both: dict[str, Any] = joined(
        {name: one for name, one in known.items() if name not in MOVED}, of, by
    )
    some = np.array([both[name] != 0 for name in ("mrr", *MOVED)]).any(axis=0)
    both = {name: one[some] for name, one in both.items()}
    if moved is None:
        both |= dict.fromkeys(MOVED, np.full(some.sum(), np.nan))
    churned = both["churn_customers"]
    return by_size(
        {
            by: both[by],
            "customers": both["customers"].astype("int64"),
            "mrr": both["mrr"],
            "share": both["mrr"] / (both["mrr"].sum() or np.nan),
            "arpa": values(m.ARPA, both),
            **{name: both[name] for name in ("expansion", "contraction", "churn")},
            "churned": churned.astype("int64") if moved is not None else churned,
            "churn_rate": values(m.CHURN_RATE, both),
            "avg_nrr": values(m.NRR, both),
            "grr": values(m.GRR, both),
        },
        by,
    )


def nrr_by_segment(groups: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """NRR of each segment beside its target, small customers first.

    Columns segment, year_ago_customers, year_ago, avg_nrr, grr, min_value, target_value,
    max_value and verdict: ``below`` the target, else ``met``; None where there is no target or
    no NRR. The range judges nothing.
    """
    of: dict[str, Any] = arrays(groups)
    ends = found(listed(of["segment"]), arrays(targets[["segment", *ENDS]]), "segment")
    nrr, aim = values(m.NRR, of).round(9), ends["target_value"].round(9)
    verdict = [
        None if np.isnan(one) or np.isnan(least) else "below" if one < least else "met"
        for one, least in zip(nrr, aim, strict=True)
    ]
    return by_size(
        {
            **{name: of[name] for name in ("segment", *A_YEAR_AGO)},
            "avg_nrr": values(m.NRR, of),
            "grr": values(m.GRR, of),
            **ends,
            "verdict": array(verdict, "object"),
        },
        "segment",
    )


def churn_reasons(lost: pd.DataFrame) -> pd.DataFrame:
    """Who left, by segment and reason (R22): the most first, then the most money.

    Columns segment, churn_reason (``Unknown`` where nobody said), count, mrr_lost (NaN where it
    is not known of anybody), share_of_lost_mrr.
    """
    groups: dict[tuple[str, str], tuple[int, float]] = {}
    columns = ("segment", "churn_reason", "lost_customers", "mrr_lost")
    for segment, said, count, paid in zip(*(listed(lost[name]) for name in columns), strict=True):
        key = segment, said or UNKNOWN
        before, sum_ = groups.get(key, (0, np.nan))
        groups[key] = before + count, paid if np.isnan(sum_) else np.nansum([sum_, paid])
    ordered = sorted(
        ((*key, *one) for key, one in groups.items()),
        key=lambda row: (-row[2], np.inf if np.isnan(row[3]) else -row[3], row[:2]),
    )
    names = {"segment": "str", "churn_reason": "str", "count": "int64", "mrr_lost": "float64"}
    by_column = list(zip(*ordered, strict=True)) or [()] * len(names)
    of: dict[str, Any] = {
        name: array(one, kind) for (name, kind), one in zip(names.items(), by_column, strict=True)
    }
    return framed(
        {**of, "share_of_lost_mrr": of["mrr_lost"] / (np.nansum(of["mrr_lost"]) or np.nan)}
    )


def dominant_reason(reasons: pd.DataFrame) -> tuple[str, float, int] | None:
    """The reason that cost the most (R22), its share of the lost MRR, and how many it was.

    None where nobody said why, where fewer than 5 left, or where no reason cost 30 % of it.
    """
    counts, paid = (reasons[name].to_numpy() for name in ("count", "mrr_lost"))
    whole = float(np.nansum(paid))
    if counts.sum() < DOMINANT_LEAST or not whole:
        return None
    groups: dict[str, tuple[float, int]] = {}
    for reason, one, count in zip(listed(reasons["churn_reason"]), paid, counts, strict=True):
        cost, left = groups.get(reason, (0.0, 0))
        groups[reason] = cost + float(np.nan_to_num(one)), left + int(count)
    groups.pop(UNKNOWN, None)
    if not groups:
        return None
    first = min(groups, key=lambda reason: (-groups[reason][0], reason))
    share = groups[first][0] / whole
    return None if round(share, 9) < DOMINANT_SHARE else (first, share, groups[first][1])


def sparklines(months: pd.DataFrame, metrics: Sequence[Metric]) -> dict[str, list[float | None]]:
    """Each metric's monthly values by field name, None where a month leaves it undefined."""
    of = in_order(months)
    known = [metric for metric in metrics if set(metric.operands) <= set(of)]
    return {
        metric.field: [None if np.isnan(one) else one for one in values(metric, of).tolist()]
        for metric in known
    }


def by_size(groups: Mapping[str, Any], by: str) -> pd.DataFrame:
    """Segments from small customers to large ones; anything else by MRR, then by name."""
    names = listed(groups[by])
    if by == "segment":
        place = {code: at for at, code in enumerate(SEGMENTS)}
        keys = [(float(place.get(name, len(SEGMENTS))), name) for name in names]
    else:
        keys = list(zip((-groups["mrr"]).tolist(), names, strict=True))
    return taken(groups, sorted(range(len(keys)), key=keys.__getitem__))
