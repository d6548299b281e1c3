"""Win rates with the range that the number of decided deals leaves open."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline import metrics as m
from revops_site.kernel.intervals import wilson
from revops_site.kernel.metrics import column

FEW = 5  # fewer cases than these say little
RATE = ("win_rate", "low", "high", "few")


def with_win_rate(groups: pd.DataFrame) -> pd.DataFrame:
    """Adds ``RATE``: the win rate, its interval, and whether it rests on fewer than 5 deals."""
    ends = [
        wilson(won, won + lost) or (np.nan, np.nan)
        for won, lost in zip(groups["won"], groups["lost"], strict=True)
    ]
    decided = groups["won"] + groups["lost"]
    return groups.assign(
        win_rate=column(m.WIN_RATE, groups),
        low=pd.Series([low for low, _ in ends], index=groups.index, dtype="float64"),
        high=pd.Series([high for _, high in ends], index=groups.index, dtype="float64"),
        few=few(decided),
    )


def few(cases: pd.Series[int]) -> pd.Series[str]:
    """``few`` where a ratio rests on so little that it says little, else nothing."""
    return pd.Series(["few" if n < FEW else "" for n in cases], cases.index, dtype="object")
