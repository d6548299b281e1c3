"""Who a person is by an e-mail address, and every column of the database that may name one.

Tables are read from the database's own catalog, not from a list: one that is added is covered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from psycopg.sql import SQL, Composed, Identifier

from revops_site.kernel.models import User

SHORTEST = 5  # letters of a name that is looked for in texts by itself
COLUMNS = """
    SELECT class.relname, attribute.attname, format_type(attribute.atttypid, NULL),
        information_schema._pg_char_max_length(attribute.atttypid, attribute.atttypmod)
    FROM pg_class AS class
    JOIN pg_namespace AS space ON space.oid = class.relnamespace
    JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
    WHERE space.nspname = current_schema() AND class.relkind IN ('r', 'p')
        AND NOT class.relispartition AND attribute.attnum > 0 AND NOT attribute.attisdropped
        AND attribute.attgenerated = '' AND format_type(attribute.atttypid, NULL) = ANY(%s)
    ORDER BY 1, attribute.attnum
"""
TEXTS = ["text", "character varying", "character", "jsonb", "json", "text[]", "character varying[]"]
APART = frozenset(
    {
        *("django_migrations", "django_content_type", "auth_permission", "auth_group"),
        *("kernel_auditseal", "django_session"),
    }
)
"""Tables without words of people; sessions are unreadable, and end with their account."""
SECRET = re.compile(r"password|digest|secret|sealed|token$|session_key|chain", re.IGNORECASE)
PHONE = re.compile(r"[+(]?\d[\d ()/.-]{5,}\d")


@dataclass(frozen=True)
class Column:
    """A column that may hold words; ``longest`` is how many letters fit, where that is limited."""

    table: str
    name: str
    kind: str
    longest: int | None


@dataclass
class Person:
    """Somebody by an address: the names and numbers that stand beside it, and their account."""

    email: str
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    user: User | None = None
    account_name: str = ""

    @property
    def words(self) -> list[str]:
        """What names this person in a text, the longest first."""
        long = {name for name in self.names if len(name) >= SHORTEST and " " in name.strip()}
        return sorted({self.email, *long, *self.phones}, key=len, reverse=True)


def columns() -> list[Column]:
    """Every column of words of every table."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [TEXTS])
        found = [Column(*row) for row in cursor.fetchall()]
    return [column for column in found if column.table not in APART]


def find(email: str, also: Sequence[str] = ()) -> Person:
    """The person of this address; ``also`` are further names that mean them in texts.

    ValidationError where it is no address. Names and numbers are those of rows with the address in
    a column of its own, and of what a CRM said of a person with it.
    """
    email = email.strip()
    validate_email(email)
    person = Person(email, names={name.strip() for name in also if name.strip()})
    if any(len(name) < 3 for name in person.names):
        raise ValidationError("A name of fewer than 3 letters would be found everywhere.")
    person.user = User.objects.filter(email__iexact=email).first()
    if person.user is not None:
        person.names |= {person.user.get_full_name()}
        person.account_name = person.user.username
    tables = _tables()
    for table, names in tables.items():
        for row in _with_address(table, names, email):
            person.names |= {str(row[name]) for name in ("name", "full_name") if row.get(name)}
            person.phones |= {str(row[name]) for name in ("phone", "mobile") if row.get(name)}
    for raw in _records(email):
        _of_record(json.loads(raw), person)
    person.names = {name for name in person.names if name and name != email}
    return person


def rows(table: str, names: Sequence[str], person: Person) -> Iterator[dict[str, Any]]:
    """The rows of a table that name this person in one of these columns, without secrets."""
    pattern = "|".join(re.escape(word) for word in person.words)
    any_of = SQL(" OR ").join(SQL("{}::text ~* %s").format(Identifier(name)) for name in names)
    query = SQL("SELECT * FROM {} WHERE {}").format(Identifier(table), any_of)
    yield from _read(query, [pattern] * len(names))


def _tables() -> dict[str, list[str]]:
    tables: dict[str, list[str]] = {}
    for column in columns():
        tables.setdefault(column.table, []).append(column.name)
    return tables


def _with_address(table: str, names: Sequence[str], email: str) -> Iterator[dict[str, Any]]:
    own = [name for name in names if name in ("email", "e_mail", "email_address")]
    for name in own:
        query = SQL("SELECT * FROM {} WHERE lower({}::text) = lower(%s)")
        yield from _read(query.format(Identifier(table), Identifier(name)), [email])


def _records(email: str) -> Iterator[str]:
    """What a CRM said of a person, as text, where this address stands in it."""
    query = SQL(
        "SELECT raw FROM kernel_sourcerecord WHERE entity ~* 'person|contact' AND raw ~* %s"
    )
    for row in _read(query, [re.escape(email)]):
        yield row["raw"]


def _of_record(record: dict[str, Any], person: Person) -> None:
    for name, value in record.items():
        if name == "name" and isinstance(value, str):
            person.names.add(value)
        if "phone" in name.lower():
            person.phones |= set(PHONE.findall(json.dumps(value)))


def _read(query: SQL | Composed, values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        heads = [head[0] for head in cursor.description]
        for row in cursor.fetchall():
            named = dict(zip(heads, row, strict=True))
            yield {name: value for name, value in named.items() if not SECRET.search(name)}
