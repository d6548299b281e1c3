"""Win rates with the range that the number of decided deals leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from pipeline import metrics as m
from revops_site.kernel.frames import Array, array
from revops_site.kernel.intervals import wilson
from revops_site.kernel.metrics import values

FEW = 5  # fewer cases than these say little
RATE = ("win_rate", "low", "high", "few")


def win_rates(groups: Mapping[str, Any]) -> dict[str, Array]:
    """``RATE``: the win rate, its interval, and whether it rests on fewer than 5 deals."""
    decided = groups["won"] + groups["lost"]
    ends = [
        wilson(won, of) or (np.nan, np.nan)
        for won, of in zip(groups["won"].tolist(), decided.tolist(), strict=True)
    ]
    return {
        "win_rate": values(m.WIN_RATE, groups),
        "low": array([low for low, _ in ends], "float64"),
        "high": array([high for _, high in ends], "float64"),
        "few": few(decided),
    }


def few(cases: Iterable[float]) -> Array:
    """``few`` where a ratio rests on so little that it says little, else nothing."""
    return array(["few" if n < FEW else "" for n in cases], "object")
