"""The deals one by one: to be searched, narrowed, grouped and taken away as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from pipeline import metrics, queries
from pipeline.panels.known import DEAL_LINK, OPEN, before_history
from pipeline.queries import deals, listed
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Flag, Listing
from revops_site.kernel.panels import Shown

STATUS = {"open": "Open", "won": "Won", "lost": "Lost"}
STAGES = {"Closed_Won": "Closed Won", "Closed_Lost": "Closed Lost"}  # as the usual files name them


def totals(slice_: Slice) -> Mapping[str, Any]:
    """How many deals are open and what they are worth, without counting them."""
    sums = queries.open_totals(slice_)
    return {
        "rows": int(sums["open_deals"]),
        "value": sums["open_amount"],
        "weighted": sums["open_weighted"],
    }


def _notes(slice_: Slice) -> Sequence[str]:
    found = [*before_history(slice_)]
    if slice_.stage:
        found.append("Won and lost deals are of all stages: a closed deal has left them.")
    return found


def _late(slice_: Slice) -> Q:
    return Q(close_date__lt=slice_.as_of)


def _without_next_step(slice_: Slice) -> Q:
    return Q(next_activity_at=None) | Q(next_activity_at__lt=slice_.as_of)


def _reopened(slice_: Slice) -> Q:
    return Q(deals.reopened(slice_))


FLAGS = {
    "past-due": Flag("Past due", _late, metrics.PAST_DUE.meaning),
    "stuck": Flag("Stuck", deals.is_stuck, f"{metrics.STUCK.meaning} {metrics.STUCK.edge}"),
    "no-amount": Flag("No amount", Q(amount=None), metrics.MISSING_AMOUNT.meaning),
    "no-next-step": Flag("No next step", _without_next_step, "Nothing is planned from today on."),
    "reopened": Flag("Reopened", _reopened, "Won or lost before, and open again."),
    "won": Flag(
        "Won in the period",
        Q(status="won"),
        "Deals won in the period, instead of the open ones.",
        listed.closed_deals,
    ),
    "lost": Flag(
        "Lost in the period",
        Q(status="lost"),
        "Deals lost in the period, instead of the open ones.",
        listed.closed_deals,
    ),
}
DEALS = Listing(
    slug="deals",
    title="Deals",
    question="All open deals of the day; or, by a quick filter, those won or lost in the period.",
    rows=listed.open_deals,
    columns=(
        Shown("deal_name", "Deal", link=DEAL_LINK, steps="deals"),
        Shown("deal_id", "Id"),
        Shown("account_name", "Account", link="/accounts/{account_id}/"),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
        Shown("stage_name", "Stage", words=STAGES, drill="stage"),
        Shown("status", "Status", words=STATUS),
        Shown("value", "Amount", "money", help="In the reporting currency at the day's rate."),
        Shown("chance", "Probability", "percent", help="The deal's own, else its stage's."),
        Shown("weighted", "Weighted", "money", help=metrics.WEIGHTED.meaning),
        Shown("days_in_stage", "In stage", "days", help="Days since it entered its stage."),
        Shown("close_date", "Expected close", "date"),
        Shown("segment", "Segment", drill="segment"),
        Shown("region", "Region", drill="region"),
        Shown("pipeline_name", "Pipeline"),
        Shown("source_channel", "Source", drill="channel", help="The channel it came from."),
        Shown("forecast_category", "Forecast"),
        Shown("amount", "Own amount", "decimal", help="In the deal's own currency."),
        Shown("currency", "Currency"),
        Shown("created_at", "Created", "date"),
        Shown("last_activity_at", "Last activity", "date"),
        Shown("next_activity_at", "Next step", "date"),
        Shown("closed_at", "Closed", "date"),
        Shown("cycle_days", "Cycle", "days", help="Days from creation to close."),
        Shown("lost_reason", "Lost because"),
    ),
    key=("deal_id",),
    sort="-value",
    search=("opportunity_name", "account_name", "deal_id"),
    groups=("stage_name", "owner_name", "segment", "region", "pipeline_name", "source_channel"),
    sums=("value", "weighted"),
    hidden=(
        *("deal_id", "status", "chance", "region", "pipeline_name", "source_channel"),
        *("forecast_category", "amount", "currency", "created_at", "last_activity_at"),
        *("closed_at", "cycle_days", "lost_reason"),
    ),
    flags=FLAGS,
    dimensions=OPEN,
    unit="money",
    noun="deals",
    totals=totals,
    note=_notes,
)
