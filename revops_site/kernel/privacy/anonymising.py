"""A person is taken out of every table: names, addresses and numbers go, rows and figures stay."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from revops_site.kernel import audit, freshness
from revops_site.kernel.auditing import chain
from revops_site.kernel.models import ApiToken, AuditEvent, User
from revops_site.kernel.privacy.finding import SECRET, Column, Person, columns

LOG = "kernel_auditevent"
TRIGGERED = """
    SELECT DISTINCT class.relname FROM pg_trigger AS t
    JOIN pg_class AS class ON class.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND class.relnamespace = current_schema()::regnamespace
        AND NOT class.relispartition AND class.relname = ANY(%s)
"""
REPLACE = {
    "text": "regexp_replace({column}, %s, %s, 'gi')",
    "jsonb": "CAST(regexp_replace({column}::text, %s, %s, 'gi') AS jsonb)",
    "json": "CAST(regexp_replace({column}::text, %s, %s, 'gi') AS json)",
    "array": "CAST(regexp_replace({column}::text, %s, %s, 'gi') AS text[])",
}


@dataclass
class Done:
    """What was done: the name that stands in place of the person, and rows by table."""

    pseudonym: str
    rows: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def anonymise(person: Person, *, by: User | None) -> Done:
    """Put a pseudonym in place of a person everywhere; their account lets nobody in any more."""
    mark = secrets.token_hex(4)
    done = Done(f"Anonymous {mark}")
    places = [column for column in columns() if not SECRET.search(column.name)]
    told = dict(_said(person, mark))
    with _without_triggers({place.table for place in places} - {LOG}):
        if person.user is not None:
            _close(person.user, mark)
        for place in places:
            if place.table != LOG:
                count = sum(_put(place, word, instead) for word, instead in told.items())
                done.rows[place.table] = done.rows.get(place.table, 0) + count
    done.rows[LOG] = _in_the_log(person, told, mark, by)
    done.rows = {table: count for table, count in done.rows.items() if count}
    audit.record("person anonymised", user=by, target=done.pseudonym, tables=done.rows)
    freshness.bump()
    return done


def _said(person: Person, mark: str) -> Iterator[tuple[str, str]]:
    """Each word that names the person, as a pattern, with what stands there from now on."""
    for word in person.words:
        instead = f"Anonymous {mark}"
        if word == person.email:
            instead = f"anonymous-{mark}@anonymous.invalid"
        elif word in person.phones:
            instead = ""
        before = r"\m" if re.match(r"\w", word) else ""
        after = r"\M" if re.search(r"\w$", word) else ""
        yield f"{before}{re.escape(word)}{after}", instead


def _put(place: Column, pattern: str, instead: str) -> int:
    """Replace in one column; how many rows there were."""
    kind = "array" if place.kind.endswith("[]") else place.kind
    new = REPLACE.get(kind, REPLACE["text"])
    if place.longest and kind not in ("jsonb", "json", "array"):
        new = f"left({new}, {int(place.longest)})"
    query = SQL("UPDATE {table} SET {column} = {new} WHERE {column}::text ~* %s").format(
        table=Identifier(place.table),
        column=Identifier(place.name),
        new=SQL(new).format(column=Identifier(place.name)),
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [pattern, instead, pattern])
        return int(cursor.rowcount)


def _close(user: User, mark: str) -> None:
    """End an account: its sessions, tokens and second factor go, and its names."""
    Authenticator.objects.filter(user=user).delete()
    ApiToken.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()
    user.username = f"anonymous-{mark}"
    user.first_name, user.last_name = "Anonymous", mark
    user.email = f"anonymous-{mark}@anonymous.invalid"
    user.is_active = False
    user.set_unusable_password()
    user.save()


def _in_the_log(person: Person, told: dict[str, str], mark: str, by: User | None) -> int:
    """Take the person's words out of the audit log, in the open."""
    name = person.user and User.objects.filter(pk=person.user.pk).first()
    pattern = "|".join(told)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM kernel_auditevent WHERE target ~* %s OR detail::text ~* %s "
            "OR (target = %s AND target <> '')",
            [pattern, pattern, person.account_name],
        )
        found = [row[0] for row in cursor.fetchall()]
    changes: dict[int, dict[str, Any]] = {}
    for event in AuditEvent.objects.filter(pk__in=found):
        target = _without(event.target, told)
        if name is not None and event.target == person.account_name:
            target = name.username
        changes[event.pk] = {"target": target[:200], "detail": _without(event.detail, told)}
    return chain.redact(changes, by=by, why=f"Anonymous {mark}")


def _without(value: Any, told: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_without(name, told): _without(one, told) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(one, told) for one in value]
    if not isinstance(value, str):
        return value
    for pattern, instead in told.items():
        plain = pattern.replace(r"\m", r"\b").replace(r"\M", r"\b")
        value = re.sub(plain, instead.replace("\\", ""), value, flags=re.IGNORECASE)
    return value


class _without_triggers:  # noqa: N801
    """Triggers that watch steps, or write changes down, sleep while names are replaced."""

    def __init__(self, tables: set[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(TRIGGERED, [sorted(tables)])
            self.tables = [row[0] for row in cursor.fetchall()]

    def __enter__(self) -> None:
        self._set("DISABLE")

    def __exit__(self, *error: object) -> None:
        if error[0] is None:  # else the transaction takes all of it back
            self._set("ENABLE")

    def _set(self, how: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in self.tables:
                query = SQL("ALTER TABLE {} " + how + " TRIGGER USER").format(Identifier(table))
                cursor.execute(query)
