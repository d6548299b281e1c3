"""The dataset's promise as set-based SQL: staged texts in, typed rows and refused rows out."""

from __future__ import annotations

from psycopg.sql import SQL, Composable, Identifier, Literal

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import cells, people, plain, typed
from revops_site.kernel.loading.sources import Fit
from revops_site.kernel.loading.staging import Cursor, Tables


def check(cursor: Cursor, fit: Fit, tables: Tables) -> tuple[int, int]:
    """Sort the staged records into accepted rows and refused ones; how many there are of each."""
    create = SQL("CREATE TABLE {} (line bigint, {} text, value text, reason text)")
    cursor.execute(create.format(tables.refused, Identifier("column")))
    _refuse_records(cursor, tables)
    _refuse_cells(cursor, fit, tables)
    _forget_refused(cursor, tables, tables.staging)
    people.resolve(cursor, fit, tables)
    typed.make(cursor, fit, tables)
    cursor.execute(SQL("DROP TABLE {}").format(tables.staging))
    _refuse_by_rule(cursor, fit.dataset, tables)
    _refuse_twice(cursor, fit.dataset, tables)
    key = SQL(", ").join(map(Identifier, fit.dataset.key))
    cursor.execute(SQL("ANALYZE {} ({})").format(tables.rows, key))
    count = SQL("SELECT (SELECT count(*) FROM {}), (SELECT count(DISTINCT line) FROM {})")
    cursor.execute(count.format(tables.rows, tables.refused))
    accepted, refused = cursor.fetchone()
    return accepted, refused


def _refuse_records(cursor: Cursor, tables: Tables) -> None:
    refuse = "INSERT INTO {} SELECT line, '', begins, trouble FROM {} WHERE trouble IS NOT NULL"
    cursor.execute(SQL(refuse).format(tables.refused, tables.staging))


def _refuse_cells(cursor: Cursor, fit: Fit, tables: Tables) -> None:
    """Every bad cell of every record; the costly listing runs for records with a bad cell only."""
    reasons, listed = [], []
    all_cells = typed.all_cells(fit)
    for cell in all_cells:
        why = cells.reason(cell)
        reasons.append(why)
        listed.append(SQL("({}, {}, {})").format(Literal(cell.column.title), cell.text, why))
    refuse = """
        INSERT INTO {refused}
        SELECT line, bad.header, left(COALESCE(bad.value, ''), 200), bad.reason
        FROM {staging}, LATERAL (VALUES {listed}) AS bad (header, value, reason)
        WHERE trouble IS NULL AND ({sure}) IS NOT TRUE AND num_nonnulls({reasons}) > 0
            AND bad.reason IS NOT NULL
    """
    cursor.execute(
        SQL(refuse).format(
            refused=tables.refused,
            staging=tables.staging,
            listed=SQL(", ").join(listed),
            sure=plain.surely_good([cell for cell in all_cells if cell.column.name in fit.places]),
            reasons=SQL(", ").join(reasons),
        )
    )


def _forget_refused(cursor: Cursor, tables: Tables, table: Composable) -> None:
    forget = SQL("DELETE FROM {} AS bad USING {} AS refused WHERE bad.line = refused.line")
    cursor.execute(forget.format(table, tables.refused))


def _refuse_by_rule(cursor: Cursor, dataset: Dataset, tables: Tables) -> None:
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
    if dataset.rules:
        _forget_refused(cursor, tables, tables.rows)


def _refuse_twice(cursor: Cursor, dataset: Dataset, tables: Tables) -> None:
    """Of rows with one key the first stays; the others are refused and name its line."""
    identity = [dataset.column(name) for name in dataset.identity or dataset.key]
    titles = ", ".join(column.title for column in identity)
    shown = SQL(", ").join(Identifier(column.name) for column in identity)
    refuse = """
        INSERT INTO {refused}
        SELECT line, {titles}, left(concat_ws(' | ', {shown}), 200), {says} || first_line
        FROM {rows} JOIN (
            SELECT {key}, min(line) AS first_line FROM {rows} GROUP BY {key} HAVING count(*) > 1
        ) AS twice USING ({key})
        WHERE line > first_line
    """
    cursor.execute(
        SQL(refuse).format(
            refused=tables.refused,
            titles=Literal(titles),
            shown=shown,
            says=Literal("is the same as in line "),
            rows=tables.rows,
            key=SQL(", ").join(map(Identifier, unique(dataset))),
        )
    )
    if cursor.rowcount:
        _forget_refused(cursor, tables, tables.rows)


def unique(dataset: Dataset) -> tuple[str, ...]:
    """The columns of which a file may give each combination once: a part of the key may do."""
    identity = dataset.identity
    return identity if identity and set(identity) <= set(dataset.key) else dataset.key
