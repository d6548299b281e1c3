"""What a file of orders promises: received, built, documented, invoiced, paid."""

from __future__ import annotations

from pipeline import rollups
from pipeline.datasets.history import DEAL, deal_id
from revops_site.kernel.datasets import Column, Dataset, Doubt, Touch, reporting_currency


def _known(name: str, meaning: str) -> Column:
    return Column(name, "boolean", f"{meaning} Empty: unknown.", required=False, nullable=True)


def _further(name: str, kind: str, meaning: str, **options: int) -> Column:
    return Column(name, kind, meaning, required=False, nullable=True, **options)  # type: ignore[arg-type]


ORDERS = Dataset(
    name="orders",
    model="pipeline.Order",
    meaning="One row per order that a customer placed.",
    key=("deal_id", "order_id"),
    identity=("order_id",),
    days=("received_on", "invoiced_on", "paid_on"),
    scope="rep",
    touches=(Touch(rollups.PAID, ("deal_id",)),),
    columns=(
        Column("order_id", "text", "The order's number."),
        deal_id("The deal that it came from."),
        Column("received_on", "date", "The day it was received.", aliases=("order_received",)),
        Column(
            "amount",
            "decimal",
            "What it is worth; empty where nobody knows.",
            required=False,
            nullable=True,
            unit="currency",
        ),
        Column(
            "currency",
            "currency",
            "What the amount is in; the reporting currency where it is not given.",
            required=False,
            default=reporting_currency,
        ),
        _further("end_user", "text", "Who will use what was ordered."),
        _known("end_user_identified", "Whether the end user is known by name."),
        _further(
            "end_user_requests_count",
            "integer",
            "How often they were asked for.",
            minimum=0,
            maximum=1_000_000,
        ),
        _known("materials_purchased", "Whether materials were bought."),
        _known("survey_checklist_present", "Whether the survey checklist is there."),
        _known("mdd_signed", "Whether the MDD is signed."),
        _known("quality_docs_present", "Whether the quality documents are there."),
        _further("evidence", "text", "What this is known from.", max_length=20_000),
        _further("invoiced_on", "date", "The day of the invoice."),
        _further("paid_on", "date", "The day it was paid."),
    ),
    references=(DEAL,),
    doubts=(
        Doubt("invoiced_on < received_on", "invoiced_on lies before received_on"),
        Doubt("paid_on < invoiced_on", "paid_on lies before invoiced_on"),
    ),
)
