"""What is odd about accepted rows but may be so: counted, told, and loaded."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from django.apps import apps
from psycopg.sql import SQL, Composed, Identifier, Literal

from revops_site.kernel import freshness
from revops_site.kernel.datasets import LAST_DAY, Dataset, Recomputed, Reference
from revops_site.kernel.loading import moments, people, typed
from revops_site.kernel.loading.heads import normal
from revops_site.kernel.loading.sources import Fit
from revops_site.kernel.loading.staging import Cursor, Tables

NEAR = 0.75
MONEY = "currency"  # the column that says what the money of a row is in
RATE = "fx_rate"


def warnings(cursor: Cursor, fit: Fit, tables: Tables, accepted: int) -> dict[str, int]:
    """Kind of warning → number of the accepted rows, for all that the file itself tells."""
    left_out = {_left_out(header, fit): accepted for header in fit.extra}
    dataset = fit.dataset
    ratios = [ratio for ratio in dataset.recomputed if ratio.header in fit.places]
    odd = {doubt.says: typed.sql(doubt.odd, dataset, tables) for doubt in dataset.doubts}
    odd |= _later(dataset)
    odd |= {f"{r.header} differs from {r.formula}": _differs(r) for r in ratios}
    if not odd:
        return left_out
    counts = SQL(", ").join(SQL("count(*) FILTER (WHERE {})").format(o) for o in odd.values())
    expected = [
        SQL("{} AS {}").format(typed.sql(ratio.expression, dataset, tables), _expected(ratio))
        for ratio in ratios
    ]
    everything = SQL(", ").join([SQL("*"), *expected])
    # Without OFFSET the planner would put each expectation in place twice, and compute it twice.
    count = SQL("SELECT {} FROM (SELECT {} FROM {} OFFSET 0) AS accepted")
    cursor.execute(count.format(counts, everything, tables.rows))
    found = zip(odd, cursor.fetchone(), strict=True)
    return {**left_out, **{says: rows for says, rows in found if rows}}


def _later(dataset: Dataset) -> dict[str, Composed]:
    """Rows filed under a day that has not come: the data are not taken to reach as far."""
    if not dataset.days:
        return {}
    workspace, column = freshness.workspace(), dataset.column(dataset.days[0])
    day = moments.day_of(column.kind, Identifier(column.name), workspace.time_zone)
    later = SQL("{} > {}").format(day, Literal(freshness.stamp(workspace)))
    return {f"{column.title}: rows lie in the future": later}


def orphans(cursor: Cursor, dataset: Dataset, tables: Tables) -> dict[str, int]:
    """Kind of warning → number of the accepted rows that point at what nobody has told of.

    Looked at when all files of a run are in the tables. Who is a placeholder counts once anybody
    is known by more than a name.
    """
    counts = {}
    unrated = _unrated(dataset, tables)
    for says, lost in (*_lost_rows(dataset), *_lost_people(dataset), *unrated):
        cursor.execute(SQL("SELECT count(*) FROM {} AS new WHERE {}").format(tables.rows, lost))
        (rows,) = cursor.fetchone()
        counts[says] = rows
    return {says: rows for says, rows in counts.items() if rows}


def _lost_rows(dataset: Dataset) -> Iterator[tuple[str, Composed]]:
    for reference in dataset.references:
        says = f"{dataset.column(reference.column).title}: rows {reference.says}"
        yield says, _points_at_nothing(reference)


def _points_at_nothing(reference: Reference) -> Composed:
    lost = "new.{0} <> '' AND NOT EXISTS (SELECT FROM {1} AS old WHERE old.{2} = new.{0})"
    table = Identifier(apps.get_model(reference.model)._meta.db_table)
    return SQL(lost).format(Identifier(reference.column), table, Identifier(reference.to))


def _lost_people(dataset: Dataset) -> Iterator[tuple[str, Composed]]:
    lost = """
        EXISTS (SELECT FROM {0} WHERE NOT is_placeholder) AND new.{1} IN (
            SELECT {2} FROM {0} WHERE is_placeholder
        )
    """
    for column in people.columns(dataset):
        table = Identifier(people.MODELS[column.kind]._meta.db_table)
        key = Identifier(people.KEYS[column.kind])
        says = f"{column.title}: rows name a {column.kind} that nothing else is known of"
        yield says, SQL(lost).format(table, Identifier(column.name), key)


def _unrated(dataset: Dataset, tables: Tables) -> Iterator[tuple[str, Composed]]:
    """Rows of money that no rate of any day can turn into the reporting currency.

    Each currency is looked up once, however many rows have it. Rows that keep their day's rate
    tell of it themselves.
    """
    unrated = """
        new.currency IN (
            SELECT used.currency FROM (SELECT DISTINCT currency FROM {}) AS used
            WHERE NOT EXISTS (SELECT FROM kernel_fx_rate(used.currency, {}, {}))
        )
    """
    if MONEY in dataset.stored and RATE not in dataset.stored:
        says = f"{dataset.column(MONEY).title}: rows have one of which no exchange rate is known"
        reporting = Literal(freshness.workspace().reporting_currency)
        yield says, SQL(unrated).format(tables.rows, reporting, Literal(LAST_DAY))


def _left_out(header: str, fit: Fit) -> str:
    """What is said of a header that is no column's, and which column it was perhaps meant for."""
    says = f"unknown column “{header}” was left out"
    absent = [c for c in fit.dataset.columns if c.name not in fit.places]
    titles = {normal(spelling): column.title for column in absent for spelling in column.headers}
    near = difflib.get_close_matches(normal(header), titles, n=1, cutoff=NEAR)
    return f"{says}; did you mean “{titles[near[0]]}”?" if near else says


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
