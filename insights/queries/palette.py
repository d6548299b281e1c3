"""Finds people, accounts and deals by how their names begin, within what the reader may see.

Every search follows an index: of the names in small letters, or of the ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable

from revops_site.kernel.filters import Allowed
from revops_site.kernel.replica import connection

LAST = chr(0x10FFFF)

REPS = SQL(
    """
    SELECT rep_id, rep.name, COALESCE(team.name, '')
    FROM kernel_rep AS rep LEFT JOIN kernel_team AS team ON team.id = rep.team_id
    WHERE {scope}
    ORDER BY rep.name, rep_id
    """
)
NAMED_ACCOUNTS = SQL(
    """
    SELECT account_id, name, segment, region FROM kernel_account AS account
    WHERE {match} AND {scope}
    ORDER BY lower(name) COLLATE "C", account_id LIMIT %(most)s
    """
)
NUMBERED_ACCOUNTS = SQL(
    """
    SELECT account_id, name, segment, region FROM kernel_account AS account
    WHERE {match} AND {scope}
    ORDER BY account_id LIMIT %(most)s
    """
)
DEALS = SQL(
    """
    SELECT deal_id, COALESCE(NULLIF(opportunity_name, ''), account_name), account_name,
        stage_name, status
    FROM pipeline_deal
    WHERE {match} AND NOT is_deleted AND {scope}
    ORDER BY {order}, deal_id LIMIT %(most)s
    """
)
BEGINS = SQL("lower({column}) COLLATE \"C\" LIKE lower(%(begin)s) || '%%' AND {column} <> ''")
NUMBERED = SQL("{column} >= %(first)s AND {column} < %(last)s")
OWN_ACCOUNTS = SQL(
    """
    (owner_id = ANY(%(reps)s) OR EXISTS (
        SELECT FROM pipeline_deal AS deal
        WHERE deal.account_id = account.account_id AND deal.owner_id = ANY(%(reps)s)
            AND NOT deal.is_deleted
    ))
    """
)
OWN_DEALS = SQL("owner_id = ANY(%(reps)s)")
OWN_REPS = SQL("rep_id = ANY(%(reps)s)")
ALL = SQL("TRUE")


class RepHit(NamedTuple):
    """Somebody who sells."""

    rep_id: str
    name: str
    team: str


class AccountHit(NamedTuple):
    """A company."""

    account_id: str
    name: str
    segment: str
    region: str


class DealHit(NamedTuple):
    """A deal; ``status`` is open, won or lost."""

    deal_id: str
    name: str
    account: str
    stage: str
    status: str


def reps(allowed: Allowed) -> Sequence[RepHit]:
    """Everybody who sells and whose rows may be seen, by name: there are not many."""
    rows = _rows(REPS.format(scope=_scope(allowed, OWN_REPS)), {"reps": _ids(allowed)})
    return [RepHit(*row) for row in rows]


def accounts(begin: str, allowed: Allowed, most: int) -> Sequence[AccountHit]:
    """The accounts whose name or id begins so, by name."""
    scope = _scope(allowed, OWN_ACCOUNTS)
    named = NAMED_ACCOUNTS.format(match=_begins("name"), scope=scope)
    found = _found(named, begin, allowed, most)
    if len(found) < most:
        numbered = NUMBERED_ACCOUNTS.format(match=_numbered("account_id"), scope=scope)
        found += _numbered_rows(numbered, begin, allowed, most)
    return [AccountHit(*row) for row in dict.fromkeys(found)][:most]


def deals(begin: str, allowed: Allowed, most: int) -> Sequence[DealHit]:
    """The deals whose name, account or id begins so."""
    scope = _scope(allowed, OWN_DEALS)
    numbered = DEALS.format(match=_numbered("deal_id"), order=SQL("deal_id"), scope=scope)
    found = _numbered_rows(numbered, begin, allowed, most)
    for column in ("opportunity_name", "account_name"):
        if len(found) < most:
            order = SQL('lower({}) COLLATE "C"').format(SQL(column))
            named = DEALS.format(match=_begins(column), order=order, scope=scope)
            found += _found(named, begin, allowed, most)
    return [DealHit(*row) for row in dict.fromkeys(found)][:most]


def _begins(column: str) -> Composable:
    return BEGINS.format(column=SQL(column))


def _numbered(column: str) -> Composable:
    return NUMBERED.format(column=SQL(column))


def _scope(allowed: Allowed, own: SQL) -> Composable:
    return ALL if allowed.reps is None else own


def _ids(allowed: Allowed) -> list[str]:
    return list(allowed.reps or ())


def _found(sql: Composable, begin: str, allowed: Allowed, most: int) -> list[tuple[Any, ...]]:
    escaped = begin.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
    return _rows(sql, {"begin": escaped, "most": most, "reps": _ids(allowed)})


def _numbered_rows(
    sql: Composable, begin: str, allowed: Allowed, most: int
) -> list[tuple[Any, ...]]:
    """Ids as they were typed, else in capitals: few files write theirs otherwise."""
    for typed in dict.fromkeys([begin, begin.upper()]):
        given = {"first": typed, "last": typed + LAST, "most": most, "reps": _ids(allowed)}
        if rows := _rows(sql, given):
            return rows
    return []


def _rows(sql: Composable, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
