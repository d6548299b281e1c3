"""The dataset's promise as set-based SQL: staged texts in, typed rows and refused rows out."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import BigIntegerField, DecimalField
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from revops_site.kernel.datasets import Column, Dataset, Recomputed
from revops_site.kernel.loading import cells
from revops_site.kernel.loading.cells import Cell
from revops_site.kernel.loading.sources import Fit
from revops_site.kernel.loading.staging import Cursor, Tables, place

TYPES: Mapping[str, str] = {
    "integer": "bigint",
    "decimal": "numeric",
    "date": "date",
    "boolean": "boolean",
}
INTEGER_DIGITS = 18


def check(cursor: Cursor, fit: Fit, tables: Tables) -> tuple[int, int]:
    """Sort the staged records into accepted rows and refused ones; how many there are of each."""
    create = SQL("CREATE TABLE {} (line bigint, {} text, value text, reason text)")
    cursor.execute(create.format(tables.refused, Identifier("column")))
    _refuse_records(cursor, tables)
    _refuse_cells(cursor, fit, tables)
    _forget_refused(cursor, tables, tables.staging)
    _type(cursor, fit, tables)
    cursor.execute(SQL("DROP TABLE {}").format(tables.staging))
    _refuse_by_rule(cursor, fit.dataset, tables)
    _refuse_twice(cursor, fit.dataset, tables)
    cursor.execute(SQL("ANALYZE {} ({})").format(tables.rows, Identifier(fit.dataset.key)))
    count = SQL("SELECT (SELECT count(*) FROM {}), (SELECT count(DISTINCT line) FROM {})")
    cursor.execute(count.format(tables.rows, tables.refused))
    accepted, refused = cursor.fetchone()
    return accepted, refused


def warnings(cursor: Cursor, fit: Fit, tables: Tables, accepted: int) -> dict[str, int]:
    """Kind of warning → number of the accepted rows, for all that are odd but may be so."""
    left_out = {f"unknown column “{header}” was left out": accepted for header in fit.extra}
    ratios = [ratio for ratio in fit.dataset.recomputed if ratio.header in fit.places]
    odd = {doubt.says: _sql(doubt.odd, tables) for doubt in fit.dataset.doubts}
    odd |= {f"{r.header} differs from {r.formula}": _differs(r) for r in ratios}
    if not odd:
        return left_out
    counts = SQL(", ").join(SQL("count(*) FILTER (WHERE {})").format(o) for o in odd.values())
    expected = [
        SQL("{} AS {}").format(_sql(ratio.expression, tables), _expected(ratio)) for ratio in ratios
    ]
    everything = SQL(", ").join([SQL("*"), *expected])
    # Without OFFSET the planner would put each expectation in place twice, and compute it twice.
    count = SQL("SELECT {} FROM (SELECT {} FROM {} OFFSET 0) AS accepted")
    cursor.execute(count.format(counts, everything, tables.rows))
    found = zip(odd, cursor.fetchone(), strict=True)
    return {**left_out, **{says: rows for says, rows in found if rows}}


def _expected(ratio: Recomputed) -> Identifier:
    return Identifier(f"expected {ratio.header}")


def _differs(ratio: Recomputed) -> Composed:
    """SQL that holds where the file's number is further off than tolerance and rounding allow."""
    return SQL("abs({0} - {1}) > abs({1}) * {2} + {3}").format(
        Identifier(ratio.header),
        _expected(ratio),
        SQL(str(ratio.tolerance)),
        SQL(f"0.5e-{ratio.decimals}"),
    )


def _refuse_records(cursor: Cursor, tables: Tables) -> None:
    refuse = "INSERT INTO {} SELECT line, '', begins, trouble FROM {} WHERE trouble IS NOT NULL"
    cursor.execute(SQL(refuse).format(tables.refused, tables.staging))


def _refuse_cells(cursor: Cursor, fit: Fit, tables: Tables) -> None:
    """Every bad cell of every record; the costly listing runs for records with a bad cell only."""
    reasons, listed = [], []
    for column in fit.dataset.columns:
        cell = _cell(fit, column)
        why = cells.reason(cell)
        reasons.append(why)
        listed.append(SQL("({}, {}, {})").format(Literal(column.title), cell.text, why))
    refuse = """
        INSERT INTO {refused}
        SELECT line, bad.header, left(COALESCE(bad.value, ''), 200), bad.reason
        FROM {staging}, LATERAL (VALUES {listed}) AS bad (header, value, reason)
        WHERE trouble IS NULL AND num_nonnulls({reasons}) > 0 AND bad.reason IS NOT NULL
    """
    cursor.execute(
        SQL(refuse).format(
            refused=tables.refused,
            staging=tables.staging,
            listed=SQL(", ").join(listed),
            reasons=SQL(", ").join(reasons),
        )
    )


def _forget_refused(cursor: Cursor, tables: Tables, table: Composable) -> None:
    forget = SQL("DELETE FROM {} AS bad USING {} AS refused WHERE bad.line = refused.line")
    cursor.execute(forget.format(table, tables.refused))


def _type(cursor: Cursor, fit: Fit, tables: Tables) -> None:
    """The rows that are left, as values of the dataset's columns, with the derived ones."""
    values = [
        SQL("{} AS {}").format(cells.value(_cell(fit, column)), Identifier(column.name))
        for column in fit.dataset.columns
    ]
    values += [
        SQL("{} AS {}").format(cells.number(_text(fit, ratio.header)), Identifier(ratio.header))
        for ratio in fit.dataset.recomputed
    ]
    derived = [
        SQL("CAST({} AS {}) AS {}").format(
            _sql(column.expression, tables),
            SQL(fit.dataset.fields[column.name].db_type(connection) or "text"),
            Identifier(column.name),
        )
        for column in fit.dataset.derived
    ]
    create = "CREATE TABLE {} AS SELECT {} FROM (SELECT line, {} FROM {}) AS given"
    everything = SQL(", ").join([SQL("given.*"), *derived])
    values_list = SQL(", ").join(values)
    cursor.execute(SQL(create).format(tables.rows, everything, values_list, tables.staging))


def _refuse_by_rule(cursor: Cursor, dataset: Dataset, tables: Tables) -> None:
    for rule in dataset.rules:
        column = dataset.column(rule.column)
        refuse = """
            INSERT INTO {} SELECT line, {}, left(COALESCE(CAST({} AS text), ''), 200), {}
            FROM {} WHERE {}
        """
        cursor.execute(
            SQL(refuse).format(
                tables.refused,
                Literal(column.title),
                Identifier(column.name),
                Literal(rule.reason),
                tables.rows,
                _sql(rule.broken, tables),
            )
        )
    if dataset.rules:
        _forget_refused(cursor, tables, tables.rows)


def _refuse_twice(cursor: Cursor, dataset: Dataset, tables: Tables) -> None:
    """Of rows with one key the first stays; the others are refused and name its line."""
    identity = [dataset.column(name) for name in dataset.identity or (dataset.key,)]
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
            key=Identifier(dataset.key),
        )
    )
    if cursor.rowcount:
        _forget_refused(cursor, tables, tables.rows)


def _cell(fit: Fit, column: Column) -> Cell:
    stored = fit.dataset.fields.get(column.name)
    type_ = stored.db_type(connection) if stored else None
    default = column.default() if callable(column.default) else column.default
    digits = 0
    if isinstance(stored, DecimalField):
        digits = (stored.max_digits or 0) - (stored.decimal_places or 0)
    elif isinstance(stored, BigIntegerField):
        digits = INTEGER_DIGITS
    return Cell(
        column=column,
        text=_text(fit, column.name),
        type=type_ or TYPES.get(column.kind, "text"),
        longest=fit.dataset.longest(column),
        digits=digits,
        default=default,
    )


def _text(fit: Fit, name: str) -> Composable:
    """The staged text of a column, null where the file does not have it."""
    return place(fit.places[name]) if name in fit.places else SQL("CAST(NULL AS text)")


def _sql(expression: str, tables: Tables) -> Composed:
    return SQL(expression).format(rows=tables.rows)
