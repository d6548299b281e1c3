"""Loads of rows that somebody typed or a program gave: the steps of a file's load without a file.

Every write that is no file comes through here: it keeps the dataset's promise, the change log, the
roll-ups and the count of changes just as a file does.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from django.db import OperationalError, connection, transaction
from django.db.models import Model
from psycopg.errors import LockNotAvailable
from psycopg.sql import SQL, Identifier

from revops_site.kernel import clock
from revops_site.kernel.datasets import Column, Dataset
from revops_site.kernel.loading import landing, session, staging
from revops_site.kernel.loading.landing import Landed
from revops_site.kernel.loading.records import Run
from revops_site.kernel.loading.reports import FileReport
from revops_site.kernel.loading.sources import Fit
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.models import User
from revops_site.kernel.reading.records import cleaned

Kind: TypeAlias = Literal["edit", "sync", "app"]
Row: TypeAlias = Mapping[str, str | None]

TABLES = Tables(0)
PATIENCE = "3s"
BY_HAND = "SELECT set_config('revops.by_hand', %s, true)"  # a promise may ask who says so


class BusyError(Exception):
    """A load of the dataset is under way; the text says so to whoever wanted to write."""


@dataclass(frozen=True)
class Put:
    """What became of rows: the report, and Django's keys of those that are stored now."""

    report: FileReport
    keys: tuple[Any, ...]


def write(
    dataset: Dataset,
    rows: Sequence[Row],
    *,
    kind: Kind,
    source: str,
    by: User | None,
    dry_run: bool = False,
) -> FileReport:
    """Load rows, given as texts by column name, in one transaction; the report says what became.

    ``source`` is what the load is called. A row that breaks the promise is refused and kept with
    its reasons, as ``line`` its place among the rows, from 1. ``dry_run`` does all but keep the
    result. Raises BusyError while a load of the dataset is under way.
    """
    return put(dataset, rows, kind=kind, source=source, by=by, dry_run=dry_run).report


def put(
    dataset: Dataset,
    rows: Sequence[Row],
    *,
    kind: Kind,
    source: str,
    by: User | None,
    dry_run: bool = False,
    logged: str = "",
) -> Put:
    """As ``write``, with the keys that the rows are stored under.

    ``logged`` is what the log of changes calls where they come from, if not by their kind.
    """
    run = Run(uuid.uuid4(), clock.now(), by, dry_run, kind, logged)

    def load() -> Put:
        with transaction.atomic(), connection.cursor() as cursor:
            hold(dataset)
            landed, keys = _landed(cursor, run, dataset, rows, source)
            (report,) = landing.finish(cursor, [landed])
            TABLES.drop(cursor)
            transaction.set_rollback(dry_run)
        return Put(replace(report, status="checked") if dry_run else report, keys)

    return session.insist(load)


def ask(dataset: Dataset, rows: Sequence[Row], by: User | None) -> Put:
    """What would become of rows, without what would follow: in a moment, and nothing is kept."""
    run = Run(uuid.uuid4(), clock.now(), by, True, "edit")
    with transaction.atomic(), connection.cursor() as cursor:
        hold(dataset)
        landed, keys = _landed(cursor, run, dataset, rows, "")
        transaction.set_rollback(True)
    return Put(replace(landed.report, status="checked"), keys)


def remove(
    dataset: Dataset, keys: Sequence[tuple[Any, ...]], *, kind: Kind, source: str, by: User | None
) -> FileReport:
    """Delete the rows of these keys (the values of the dataset's key columns), in one load."""
    run = Run(uuid.uuid4(), clock.now(), by, False, kind)

    def take_out() -> FileReport:
        with transaction.atomic(), connection.cursor() as cursor:
            hold(dataset)
            report = FileReport(source, "loaded", dataset=dataset.name)
            landed = landing.take_out(cursor, run, dataset, TABLES, keys, report)
            (report,) = landing.finish(cursor, [landed])
            TABLES.drop(cursor)
        return report

    return session.insist(take_out)


def hold(dataset: Dataset) -> None:
    """Keep all others from writing the dataset until the transaction ends.

    Raises BusyError where a load does so for longer than anybody would wait.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout')")
            (before,) = cursor.fetchone()
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            session.hold(cursor, dataset.name)
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            says = f"A load of {dataset.name} is under way. Try again when it is done."
            raise BusyError(says) from error
        raise


def texts(dataset: Dataset, stored: Iterable[Model]) -> list[dict[str, str | None]]:
    """Stored rows as the loader would take them, to be loaded again with something changed."""
    columns = [(column, _kept_in(dataset, column)) for column in dataset.columns]
    return [
        {column.name: text(column, getattr(row, name)) for column, name in columns if name}
        for row in stored
    ]


def text(column: Column, value: Any) -> str | None:
    """A value of Python as the text of a cell; the row that a key points at as that key."""
    if value is None or value == "":
        return None
    if isinstance(value, Model):
        return str(getattr(value, "name", None) if column.kind == "team" else value.pk)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def key(dataset: Dataset, row: Model) -> tuple[Any, ...]:
    """A stored row's values of the dataset's key columns."""
    return tuple(getattr(row, name) for name in dataset.key)


def _kept_in(dataset: Dataset, column: Column) -> str:
    """The attribute of a stored row that gives a column's value; a team is known by its name."""
    name = column.name if column.stored else column.reads
    if not name:
        return ""
    return dataset.fields[name].name if column.kind == "team" else name


def _in_company(dataset: Dataset, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, among all others where the dataset numbers its rows by their place in a file."""
    numbered = [d.name for d in dataset.derived if re.search(r"\bline\b", d.expression)]
    if not numbered:
        return rows
    stored = texts(dataset, dataset.table._base_manager.order_by(*numbered, *dataset.key))
    places = {tuple(row[name] for name in dataset.key): row for row in stored}
    return list(
        (places | {tuple(row.get(name) for name in dataset.key): row for row in rows}).values()
    )


def _landed(
    cursor: Cursor, run: Run, dataset: Dataset, rows: Sequence[Row], source: str
) -> tuple[Landed, tuple[Any, ...]]:
    """Stage, check and merge the rows; Django's keys of those that were accepted."""
    TABLES.drop(cursor)
    fit, given = _staged(cursor, dataset, rows)
    report = FileReport(source, "loaded", dataset=dataset.name, rows=given)
    cursor.execute(BY_HAND, ["yes" if run.kind == "edit" else ""])
    report = landing.checked(cursor, fit, TABLES, report)
    cursor.execute(BY_HAND, [""])
    landed = landing.land(cursor, run, dataset, TABLES, report)
    return landed, _keys(cursor, dataset)


def _staged(cursor: Cursor, dataset: Dataset, rows: Sequence[Row]) -> tuple[Fit, int]:
    """The rows as staged records, and how many these are."""
    names = [column.name for column in dataset.columns]
    staging.create(cursor, TABLES, len(names))
    staged = _in_company(dataset, rows)
    into = SQL("COPY {} FROM STDIN").format(TABLES.staging)
    with connection.wrap_database_errors, cursor.copy(into) as copy:
        for line, row in enumerate(staged, start=1):
            cells = [cleaned(row.get(name) or "") or None for name in names]
            trouble = _trouble(cells)
            copy.write_row([line, trouble, "", *([None] * len(cells) if trouble else cells)])
    return Fit(dataset, {name: at for at, name in enumerate(names)}, (), (), ()), len(staged)


def _trouble(cells: Sequence[str | None]) -> str | None:
    """What no database can store, in the words of a file's report."""
    whole = "".join(cell for cell in cells if cell)
    if "\0" in whole:
        return "holds a NUL byte"
    try:
        whole.encode()
    except UnicodeEncodeError:
        return "is not UTF-8 text"
    return None


def _keys(cursor: Cursor, dataset: Dataset) -> tuple[Any, ...]:
    """Django's keys of the rows that were merged, in the order that they were given in."""
    meta = dataset.table._meta
    find = SQL("SELECT stored.{} FROM {} AS stored JOIN {} AS new USING ({}) ORDER BY new.line")
    keys = SQL(", ").join(map(Identifier, dataset.key))
    pk, table = Identifier(str(meta.pk.column)), Identifier(meta.db_table)
    cursor.execute(find.format(pk, table, TABLES.rows, keys))
    return tuple(key for (key,) in cursor.fetchall())
