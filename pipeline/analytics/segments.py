"""What segments win, and how fast, beside their targets and benchmarks."""

from __future__ import annotations

import pandas as pd

from pipeline import metrics as m
from pipeline.analytics.rates import RATE, few, with_win_rate
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
    groups = with_win_rate(_keyed(flows)).merge(targets, how="left", on="segment")
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
    groups = groups.merge(targets, how="left", on="segment")
    verdict = _verdict(groups["avg_sales_cycle_days"].where(groups["few"] == ""), groups)
    columns = ["key", "segment", "won", "avg_sales_cycle_days", "few", *ENDS]
    return by_size(groups.assign(verdict=verdict)[[*columns, "verdict"]])


def by_size(groups: pd.DataFrame) -> pd.DataFrame:
    """The rows from small customers to large ones, then other segments by name."""
    place = {code: at for at, code in enumerate(SEGMENTS)}
    return groups.sort_values(
        "segment",
        key=lambda codes: codes.map(lambda code: (place.get(code, len(place)), code)),
        ignore_index=True,
    )


def _keyed(groups: pd.DataFrame) -> pd.DataFrame:
    return groups.assign(key=groups["segment"].replace("", NO_SEGMENT))


def _verdict(values: pd.Series[float], ranges: pd.DataFrame) -> pd.Series[str]:
    value = values.round(9)
    low, high = value < ranges["min_value"], value > ranges["max_value"]
    known = value.notna() & ranges[["min_value", "max_value"]].notna().any(axis=1)
    words = pd.Series("within", index=values.index, dtype="object")
    return words.mask(low, "below").mask(high, "above").where(known, None)
