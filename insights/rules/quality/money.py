"""Money that cannot be turned into the reporting currency, or only at an old rate."""

from __future__ import annotations

from insights.datasets import FX_RATES
from insights.queries.quality import Check
from marketing.datasets import MARKETING_CHANNELS
from pipeline.datasets import ORDERS, PIPELINE_DEALS, QUOTAS
from revenue.datasets import CUSTOMER_MRR
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.fx import STALE_AFTER_DAYS

# A rate is looked up once for each currency and day, however many rows share them.
UNRATED = """(it.currency, {day}) IN (
    SELECT used.currency, used.day
    FROM (
        SELECT DISTINCT it.currency, {day} AS day
        FROM {{{name}}} AS it WHERE it.currency <> %(currency)s
    ) AS used
    WHERE NOT EXISTS (SELECT FROM kernel_fx_rate(used.currency, %(currency)s, used.day))
)"""
NEWEST = """it.date = (
    SELECT max(date) FROM {fx_rates} AS other
    WHERE other.from_currency = it.from_currency AND other.to_currency = it.to_currency
)"""
MONTH_END = "(it.month + interval '1 month' - interval '1 day')::date"


def _unrated(dataset: Dataset, named: str, among: str, day: str, *columns: str) -> Check:
    """``day`` is the SQL for the first day that the money is converted on."""
    return Check(
        slug=f"unrated-{dataset.name.replace('_', '-')}",
        label=f"{named} in a currency without a rate",
        meaning="No exchange rate into the reporting currency is known for their day: that money "
        "is in no sum. Load fx_rates that reach as far back.",
        severity="wrong",
        dataset=dataset,
        among=among,
        finds=UNRATED.format(day=day, name=dataset.name),
        columns=columns,
    )


MONEY = (
    _unrated(
        PIPELINE_DEALS,
        "Deals",
        "it.amount IS NOT NULL AND NOT it.is_deleted",
        "it.created_at",
        *("deal_id", "account_name", "owner_id", "amount", "currency", "created_at", "status"),
    ),
    _unrated(
        QUOTAS,
        "Quotas",
        "true",
        "it.period_start",
        *("rep_id", "quarter", "quota_amount", "currency"),
    ),
    _unrated(
        ORDERS,
        "Orders",
        "it.amount IS NOT NULL",
        "it.received_on",
        *("order_id", "deal_id", "received_on", "amount", "currency"),
    ),
    _unrated(
        MARKETING_CHANNELS,
        "Marketing days",
        "it.spend <> 0 OR it.revenue <> 0",
        "it.date",
        *("date", "channel", "campaign", "segment", "geo", "spend", "revenue", "currency"),
    ),
    _unrated(
        CUSTOMER_MRR,
        "Months of customers",
        "it.mrr <> 0",
        MONTH_END,
        *("customer_id", "month", "mrr", "currency", "origin"),
    ),
    Check(
        slug="rates-stale",
        label="Exchange rates that end too early",
        meaning=f"The newest rate of the pair is more than {STALE_AFTER_DAYS} days older than the "
        "data: newer money is converted at it all the same.",
        severity="wrong",
        dataset=FX_RATES,
        among=NEWEST,
        finds=f"it.date < %(as_of)s::date - {STALE_AFTER_DAYS}",
        columns=("from_currency", "to_currency", "date", "rate"),
        clock=("pipeline_deals", "orders", "marketing_channels", "customer_mrr"),
    ),
)
