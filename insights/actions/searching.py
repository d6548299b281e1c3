"""Keeps the words that are searched as the rows have them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg.sql import SQL

from insights.models import SearchState

LONGEST = 4000  # letters of a text that are searched
# The words of each kind. What has none, or is no longer there, is not searched.
SOURCES = {
    "deal": """
        SELECT deal_id AS key,
            concat_ws(' ', deal_id, NULLIF(opportunity_name, ''), NULLIF(account_name, '')) AS words
        FROM pipeline_deal WHERE NOT is_deleted
    """,
    "account": "SELECT account_id AS key, concat_ws(' ', name, account_id) AS words"
    " FROM kernel_account",
    "contact": """
        SELECT key::text AS key, concat_ws(' ', name, NULLIF(email, ''), NULLIF(title, '')) AS words
        FROM pipeline_contact
    """,
    "note": "SELECT note_id AS key, body AS words FROM pipeline_note",
}
ADD = """
    INSERT INTO insights_searchentry (kind, key, words)
    SELECT %(kind)s, source.key, source.words
    FROM (
        SELECT key, left(lower(unaccent(words)), %(longest)s) AS words FROM ({source}) AS told
    ) AS source
    LEFT JOIN insights_searchentry AS entry ON entry.kind = %(kind)s AND entry.key = source.key
    WHERE entry.words IS DISTINCT FROM source.words AND source.words <> ''
    ON CONFLICT (kind, key) DO UPDATE SET words = excluded.words
"""
REMOVE = """
    DELETE FROM insights_searchentry AS entry
    WHERE kind = %(kind)s
        AND NOT EXISTS (SELECT FROM ({source}) AS told WHERE told.key = entry.key)
"""


@transaction.atomic
def keep_words(generation: int, at: datetime) -> int:
    """Bring the words in line with the rows; how many were added, changed or taken out."""
    changed = 0
    with connection.cursor() as cursor:
        for kind, source in SOURCES.items():
            given: dict[str, Any] = {"kind": kind, "longest": LONGEST}
            for statement in (REMOVE, ADD):
                cursor.execute(SQL(statement).format(source=SQL(source)), given)
                changed += cursor.rowcount
    SearchState.objects.update_or_create(pk=1, defaults={"generation": generation, "at": at})
    return changed
