"""What the files promise that deals are planned by: pipelines, stages, quotas."""

from __future__ import annotations

from pipeline import rollups
from revops_site.kernel.datasets import (
    Column,
    Dataset,
    Derived,
    Reference,
    Repeated,
    Rule,
    Touch,
    hash_of,
    reporting_currency,
)

# A quota's period in the fiscal calendar: a year is named after the calendar year it ends in.
FISCAL_MONTH = "COALESCE((SELECT fiscal_year_start_month FROM kernel_workspace), 1)"
YEAR = r"""COALESCE(
    substring(period FROM '((?:19|20)\d\d)')::int,
    2000 + substring(upper(period) FROM 'FY *(\d\d)')::int
)"""
QUARTER = "substring(upper(period) FROM 'Q([1-4])')::int"
MONTH = r"substring(period FROM '^\d\d\d\d-(0[1-9]|1[0-2])$')::int"
KNOWN_PERIOD = r"""upper(period) ~ (
    '^((FY *)?(19|20)\d\d|FY *\d\d)([ -]*Q[1-4])?$'
    '|^Q[1-4][ -]*((FY *)?(19|20)\d\d|FY *\d\d)$'
    '|^(19|20)\d\d-(0[1-9]|1[0-2])$'
)"""
YEAR_START = f"make_date({YEAR} - ({FISCAL_MONTH} > 1)::int, {FISCAL_MONTH}, 1)"
PERIOD_START = f"""CASE
    WHEN {MONTH} IS NOT NULL THEN make_date({YEAR}, {MONTH}, 1)
    ELSE ({YEAR_START} + make_interval(months => 3 * COALESCE({QUARTER} - 1, 0)))::date
END"""
MONTHS = f"CASE WHEN {MONTH} IS NOT NULL THEN 1 WHEN {QUARTER} IS NOT NULL THEN 3 ELSE 12 END"
PERIOD_END = f"(({PERIOD_START}) + make_interval(months => {MONTHS}))::date"
LABEL = f"""CASE
    WHEN {MONTH} IS NOT NULL THEN period
    ELSE concat('Q' || {QUARTER} || ' ', CASE WHEN {QUARTER} IS NULL THEN 'FY' END, {YEAR})
END"""
# A quota replaces that of the very same period alone, not one that only begins on the same day.
OVERLAPS = """EXISTS (
    SELECT FROM {} AS other
    WHERE other.rep_id = new.rep_id
        AND (other.key, other.period_end) <> (new.key, new.period_end) {}
        AND other.period_start < new.period_end AND new.period_start < other.period_end
)"""


def _days(name: str, meaning: str) -> Column:
    return Column(
        name,
        "integer",
        meaning,
        required=False,
        nullable=True,
        minimum=0,
        maximum=36_500,
        unit="days",
    )


def _flag(name: str, meaning: str) -> Column:
    return Column(name, "boolean", meaning, required=False, default="false")


PIPELINES = Dataset(
    name="pipelines",
    model="pipeline.Pipeline",
    meaning="One row per pipeline.",
    key=("pipeline_id",),
    columns=(
        Column("pipeline_id", "text", "The pipeline's id in the CRM."),
        Column("pipeline_name", "text", "What it is called.", aliases=("name",)),
        Column(
            "pipeline_order",
            "integer",
            "Its place among the pipelines.",
            required=False,
            default="1",
            minimum=0,
            maximum=32_767,
        ),
    ),
)

STAGES = Dataset(
    name="stages",
    model="pipeline.Stage",
    meaning="One row per stage of a pipeline.",
    key=("stage_id",),
    columns=(
        Column("stage_id", "text", "The stage's id in the CRM."),
        Column(
            "pipeline_id",
            "text",
            "The pipeline it is a stage of.",
            aliases=("pipeline",),
            required=False,
            nullable=True,
        ),
        Column("stage_name", "text", "What it is called.", aliases=("name",)),
        Column(
            "stage_order",
            "integer",
            "Its place in the pipeline.",
            aliases=("order",),
            minimum=0,
            maximum=32_767,
        ),
        Column(
            "probability",
            "decimal",
            "How likely a deal in it is won, from 0 to 1.",
            required=False,
            nullable=True,
            minimum=0,
            maximum=1,
        ),
        _days("expected_days", "How long a deal should stay."),
        _days("rotten_days", "After how long it is stuck."),
        _days("days_to_invoice", "How long it usually takes from entering it to the invoice."),
        _flag("is_execution", "Whether it comes after the customer's order."),
        _flag("is_closed", "Whether deals in it are won or lost."),
    ),
    references=(
        Reference("pipeline_id", "pipeline.Pipeline", "pipeline_id", "name an unknown pipeline"),
    ),
    # How likely deals are won, and which stages are later, rests on all stages together.
    touches=tuple(Touch(one, ()) for one in (rollups.STOCK, rollups.STAYS, rollups.HEALTH)),
    repeated=Repeated(("deal_changes", "pipeline_deals", "stage_history"), rollups.rename),
)

QUOTAS = Dataset(
    name="quotas",
    model="pipeline.Quota",
    meaning="One row per rep and quarter (or month, or year): what is to be won in it.",
    key=("key",),
    identity=("rep_id", "period"),
    scope="rep",
    columns=(
        Column(
            "rep_id",
            "rep",
            "Whose quota it is: a rep's id, e-mail or name.",
            aliases=("rep", "owner"),
            max_length=120,
        ),
        Column(
            "manager_name",
            "text",
            "Their manager.",
            aliases=("manager",),
            required=False,
            nullable=True,
        ),
        Column(
            "period",
            "text",
            "Q4 2024, 2024-Q4 or FY24 Q4; a month like 2024-10; a year like FY2024. Quarters and "
            "years are fiscal.",
            header="quarter",
            max_length=20,
            stored=False,
            reads="quarter",
        ),
        Column(
            "quota_amount",
            "decimal",
            "What is to be won.",
            aliases=("quota",),
            minimum=0,
            unit="currency",
        ),
        Column(
            "currency",
            "currency",
            "What it is in; the reporting currency where it is not given.",
            required=False,
            default=reporting_currency,
        ),
    ),
    derived=(
        Derived("quarter", LABEL, "The period as Q4 2024, 2024-10 or FY2024."),
        Derived("period_start", PERIOD_START, "The first day of it."),
        Derived("period_end", PERIOD_END, "The day after its last one."),
        Derived(
            "key",
            hash_of("rep_id", f"to_char({PERIOD_START}, 'YYYY-MM-DD')"),
            "A hash of the rep and the first day.",
        ),
    ),
    rules=(
        Rule("period", f"NOT ({KNOWN_PERIOD})", "is not a quarter like Q4 2024"),
        Rule(
            "period",
            OVERLAPS.format("{rows}", "AND other.line < new.line"),
            "overlaps a quota of the same rep in an earlier line",
        ),
        Rule("period", OVERLAPS.format("{table}", ""), "overlaps a quota of the same rep"),
    ),
)
