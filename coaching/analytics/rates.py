"""Win rates that few deals cannot move far: drawn towards the team's, and ranked by that."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coaching.analytics.attainment import ranks
from revops_site.kernel.intervals import wilson

PRIOR = 10.0  # so many deals at the team's rate does each rep begin with
FEW = 5


def shrunk(won: pd.Series[float], lost: pd.Series[float], prior: float = PRIOR) -> pd.DataFrame:
    """Each rep's win rate beside what it says of the rep (K09), in the index of ``won``.

    Columns win_rate, win_rate_shrunk, win_rate_low, win_rate_high (95 %, Wilson), decided,
    low_sample (fewer than 5 decided deals), win_rate_rank (by the shrunk one; NaN without any).
    """
    decided = won + lost
    team = team_rate(won, lost)
    ends = [
        wilson(hits, of) or (np.nan, np.nan)
        for hits, of in zip(won.tolist(), decided.tolist(), strict=True)
    ]
    drawn = (won + prior * team) / (decided + prior)
    return pd.DataFrame(
        {
            "win_rate": won / decided.where(decided > 0),
            "win_rate_shrunk": drawn,
            "win_rate_low": [low for low, _ in ends],
            "win_rate_high": [high for _, high in ends],
            "decided": decided,
            "low_sample": decided < FEW,
            "win_rate_rank": ranks(drawn.where(decided > 0)),
        },
        index=won.index,
    )


def team_rate(won: pd.Series[float], lost: pd.Series[float]) -> float:
    """The win rate of all together; NaN where nothing was decided."""
    decided = float(won.sum() + lost.sum())
    return float(won.sum()) / decided if decided else float("nan")
