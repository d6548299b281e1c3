"""The dataset's promise as set-based SQL: staged texts in, typed rows and refused rows out."""

from __future__ import annotations

from typing import NamedTuple

from psycopg.sql import SQL, Composable, Identifier, Literal

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import cells, duplicates, people, plain, typed
from revops_site.kernel.loading.duplicates import Twice
from revops_site.kernel.loading.sources import Fit
from revops_site.kernel.loading.staging import Cursor, Tables


class Checked(NamedTuple):
    """How many rows are accepted and refused, and which of these have a key that another has."""

    accepted: int
    refused: int
    twice: Twice


class Looked(NamedTuple):
    """Up to which line the staged records' cells are looked at, and whether all were plain."""

    line: int = 0
    all_plain: bool = True


UNSEEN = Looked()


def look(cursor: Cursor, fit: Fit, tables: Tables, former: Looked, line: int) -> Looked:
    """Refuse the bad cells of records up to ``line``, so that less is left to check at the end.

    ``former`` is what the look before has given.
    """
    if not former.line:
        create = SQL("CREATE TABLE {} (line bigint, {} text, value text, reason text)")
        cursor.execute(create.format(tables.refused, Identifier("column")))
    _refuse_records(cursor, tables, former.line)
    return Looked(line, _refuse_cells(cursor, fit, tables, former) and former.all_plain)


def check(cursor: Cursor, fit: Fit, tables: Tables, former: Looked = UNSEEN) -> Checked:
    """Sort the staged records into accepted rows and refused ones.

    ``former`` says which of them were looked at before.
    """
    looked = look(cursor, fit, tables, former, former.line + 1)
    _forget_refused(cursor, tables, tables.staging)
    people.resolve(cursor, fit, tables)
    accepted = typed.make(cursor, fit, tables, looked.all_plain)
    cursor.execute(SQL("DROP TABLE {}").format(tables.staging))
    accepted -= _refuse_by_rule(cursor, fit.dataset, tables)
    twice = duplicates.refuse(cursor, fit.dataset, tables)
    if twice.repeats.rows or twice.replaced.rows:
        accepted -= _forget_refused(cursor, tables, tables.rows)
    key = SQL(", ").join(map(Identifier, fit.dataset.key))
    cursor.execute(SQL("ANALYZE {} ({})").format(tables.rows, key))
    cursor.execute(SQL("SELECT count(DISTINCT line) FROM {}").format(tables.refused))
    (refused,) = cursor.fetchone()
    return Checked(accepted, refused, twice)


def _refuse_records(cursor: Cursor, tables: Tables, after: int) -> None:
    refuse = """
        INSERT INTO {}
        SELECT line, '', begins, trouble FROM {} WHERE trouble IS NOT NULL AND line > {}
    """
    cursor.execute(SQL(refuse).format(tables.refused, tables.staging, Literal(after)))


def _refuse_cells(cursor: Cursor, fit: Fit, tables: Tables, former: Looked) -> bool:
    """Refuse every bad cell of the records after a line; whether all cells were plainly good.

    Only records of which not all cells are surely good are looked at cell by cell, and only those
    with a bad one are taken apart. Where records before these were not written plainly, these are
    not expected to be.
    """
    all_cells = typed.all_cells(fit)
    given = [cell for cell in all_cells if cell.column.name in fit.places]
    cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(tables.doubtful))
    doubtful = """
        CREATE TABLE {} AS SELECT * FROM {}
        WHERE trouble IS NULL AND line > {} AND ({}) IS NOT TRUE
    """
    sure = plain.surely_good(given, moments_too=not former.all_plain)
    after = Literal(former.line)
    cursor.execute(SQL(doubtful).format(tables.doubtful, tables.staging, after, sure))
    if not cursor.rowcount:
        return former.all_plain
    reasons, listed = [], []
    for cell in all_cells:
        why = cells.reason(cell)
        reasons.append(why)
        listed.append(SQL("({}, {}, {})").format(Literal(cell.column.title), cell.text, why))
    refuse = """
        INSERT INTO {}
        SELECT line, bad.header, left(COALESCE(bad.value, ''), 200), bad.reason
        FROM (SELECT * FROM {} WHERE ({}) IS NOT TRUE OFFSET 0) AS doubtful,
            LATERAL (VALUES {}) AS bad (header, value, reason)
        WHERE num_nonnulls({}) > 0 AND bad.reason IS NOT NULL
    """
    good = plain.surely_good(given, moments_too=True)
    parts = good, SQL(", ").join(listed), SQL(", ").join(reasons)
    cursor.execute(SQL(refuse).format(tables.refused, tables.doubtful, *parts))
    return False


def _forget_refused(cursor: Cursor, tables: Tables, table: Composable) -> int:
    forget = SQL("DELETE FROM {} AS bad USING {} AS refused WHERE bad.line = refused.line")
    cursor.execute(forget.format(table, tables.refused))
    return int(cursor.rowcount)


def _refuse_by_rule(cursor: Cursor, dataset: Dataset, tables: Tables) -> int:
    """Refuse the rows that break a rule; how many they are."""
    refuse = SQL("""
        INSERT INTO {refused} SELECT line, {title}, left(COALESCE(CAST({shown} AS text), ''), 200),
            {reason} FROM {rows} AS new WHERE {broken}
    """)
    for rule in dataset.rules:
        column = dataset.column(rule.column)
        shown = SQL("trim_scale({})" if column.kind == "decimal" else "{}")
        cursor.execute(
            refuse.format(
                refused=tables.refused,
                title=Literal(column.title),
                shown=shown.format(Identifier(column.name)),
                reason=Literal(rule.reason),
                rows=tables.rows,
                broken=typed.sql(rule.broken, dataset, tables),
            )
        )
    return _forget_refused(cursor, tables, tables.rows) if dataset.rules else 0
