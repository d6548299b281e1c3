"""Deals in brief and the newest lines of their credit, told anew with the journeys."""

from __future__ import annotations

from typing import Any

from insights.rollups.journeys import NEVER_REAL
from marketing.analytics.attribution import RULES, UNATTRIBUTED
from revops_site.kernel.rollups import RollUp

# Between the channels of a way: no file may hold it.
PART = "chr(31)"
# What an amount is worth, in the workspace's currency.
WORTH = """
    COALESCE({amount} * (
        SELECT rate FROM kernel_fx_rate(
            {currency}, (SELECT reporting_currency FROM kernel_workspace), {day}
        )
    ), 0)::float8
"""
# A currency's rate of a day is looked up once, however many deals that day has.
BRIEFS = f"""
    WITH told AS MATERIALIZED (
        SELECT journey.*, deal.created_at, deal.source_channel,
            COALESCE(deal.first_amount, deal.amount) AS created_amount,
            COALESCE(deal.first_currency, deal.currency) AS created_currency
        FROM (
            SELECT deal_id, source_campaign, ended_on, is_won, amount, currency, segment, region,
                owner_id, pipeline_id, state_since, revision,
                array_to_string(path, {PART}) AS way,
                cardinality(channels) - first_within + 1 AS touches
            FROM insights_dealjourney WHERE deal_id {{among}}
        ) AS journey JOIN pipeline_deal AS deal USING (deal_id)
        WHERE deal.deal_id {{among}} AND NOT {NEVER_REAL}
    ), rated AS MATERIALIZED (
        SELECT pair.code, pair.day, {WORTH.format(amount=1, currency="code", day="day")} AS rate
        FROM (
            SELECT currency AS code, ended_on AS day FROM told WHERE is_won
            UNION SELECT created_currency, created_at FROM told
        ) AS pair
    )
    SELECT deal_id, created_at, COALESCE(created_amount * of_start.rate, 0)::float8
            AS created_value,
        source_channel, source_campaign, ended_on, is_won, amount, currency,
        CASE WHEN is_won THEN COALESCE(amount * of_end.rate, 0) ELSE 0 END::float8 AS value,
        segment, region, owner_id, pipeline_id, state_since, revision, way, touches
    FROM told
    LEFT JOIN rated AS of_start
        ON of_start.code = created_currency AND of_start.day = created_at
    LEFT JOIN rated AS of_end ON of_end.code = currency AND of_end.day = ended_on
    ORDER BY ended_on, deal_id
"""  # noqa: S608
LINES = f"""
    SELECT brief.deal_id, ended_on, value, segment, region, owner_id, pipeline_id, state_since,
        COALESCE(channel, '{UNATTRIBUTED}') AS channel, COALESCE(campaign, '') AS campaign,
        COALESCE(credit.touches, 0) AS touches,
        {", ".join(f"COALESCE({name}, 1) AS {name}" for name in RULES)}
    FROM insights_dealbrief AS brief LEFT JOIN insights_credit AS credit
        ON credit.deal_id = brief.deal_id AND credit.revision = brief.revision
    WHERE brief.deal_id {{among}} AND is_won AND ended_on IS NOT NULL
    ORDER BY ended_on, brief.deal_id, credit.id
"""  # noqa: S608
DEAL_BRIEFS = RollUp(
    name="deal_briefs", model="insights.DealBrief", bucket="deal_id", select=BRIEFS
)
CREDIT_LINES = RollUp(
    name="credit_lines", model="insights.CreditLine", bucket="deal_id", select=LINES
)


def rerate(**_: Any) -> None:
    """Tell all money anew at the rates that now hold.

    Listens to ``rates_changed``; runs in the transaction that changed the currency or the rate.
    """
    DEAL_BRIEFS.rebuild()
    CREDIT_LINES.rebuild()
