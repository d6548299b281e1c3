"""How the rows behind a number, and the operands of its formula, are shown."""

from __future__ import annotations

from pipeline import metrics
from pipeline.panels.known import DEAL_LINK
from revops_site.kernel.panels import Shown

WHO = (
    Shown("deal_id", "Deal", link=DEAL_LINK),
    Shown("opportunity_name", "Name"),
    Shown("account_name", "Account", link="/accounts/{account_id}/"),
    Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
    Shown("segment", "Segment"),
    Shown("region", "Region"),
    Shown("source_channel", "Channel"),
    Shown("pipeline_name", "Pipeline"),
)
WORTH = (
    Shown("amount", "Amount", "decimal"),
    Shown("currency", "Currency"),
    Shown("rate", "Rate", "decimal", help="Into the reporting currency."),
    Shown("value", "Value", "money2", help="The amount in the reporting currency."),
)
FIRST_WORTH = (
    Shown("created_amount", "First amount", "decimal", help="The first that is known of the deal."),
    Shown("created_currency", "Currency"),
    Shown("rate", "Rate", "decimal", help="Into the reporting currency, of the day of creation."),
    Shown("value", "Value", "money2", help="The first amount in the reporting currency."),
)
STAGE = Shown("stage_name", "Stage")
CREATED = Shown("created_at", "Created", "date")
DUE = Shown("close_date", "Expected close", "date")
OPEN_COLUMNS = (
    *WHO,
    STAGE,
    *WORTH,
    Shown("chance", "Probability", "percent", help="The deal's own, else its stage's."),
    Shown("weighted", "Weighted", "money2"),
    CREATED,
    DUE,
    Shown("days_in_stage", "Days in stage", "integer"),
)
CYCLE = Shown("cycle_days", "Cycle", "integer", help="Days from creation to close.")
CLOSED_COLUMNS = (
    *WHO,
    Shown("status", "Status"),
    *WORTH,
    CREATED,
    Shown("closed_at", "Closed", "date"),
    CYCLE,
    Shown("lost_reason", "Lost because"),
)

OPEN_PARTS = (
    Shown("open_missing", metrics.MISSING_AMOUNT.label, "integer"),
    Shown("open_unrated", metrics.FX_MISSING.label, "integer"),
)
WON = (
    Shown("won", "Deals won", "integer"),
    Shown("won_amount", "Amount won", "money2"),
)
WON_PARTS = (
    Shown("won_missing", "Won without an amount", "integer"),
    Shown("won_unrated", "Won without an exchange rate", "integer"),
    Shown("cycle_days", "Days from creation to win, of all won deals", "integer"),
)
MOVING_PARTS = (
    Shown("open_deals", "Open deals", "integer"),
    *WON,
    Shown("lost", "Deals lost", "integer"),
    *WON_PARTS,
)
