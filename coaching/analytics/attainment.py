"""What was won of what was to be won, who stands where by it, and what that is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from revops_site.kernel.periods import Period

PLACES = 9  # thresholds and ties are judged on so many decimals
NEW_FOR_DAYS = 90
TOP, TRACK, NEEDS, RISK = "Top Performer", "On Track", "Needs Improvement", "At Risk"
TIERS: Mapping[str, float] = {TOP: 1.10, TRACK: 0.90, NEEDS: 0.70}


def quota_of(quotas: pd.DataFrame, days: Period) -> pd.Series[float]:
    """So much of each rep's quotas as their days lie within these, by rep_id.

    ``quotas`` has rep_id, period_start, period_end (datetime64, the end not inside), value.
    """
    start, end = (
        quotas[f"period_{name}"].to_numpy(dtype="datetime64[D]") for name in ("start", "end")
    )
    first = np.maximum(start, np.datetime64(days.start, "D"))
    last = np.minimum(end, np.datetime64(days.end, "D"))
    inside = np.maximum((last - first).astype("int64"), 0)
    whole = (end - start).astype("int64")
    share = quotas["value"] * inside / whole
    found: pd.Series[float] = share[inside > 0].groupby(quotas["rep_id"][inside > 0]).sum()
    return found


def attained(won: pd.Series[float], quota: pd.Series[float]) -> pd.Series[float]:
    """What each rep won, of the quota (K01); NaN where there is none. By the reps of ``won``."""
    planned = quota.reindex(won.index).astype("float64")
    return won / planned.where(planned > 0)


def ranks(values: pd.Series[float]) -> pd.Series[float]:
    """The place of each, the largest first; ties share the better one (1, 2, 2, 4)."""
    return values.round(PLACES).rank(method="min", ascending=False)


def tier(attainment: float, employed_days: float) -> str:
    """What an attainment is called (K08); "" where it is not known, or the rep is new."""
    if np.isnan(attainment) or employed_days < NEW_FOR_DAYS:
        return ""
    value = round(attainment, PLACES)
    return next((name for name, least in TIERS.items() if value >= least), RISK)


def top_performers(attainment: pd.Series[float], tiers: Sequence[str]) -> list[str]:
    """The Top Performers; where there is none the best quarter of those with a quota, one at least.

    Those who tie with the last of the quarter are of it.
    """
    top = [str(rep) for rep, called in zip(attainment.index, tiers, strict=True) if called == TOP]
    known = ranks(attainment.dropna())
    if top or known.empty:
        return top
    most = max(1, len(known) // 4)
    return [str(rep) for rep, place in known.items() if place <= most]
