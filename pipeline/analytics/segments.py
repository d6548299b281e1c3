"""What segments win, and how fast, beside their targets and benchmarks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline import metrics as m
from pipeline.analytics.rates import RATE, few, with_win_rate
from revops_site.kernel.frames import beside
from revops_site.kernel.metrics import column

SEGMENTS = ("SMB", "MM", "ENT")
NO_SEGMENT = "No segment"
ENDS = ["min_value", "target_value", "max_value"]


def win_rate_by_segment(flows: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Win rate of each segment beside its target (P06, P08), small customers first.

    Columns key (what the segment is called), segment, won, lost, win_rate, low, high, few,
    min_value, target_value, max_value and verdict: ``below`` or ``above`` the range, else
    ``within``; None where there is no range, no decided deal, or too few of them.
    """
    groups = beside(with_win_rate(_keyed(flows)), targets, "segment")
    verdict = _verdict(groups["win_rate"].where(groups["few"] == ""), groups)
    columns = ["key", "segment", "won", "lost", *RATE, *ENDS]
    return by_size(groups.assign(verdict=verdict)[[*columns, "verdict"]])


def cycle_by_segment(flows: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Sales cycle of each segment beside its benchmark (P09), small customers first.

    Columns key, segment, won, avg_sales_cycle_days, few, min_value, target_value, max_value,
    verdict as in ``win_rate_by_segment``.
    """
    groups = _keyed(flows).assign(
        avg_sales_cycle_days=column(m.CYCLE, flows), few=few(flows["won"])
    )
    groups = beside(groups, targets, "segment")
    verdict = _verdict(groups["avg_sales_cycle_days"].where(groups["few"] == ""), groups)
    columns = ["key", "segment", "won", "avg_sales_cycle_days", "few", *ENDS]
    return by_size(groups.assign(verdict=verdict)[[*columns, "verdict"]])


def by_size(groups: pd.DataFrame) -> pd.DataFrame:
    """The rows from small customers to large ones, then other segments by name."""
    place = {code: at for at, code in enumerate(SEGMENTS)}
    codes = groups["segment"].tolist()
    order = sorted(range(len(codes)), key=lambda nth: (place.get(codes[nth], 9), codes[nth]))
    return groups.iloc[order].reset_index(drop=True)


def _keyed(groups: pd.DataFrame) -> pd.DataFrame:
    return groups.assign(key=[name or NO_SEGMENT for name in groups["segment"]])


def _verdict(values: pd.Series[float], ranges: pd.DataFrame) -> pd.Series[str]:
    value, low, high = (
        one.to_numpy(dtype="float64") for one in (values, ranges["min_value"], ranges["max_value"])
    )
    value = value.round(9)
    known = ~np.isnan(value) & ~(np.isnan(low) & np.isnan(high))
    words = np.where(value > high, "above", np.where(value < low, "below", "within"))
    found = [str(word) if is_known else None for word, is_known in zip(words, known, strict=True)]
    return pd.Series(found, values.index, dtype="object")
