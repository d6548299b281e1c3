"""CAC, LTV and payback from what was spent, who came, what they pay and how many leave."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import Any

import numpy as np
import pandas as pd

from revenue import metrics as m
from revops_site.kernel.frames import array, framed, listed
from revops_site.kernel.metrics import values

MONTHS_A_YEAR = 12
GIVEN = ("cost", "new_customers", "arpa", "arpa_new", "gross_margin", "monthly_churn")


def economics(groups: pd.DataFrame) -> pd.DataFrame:
    """The groups with cac, ltv, ltv_cac_ratio, cac_payback_months and annualized_churn (R17-R20).

    ``groups`` has ``GIVEN``: money of the period, customers that came in it, what a customer and
    a new one pay a month, fractions. What cannot be told is NaN.
    """
    of: dict[str, Any] = {name: listed_floats(groups, name) for name in GIVEN}
    of["cac"] = values(m.CAC, of)
    of["ltv"] = values(m.LTV, of)
    of["ltv_cac_ratio"] = values(m.LTV_CAC, of)
    of["cac_payback_months"] = values(m.PAYBACK, of)
    of["annualized_churn"] = annualized(of["monthly_churn"])
    return groups.assign(**{name: of[name] for name in of if name not in GIVEN})


def annualized(monthly: Any) -> Any:
    """The share that a year of such months takes: less than twelve times as much."""
    return 1 - (1 - monthly) ** MONTHS_A_YEAR


def listed_floats(frame: pd.DataFrame, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A column as float64."""
    return np.asarray(frame[name], dtype="float64")


def margins(targets: pd.DataFrame, groups: pd.DataFrame, by: str) -> dict[str, float]:
    """The gross margin of each group of a frame of ``by``, segment and mrr: weighted by MRR.

    A segment without one is left out of both sums; a group of which none is known is NaN.
    """
    known = dict(zip(listed(targets["segment"]), listed(targets["target_value"]), strict=True))
    sums: dict[str, tuple[float, float]] = {}
    names = (by, "segment", "mrr")
    for group, segment, mrr in zip(*(listed(groups[name]) for name in names), strict=True):
        margin = known.get(segment, nan)
        weighed, base = sums.get(group, (0.0, 0.0))
        if not np.isnan(margin):
            weighed, base = weighed + margin * mrr, base + mrr
        sums[group] = weighed, base
    return {group: weighed / base if base else nan for group, (weighed, base) in sums.items()}


def judged(frame: pd.DataFrame, targets: pd.DataFrame, field: str, *, least: bool) -> pd.DataFrame:
    """``<field>_target`` of each segment, and ``<field>_verdict``: ``met``, ``missed`` or None.

    The target is the least that is good, or else the most.
    """
    aims = dict(zip(listed(targets["segment"]), listed(targets["target_value"]), strict=True))
    aim = [aims.get(segment, nan) for segment in listed(frame["segment"])]
    return frame.assign(
        **{
            f"{field}_target": aim,
            f"{field}_verdict": _verdicts(listed(frame[field]), aim, least=least),
        }
    )


def _verdicts(found: Sequence[float], aims: Sequence[float], *, least: bool) -> list[str | None]:
    def verdict(value: float, aim: float) -> str | None:
        if np.isnan(value) or np.isnan(aim):
            return None
        far = round(value - aim, 9)
        return "met" if (far >= 0 if least else far <= 0) else "missed"

    return [verdict(value, aim) for value, aim in zip(found, aims, strict=True)]


def grouped(names: Sequence[str], columns: dict[str, Sequence[float]], by: str) -> pd.DataFrame:
    """A frame of groups by name and their numbers."""
    return framed(
        {by: array(list(names), "str")}
        | {name: np.array(one, dtype="float64") for name, one in columns.items()}
    )
