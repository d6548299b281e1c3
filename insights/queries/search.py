"""Finds deals, accounts, contacts and notes by any of their words, within what one may see.

Parts of a name are found first, then what is spelled nearly so; notes by their whole words, of
which the last one may be only begun. Who may see a row is asked of the row as it is now.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from psycopg.sql import SQL, Composable

from insights.models import SearchState
from insights.queries.palette import AccountHit, DealHit
from revops_site.kernel.filters import Allowed

SHORTEST = 3  # letters: fewer are a part of nearly everything
CONTAINS = SQL("entry.words LIKE '%%' || lower(unaccent(%(part)s)) || '%%'")
NEARLY = SQL("lower(unaccent(%(text)s)) <%% entry.words")
LIKENESS = SQL("word_similarity(lower(unaccent(%(text)s)), entry.words) DESC, ")
AT_ONCE = SQL("position(lower(unaccent(%(text)s)) in entry.words), ")
OWN_DEAL = SQL("deal.owner_id = ANY(%(reps)s)")
OWN_ACCOUNT = SQL(
    """
    (account.owner_id = ANY(%(reps)s) OR EXISTS (
        SELECT FROM pipeline_deal AS deal
        WHERE deal.account_id = account.account_id AND deal.owner_id = ANY(%(reps)s)
            AND NOT deal.is_deleted
    ))
    """
)
DEALS = SQL(
    """
    SELECT deal.deal_id, COALESCE(NULLIF(opportunity_name, ''), account_name), account_name,
        stage_name, status
    FROM insights_searchentry AS entry JOIN pipeline_deal AS deal ON deal.deal_id = entry.key
    WHERE entry.kind = 'deal' AND {match} AND NOT deal.is_deleted AND {scope}
    ORDER BY {order} deal.status <> 'open', deal.deal_id LIMIT %(most)s
    """
)
ACCOUNTS = SQL(
    """
    SELECT account_id, name, segment, region
    FROM insights_searchentry AS entry JOIN kernel_account AS account ON account_id = entry.key
    WHERE entry.kind = 'account' AND {match} AND {scope}
    ORDER BY {order} name, account_id LIMIT %(most)s
    """
)
CONTACTS = SQL(
    """
    SELECT contact.name, contact.title, deal.deal_id,
        COALESCE(NULLIF(opportunity_name, ''), NULLIF(account_name, ''), deal.deal_id)
    FROM insights_searchentry AS entry
    JOIN pipeline_contact AS contact ON contact.key = entry.key::uuid
    JOIN pipeline_deal AS deal ON deal.deal_id = contact.deal_id
    WHERE entry.kind = 'contact' AND {match} AND NOT deal.is_deleted AND {scope}
    ORDER BY {order} contact.name, deal.status <> 'open', deal.deal_id LIMIT %(most)s
    """
)
NOTES = SQL(
    """
    SELECT note.body, note.created_at, deal.deal_id,
        COALESCE(NULLIF(opportunity_name, ''), NULLIF(account_name, ''), deal.deal_id)
    FROM insights_searchentry AS entry
    JOIN pipeline_note AS note ON note.note_id = entry.key
    JOIN pipeline_deal AS deal ON deal.deal_id = note.deal_id
    WHERE entry.kind = 'note' AND to_tsvector('simple', COALESCE(entry.words, '')) @@ {words}
        AND NOT deal.is_deleted AND {scope}
    ORDER BY note.created_at DESC, note.note_id LIMIT %(most)s
    """
)
WORDS = SQL("to_tsquery('simple', lower(unaccent(%(words)s)))")


class ContactHit(NamedTuple):
    """Somebody at a customer, and the deal that they have a part in."""

    name: str
    title: str
    deal_id: str
    deal: str


class NoteHit(NamedTuple):
    """A note, and the deal that it is about."""

    body: str
    written: Any
    deal_id: str
    deal: str


def searched_generation() -> int | None:
    """The state of the data that the words are of; None before there are any."""
    return SearchState.objects.values_list("generation", flat=True).first()


def deals(text: str, allowed: Allowed, most: int) -> Sequence[DealHit]:
    """The deals with such a part in their name, their account's or their id; else nearly such."""
    return [DealHit(*row) for row in _tiers(DEALS, OWN_DEAL, text, allowed, most)]


def accounts(text: str, allowed: Allowed, most: int) -> Sequence[AccountHit]:
    """The accounts with such a part in their name or id; else nearly such."""
    return [AccountHit(*row) for row in _tiers(ACCOUNTS, OWN_ACCOUNT, text, allowed, most)]


def contacts(text: str, allowed: Allowed, most: int) -> Sequence[ContactHit]:
    """The contacts with such a part in their name, address or title; else nearly such."""
    return [ContactHit(*row) for row in _tiers(CONTACTS, OWN_DEAL, text, allowed, most)]


def notes(text: str, allowed: Allowed, most: int) -> Sequence[NoteHit]:
    """The notes with all of these words, the newest first; the last word may be only begun."""
    words = re.findall(r"\w+", text)
    if not words or len(text) < SHORTEST:
        return []
    query = NOTES.format(words=WORDS, scope=_scope(allowed, OWN_DEAL))
    asked = " & ".join([*words[:-1], f"{words[-1]}:*"])
    return [NoteHit(*row) for row in _rows(query, {"words": asked, "most": most}, allowed)]


def _tiers(
    query: SQL, own: SQL, text: str, allowed: Allowed, most: int
) -> Sequence[tuple[Any, ...]]:
    """What has such a part; where nothing has, what is spelled nearly so."""
    if len(text) < SHORTEST:
        return []
    scope = _scope(allowed, own)
    part = text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    given = {"most": most, "text": text, "part": part}
    found = _rows(query.format(match=CONTAINS, scope=scope, order=AT_ONCE), given, allowed)
    if found or len(text) <= SHORTEST:
        return found
    near = query.format(match=NEARLY, scope=scope, order=LIKENESS)
    return _rows(near, given, allowed)


def _scope(allowed: Allowed, own: SQL) -> Composable:
    return SQL("TRUE") if allowed.reps is None else own


def _rows(query: Composable, given: dict[str, Any], allowed: Allowed) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {**given, "reps": list(allowed.reps or ())})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
