"""What files of recurring revenue promise: MRR by month, and the subscriptions behind it."""

from __future__ import annotations

from revenue import rollups
from revops_site.kernel.datasets import (
    SEGMENTS,
    Column,
    Dataset,
    Derived,
    Doubt,
    Reference,
    Rule,
    Touch,
    hash_of,
    reporting_currency,
)

CUSTOMER = Reference(
    "customer_id", "revenue.Customer", "customer_id", "belong to an unknown customer"
)
CURRENCY = Column(
    "currency",
    "currency",
    "What the amounts are in; the reporting currency where it is not given.",
    required=False,
    default=reporting_currency,
)
INTERVALS = {
    "day": ("daily",),
    "week": ("weekly",),
    "month": ("monthly",),
    "quarter": ("quarterly",),
    "year": ("yearly", "annual"),
    "one_time": ("one-time", "once"),
}
STATUSES = {
    "active": (),
    "past_due": ("past due",),
    "trialing": ("trial", "trialling"),
    "paused": (),
    "unpaid": (),
    "canceled": ("cancelled",),
}
TOUCHES = (
    Touch(rollups.LEDGER, ("customer_id",)),
    Touch(rollups.MOVEMENTS, ("customer_id",)),
)
DURATIONS = {"once": (), "repeating": (), "forever": ()}
USAGES = {"licensed": (), "metered": ()}


def _day(name: str, meaning: str) -> Column:
    return Column(name, "date", meaning, required=False, nullable=True)


CUSTOMER_MRR = Dataset(
    name="customer_mrr",
    model="revenue.CustomerMonth",
    meaning="One row per customer and month: their MRR at its end.",
    key=("customer_id", "month"),
    days=("month",),
    columns=(
        Column("customer_id", "text", "The customer's id in the billing system."),
        Column("month", "month", "The month, or any day of it."),
        Column("mrr", "decimal", "MRR at its end.", minimum=0, unit="currency per month"),
        CURRENCY,
        Column(
            "segment",
            "choice",
            "The customer's size then.",
            choices=SEGMENTS,
            required=False,
            nullable=True,
        ),
        Column("plan", "text", "Their plan then.", required=False, nullable=True),
    ),
    derived=(
        Derived(
            "key",
            hash_of("customer_id", "to_char(month, 'YYYY-MM')"),
            "A hash of the customer and the month.",
        ),
        Derived("origin", "'file'", "What it is known from: this file."),
    ),
    references=(CUSTOMER,),
    touches=TOUCHES,
)

SUBSCRIPTIONS = Dataset(
    name="subscriptions",
    model="revenue.Subscription",
    meaning="One row per item that a customer subscribes to; months without MRR take it from here.",
    key=("customer_id", "item_id"),
    identity=("item_id",),
    days=("start_date",),
    columns=(
        Column("item_id", "text", "The item's id.", aliases=("subscription_item_id",)),
        Column("customer_id", "text", "Whose it is."),
        Column("plan", "text", "The plan.", required=False, nullable=True),
        Column("unit_amount", "decimal", "The price of one, each interval.", unit="currency"),
        Column("quantity", "decimal", "How many.", required=False, default="1", minimum=0),
        Column("interval", "choice", "How often it is due.", choices=INTERVALS),
        Column(
            "interval_count",
            "integer",
            "Every how many intervals.",
            required=False,
            default="1",
            minimum=1,
            maximum=1_000,
        ),
        Column(
            "usage_type",
            "choice",
            "Metered usage is no MRR.",
            choices=USAGES,
            required=False,
            default="licensed",
        ),
        Column("status", "choice", "How it stands.", choices=STATUSES),
        CURRENCY,
        Column("start_date", "date", "Its first day.", aliases=("start",)),
        _day("trial_end", "The day after the trial."),
        _day("ended_on", "The first day that it no longer counts."),
        Column(
            "renews_on",
            "date",
            "The day that its term ends and the next one begins; without it, an item that is due "
            "each year renews each year on the day that it started.",
            aliases=("current_period_end", "term_end"),
            required=False,
            nullable=True,
        ),
        Column(
            "percent_off",
            "decimal",
            "Discount in percent, taken before amount_off.",
            required=False,
            nullable=True,
            minimum=0,
            maximum=100,
            unit="percent",
        ),
        Column(
            "amount_off",
            "decimal",
            "Discount in money, each interval.",
            required=False,
            nullable=True,
            minimum=0,
            unit="currency",
        ),
        Column(
            "discount_duration",
            "choice",
            "A discount given once is no part of MRR.",
            choices=DURATIONS,
            required=False,
            nullable=True,
        ),
        _day("discount_start", "The first day of the discount."),
        _day("discount_end", "The day after its last one."),
    ),
    rules=(
        Rule("ended_on", "ended_on < start_date", "lies before start_date"),
        Rule("discount_end", "discount_end < discount_start", "lies before discount_start"),
    ),
    references=(CUSTOMER,),
    touches=TOUCHES,
    doubts=(
        Doubt("status = 'canceled' AND ended_on IS NULL", "ended_on is empty for a canceled item"),
    ),
)
