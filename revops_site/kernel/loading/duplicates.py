"""Rows of one file with the same key: the last counts, unless all of them say the same."""

from __future__ import annotations

import re
from typing import NamedTuple

from psycopg.sql import SQL, Identifier, Literal

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading.reports import NO_LINES, Lines
from revops_site.kernel.loading.staging import Cursor, Tables

LISTED = 20
LINE = re.compile(r"\bline\b")
FIND = """
    CREATE TABLE {twice} AS
    SELECT {key}, min(line) AS first_line, max(line) AS last_line
    FROM {rows} GROUP BY {key} HAVING count(*) > 1
"""
# The line that counts is the last one, or the first where there is no other content.
KEEP = """
    ALTER TABLE {twice} ADD COLUMN kept_line bigint;
    UPDATE {twice} AS twice SET kept_line = CASE WHEN alike THEN first_line ELSE last_line END
    FROM (
        SELECT old.first_line AS begin, bool_and(({new}) IS NOT DISTINCT FROM ({first})) AS alike
        FROM {rows} AS new JOIN {twice} AS old USING ({key})
            JOIN {rows} AS first ON first.line = old.first_line
        GROUP BY old.first_line
    ) AS found WHERE begin = first_line
"""
REFUSE = """
    WITH put AS (
        INSERT INTO {refused}
        SELECT new.line, {titles}, left(concat_ws(' | ', {shown}), 200),
            CASE WHEN ({new}) IS NOT DISTINCT FROM ({first}) THEN {repeats} || kept_line
                ELSE 'line ' || kept_line || {counts} END
        FROM {rows} AS new JOIN {twice} USING ({key}) JOIN {rows} AS first ON first.line = kept_line
        WHERE new.line <> kept_line
        RETURNING line, reason
    )
    SELECT starts_with(reason, {repeats}), count(*), (array_agg(line ORDER BY line))[:{listed}]
    FROM put GROUP BY 1
"""


class Twice(NamedTuple):
    """The refused rows: those that repeat another one, and those that a later one replaces."""

    repeats: Lines = NO_LINES
    replaced: Lines = NO_LINES


def refuse(cursor: Cursor, dataset: Dataset, tables: Tables) -> Twice:
    """Refuse all rows but one of each key, with the line of that one as the reason."""
    twice = tables.twice
    key = SQL(", ").join(map(Identifier, unique(dataset)))
    cursor.execute(SQL(FIND).format(twice=twice, key=key, rows=tables.rows))
    if not cursor.rowcount:
        return Twice()
    identity = [dataset.column(name) for name in dataset.identity or dataset.key]
    columns = [column.name for column in dataset.columns if column.stored]
    columns += [one.name for one in dataset.derived if not LINE.search(one.expression)]
    parts = {
        "twice": twice,
        "rows": tables.rows,
        "key": key,
        "new": SQL(", ").join(Identifier("new", name) for name in columns),
        "first": SQL(", ").join(Identifier("first", name) for name in columns),
    }
    cursor.execute(SQL(KEEP).format(**parts))
    cursor.execute(
        SQL(REFUSE).format(
            **parts,
            refused=tables.refused,
            titles=Literal(", ".join(column.title for column in identity)),
            shown=SQL(", ").join(Identifier("new", column.name) for column in identity),
            repeats=Literal("repeats line "),
            counts=Literal(" has the same key and counts"),
            listed=Literal(LISTED),
        )
    )
    found = {repeats: Lines(rows, tuple(lines)) for repeats, rows, lines in cursor.fetchall()}
    return Twice(found.get(True, NO_LINES), found.get(False, NO_LINES))


def unique(dataset: Dataset) -> tuple[str, ...]:
    """The columns of which a file may give each combination once: a part of the key may do."""
    identity = dataset.identity
    return identity if identity and set(identity) <= set(dataset.key) else dataset.key
