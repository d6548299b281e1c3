"""Large deals that have been in their stage for too long."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline import metrics, queries
from pipeline.panels.known import DEAL_LINK, OPEN, before_history
from pipeline.queries import listed
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

MOST = 100


def longest(slice_: Slice) -> pd.DataFrame:
    """The stuck deals (P14) that have been in their stage the longest."""
    return listed.longest_stuck(slice_, MOST)


def notes(slice_: Slice) -> Sequence[str]:
    """How many there are, what they are worth, and from where on a deal counts."""
    sums = queries.watched(slice_)
    count, worth = int(sums["stuck"]), formats.show(sums["stuck_amount"], "money", slice_.currency)
    days, amount = queries.deals.limits(slice_)
    least = formats.show(amount, "money", slice_.currency)
    more = f" The {MOST} longest are listed; the quick filter Stuck below has all."
    return [
        f"{count:,} {'deal' if count == 1 else 'deals'} worth {worth}, from {days:,} days in the "
        f"stage and {least} on.{more if count > MOST else ''}",
        *before_history(slice_),
    ]


STUCK = Panel(
    slug="stuck-deals",
    title="Which large deals are stuck?",
    question="Open deals that have been in their stage for long, the longest first.",
    frame=longest,
    columns=(
        Shown("deal_name", "Deal", link=DEAL_LINK, steps="stuck-deals"),
        Shown("account_name", "Account", link="/accounts/{account_id}/"),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
        Shown("stage_name", "Stage", drill="stage"),
        Shown("days_in_stage", "In stage", "days", help="Days since it entered its stage."),
        Shown("value", "Amount", "money", help=metrics.TOTAL.meaning),
        Shown("close_date", "Expected close", "date"),
        Shown("last_activity_at", "Last activity", "date"),
    ),
    dimensions=OPEN,
    unit="money",
    width="col-12",
    note=notes,
    most=25,
)
