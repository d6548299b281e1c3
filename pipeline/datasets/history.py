"""What files of history promise: stays in stages, openings and closings, changed fields."""

from __future__ import annotations

from pipeline import rollups
from revops_site.kernel.datasets import (
    Column,
    Dataset,
    Derived,
    Doubt,
    Reference,
    Rule,
    Touch,
    hash_of,
    moment,
)

DEAL = Reference("deal_id", "pipeline.Deal", "deal_id", "belong to an unknown deal")
PIPELINE = Reference("pipeline_id", "pipeline.Pipeline", "pipeline_id", "name an unknown pipeline")
EVENTS = {
    "open": ("reopened",),
    "won": ("closed_won", "closed won"),
    "lost": ("closed_lost", "closed lost"),
    "deleted": (),
}
# Since when a deal is as it is today, and whose it is, may be other than before.
PAST = tuple(Touch(one, ("deal_id",)) for one in (rollups.PAST, rollups.DEALS))
# The day on which a deal was created whose first amount a change may tell.
FIRST_DAY = """CASE WHEN field IN ('amount', 'currency') THEN (
    SELECT deal.created_at FROM (
        SELECT deal_id AS known_id, created_at FROM pipeline_deal
    ) AS deal WHERE deal.known_id = deal_id
) END"""
# The days of a deal that may be another's than the deal's row says: who closed it, counts.
OWNED_WEEKS = tuple(
    f"""CASE WHEN field = 'owner_id' THEN (
        SELECT date_trunc('week', deal.{day}::timestamp)::date FROM (
            SELECT deal_id AS known_id, created_at, closed_at FROM pipeline_deal
        ) AS deal WHERE deal.known_id = deal_id
    ) END"""  # noqa: S608
    for day in ("created_at", "closed_at")
)
FIRST_WEEK = f"date_trunc('week', ({FIRST_DAY})::timestamp)::date"
# A stay that began while another of its deal, in the same file, lasted; two open ones are such.
OVERLAPS = """(deal_id, entered_at) IN (
    SELECT deal_id, entered_at
    FROM (
        SELECT deal_id, entered_at, max(COALESCE(exited_at, 'infinity')) OVER (
            PARTITION BY deal_id ORDER BY entered_at, exited_at
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS others_lasted
        FROM {rows}
    ) AS stay
    WHERE entered_at < others_lasted
)"""


def deal_id(meaning: str = "The deal.") -> Column:
    """The column by which a row belongs to a deal."""
    return Column("deal_id", "text", meaning, aliases=("opportunity_id",), max_length=120)


STAGE_HISTORY = Dataset(
    name="stage_history",
    model="pipeline.StageVisit",
    meaning="One row per stay of a deal in a stage.",
    key=("deal_id", "key"),
    identity=("deal_id", "stage_name", "entered_at"),
    days=("entered_at", "exited_at"),
    scope="rep",
    columns=(
        deal_id(),
        Column(
            "pipeline_id",
            "text",
            "The pipeline of the stage.",
            aliases=("pipeline",),
            required=False,
            nullable=True,
        ),
        Column("stage_name", "text", "The stage.", aliases=("stage",)),
        Column("entered_at", "instant", "When the deal entered it."),
        Column("exited_at", "instant", "When it left; empty while it is there.", nullable=True),
    ),
    derived=(
        Derived(
            "key",
            hash_of("deal_id", "stage_name", moment("entered_at")),
            "A hash of the deal, the stage and entered_at.",
        ),
    ),
    rules=(Rule("exited_at", "exited_at < entered_at", "lies before entered_at"),),
    references=(DEAL, PIPELINE),
    touches=(*PAST, Touch(rollups.STAYS, ("deal_id",))),
    doubts=(
        Doubt("exited_at = entered_at", "the stage was left at the moment it was entered"),
        Doubt(OVERLAPS, "the stage was entered before the one before was left"),
    ),
)

STATUS_EVENTS = Dataset(
    name="status_events",
    model="pipeline.StatusEvent",
    meaning="One row each time that a deal was opened, won, lost, opened again or deleted.",
    key=("deal_id", "key"),
    identity=("deal_id", "at", "status"),
    days=("at",),
    scope="rep",
    columns=(
        deal_id(),
        Column("at", "instant", "When.", aliases=("changed_at",)),
        Column("status", "choice", "What it became.", choices=EVENTS),
    ),
    derived=(
        Derived(
            "key",
            hash_of("deal_id", moment("at"), "status"),
            "A hash of the deal, the moment and the status.",
        ),
    ),
    references=(DEAL,),
    touches=PAST,
)

DEAL_CHANGES = Dataset(
    name="deal_changes",
    model="pipeline.DealChange",
    meaning="One row each time that a field of a deal got another value.",
    key=("deal_id", "key"),
    identity=("deal_id", "field", "changed_at", "new"),
    days=("changed_at",),
    scope="rep",
    columns=(
        deal_id(),
        Column("field", "text", "The column's name, such as amount or close_date."),
        Column("old", "text", "The value before.", aliases=("old_value",), nullable=True),
        Column("new", "text", "The value after.", aliases=("new_value",), nullable=True),
        Column("changed_at", "instant", "When."),
        Column(
            "source",
            "text",
            "What changed it.",
            required=False,
            default="file",
        ),
    ),
    derived=(
        Derived(
            "key",
            hash_of("deal_id", "field", moment("changed_at"), "new"),
            "A hash of the deal, the field, the moment and the new value.",
        ),
    ),
    references=(DEAL,),
    touches=(
        *PAST,
        Touch(rollups.FLOW_DAYS, (FIRST_DAY,)),
        Touch(rollups.FLOW_WEEKS, (FIRST_WEEK, *OWNED_WEEKS)),
        Touch(rollups.STAYS, ("CASE WHEN field = 'owner_id' THEN deal_id END",)),
        Touch(rollups.HEALTH, ("deal_id",)),
    ),
)
