"""What a file of customers promises: each with the recurring revenue of the month."""

from __future__ import annotations

from revenue import rollups
from revops_site.kernel.datasets import (
    SEGMENTS,
    Column,
    Dataset,
    Doubt,
    Recomputed,
    Reference,
    Rule,
    Touch,
    reporting_currency,
)


def _money(name: str, meaning: str) -> Column:
    return Column(name, "decimal", meaning, unit="currency per month")


def _further(name: str, meaning: str, *aliases: str) -> Column:
    return Column(name, "text", meaning, aliases=aliases, required=False, nullable=True)


REVENUE_CUSTOMERS = Dataset(
    name="revenue_customers",
    model="revenue.Customer",
    meaning="One row per customer, with the month's recurring revenue and what changed in it.",
    key=("customer_id",),
    days=("start_date", "churn_date"),
    columns=(
        Column("customer_id", "text", "The customer's id in the billing system."),
        Column("account_name", "text", "Who pays.", header="account"),
        Column("segment", "choice", "The account's size.", choices=SEGMENTS, nullable=True),
        Column("plan", "text", "What they subscribe to.", nullable=True),
        Column("start_date", "date", "The day they became a customer."),
        _money("mrr", "Recurring revenue at the end of the month; 0 once churned."),
        _money("new_mrr", "Of it, from customers that are new this month."),
        _money("expansion_mrr", "What existing customers added this month."),
        _money("contraction_mrr", "What existing customers took away this month, above 0."),
        Column("churned_flag", "boolean", "Whether they left."),
        Column("churn_date", "date", "The day they left.", nullable=True),
        Column("churn_reason", "text", "Why they left.", nullable=True),
        Column(
            "notice_date",
            "date",
            "The day they gave notice; they pay until churn_date.",
            aliases=("notice", "notice_given", "cancellation_date"),
            required=False,
            nullable=True,
        ),
        Column(
            "currency",
            "currency",
            "What the amounts are in; the reporting currency where it is not given.",
            required=False,
            default=reporting_currency,
        ),
        _further("account_id", "The account's id in the CRM."),
        _further("deal_id", "The deal that won them.", "opportunity_id"),
        _further("region", "Where they are.", "geo"),
        Column(
            "owner_id",
            "rep",
            "Who looks after them: a rep's id, e-mail or name.",
            header="owner",
            aliases=("owner_name",),
            required=False,
            nullable=True,
            max_length=120,
        ),
        Column(
            "renewal_date",
            "date",
            "The day that the contract renews; what subscriptions tell goes before it.",
            aliases=("renews_on", "contract_end"),
            required=False,
            nullable=True,
        ),
    ),
    references=(
        Reference("account_id", "kernel.Account", "account_id", "name an unknown account"),
    ),
    touches=(
        Touch(rollups.LEDGER, ("customer_id",)),
        Touch(rollups.MOVEMENTS, ("customer_id",)),
        Touch(rollups.PAID, ("NULLIF(deal_id, '')",)),
    ),
    rules=(
        Rule(
            "churn_date",
            "churn_date IS NOT NULL AND NOT churned_flag",
            "is given, but churned_flag says that they stayed",
        ),
        Rule("notice_date", "notice_date > churn_date", "lies after churn_date"),
    ),
    recomputed=(
        Recomputed("arpa", "mrr", "mrr", 2),
        Recomputed(
            "nrr",
            "mrr / (mrr − expansion_mrr + contraction_mrr)",
            "mrr / NULLIF(mrr - expansion_mrr + contraction_mrr, 0)",
            3,
        ),
    ),
    doubts=(
        Doubt("churned_flag AND churn_date IS NULL", "churn_date is empty for a churned customer"),
        Doubt("churn_date < start_date", "churn_date lies before start_date"),
        Doubt(
            "churned_flag AND mrr <> 0 AND notice_date IS NULL",
            "mrr of a churned customer is not 0",
        ),
        Doubt("mrr < 0", "mrr is below 0"),
    ),
)
