"""What a database is made of, and what it holds, as text that can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

APPS = ("kernel", "marketing", "pipeline", "revenue", "coaching", "insights")

SHAPE = {
    "columns": """
        SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "views": "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'",
    "functions": """
        SELECT oid::regprocedure::text, CASE WHEN prokind <> 'a' THEN pg_get_functiondef(oid) END
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
}
COLUMNS = """
    SELECT table_name, array_agg(column_name::text ORDER BY column_name)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    GROUP BY table_name"""
Columns = Mapping[str, Sequence[str]]
Digests = Mapping[str, tuple[int, str]]


def shape() -> dict[str, set[tuple[object, ...]]]:
    """Columns, indexes, constraints, triggers, views and functions of the database."""
    found = {}
    with connection.cursor() as cursor:
        for name, sql in SHAPE.items():
            cursor.execute(sql)
            found[name] = set(cursor.fetchall())
    return found


def columns() -> Columns:
    """Table → the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        return {
            table: names
            for table, names in cursor.fetchall()
            if table.startswith(tuple(f"{app}_" for app in APPS))
        }


def contents(asked: Columns) -> Digests:
    """Table → how many rows it has, and a digest of what these columns say in all of them."""
    found = {}
    with connection.cursor() as cursor:
        for table, names in asked.items():
            named = ", ".join(f'"{name}"' for name in names)
            cursor.execute(
                f"""SELECT count(*), coalesce(md5(string_agg(told, ',' ORDER BY told)), '')
                FROM (SELECT md5(ROW({named})::text) AS told FROM "{table}") AS rows"""
            )
            found[table] = cursor.fetchone()
    return found


def by_column(asked: Columns) -> dict[tuple[str, str], str]:
    """Table and column → a digest of what the column says, in whatever order of the rows."""
    found: dict[tuple[str, str], str] = {}
    with connection.cursor() as cursor:
        for table, names in asked.items():
            each = (
                f"""md5(string_agg("{name}"::text, ',' ORDER BY "{name}"::text))"""
                for name in names
            )
            cursor.execute(f'SELECT {", ".join(each)} FROM "{table}"')
            found |= {
                (table, name): said for name, said in zip(names, cursor.fetchone(), strict=True)
            }
    return found


def shared(one: Columns, other: Columns) -> dict[str, list[str]]:
    """The columns that both have, of the tables that both have."""
    return {
        table: [name for name in one[table] if name in other[table]]
        for table in one
        if table in other
    }


def back(steps: int) -> dict[str, str]:
    """App → its migration so many before the newest one, or its first."""
    named: dict[str, list[str]] = {app: [] for app in APPS}
    for app, name in sorted(MigrationExecutor(connection).loader.disk_migrations):
        if app in named:
            named[app].append(name)
    return {app: names[max(0, len(names) - steps - 1)] for app, names in named.items()}


def take_back(targets: Mapping[str, str]) -> int:
    """Take back what is newer than these, and what rests on it; how many there were."""
    taken = 0
    for target in targets.items():
        executor = MigrationExecutor(connection)
        if target in executor.loader.applied_migrations:  # else another app took it along
            taken += len(executor.migration_plan([target]))
            executor.migrate([target])
    return taken


def apply() -> None:
    """Apply all that there are."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
