"""Deals that lack what a figure needs, that are there twice, or that revenue knows nothing of."""

from __future__ import annotations

from insights.queries.quality import Check
from pipeline.datasets import PIPELINE_DEALS, STAGES
from revenue.datasets import REVENUE_CUSTOMERS

KEPT = "NOT it.is_deleted"
OPEN = f"it.status = 'open' AND {KEPT}"
LOST = f"it.status = 'lost' AND {KEPT}"
WON = f"it.status = 'won' AND {KEPT}"
# Who was a customer before the deals begin was won by none of them.
SINCE = "it.start_date >= (SELECT min(deal.created_at) FROM {pipeline_deals} AS deal)"
COLUMNS = ("deal_id", "account_name", "owner_id", "stage_name", "amount", "currency")
TWICE = """EXISTS (
    SELECT FROM {pipeline_deals} AS other
    WHERE other.account_name = it.account_name AND other.amount = it.amount
        AND other.currency = it.currency AND other.created_at = it.created_at
        AND other.deal_id <> it.deal_id AND NOT other.is_deleted
)"""
UNKNOWN_STAGE = """NOT EXISTS (
    SELECT FROM {stages} AS stage
    WHERE stage.stage_name = it.stage_name
        AND (NULLIF(stage.pipeline_id, '') = NULLIF(it.pipeline_id, '')) IS NOT FALSE
)"""
# Customers and deals meet by the deal's id, by the account, or where files have neither by name.
NO_CUSTOMER = """
    NOT EXISTS (SELECT FROM {revenue_customers} AS paying WHERE paying.deal_id = it.deal_id)
    AND NOT EXISTS (
        SELECT FROM {revenue_customers} AS paying
        WHERE paying.account_id = NULLIF(it.account_id, '')
    )
    AND NOT EXISTS (
        SELECT FROM {revenue_customers} AS paying
        WHERE lower(paying.account_name) = lower(it.account_name)
    )
"""
NO_WON_DEAL = """
    NOT EXISTS (
        SELECT FROM {pipeline_deals} AS deal WHERE deal.status = 'won' AND NOT deal.is_deleted
            AND deal.deal_id = it.deal_id
    )
    AND NOT EXISTS (
        SELECT FROM {pipeline_deals} AS deal WHERE deal.status = 'won' AND NOT deal.is_deleted
            AND deal.account_id = NULLIF(it.account_id, '')
    )
    AND NOT EXISTS (
        SELECT FROM {pipeline_deals} AS deal WHERE deal.status = 'won' AND NOT deal.is_deleted
            AND lower(deal.account_name) = lower(it.account_name)
    )
"""

DEALS = (
    Check(
        slug="deals-without-amount",
        label="Deals without an amount",
        meaning="They count as deals and add nothing to any sum of money: pipeline, forecast and "
        "what was won look smaller than they are.",
        severity="missing",
        dataset=PIPELINE_DEALS,
        among=KEPT,
        finds="it.amount IS NULL",
        columns=("deal_id", "account_name", "owner_id", "stage_name", "created_at", "status"),
    ),
    Check(
        slug="deals-without-close-date",
        label="Open deals without an expected close",
        meaning="No month or quarter of the forecast holds them.",
        severity="missing",
        dataset=PIPELINE_DEALS,
        among=OPEN,
        finds="it.close_date IS NULL",
        columns=(*COLUMNS, "created_at"),
    ),
    Check(
        slug="deals-without-owner",
        label="Deals without an owner",
        meaning="No rep and no manager sees them; no attainment counts them.",
        severity="missing",
        dataset=PIPELINE_DEALS,
        among=KEPT,
        finds="it.owner_id IS NULL",
        columns=("deal_id", "account_name", "stage_name", "amount", "currency", "status"),
    ),
    Check(
        slug="deals-past-close",
        label="Open deals past their expected close",
        meaning="The forecast holds money for a day that is over. Their owner has to say a new "
        "day, or that they are lost.",
        severity="wrong",
        dataset=PIPELINE_DEALS,
        among=OPEN,
        finds="it.close_date < %(as_of)s",
        columns=(*COLUMNS, "close_date"),
    ),
    Check(
        slug="deals-twice",
        label="Deals that may be there twice",
        meaning="The same account, amount and day of creation under several ids: what is one deal "
        "may be counted as two.",
        severity="wrong",
        dataset=PIPELINE_DEALS,
        among=f"{KEPT} AND it.account_name <> '' AND it.amount IS NOT NULL",
        finds=TWICE,
        columns=(*COLUMNS, "created_at", "status"),
        order=("account_name", "created_at", "amount"),
    ),
    Check(
        slug="deals-unknown-stage",
        label="Deals in a stage that no file of stages knows",
        meaning="Neither the stage's probability nor its place and its time limit are known for "
        "them.",
        severity="missing",
        dataset=PIPELINE_DEALS,
        among=KEPT,
        finds=UNKNOWN_STAGE,
        columns=("deal_id", "account_name", "pipeline_id", "stage_name", "status"),
        needs=(STAGES,),
    ),
    Check(
        slug="lost-without-reason",
        label="Lost deals without a reason",
        meaning="Why deals are lost is told without them.",
        severity="odd",
        dataset=PIPELINE_DEALS,
        among=LOST,
        finds="it.lost_reason = ''",
        columns=(*COLUMNS, "closed_at"),
    ),
    Check(
        slug="won-without-customer",
        label="Won deals whose customer revenue does not know",
        meaning="Neither their id nor their account is one of a customer: bookings and recurring "
        "revenue tell two stories.",
        severity="odd",
        dataset=PIPELINE_DEALS,
        among=WON,
        finds=NO_CUSTOMER,
        columns=("deal_id", "account_name", "account_id", "amount", "currency", "closed_at"),
        needs=(REVENUE_CUSTOMERS,),
    ),
    Check(
        slug="customers-without-won-deal",
        label="Customers without a won deal",
        meaning="No won deal has their id or their account, though they came after the first deal: "
        "what they cost and who won them is unknown.",
        severity="odd",
        dataset=REVENUE_CUSTOMERS,
        among=SINCE,
        finds=NO_WON_DEAL,
        columns=("customer_id", "account_name", "account_id", "deal_id", "start_date"),
        needs=(PIPELINE_DEALS,),
    ),
)
