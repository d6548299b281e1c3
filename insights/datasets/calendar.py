"""What files of rates and of days without work promise."""

from __future__ import annotations

from decimal import Decimal

from revops_site.kernel.datasets import Column, Dataset, Rule
from revops_site.kernel.signals import tell_of_rates

FX_RATES = Dataset(
    name="fx_rates",
    model="kernel.FxRate",
    meaning="One row per day and pair of currencies.",
    key=("from_currency", "to_currency", "date"),
    columns=(
        Column("date", "date", "The day from which on the rate holds."),
        Column("from_currency", "currency", "The currency of which one unit is priced."),
        Column("to_currency", "currency", "The currency that the price is in."),
        Column("rate", "decimal", "The price, above 0.", maximum=Decimal(10) ** 9),
    ),
    rules=(
        Rule("rate", "rate <= 0", "is not above 0"),
        Rule("to_currency", "from_currency = to_currency", "is the same as from_currency"),
    ),
    after=tell_of_rates,
)

HOLIDAYS = Dataset(
    name="holidays",
    model="kernel.Holiday",
    meaning="One row per day on which nobody works.",
    key=("date", "region"),
    columns=(
        Column("date", "date", "The day."),
        Column("name", "text", "What is celebrated.", required=False, nullable=True),
        Column(
            "region",
            "text",
            "Where; everywhere if empty.",
            aliases=("geo",),
            required=False,
            nullable=True,
        ),
    ),
)
