"""Finds deals, accounts, contacts and notes by any of their words, within what one may see.

Words are found by how they begin, all of them in any order; where no row has them, by words that
are spelled nearly so. What begins as it was typed comes first, then what weighs most. Who may see a
row is asked of the row as it is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable

from insights.models import SearchState
from insights.queries.palette import AccountHit, DealHit
from revops_site.kernel.filters import Allowed
from revops_site.kernel.queries import shared
from revops_site.kernel.replica import connection

SHORTEST = 3  # letters: fewer begin nearly everything
MOST_WORDS = 8
# Rows: a word that more have says little; of one's own rows all are put in order first.
LOOKED_AT, ORDERED = 1000, 20_000
NEAREST = 4  # words that a misspelt one may stand for
MATCH = SQL("to_tsvector('simple', COALESCE(words, '')) @@ to_tsquery('simple', %(asked)s)")
PLAIN = "SELECT btrim(regexp_replace(lower(unaccent(%s)), '[^[:alnum:]]+', ' ', 'g'))"
NEAR = """
    SELECT typed, array_agg(word) FROM unnest(%s::text[]) AS typed
    CROSS JOIN LATERAL (
        SELECT word FROM insights_searchword WHERE word %% typed
        ORDER BY similarity(word, typed) DESC, word LIMIT %s
    ) AS near
    GROUP BY typed
"""
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
OWN_NOTED = SQL(
    """
    (account.owner_id = ANY(%(reps)s) OR EXISTS (
        SELECT FROM pipeline_deal AS deal
        WHERE deal.account_id = note.account_id AND deal.owner_id = ANY(%(reps)s)
            AND NOT deal.is_deleted
    ))
    """
)
DEALS = SQL(
    """
    SELECT deal.deal_id, COALESCE(NULLIF(opportunity_name, ''), account_name), account_name,
        stage_name, status
    FROM {entries} AS entry JOIN pipeline_deal AS deal ON deal.deal_id = entry.key
    WHERE NOT deal.is_deleted AND {scope}
    ORDER BY {first}, deal.deal_id LIMIT %(most)s
    """
)
ACCOUNTS = SQL(
    """
    SELECT account_id, name, segment, region
    FROM {entries} AS entry JOIN kernel_account AS account ON account_id = entry.key
    WHERE {scope}
    ORDER BY {first}, name, account_id LIMIT %(most)s
    """
)
CONTACTS = SQL(
    """
    SELECT contact.name, contact.title, deal.deal_id,
        COALESCE(NULLIF(opportunity_name, ''), NULLIF(account_name, ''), deal.deal_id)
    FROM {entries} AS entry
    JOIN pipeline_contact AS contact ON contact.key = entry.key::uuid
    JOIN pipeline_deal AS deal ON deal.deal_id = contact.deal_id
    WHERE NOT deal.is_deleted AND {scope}
    ORDER BY {first}, contact.name, deal.deal_id LIMIT %(most)s
    """
)
NOTES = SQL(
    """
    SELECT note.body, note.created_at, deal.deal_id,
        COALESCE(NULLIF(opportunity_name, ''), NULLIF(account_name, ''), deal.deal_id)
    FROM {entries} AS entry
    JOIN pipeline_note AS note ON note.note_id = entry.key
    JOIN pipeline_deal AS deal ON deal.deal_id = note.deal_id
    WHERE NOT deal.is_deleted AND {scope}
    ORDER BY {first}, note.note_id LIMIT %(most)s
    """
)
ACCOUNT_NOTES = SQL(
    """
    SELECT note.body, note.created_at, note.account_id, COALESCE(account.name, note.account_id)
    FROM {entries} AS entry
    JOIN pipeline_accountnote AS note ON note.id::text = entry.key
    LEFT JOIN kernel_account AS account ON account.account_id = note.account_id
    WHERE {scope}
    ORDER BY {first}, note.id DESC LIMIT %(most)s
    """
)
# In the order of the entries themselves no row is read but those that are shown.
FIRST = SQL("entry.begins DESC, entry.weight DESC")
NEWEST = SQL("entry.weight DESC")
ENTRIES = SQL(
    """
    (
        SELECT key, weight, begins
        FROM (
            SELECT key, weight, starts_with(words, %(typed)s) AS begins FROM insights_searchentry
            WHERE kind = {kind} AND {match} AND {owned} LIMIT {many}
        ) AS entry
        ORDER BY {first}, key LIMIT {few}
    )
    """
)
OWNED = SQL("owners && %(reps)s::varchar[]")


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


class AccountNoteHit(NamedTuple):
    """A note on an account."""

    body: str
    written: Any
    account_id: str
    account: str


def searched_generation() -> int | None:
    """The state of the data that the words are of; None before there are any."""
    return SearchState.objects.values_list("generation", flat=True).first()


def deals(text: str, allowed: Allowed, most: int) -> Sequence[DealHit]:
    """The deals with words that begin so in their name, their account's or their id."""
    return [DealHit(*row) for row in _found("deal", DEALS, OWN_DEAL, text, allowed, most)]


def accounts(text: str, allowed: Allowed, most: int) -> Sequence[AccountHit]:
    """The accounts with words that begin so in their name or id."""
    return [
        AccountHit(*row) for row in _found("account", ACCOUNTS, OWN_ACCOUNT, text, allowed, most)
    ]


def contacts(text: str, allowed: Allowed, most: int) -> Sequence[ContactHit]:
    """The contacts with words that begin so in their name, address or title."""
    return [ContactHit(*row) for row in _found("contact", CONTACTS, OWN_DEAL, text, allowed, most)]


def notes(text: str, allowed: Allowed, most: int) -> Sequence[NoteHit]:
    """The notes with words that begin so, the newest first."""
    return [NoteHit(*row) for row in _found("note", NOTES, OWN_DEAL, text, allowed, most, NEWEST)]


def account_notes(text: str, allowed: Allowed, most: int) -> Sequence[AccountNoteHit]:
    """The notes on accounts with words that begin so, the newest first."""
    found = _found("account note", ACCOUNT_NOTES, OWN_NOTED, text, allowed, most, NEWEST)
    return [AccountNoteHit(*row) for row in found]


def _found(
    kind: str,
    query: SQL,
    own: SQL,
    text: str,
    allowed: Allowed,
    most: int,
    first: SQL = FIRST,
) -> Sequence[tuple[Any, ...]]:
    """The rows with all of these words; where there is none, with words that are nearly such."""
    words = _words(text)
    if len(text) < SHORTEST or not words:
        return []
    every = SQL("TRUE") if allowed.reps is None else None
    many = LOOKED_AT if every else ORDERED
    owned = every or OWNED
    entries = ENTRIES.format(
        kind=kind, match=MATCH, owned=owned, many=many, few=LOOKED_AT, first=first
    )
    sql = query.format(entries=entries, scope=every or own, first=first)
    given = {"most": most, "reps": list(allowed.reps or ()), "typed": " ".join(words)}
    found = _rows(sql, {**given, "asked": " & ".join(f"{word}:*" for word in words)})
    near = () if found else _near(words)
    return _rows(sql, {**given, "asked": near}) if near else found


@shared
def _words(text: str) -> tuple[str, ...]:
    """The words of a text as they are kept: small letters and digits, without accents."""
    with connection.cursor() as cursor:
        cursor.execute(PLAIN, [text])
        (plain,) = cursor.fetchone()
    return tuple(plain.split()[:MOST_WORDS])


@shared
def _near(words: tuple[str, ...]) -> str:
    """What asks for words that are nearly these; "" where one of them is like no word.

    A number is no other number.
    """
    spelled = [word for word in words if not word.isdigit()]
    if not spelled:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(NEAR, [spelled, NEAREST])
        near = dict(cursor.fetchall())
    if not all(word in near for word in spelled):
        return ""
    return " & ".join(f"({' | '.join(near.get(word, [f'{word}:*']))})" for word in words)


def _rows(query: Composable, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
