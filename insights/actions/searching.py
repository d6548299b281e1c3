"""Keeps the words that are searched as the rows have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from psycopg.sql import SQL

from insights.models import SearchEntry, SearchState

LONGEST = 4000  # letters of a text that are searched
SHORTEST_WORD, LONGEST_WORD = 3, 60
OVERLAP = timedelta(days=1)  # a row bears the moment its load began, not the one it was there
OPEN = "CASE WHEN deal.status = 'open' THEN 1e15 ELSE 0 END"
# The words of each kind, who may see them, and how much they weigh, of what changed since a moment.
SOURCES = {
    "deal": """
        SELECT deal_id AS key, concat_ws(' ', opportunity_name, account_name, deal_id) AS words,
            array_remove(ARRAY[owner_id], NULL) AS owners,
            {open} + COALESCE(amount, 0) AS weight
        FROM pipeline_deal AS deal WHERE NOT is_deleted AND row_updated_at >= %(since)s
    """,
    "account": """
        SELECT account_id AS key, concat_ws(' ', name, account_id) AS words,
            array_remove(array_append(ARRAY(
                SELECT DISTINCT deal.owner_id FROM pipeline_deal AS deal
                WHERE deal.account_id = account.account_id AND NOT deal.is_deleted
            ), owner_id), NULL) AS owners,
            COALESCE((
                SELECT sum({open} + COALESCE(amount, 0)) FROM pipeline_deal AS deal
                WHERE deal.account_id = account.account_id AND NOT deal.is_deleted
            ), 0) AS weight
        FROM kernel_account AS account
        WHERE row_updated_at >= %(since)s OR account_id IN (
            SELECT account_id FROM pipeline_deal WHERE row_updated_at >= %(since)s
        )
    """,
    "contact": """
        SELECT contact.key::text AS key,
            concat_ws(' ', name, email, title) AS words,
            array_remove(ARRAY[owner_id], NULL) AS owners,
            {open} + COALESCE(last_engaged_at - DATE '1970-01-01', 0) AS weight
        FROM pipeline_contact AS contact JOIN pipeline_deal AS deal USING (deal_id)
        WHERE GREATEST(contact.row_updated_at, deal.row_updated_at) >= %(since)s
    """,
    "note": """
        SELECT note_id AS key, body AS words, array_remove(ARRAY[owner_id], NULL) AS owners,
            extract(epoch FROM note.created_at) AS weight
        FROM pipeline_note AS note JOIN pipeline_deal AS deal USING (deal_id)
        WHERE GREATEST(note.row_updated_at, deal.row_updated_at) >= %(since)s
    """,
    "account note": """
        SELECT note.id::text AS key, body AS words,
            array_remove(array_append(ARRAY(
                SELECT DISTINCT deal.owner_id FROM pipeline_deal AS deal
                WHERE deal.account_id = note.account_id AND NOT deal.is_deleted
            ), account.owner_id), NULL) AS owners,
            extract(epoch FROM note.created_at) AS weight
        FROM pipeline_accountnote AS note LEFT JOIN kernel_account AS account USING (account_id)
        WHERE GREATEST(note.created_at, note.changed_at, account.row_updated_at) >= %(since)s
            OR account_id IN (
                SELECT account_id FROM pipeline_deal WHERE row_updated_at >= %(since)s
            )
    """,
}
ADD = """
    WITH source AS (
        SELECT key, owners, weight::float8 AS weight, btrim(regexp_replace(
            lower(unaccent(left(words, %(longest)s))), '[^[:alnum:]]+', ' ', 'g'
        )) AS words
        FROM ({source}) AS told
    ),
    written AS (
        INSERT INTO insights_searchentry (kind, key, words, owners, weight)
        SELECT %(kind)s, source.key, source.words, source.owners, source.weight FROM source
        LEFT JOIN insights_searchentry AS entry ON entry.kind = %(kind)s AND entry.key = source.key
        WHERE (entry.words, entry.owners, entry.weight)
            IS DISTINCT FROM (source.words, source.owners::varchar[], source.weight)
        ON CONFLICT (kind, key) DO UPDATE SET words = excluded.words, owners = excluded.owners,
            weight = excluded.weight
        RETURNING words
    ),
    said AS (
        INSERT INTO insights_searchword (word)
        SELECT DISTINCT word FROM written, unnest(string_to_array(words, ' ')) AS word
        WHERE length(word) BETWEEN {shortest} AND {most}
        ON CONFLICT (word) DO NOTHING
    )
    SELECT count(*) FROM written
"""
REMOVE = """
    DELETE FROM insights_searchentry AS entry
    WHERE kind = %(kind)s
        AND NOT EXISTS (SELECT FROM ({source}) AS told WHERE told.key = entry.key)
"""


@transaction.atomic
def keep_words(generation: int, at: datetime, *, whole: bool = False) -> int:
    """Bring the words in line with the rows; how many were added, changed or taken out.

    What changed since the last time, or the ``whole``: then words of rows that are gone go too,
    which until then find nothing.
    """
    last = None if whole else SearchState.objects.values_list("at", flat=True).first()
    since = datetime.min.replace(tzinfo=UTC) if last is None else last - OVERLAP
    changed = 0
    with connection.cursor() as cursor:
        for kind, told in SOURCES.items():
            source = told.replace("{open}", OPEN)
            given: dict[str, Any] = {"kind": kind, "longest": LONGEST, "since": since}
            if last is None:
                cursor.execute(SQL(REMOVE).format(source=SQL(source)), given)
                changed += cursor.rowcount
            parts = {"source": SQL(source), "shortest": SHORTEST_WORD, "most": LONGEST_WORD}
            cursor.execute(SQL(ADD).format(**parts), given)
            changed += cursor.fetchone()[0]
        # What an index has not sorted in yet is read through by every search.
        for index in SearchEntry._meta.indexes if changed else ():
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index.name])
    SearchState.objects.update_or_create(pk=1, defaults={"generation": generation, "at": at})
    return changed
