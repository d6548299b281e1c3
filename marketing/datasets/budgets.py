"""What a file of budgets promises: the money that a campaign may spend in a month."""

from __future__ import annotations

from marketing.datasets.channels import MOST_MONEY, RATED
from revops_site.kernel.datasets import (
    Column,
    Dataset,
    Derived,
    Doubt,
    hash_of,
    reporting_currency,
)

BUDGET_RATE = RATED.format("month")

MARKETING_BUDGETS = Dataset(
    name="marketing_budgets",
    model="marketing.MarketingBudget",
    meaning="One row per month, channel and campaign. Optional: without it, spend is held against "
    "the same days of the month or quarter before.",
    key=("key",),
    identity=("month", "channel", "campaign"),
    columns=(
        Column("month", "month", "The month that the money is for."),
        Column("channel", "text", "The channel, named as in marketing_channels."),
        Column(
            "campaign",
            "text",
            "The campaign; empty for what the channel has beside the campaigns that are named.",
            required=False,
            nullable=True,
        ),
        Column(
            "amount",
            "decimal",
            "The money that may be spent.",
            aliases=("budget",),
            minimum=0,
            maximum=MOST_MONEY,
            unit="currency",
        ),
        Column(
            "currency",
            "currency",
            "What the amount is in; the reporting currency where it is not given.",
            required=False,
            default=reporting_currency,
        ),
    ),
    derived=(
        Derived(
            "key",
            hash_of("to_char(month, 'YYYY-MM')", "channel", "campaign"),
            "A hash of the month, channel and campaign.",
        ),
        Derived(
            "fx_rate",
            BUDGET_RATE,
            "What one unit of currency was worth on the month's first day.",
        ),
    ),
    doubts=(Doubt("fx_rate IS NULL", "no exchange rate is known"),),
)
