"""What the log of changes tells of a deal's plain columns: their old values, walked back.

A text of the log that is no value of its column tells nothing: what is known today counts.
"""

from __future__ import annotations

# Column → SQL that reads ``{old}``, the log's text, where it is neither null nor empty; null
# where it is no such value. ``{deal}`` is today's value.
NUMBER = "pipeline_number({old})"
SHARE = "CASE WHEN pipeline_number({old}) BETWEEN 0 AND 1 THEN pipeline_number({old}) END"
TRUTH = "CASE {old} WHEN 'true' THEN true WHEN 'false' THEN false END"
READ = {
    "owner_id": "left({old}, 120)",
    "pipeline_id": "left({old}, 60)",
    "region": "left({old}, 80)",
    "segment": "left({old}, 40)",
    "source_channel": "left({old}, 120)",
    "amount": NUMBER,
    "currency": "CASE WHEN {old} ~ '^[A-Z][A-Z][A-Z]$' THEN {old} END",
    "close_date": "pipeline_day({old})",
    "lost_reason": "left({old}, 200)",
    "probability": SHARE,
    "forecast_category": "left({old}, 40)",
    "discount_pct": SHARE,
    "has_champion": TRUTH,
    "has_economic_buyer": TRUTH,
}
EMPTY = {
    **dict.fromkeys(
        ("region", "segment", "source_channel", "lost_reason", "forecast_category"), "''"
    ),
    "currency": "deal.currency",
}
PLAIN = (*READ, "is_deleted")
FIELDS = (*PLAIN, "stage_name", "status", "closed_at", "last_stage_change")


def value(column: str) -> str:
    """SQL for a column as it was, of a deal ``deal`` and what was walked, ``walked``."""
    old = f"walked.{column}"
    read = READ[column].format(old=old)
    return (
        f"CASE WHEN {old} IS NULL THEN deal.{column} "
        f"WHEN {old} = '' THEN {EMPTY.get(column, 'NULL')} ELSE COALESCE({read}, deal.{column}) END"
    )
