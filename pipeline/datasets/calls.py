"""What a file of forecast calls promises: what people said that a quarter would bring."""

from __future__ import annotations

from pipeline.datasets.plan import KNOWN_PERIOD, LABEL, QUARTER
from revops_site.kernel.datasets import (
    Column,
    Dataset,
    Derived,
    Doubt,
    Rule,
    hash_of,
    moment,
    reporting_currency,
)

LONGEST_NOTE = 500
WHOSE = "COALESCE('rep ' || rep_id, 'team ' || team_id)"
ZONE = "(SELECT time_zone FROM kernel_workspace)"
DAY = f"COALESCE(on_day, (submitted_at AT TIME ZONE {ZONE})::date)"
CHANGED = """EXISTS (
    SELECT FROM {table} AS other
    WHERE other.key = new.key
        AND (other.commit_amount, other.best_case_amount, other.currency, other.note)
        IS DISTINCT FROM (new.commit_amount, new.best_case_amount, new.currency, new.note)
)"""


def _amount(name: str, meaning: str, *aliases: str) -> Column:
    return Column(
        name,
        "decimal",
        meaning,
        aliases=aliases,
        required=False,
        nullable=True,
        minimum=0,
        unit="currency",
    )


FORECAST_CALLS = Dataset(
    name="forecast_calls",
    model="pipeline.ForecastCall",
    meaning="One row each time that a rep, or a team's manager, said what a quarter would bring.",
    key=("key",),
    identity=("rep_id", "team_id", "period", "submitted_at"),
    days=("submitted_at",),
    scope="rep",
    columns=(
        Column(
            "rep_id",
            "rep",
            "Whose deals it is of: a rep's id, e-mail or name. Empty for a team's.",
            aliases=("rep", "owner"),
            required=False,
            nullable=True,
            max_length=120,
        ),
        Column(
            "team_id",
            "team",
            "The team whose deals it is of, where its manager said it; else empty.",
            header="team",
            aliases=("team_name",),
            required=False,
            nullable=True,
        ),
        Column(
            "period",
            "text",
            "The fiscal quarter: Q4 2024, 2024-Q4 or FY24 Q4.",
            header="quarter",
            max_length=20,
            stored=False,
            reads="quarter",
        ),
        Column("submitted_at", "instant", "When it was said.", aliases=("at",)),
        Column(
            "commit_amount",
            "decimal",
            "What the quarter will bring at least, what is won already included.",
            aliases=("commit",),
            minimum=0,
            unit="currency",
        ),
        _amount("best_case_amount", "What it can bring if all goes well.", "best_case"),
        Column(
            "currency",
            "currency",
            "What the amounts are in; the reporting currency where it is not given.",
            required=False,
            default=reporting_currency,
        ),
        Column(
            "submitted_by",
            "text",
            "Who said it.",
            aliases=("by",),
            required=False,
            nullable=True,
        ),
        Column(
            "note",
            "text",
            "What they had to say about it.",
            aliases=("comment",),
            required=False,
            nullable=True,
            max_length=LONGEST_NOTE,
        ),
        _amount("forecast_amount", "What the product forecast at that moment.", "forecast"),
        Column(
            "on_day",
            "date",
            "The day that the data had come to; the day of submitted_at where it is not given.",
            header="day",
            required=False,
            nullable=True,
            stored=False,
            reads="day",
        ),
    ),
    derived=(
        Derived("quarter", LABEL, "The quarter as Q4 2024."),
        Derived("day", DAY, "The day that the data had come to."),
        Derived(
            "key",
            hash_of(WHOSE, LABEL, moment("submitted_at")),
            "A hash of whom it is of, the quarter and submitted_at.",
        ),
    ),
    rules=(
        Rule(
            "period",
            f"NOT ({KNOWN_PERIOD}) OR ({QUARTER}) IS NULL",
            "is not a quarter like Q4 2024",
        ),
        Rule(
            "rep_id",
            "num_nonnulls(rep_id, team_id) <> 1",
            "and team: just one of the two says whose deals it is of",
        ),
        Rule("commit_amount", CHANGED, "is another one than what was said at that moment"),
    ),
    doubts=(Doubt("best_case_amount < commit_amount", "the best case is below the commit"),),
)
