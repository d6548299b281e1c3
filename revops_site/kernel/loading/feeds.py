"""Rows that a program gives some at a time, of some of a dataset's columns, as one load.

What the program does not know of a row stays as it is stored: a region that somebody typed, a
champion that a file named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import connection
from psycopg.sql import SQL, Composed, Identifier, Literal

from revops_site.kernel.datasets import Column, Dataset
from revops_site.kernel.loading import checks, landing, records, staging
from revops_site.kernel.loading.landing import Landed
from revops_site.kernel.loading.records import Run
from revops_site.kernel.loading.reports import FileReport
from revops_site.kernel.loading.sources import Fit
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.models import DataLoad, Team
from revops_site.kernel.reading.records import cleaned

WRITTEN_OVER = (0, None)  # where a value goes that no column takes: the line's number comes there
LOOK = 20_000  # rows whose cells are checked at once
Row = Mapping[str, str | None]
FILL = "UPDATE {staging} AS new SET {setting} FROM {table} AS old WHERE {same}"
KEYS = "SELECT {keys} FROM {table} AS old WHERE {column} = ANY(%s)"
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
OURS = " AND EXISTS (SELECT FROM kernel_dataload WHERE id = old.load_id AND kind = 'sync')"


class Packer:
    """The rows of one dataset as PostgreSQL's COPY reads them: nothing is asked of a database."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.kinds: dict[tuple[str, ...], str] = {}  # by the columns that rows have
        self.count = 0
        self._places = {
            column.name: (at, _cut(dataset, column)) for at, column in enumerate(dataset.columns, 3)
        }
        self._ways: dict[tuple[str, ...], tuple[str, Sequence[tuple[int, int | None]]]] = {}
        self._empty = [""] * (3 + len(dataset.columns))

    def pack(self, rows: Iterable[Row]) -> bytes:
        """Rows as lines; which columns a row has stands where a file's row would begin."""
        return "".join(map(self._line, rows)).encode()

    def _line(self, row: Row) -> str:
        cells = self._empty.copy()
        names = tuple(row)
        kind, ways = self._ways.get(names) or self._way(names)
        for value, (at, cut) in zip(row.values(), ways, strict=True):
            if value:
                cells[at] = value if cut is None else cleaned(value)[:cut]
        self.count += 1
        cells[0] = str(self.count)
        cells[2] = kind
        line = "\t".join(cells)
        # To look at a line as a whole costs a tenth of looking at each of its cells.
        if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(cells):
            line = "\t".join(cell.translate(ESCAPED) for cell in cells)
        return line + "\n"

    def _way(self, names: tuple[str, ...]) -> tuple[str, Sequence[tuple[int, int | None]]]:
        """The number of such rows' columns, and where each of them goes and how long it may be."""
        kind = self.kinds.setdefault(names, str(len(self.kinds)))
        ways = [self._places.get(name, WRITTEN_OVER) for name in names]
        self._ways[names] = kind, ways
        return kind, ways


class Feed:
    """The packed rows of one dataset on their way into a load, in a transaction under way."""

    def __init__(self, cursor: Cursor, packer: Packer, tables: Tables) -> None:
        self._cursor, self._packer, self._tables = cursor, packer, tables
        self._dataset = packer.dataset
        self._names = [column.name for column in self._dataset.columns]
        places = {name: at for at, name in enumerate(self._names)}
        self._fit = Fit(self._dataset, places, (), (), ())
        self._is_first = not self._dataset.table._base_manager.exists()
        self._staged, self._looked = 0, checks.UNSEEN
        tables.drop(cursor)
        staging.create(cursor, tables, len(self._names))

    def put(self, packed: bytes) -> None:
        """Stage rows; of many that need nothing of what is stored, the cells are checked at once.

        Whoever makes the rows may take longer than the check: it has less to do at the end then.
        """
        into = SQL("COPY {} FROM STDIN (NULL '')").format(self._tables.staging)
        with connection.wrap_database_errors, self._cursor.copy(into) as copy:
            copy.write(packed)
        self._staged += packed.count(b"\n")
        if self._is_first and self._staged - self._looked.line >= LOOK:
            args = self._cursor, self._fit, self._tables, self._looked, self._staged
            self._looked = checks.look(*args)

    def land(self, run: Run, called: str, today: date) -> Landed:
        """Check and merge the rows; the load is ``called`` so and reaches until ``today``.

        Call it when all of them are packed and put.
        """
        self._fill()
        report = FileReport(called, "loaded", dataset=self._dataset.name, rows=self._packer.count)
        args = self._cursor, self._fit, self._tables
        report = landing.checked(*args, report, self._looked)
        report = replace(report, last_day=today, first_day=report.first_day or today)
        return landing.land(self._cursor, run, self._dataset, self._tables, report)

    def _fill(self) -> None:
        """Put what is stored where a row does not have the column."""
        every = [
            (column, [kind for has, kind in self._packer.kinds.items() if column.name not in has])
            for column in self._dataset.columns
            if column.stored or column.reads
        ]
        lacking = [(column, kinds) for column, kinds in every if kinds]
        if not lacking or self._is_first:
            return
        at = {name: staging.place(nth) for nth, name in enumerate(self._names)}
        known_by = self._dataset.identity or self._dataset.key
        put = "{0} = CASE WHEN new.begins = ANY({1}) THEN {2} ELSE new.{0} END"
        setting = [SQL(put).format(at[c.name], kinds, _text(c)) for c, kinds in lacking]
        same = [SQL("old.{} = new.{}").format(Identifier(name), at[name]) for name in known_by]
        self._cursor.execute(SQL("ANALYZE {}").format(self._tables.staging))
        self._cursor.execute(
            SQL(FILL).format(
                staging=self._tables.staging,
                setting=SQL(", ").join(setting),
                table=Identifier(self._dataset.table._meta.db_table),
                same=SQL(" AND ").join(same),
            )
        )


def take_out(
    cursor: Cursor,
    run: Run,
    dataset: Dataset,
    tables: Tables,
    keys: Sequence[tuple[object, ...]],
    called: str,
    today: date,
) -> Landed:
    """Delete the rows of these keys, as a load that is ``called`` so."""
    report = FileReport(called, "loaded", dataset=dataset.name, last_day=today)
    return landing.take_out(cursor, run, dataset, tables, keys, report)


def keys_where(
    cursor: Cursor, dataset: Dataset, column: str, values: Sequence[str], is_ours: bool
) -> list[tuple[object, ...]]:
    """The keys of the rows that have one of these values, if asked only of those of a sync."""
    if not dataset.table._base_manager.exists():
        return []
    find = SQL(KEYS + (OURS if is_ours else "")).format(
        keys=SQL(", ").join(map(Identifier, dict.fromkeys((*dataset.key, *dataset.identity)))),
        table=Identifier(dataset.table._meta.db_table),
        column=Identifier(column),
    )
    cursor.execute(find, [list(values)])
    return list(cursor.fetchall())


def reach(run: Run, dataset: Dataset, called: str, today: date) -> bool:
    """Record that a dataset is known until ``today`` without a change; whether that is news."""
    loads = DataLoad.objects.filter(dataset=dataset.name, status=DataLoad.Status.LOADED)
    if not loads.exists() or loads.filter(last_day__gte=today).exists():
        return False
    records.keep(run, FileReport(called, "loaded", dataset=dataset.name, last_day=today))
    return True


def _cut(dataset: Dataset, column: Column) -> int | None:
    """How long a text may become: whoever reads a list does without the rest of a long title."""
    if column.kind != "text" or column.name in (*dataset.key, *dataset.identity):
        return None
    return dataset.longest(column) or 10**9


def _text(column: Column) -> Composed:
    """SQL for a stored value as the loader would take it; the row itself is ``old``."""
    name = Identifier(column.name if column.stored else column.reads)
    if column.kind == "team":
        team = SQL("(SELECT name FROM {} WHERE id = old.{})")
        return team.format(Identifier(Team._meta.db_table), name)
    return SQL("NULLIF(CAST(old.{} AS text), {})").format(name, Literal(""))
