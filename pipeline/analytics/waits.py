"""What lists of waiting deals add up to: by owner, by age, by stage, and who gets them moving."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

AGES = (0, 30, 45, 60, 90)  # days that the buckets begin with; stuck ones from the second on
ESCALATE_DAYS, MANY = 30, 5
FEW = 5
ESCALATE = "Go through the oldest with their manager"
TOGETHER = "Go through the list together"
UPDATE = "Ask for an update of each"


def by_owner(sums: pd.DataFrame) -> pd.DataFrame:
    """Owners by what waits at theirs, the most money first, then the most deals, then by name.

    Needs owner_id, owner_name, deals, amount, waited (days of all) and oldest. Adds average_days,
    share (of the amount of all, NaN where that is 0) and intervention: what a manager does first,
    by ``ESCALATE_DAYS`` and ``MANY``.
    """
    whole = sums["amount"].sum()
    return sums.assign(
        average_days=sums["waited"] / sums["deals"],
        share=sums["amount"] / whole if whole else np.nan,
        intervention=_interventions(sums),
    ).sort_values(
        ["amount", "deals", "owner_name"], ascending=[False, False, True], ignore_index=True
    )


def _interventions(sums: pd.DataFrame) -> list[str]:
    chosen = np.select(
        [sums["oldest"] >= ESCALATE_DAYS, sums["deals"] >= MANY], [ESCALATE, TOGETHER], UPDATE
    )
    return [str(one) for one in chosen]


def by_age(stages: pd.DataFrame, starts: Sequence[int]) -> pd.DataFrame:
    """Open deals by the days they have been in their stage, from the second start on.

    ``stages`` has bucket (a place in ``starts``), open_deals and amount, by stage. Columns bucket
    (in words), from_days, deals, amount; each start but the first has a row, unless all are empty.
    """
    sums = stages.groupby("bucket")[["open_deals", "amount"]].sum()
    told = sums.reindex(range(1, len(starts)), fill_value=0)
    ends = [*starts[2:], None]
    names = [
        f"{start}–{end - 1} days" if end else f"{start} days and more"
        for start, end in zip(starts[1:], ends, strict=True)
    ]
    found = pd.DataFrame(
        {
            "bucket": names,
            "from_days": list(starts[1:]),
            "deals": told["open_deals"].to_numpy(),
            "amount": told["amount"].to_numpy(),
        }
    )
    return found if found["deals"].any() else found.iloc[:0]


def by_stage(stages: pd.DataFrame) -> pd.DataFrame:
    """Stages by what is stuck in them, the most money first: where the pipeline is narrow.

    ``stages`` as for ``by_age``. Columns stage_name, deals, amount, open_deals, share (of the
    stage's open deals).
    """
    every = stages.groupby("stage_name")["open_deals"].sum()
    old = stages[stages["bucket"] > 0].groupby("stage_name")[["open_deals", "amount"]].sum()
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
