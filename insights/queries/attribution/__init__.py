"""Credit for what was won: out of the ledger, or as other parameters would give it."""

from insights.queries.attribution.credit import (
    ADDED,
    by_channel,
    choices,
    credit,
    credit_sql,
    is_kept,
    terms,
    whole,
)
from insights.queries.attribution.ended import credits_behind, revised_sql
from insights.queries.attribution.journeys import (
    LEADS_KNOWN,
    credited_deals,
    deal,
    lines,
    listed_totals,
    newest_revisions,
    revisions,
    revisions_of,
    standing,
    touches_of,
)
from insights.queries.attribution.paths import moves, paths

__all__ = [
    "ADDED",
    "LEADS_KNOWN",
    "by_channel",
    "choices",
    "credit",
    "credit_sql",
    "credited_deals",
    "credits_behind",
    "deal",
    "is_kept",
    "lines",
    "listed_totals",
    "moves",
    "newest_revisions",
    "paths",
    "revised_sql",
    "revisions",
    "revisions_of",
    "standing",
    "terms",
    "touches_of",
    "whole",
]
