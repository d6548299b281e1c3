"""What a file of leads promises: who came when, through what, and the day of each step."""

from __future__ import annotations

from marketing import rollups
from revops_site.kernel.datasets import SEGMENTS, Column, Dataset, Doubt, Rule, Touch

STEPS = ("mql_at", "sql_at", "converted_at")


def _text(name: str, meaning: str, *aliases: str) -> Column:
    return Column(name, "text", meaning, aliases=aliases, required=False, nullable=True)


def _day(name: str, meaning: str, *aliases: str) -> Column:
    return Column(name, "date", meaning, aliases=aliases, required=False, nullable=True)


LEADS = Dataset(
    name="leads",
    model="marketing.Lead",
    meaning="One row per lead. Optional: without it there are no cohorts of leads, and lead to "
    "cash begins with the deals.",
    key=("lead_id",),
    days=("created_at", *STEPS),
    scope="rep",
    columns=(
        Column("lead_id", "text", "The lead's id, as in touchpoints.", aliases=("id",)),
        Column("created_at", "date", "The day it came.", aliases=("created_date", "created")),
        _text("channel", "Where it came from, named as in marketing_channels.", "lead_source"),
        _text("campaign", "The campaign."),
        Column(
            "segment",
            "choice",
            "The account's size; empty where nobody knows.",
            choices=SEGMENTS,
            required=False,
            nullable=True,
        ),
        _text("region", "The region.", "geo"),
        Column(
            "owner_id",
            "rep",
            "Who has to answer it: a rep's id, e-mail or name.",
            header="owner",
            aliases=("owner_name",),
            required=False,
            nullable=True,
            max_length=120,
        ),
        Column(
            "response_hours",
            "decimal",
            "Hours until somebody first answered it; empty where nobody has.",
            required=False,
            nullable=True,
            minimum=0,
            maximum=10**6,
            unit="hours",
        ),
        _day("mql_at", "Since when it is marketing-qualified.", "mql_date"),
        _day("sql_at", "Since when it is sales-qualified.", "sql_date"),
        _day("converted_at", "When it became an opportunity.", "opportunity_at", "converted_date"),
        _text("deal_id", "The deal that it became.", "opportunity_id"),
    ),
    touches=(Touch(rollups.LEAD_DAYS, ("created_at",)),),
    rules=tuple(Rule(one, f"{one} < created_at", "lies before created_at") for one in STEPS),
    doubts=(
        Doubt("sql_at < mql_at", "sql_at lies before mql_at"),
        Doubt("converted_at < sql_at", "converted_at lies before sql_at"),
        Doubt("deal_id <> '' AND converted_at IS NULL", "a deal is named, but no converted_at"),
    ),
)
