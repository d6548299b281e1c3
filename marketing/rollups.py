"""Marketing's sums: by day for what moves, by month for what the campaigns gave."""

from __future__ import annotations

from revops_site.kernel.rollups import Followed, RollUp

# A row's revenue is known where it is given, or follows from money spent and its return.
SUM_UP = """
    SELECT
        {keys},
        COALESCE(sum(spend * fx_rate), 0) AS spend,
        COALESCE(sum(spend * fx_rate) FILTER (WHERE is_known), 0) AS known_spend,
        COALESCE(sum(COALESCE(revenue, spend * (1 + roi / 100)) * fx_rate)
            FILTER (WHERE is_known), 0) AS known_revenue,
        sum(impressions) AS impressions, sum(clicks) AS clicks, sum(leads) AS leads,
        sum(mqls) AS mqls, sum(sqls) AS sqls, sum(opportunities) AS opportunities,
        sum(closed_won) AS closed_won,
        count(*) FILTER (WHERE fx_rate IS NULL AND (spend <> 0 OR revenue <> 0)) AS unrated,
        count(*) AS rows
    FROM (
        SELECT *, date_trunc('month', date::timestamp)::date AS month,
            revenue IS NOT NULL OR (spend <> 0 AND roi IS NOT NULL) AS is_known
        FROM marketing_marketingday
        WHERE date {{reach}}
    ) AS day
    WHERE {bucket} {{among}}
    GROUP BY {keys}
"""


def _select(*keys: str) -> str:
    return SUM_UP.format(keys=", ".join(keys), bucket=keys[0])


DAYS = RollUp(
    name="marketing_days",
    model="marketing.MarketingRollup",
    bucket="date",
    select=_select("date", "channel", "segment", "geo"),
    days=1,
)
CAMPAIGN_MONTHS = RollUp(
    name="campaign_months",
    model="marketing.CampaignMonth",
    bucket="month",
    select=_select("month", "channel", "campaign", "segment", "geo"),
    days=31,
)
CURRENCY_MONTHS = RollUp(
    name="currency_months",
    model="marketing.CurrencyMonth",
    bucket="month",
    select="""
        SELECT month, currency, min(date) AS first, max(date) AS last
        FROM (
            SELECT date_trunc('month', date::timestamp)::date AS month, date, currency
            FROM marketing_marketingday WHERE date {reach}
        ) AS day
        WHERE month {among} GROUP BY month, currency
    """,
    days=31,
)

# What becomes of deals and of leads is followed where touches and wins meet.
DEALS, LEADS, LEAD_DAYS = Followed("deals"), Followed("leads"), Followed("lead_days")

ROLLUPS = (DAYS, CAMPAIGN_MONTHS, CURRENCY_MONTHS)
