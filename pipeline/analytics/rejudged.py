"""What other rules would change: deals by band before and after, and those that change most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.analytics import bands
from pipeline.analytics.risks import FLAGS


@dataclass(frozen=True)
class Rejudged:
    """``bands`` has a row a band: deals, amount, deals_after, amount_after.

    The counts are of deals: of which ``deals`` in all change their score, band, flags, urgency or
    action. ``most`` are the deals that change most, a row each.
    """

    deals: int
    score: int
    band: int
    flags: int
    urgency: int
    action: int
    health: float | None
    health_after: float | None
    bands: Sequence[dict[str, Any]]
    most: Sequence[dict[str, Any]]


def rejudged(before: pd.DataFrame, after: pd.DataFrame, most: int) -> Rejudged:
    """The same deals in the same order, judged by the one rules and by the other."""

    def differ(name: str) -> pd.Series[bool]:
        return before[name].reset_index(drop=True) != after[name].reset_index(drop=True)

    return Rejudged(
        deals=len(before),
        score=int(differ("health_score").sum()),
        band=int(differ("health_category").sum()),
        flags=int(differ("risk_flags").sum()),
        urgency=int(differ("urgency").sum()),
        action=int(differ("primary_action").sum()),
        health=_health(before),
        health_after=_health(after),
        bands=_bands(before, after),
        most=_most(before, after, most),
    )


def _health(deals: pd.DataFrame) -> float | None:
    known = bands.operands(_sums(deals), None)
    return known["health_sum"] / known["health_weight"] if known["health_weight"] else None


def _bands(before: pd.DataFrame, after: pd.DataFrame) -> list[dict[str, Any]]:
    now, then = bands.distribution(_sums(before)), bands.distribution(_sums(after))
    joined = now.merge(then, on="health_category", suffixes=("", "_after"))
    rows = joined.to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _sums(deals: pd.DataFrame) -> pd.DataFrame:
    return bands.single(deals.assign(amount=deals["value"]))


def _most(before: pd.DataFrame, after: pd.DataFrame, most: int) -> list[dict[str, Any]]:
    both = pd.DataFrame(
        {
            **{name: before[name] for name in ("deal_id", "opportunity_name", "account_name")},
            "score": before["health_score"],
            "score_after": after["health_score"],
            "band": before["health_category"],
            "band_after": after["health_category"],
            "flags": before["risk_flags"],
            "flags_after": after["risk_flags"],
            "urgency": before["urgency"],
            "urgency_after": after["urgency"],
        }
    )
    moved = (both["score_after"] - both["score"]).abs()
    swapped = pd.Series(
        [
            len(set(old) ^ set(new))
            for old, new in zip(both["flags"], both["flags_after"], strict=True)
        ],
        index=both.index,
        dtype="int64",
    )
    other_band = both["band"] != both["band_after"]
    other_urgency = both["urgency"] != both["urgency_after"]
    ordered = both.assign(moved=moved, other_band=other_band, swapped=swapped)
    ordered = ordered[(moved > 0) | other_band | (swapped > 0) | other_urgency]
    by = ["moved", "other_band", "swapped"]
    ordered = ordered.sort_values(by, ascending=False, kind="stable")
    return [_told(row) for row in ordered.head(most).to_dict("records")]


def _told(row: dict[Any, Any]) -> dict[str, Any]:
    old, new = set(row["flags"]), set(row["flags_after"])
    return {
        **{str(name): value for name, value in row.items()},
        "gained": [label for flag, label in FLAGS.items() if flag in new - old],
        "lost": [label for flag, label in FLAGS.items() if flag in old - new],
    }
