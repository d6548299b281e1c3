"""Why the rows of a file were refused: every refused cell counted, by column and reason."""

from __future__ import annotations

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from revops_site.kernel.loading.reports import Why
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.models import DataLoad, RejectedRow

EXAMPLES = 3
MOST = 100


def counted(cursor: Cursor, tables: Tables) -> tuple[Why, ...]:
    """Why rows of a file on its way were refused, the most frequent reasons first."""
    return _counted(cursor, tables.refused, SQL("true"))


def kept(load: DataLoad) -> tuple[Why, ...]:
    """Why rows of a load that was recorded were refused."""
    table = Identifier(RejectedRow._meta.db_table)
    with connection.cursor() as cursor:
        return _counted(cursor, table, SQL("load_id = {}").format(Literal(load.pk)))


def _counted(cursor: Cursor, table: Composable, which: Composable) -> tuple[Why, ...]:
    found = SQL("""
        SELECT "column", CASE WHEN min(reason) = max(reason) THEN min(reason) ELSE kind END,
            max(many),
            array_agg(line ORDER BY nth) FILTER (WHERE nth <= {examples}),
            array_agg(value ORDER BY nth) FILTER (WHERE nth <= {examples})
        FROM (
            SELECT *, count(*) OVER same AS many, row_number() OVER (same ORDER BY line) AS nth
            FROM (
                SELECT line, "column", value, reason,
                    regexp_replace(reason, '[0-9]+', '…', 'g') AS kind
                FROM {table} WHERE {which}
            ) AS cells
            WINDOW same AS (PARTITION BY "column", kind)
        ) AS numbered
        GROUP BY "column", kind ORDER BY max(many) DESC, "column", kind LIMIT {most}
    """)
    parts = {"examples": Literal(EXAMPLES), "most": Literal(MOST)}
    cursor.execute(found.format(table=table, which=which, **parts))
    return tuple(
        Why(
            column, reason, cells, tuple(zip(lines, (value or "" for value in values), strict=True))
        )
        for column, reason, cells, lines, values in cursor.fetchall()
    )
