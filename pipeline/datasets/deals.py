"""What a file of deals promises: each with its owner, stage, money and dates."""

from __future__ import annotations

from pipeline import rollups
from pipeline.datasets.counting import CATEGORY, NEXT, OWNER, UPDATED, WORKED
from revops_site.kernel.datasets import (
    SEGMENTS,
    Column,
    Dataset,
    Derived,
    Doubt,
    Log,
    Recomputed,
    Reference,
    Rule,
    Touch,
    reporting_currency,
)

LOGGED = (
    *("owner_id", "pipeline_id", "stage_name", "amount", "currency", "probability"),
    *("forecast_category", "close_date", "closed_at", "status", "lost_reason", "discount_pct"),
    *("has_champion", "has_economic_buyer", "is_deleted", "last_stage_change"),
    *("segment", "region", "source_channel"),
)
STATUSES = {
    "open": (),
    "won": ("closed_won", "closed won"),
    "lost": ("closed_lost", "closed lost"),
}
CLOSED_AT = "CASE WHEN status <> 'open' THEN COALESCE(closed_on, last_stage_change) END"
# An export gives every age as of one day, which most of its rows agree on.
EXPORT_DAY = """
    SELECT mode() WITHIN GROUP (ORDER BY last_stage_change + days_in_stage::int)
    FROM {rows} WHERE days_in_stage BETWEEN -99999 AND 99999
"""


def _text(name: str, meaning: str, **options: bool | str | tuple[str, ...]) -> Column:
    return Column(name, "text", meaning, nullable=True, **options)  # type: ignore[arg-type]


def _further(name: str, meaning: str, *aliases: str, **options: bool | str) -> Column:
    return _text(name, meaning, required=False, aliases=aliases, **options)


def _known(name: str, meaning: str) -> Column:
    return Column(name, "boolean", f"{meaning} Empty: unknown.", required=False, nullable=True)


def _week(day: str) -> str:
    return f"date_trunc('week', {day}::timestamp)::date"


PIPELINE_DEALS = Dataset(
    name="pipeline_deals",
    model="pipeline.Deal",
    meaning="One row per deal, as it stands on the day of the export.",
    key=("deal_id",),
    days=("created_at", "last_stage_change"),
    scope="rep",
    columns=(
        Column("deal_id", "text", "The deal's id in the CRM.", aliases=("opportunity_id",)),
        _text("account_name", "Who would buy.", header="account"),
        Column("segment", "choice", "The account's size.", choices=SEGMENTS, nullable=True),
        Column(
            "owner_id",
            "rep",
            "Who owns the deal: a rep's id, e-mail or name. A name nobody has yet makes a rep.",
            header="owner",
            aliases=("owner_name",),
            nullable=True,
            max_length=120,
            stored=False,
            reads="owner_id",
        ),
        Column("stage_name", "text", "The stage that the deal is in.", header="stage"),
        Column(
            "amount",
            "decimal",
            "What the deal is worth; empty where nobody knows, 0 is a value.",
            nullable=True,
            unit="currency",
        ),
        Column("created_at", "date", "The day the deal was created."),
        Column(
            "close_date",
            "date",
            "The day it is expected to close.",
            header="expected_close",
            nullable=True,
        ),
        Column("last_stage_change", "date", "The day it entered its stage.", nullable=True),
        Column(
            "probability",
            "decimal",
            "How likely it is won, from 0 to 1.",
            nullable=True,
            minimum=0,
            maximum=1,
        ),
        Column("status", "choice", "Whether it is open, won or lost.", choices=STATUSES),
        _text("source_channel", "The marketing channel that it came from."),
        Column(
            "closed_on",
            "date",
            "The day it was won or lost; of no account while it is open.",
            header="closed_at",
            required=False,
            nullable=True,
            stored=False,
            reads="closed_at",
        ),
        Column(
            "currency",
            "currency",
            "What the amount is in; the reporting currency where it is not given.",
            required=False,
            default=reporting_currency,
        ),
        _further("account_id", "The account's id."),
        _further("pipeline_id", "The pipeline that the deal goes through.", "pipeline"),
        _further("manager_name", "The owner's manager.", "manager"),
        _further("opportunity_name", "What the deal is called.", "deal_name"),
        _further("region", "The region of the account.", "geo"),
        _further("lost_reason", "Why it was lost.", "loss_reason"),
        _further(
            "forecast_category",
            "Pipeline, Best Case, Commit, Closed or Omitted.",
            stored=False,
            reads="file_category",
        ),
        Column(
            "last_activity_at",
            "date",
            "The day of the last call, mail or meeting.",
            required=False,
            nullable=True,
            stored=False,
            reads="last_activity_at",
        ),
        Column(
            "next_activity_at",
            "date",
            "The day that the next one is planned for.",
            required=False,
            nullable=True,
            stored=False,
            reads="file_next_activity_at",
        ),
        Column(
            "update_time",
            "instant",
            "When anybody last changed it in the CRM.",
            required=False,
            nullable=True,
            stored=False,
            reads="update_time",
        ),
        _known("has_champion", "Whether somebody there speaks for us."),
        _known("has_economic_buyer", "Whether who decides on the money is involved."),
        Column(
            "discount_pct",
            "decimal",
            "What was taken off the list price, from 0 to 1.",
            required=False,
            nullable=True,
            minimum=0,
            maximum=1,
        ),
        Column(
            "is_deleted",
            "boolean",
            "Whether it was deleted in the CRM.",
            required=False,
            default="false",
        ),
    ),
    derived=(
        Derived(
            "closed_at",
            CLOSED_AT,
            "The file's closed_at, else its last_stage_change; none for an open deal.",
        ),
        Derived(
            "owner_id",
            OWNER,
            "The file's; of a deal that was handed on after it had closed, who owned it then.",
        ),
        Derived(
            "forecast_category",
            CATEGORY,
            "What was set by hand while the deal is open, else the file's.",
        ),
        Derived(
            "next_activity_at",
            NEXT,
            "The day of the next step set by hand, or of what the file plans before it from the "
            "day on that it was set; else the file's.",
        ),
        Derived(
            "last_activity_at",
            WORKED,
            "The file's, or the day on which a next step was done here, whichever is later.",
        ),
        Derived(
            "update_time",
            UPDATED,
            "The file's, or when somebody last set or did a next step or wrote a note here, "
            "whichever is later.",
        ),
        Derived("file_next_activity_at", "given.next_activity_at", "The file's next_activity_at."),
        Derived("file_category", "given.forecast_category", "The file's forecast_category."),
    ),
    rules=(
        Rule(
            "closed_on",
            "status <> 'open' AND closed_at IS NULL",
            "is empty for a closed deal, and last_stage_change, which would do, is empty too",
        ),
    ),
    recomputed=(
        Recomputed("expected_value", "amount × probability", "amount * probability", 2),
        Recomputed(
            "days_in_stage",
            "the file's day − last_stage_change",
            f"({EXPORT_DAY}) - last_stage_change",
            0,
        ),
    ),
    references=(
        Reference("account_id", "kernel.Account", "account_id", "name an unknown account"),
        Reference("pipeline_id", "pipeline.Pipeline", "pipeline_id", "name an unknown pipeline"),
    ),
    log=Log("pipeline.DealChange", LOGGED, gone="status"),
    touches=(
        Touch(rollups.PAST, ("deal_id",)),  # gives the first amounts that the flows sum up
        Touch(rollups.FLOW_DAYS, ("created_at", "closed_at")),
        Touch(rollups.FLOW_WEEKS, (_week("created_at"), _week("closed_at"))),
        Touch(rollups.STOCK, ("CASE WHEN status = 'open' THEN COALESCE(owner_id, '') END",)),
        Touch(rollups.STAYS, ("deal_id",)),
        Touch(rollups.HEALTH, ("deal_id",)),
        Touch(rollups.DEALS, ("deal_id",)),
    ),
    doubts=(
        Doubt("status = 'open' AND closed_on IS NOT NULL", "closed_at of an open deal is left out"),
        Doubt("status <> 'open' AND closed_on IS NULL", "closed_at comes from last_stage_change"),
        Doubt("amount < 0", "amount is below 0"),
        Doubt("close_date < created_at", "expected_close lies before created_at"),
        Doubt("closed_at < created_at", "closed_at lies before created_at"),
        Doubt("last_stage_change < created_at", "last_stage_change lies before created_at"),
        Doubt("days_in_stage < 0", "days_in_stage is below 0"),
        Doubt("owner_id IS NULL", "owner is empty"),
    ),
)
