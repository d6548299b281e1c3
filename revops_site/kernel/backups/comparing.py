"""Every table in a few digits, and every definition: equal digits mean equal rows.

A table's digits are the count of its rows and the sum of the MD5 of each, which no order changes:
a row that is missing, added, doubled or changed in one letter changes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

SETTINGS = """
    SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL bytea_output = 'hex';
    SET LOCAL intervalstyle = 'postgres'; SET LOCAL extra_float_digits = 1;
    SET LOCAL statement_timeout = 0; SET LOCAL search_path = public;
"""
OWN = """
    n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
    AND NOT EXISTS (
        SELECT FROM pg_depend AS d
        WHERE d.objid = {one}.oid AND d.classid = {one}.tableoid AND d.deptype = 'e'
    )
"""
OF_TABLE = """
    JOIN pg_class AS c ON c.oid = x.{key} JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE {own}
"""
TABLES = """
    SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND {own} ORDER BY 1, 2
"""
ROWS = """
    SELECT count(*)::text, md5(concat(
        sum(('x' || left(h, 16))::bit(64)::bigint), '|',
        sum(('x' || right(h, 16))::bit(64)::bigint)
    )) FROM (SELECT md5(t::text) AS h FROM ONLY {table} AS t) AS rows
"""
COLUMNS = """
    SELECT concat(c.relname, '.', x.attname, ' ', format_type(x.atttypid, x.atttypmod), ' ',
        x.attnotnull, ' ', x.attidentity, ' ', pg_get_expr(f.adbin, f.adrelid))
    FROM pg_attribute AS x
    LEFT JOIN pg_attrdef AS f ON (f.adrelid, f.adnum) = (x.attrelid, x.attnum)
    {of_attrelid} AND x.attnum > 0 AND NOT x.attisdropped AND c.relkind IN ('r', 'm', 'v', 'p')
"""
FUNCTIONS = """
    SELECT pg_get_functiondef(x.oid) FROM pg_proc AS x
    JOIN pg_namespace AS n ON n.oid = x.pronamespace
    WHERE {own_x} AND x.prokind IN ('f', 'p')
"""
VIEWS = """
    SELECT concat(c.relname, ' ', pg_get_viewdef(c.oid)) FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND {own}
"""
TRIGGERS = """
    SELECT pg_get_triggerdef(x.oid) FROM pg_trigger AS x {of_tgrelid} AND NOT x.tgisinternal
"""
# Of conditions the words change when they are restored (casts are put elsewhere): they are told by
# name and columns.
INDEXES = """
    SELECT concat(c.relname, ' ', x.indexrelid::regclass, ' ', x.indisunique, x.indisprimary,
        x.indisvalid, ' ', x.indpred IS NULL, ' ', i.relam, ' ', (
            SELECT string_agg(coalesce(a.attname, '(…)'), ', ' ORDER BY k.nth)
            FROM unnest(x.indkey) WITH ORDINALITY AS k(number, nth)
            LEFT JOIN pg_attribute AS a ON (a.attrelid, a.attnum) = (x.indrelid, k.number)
        ))
    FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid {of_indrelid}
"""
CONSTRAINTS = """
    SELECT concat(c.relname, ' ', x.conname, ' ', x.contype, x.convalidated, x.condeferrable,
        x.confdeltype, ' ', x.confrelid::regclass, ' ', CASE x.contype WHEN 'c' THEN ''
        ELSE pg_get_constraintdef(x.oid) END)
    FROM pg_constraint AS x {of_conrelid}
"""
OBJECTS: Mapping[str, str] = {
    "columns": COLUMNS,
    "indexes": INDEXES,
    "constraints": CONSTRAINTS,
    "triggers": TRIGGERS,
    "functions": FUNCTIONS,
    "views": VIEWS,
    "extensions": "SELECT extname FROM pg_extension",
}
COUNTERS = """
    SELECT n.nspname, c.relname, x.attname, pg_sequence_last_value(s.objid::regclass)
    FROM pg_depend AS s
    JOIN pg_class AS q ON q.oid = s.objid AND q.relkind = 'S'
    JOIN pg_attribute AS x ON (x.attrelid, x.attnum) = (s.refobjid, s.refobjsubid)
    {of_attrelid} AND s.deptype IN ('a', 'i')
"""


def query(text: str) -> Composed:
    """A query of what is ours: neither the system's nor an extension's."""
    own = SQL(OWN).format(one=SQL("c"))
    keys = ("attrelid", "indrelid", "conrelid", "tgrelid")
    tables = {f"of_{key}": SQL(OF_TABLE).format(key=SQL(key), own=own) for key in keys}
    return SQL(text).format(own=own, own_x=SQL(OWN).format(one=SQL("x")), **tables)


def tables(session: psycopg.Connection[Any]) -> dict[str, list[str]]:
    """Each table's count of rows and digest, as the session's transaction sees them."""
    session.execute(SETTINGS)
    found: dict[str, list[str]] = {}
    for schema, name in session.execute(query(TABLES)).fetchall():
        told = session.execute(SQL(ROWS).format(table=Identifier(schema, name))).fetchone()
        assert told is not None
        found[f"{schema}.{name}"] = [str(one) for one in told]
    return found


def objects(session: psycopg.Connection[Any]) -> dict[str, str]:
    """Each kind of definition and the digest of all of that kind."""
    session.execute(SETTINGS)
    return {
        kind: hashlib.sha256(
            "\n".join(sorted(str(one) for (one,) in session.execute(query(text)))).encode()
        ).hexdigest()[:32]
        for kind, text in OBJECTS.items()
    }


def late_counters(session: psycopg.Connection[Any]) -> list[str]:
    """Columns whose sequence would give a number again that a row has."""
    late = []
    for schema, table, column, last in session.execute(query(COUNTERS)).fetchall():
        place = Identifier(schema, table)
        told = session.execute(
            SQL("SELECT coalesce(max({0}), 0) > {1} FROM {2}").format(
                Identifier(column), Literal(last or 0), place
            )
        )
        if told.fetchone() == (True,):
            late.append(f"{table}.{column}")
    return late


def differences(
    kept: Mapping[str, list[str]],
    found: Mapping[str, list[str]],
    kept_objects: Mapping[str, str],
    found_objects: Mapping[str, str],
) -> list[str]:
    """In words, what is not equal; empty where all is."""
    told = []
    for table in sorted({*kept, *found}):
        ours, theirs = kept.get(table), found.get(table)
        if ours is None or theirs is None:
            told.append(f"{table} is {'not in the backup' if ours is None else 'missing'}.")
        elif ours[0] != theirs[0]:
            told.append(f"{table} has {int(theirs[0]):,} rows where there were {int(ours[0]):,}.")
        elif ours != theirs:
            told.append(f"{table} has other rows.")
    kinds = sorted(kind for kind in kept_objects if kept_objects[kind] != found_objects.get(kind))
    return [*told, *(f"The {kind} are others." for kind in kinds)]
