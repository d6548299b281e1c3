"""What lists of waiting deals add up to: by owner, by age, by stage, and who gets them moving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

AGES = (0, 30, 45, 60, 90)  # days that the buckets begin with
# The longest wait from which on a manager is called in, by list; each lies well beyond its limit.
ESCALATE_DAYS: Mapping[str, int] = {"overdue": 30, "stuck": 90, "inactive": 120}
MANY = 5
FEW = 5
ESCALATE = "Go through the oldest with their manager"
TOGETHER = "Go through the list together"
EACH: Mapping[str, str] = {
    "overdue": "Ask for an update of each",
    "stuck": "Ask what holds each of them",
    "inactive": "Get back in touch, or close them",
}


def by_owner(sums: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Owners by what waits at theirs, the most money first, then the most deals, then by name.

    Needs owner_id, owner_name, deals, amount, waited (days of all) and oldest. Adds average_days,
    share (of the amount of all, NaN where that is 0) and intervention: what a manager does first,
    by the list's ``ESCALATE_DAYS``, ``MANY`` and ``EACH``.
    """
    whole = sums["amount"].sum()
    chosen = np.select(
        [sums["oldest"] >= ESCALATE_DAYS[kind], sums["deals"] >= MANY],
        [ESCALATE, TOGETHER],
        EACH[kind],
    )
    return sums.assign(
        average_days=sums["waited"] / sums["deals"],
        share=sums["amount"] / whole if whole else np.nan,
        intervention=[str(one) for one in chosen],
    ).sort_values(
        ["amount", "deals", "owner_name"], ascending=[False, False, True], ignore_index=True
    )


def by_age(stuck: pd.DataFrame, starts: Sequence[int]) -> pd.DataFrame:
    """Stuck deals by the days they have been in their stage.

    ``stuck`` has bucket (a place in ``starts``), open_deals and amount, by stage. Columns bucket
    (in words), from_days, deals, amount; each start has a row, the first one where it has a deal.
    """
    sums = stuck.groupby("bucket")[["open_deals", "amount"]].sum()
    told = sums.reindex(range(len(starts)), fill_value=0)
    ends = [*starts[1:], None]
    names = [_bucket(start, end) for start, end in zip(starts, ends, strict=True)]
    found = pd.DataFrame(
        {
            "bucket": names,
            "from_days": list(starts),
            "deals": told["open_deals"].to_numpy(),
            "amount": told["amount"].to_numpy(),
        }
    )
    if not found["deals"].any():
        return found.iloc[:0]
    return found[(found["deals"] > 0) | (found["from_days"] > 0)].reset_index(drop=True)


def _bucket(start: int, end: int | None) -> str:
    if not end:
        return f"{start} days and more"
    return f"{start}–{end - 1} days" if start else f"Less than {end} days"


def by_stage(stuck: pd.DataFrame, stages: pd.DataFrame) -> pd.DataFrame:
    """Stages by what is stuck in them, the most money first: where the pipeline is narrow.

    ``stuck`` as for ``by_age``, ``stages`` the same of all open deals. Columns stage_name, deals,
    amount, open_deals, share (of the stage's open deals).
    """
    every = stages.groupby("stage_name")["open_deals"].sum()
    old = stuck.groupby("stage_name")[["open_deals", "amount"]].sum()
    found = old.rename(columns={"open_deals": "deals"}).join(every).reset_index()
    found["share"] = found["deals"] / found["open_deals"]
    return found.sort_values(
        ["amount", "deals", "stage_name"], ascending=[False, False, True], ignore_index=True
    )


def recovery(sums: pd.DataFrame) -> pd.DataFrame:
    """Of the deals that were stuck in a stage and left it, the share that moved on, per owner.

    Needs owner_id, owner_name, left, moved_on and dropped. Adds recovery_rate (of those that moved
    on or were lost, NaN where none did) and few.
    """
    decided = sums["moved_on"] + sums["dropped"]
    found = sums.assign(
        recovery_rate=(sums["moved_on"] / decided).where(decided > 0),
        few=np.where(decided < FEW, "few", ""),
    )
    return found.sort_values(["left", "owner_name"], ascending=[False, True], ignore_index=True)
