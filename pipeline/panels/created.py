"""The deals that were created in a period, such as those that a channel brought."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline import metrics, queries
from pipeline.panels.known import CLOSED, DEAL_LINK
from pipeline.panels.listed import STAGES, STATUS
from pipeline.queries import listed
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Listing
from revops_site.kernel.panels import Shown


def totals(slice_: Slice) -> Mapping[str, float]:
    """How many deals were created in the period, and what they are worth."""
    sums = queries.totals(slice_)
    return {"rows": int(sums["created"]), "value": sums["created_amount"]}


CREATED = Listing(
    slug="sourced-deals",
    title="Deals that came from it",
    question="Deals created in the period whose source is this channel, of those that you may see.",
    rows=listed.created_deals,
    columns=(
        Shown("deal_name", "Deal", link=DEAL_LINK, steps="sourced-deals"),
        Shown("deal_id", "Id"),
        Shown("account_name", "Account", link="/accounts/{account_id}/"),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
        Shown("status", "Status", words=STATUS),
        Shown("stage_name", "Stage", words=STAGES),
        Shown("segment", "Segment", link="/segments/{segment}/"),
        Shown("value", "First amount", "money", help=metrics.CREATED_VALUE.meaning),
        Shown("created_at", "Created", "date"),
        Shown("closed_at", "Closed", "date"),
    ),
    key=("deal_id",),
    sort="-value",
    search=("opportunity_name", "account_name", "deal_id"),
    groups=("status", "stage_name", "owner_name", "segment"),
    sums=("value",),
    hidden=("deal_id", "closed_at"),
    dimensions=CLOSED,
    unit="money",
    noun="deals",
    totals=totals,
)
