"""What segments win, and how fast, beside their targets and benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline import metrics as m
from pipeline.analytics.rates import few, win_rates
from revops_site.kernel.frames import Array, Floats, array, arrays, found, listed, taken
from revops_site.kernel.metrics import values

SEGMENTS = ("SMB", "MM", "ENT")
NO_SEGMENT = "No segment"
ENDS = ("min_value", "target_value", "max_value")


def win_rate_by_segment(flows: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Win rate of each segment beside its target (P06, P08), small customers first.

    Columns key (what the segment is called), segment, won, lost, win_rate, low, high, few,
    min_value, target_value, max_value and verdict: ``below`` or ``above`` the range, else
    ``within``; None where there is no range, no decided deal, or too few of them.
    """
    of: dict[str, Any] = arrays(flows)
    return _beside_targets(of, {"lost": of["lost"], **win_rates(of)}, "win_rate", targets)


def cycle_by_segment(flows: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Sales cycle of each segment beside its benchmark (P09), small customers first.

    Columns key, segment, won, avg_sales_cycle_days, few, min_value, target_value, max_value,
    verdict as in ``win_rate_by_segment``.
    """
    of: dict[str, Any] = arrays(flows)
    known = {"avg_sales_cycle_days": values(m.CYCLE, of), "few": few(of["won"])}
    return _beside_targets(of, known, "avg_sales_cycle_days", targets)


def _beside_targets(
    of: Mapping[str, Array], known: Mapping[str, Any], judged: str, targets: pd.DataFrame
) -> pd.DataFrame:
    """What is known of segments with their ranges and verdicts, small customers first."""
    names = listed(of["segment"])
    aims = found(names, arrays(targets), "segment")
    sure = np.where(known["few"] == "", known[judged], np.nan)
    columns = {
        "key": array([name or NO_SEGMENT for name in names], "str"),
        "segment": of["segment"],
        "won": of["won"],
        **known,
        **{name: aims[name] for name in ENDS},
        "verdict": _verdict(sure, aims["min_value"], aims["max_value"]),
    }
    place = {code: at for at, code in enumerate(SEGMENTS)}
    keys = [(place.get(name, len(SEGMENTS)), name) for name in names]
    return taken(columns, sorted(range(len(keys)), key=keys.__getitem__))


def _verdict(value: Floats, low: Floats, high: Floats) -> Array:
    value = value.round(9)
    known = ~np.isnan(value) & ~(np.isnan(low) & np.isnan(high))
    words = np.where(value > high, "above", np.where(value < low, "below", "within"))
    judged = [
        word if is_known else None for word, is_known in zip(words.tolist(), known, strict=True)
    ]
    return array(judged, "object")
