"""What a marketing file promises: money, delivery and funnel events of a day, per campaign."""

from __future__ import annotations

from marketing import rollups
from revops_site.kernel.datasets import (
    SEGMENTS,
    Column,
    Dataset,
    Derived,
    Doubt,
    Recomputed,
    Touch,
    hash_of,
    reporting_currency,
)

MOST_MONEY = 10**11
MOST_EVENTS = 10**12
KEY = hash_of("to_char(date, 'YYYY-MM-DD')", "channel", "campaign", "segment", "geo")
RATED = """
    CASE WHEN currency = (SELECT reporting_currency FROM kernel_workspace) THEN 1 ELSE (
        SELECT rate FROM kernel_fx_rate(
            currency, (SELECT reporting_currency FROM kernel_workspace), {}
        )
    ) END
"""
FX_RATE = RATED.format("date")


def _count(name: str, meaning: str, header: str = "") -> Column:
    return Column(
        name=name,
        kind="integer",
        meaning=f"{meaning} Below 0 where earlier days are corrected.",
        header=header,
        minimum=-MOST_EVENTS,
        maximum=MOST_EVENTS,
    )


COUNTS = (
    _count("impressions", "Ads shown."),
    _count("clicks", "Ads clicked."),
    _count("leads", "Leads created."),
    _count("mqls", "Leads that became marketing-qualified.", "MQLs"),
    _count("sqls", "Leads that became sales-qualified.", "SQLs"),
    _count("opportunities", "Opportunities opened."),
    _count("closed_won", "Customers won."),
)

MARKETING_CHANNELS = Dataset(
    name="marketing_channels",
    model="marketing.MarketingDay",
    meaning="One row per day, channel, campaign, segment and geo.",
    key=("key",),
    identity=("date", "channel", "campaign", "segment", "geo"),
    days=("date",),
    columns=(
        Column("date", "date", "The business day that the row is about."),
        Column("channel", "text", "Where the leads came from."),
        Column("campaign", "text", "The campaign; empty where there is none.", nullable=True),
        Column(
            "segment",
            "choice",
            "The customers it was aimed at; empty where nobody knows.",
            choices=SEGMENTS,
            nullable=True,
        ),
        Column("geo", "text", "The region.", aliases=("region",)),
        Column(
            "spend",
            "decimal",
            "Money spent that day; a refund is below 0.",
            minimum=-MOST_MONEY,
            maximum=MOST_MONEY,
            unit="currency",
        ),
        *COUNTS,
        Column(
            "roi",
            "decimal",
            "Return on spend: gives the revenue of a row that has none of its own.",
            header="ROI",
            required=False,
            nullable=True,
            minimum=-1_000_000,
            maximum=1_000_000,
            unit="percent",
        ),
        Column(
            "revenue",
            "decimal",
            "First-year contract value of the won deals credited to the row.",
            required=False,
            nullable=True,
            minimum=-MOST_MONEY,
            maximum=MOST_MONEY,
            unit="currency",
        ),
        Column(
            "currency",
            "currency",
            "What spend and revenue are in; the reporting currency where it is not given.",
            required=False,
            default=reporting_currency,
        ),
    ),
    derived=(
        Derived("key", KEY, "A hash of the day, channel, campaign, segment and geo."),
        Derived("fx_rate", FX_RATE, "What one unit of currency was worth on the day."),
    ),
    recomputed=(
        Recomputed("CAC", "spend / closed_won", "spend::float8 / NULLIF(closed_won, 0)", 2),
        Recomputed("CPL", "spend / leads", "spend::float8 / NULLIF(leads, 0)", 2),
        Recomputed("CTR", "clicks / impressions", "clicks::float8 / NULLIF(impressions, 0)", 4),
        Recomputed("CVR_stagewise", "leads / clicks", "leads::float8 / NULLIF(clicks, 0)", 4),
    ),
    touches=(
        Touch(rollups.DAYS, ("date",)),
        Touch(rollups.CAMPAIGN_MONTHS, ("date_trunc('month', date::timestamp)::date",)),
        Touch(rollups.CURRENCY_MONTHS, ("date_trunc('month', date::timestamp)::date",)),
    ),
    doubts=(
        *(Doubt(f"{column.name} < 0", f"{column.title} is below 0") for column in COUNTS),
        Doubt("spend < 0", "spend is below 0"),
        Doubt("fx_rate IS NULL", "no exchange rate is known"),
        Doubt(
            "abs(revenue - spend * (1 + roi / 100)) > 0.01 * abs(revenue) + 0.01",
            "ROI differs from (revenue - spend) / spend",
        ),
    ),
)
