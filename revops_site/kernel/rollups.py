"""Sums kept beside the rows that they are of: what was touched is taken out and summed anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Field, Model
from psycopg.sql import SQL, Composable, Identifier, Literal

from revops_site.kernel.signals import rows_changed

Bucket: TypeAlias = date | str
Cursor: TypeAlias = Any  # Django's wrapper around psycopg's cursor

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
FORGET = "DELETE FROM {table} WHERE {bucket} {among}"
ADD = "INSERT INTO {table} ({columns}) SELECT {columns} FROM ({select}) AS summed"
DIFFER = """
    WITH kept AS (SELECT {columns} FROM {table}),
    fresh AS (SELECT {typed} FROM ({select}) AS summed)
    SELECT (SELECT count(*) FROM (TABLE kept EXCEPT ALL TABLE fresh) AS wrong)
        + (SELECT count(*) FROM (TABLE fresh EXCEPT ALL TABLE kept) AS missing)
"""
ALL = SQL("IS NOT NULL")
DAY = timedelta(days=1)
# More stretches of days than these are read in one go, together with what lies between them.
MOST_STRETCHES = 8
# So few buckets leave what the planner knows of the table as good as it was.
FEW_BUCKETS = 8


@dataclass(frozen=True)
class RollUp:
    """A table (``app.Model``) of sums, and the SQL that gives its rows, column by column.

    The sums are recomputed by ``bucket``, a column of the table such as a day or an owner: no
    bucket's rows depend on another's. In ``select`` ``{among}`` stands behind an expression that
    is the bucket, where it is limited to the touched ones. Where that is no plain column,
    ``{reach}`` behind one that an index knows keeps the rest of the table unread: it limits a day
    or an instant to about the touched buckets, each of which has at most ``days`` days. ``beside``
    are tables of datasets (``app.Model``) that it keeps columns of.
    """

    name: str
    model: str
    bucket: str
    select: str
    days: int = 0
    beside: tuple[str, ...] = ()

    @property
    def table(self) -> type[Model]:
        """The model that the sums are rows of."""
        return apps.get_model(self.model)

    def refresh(self, buckets: Collection[Bucket]) -> None:
        """Sum these buckets anew. Call it in the transaction that changed their rows."""
        with self.changing() as cursor:
            for near in self._stretches(buckets):
                among = SQL("= ANY({})").format(Literal(near))
                self._replace(cursor, among, self._reach(near))
            if len(buckets) > FEW_BUCKETS:
                self._analyze(cursor)

    def rebuild(self) -> None:
        """Sum everything anew."""
        with self.changing() as cursor:
            self._replace(cursor, ALL, ALL)
            self._analyze(cursor)

    def differences(self) -> int:
        """How many rows are not as they would be if summed anew: wrong ones and missing ones."""
        typed = [
            SQL("CAST({} AS {})").format(Identifier(column), SQL(kind))
            for column, kind in self._columns().items()
        ]
        with connection.cursor() as cursor:
            self._execute(cursor, DIFFER, ALL, ALL, typed=SQL(", ").join(typed))
            return int(cursor.fetchone()[0])

    @contextmanager
    def changing(self) -> Iterator[Cursor]:
        """A cursor, in a transaction in which nobody else changes the roll-up."""
        with transaction.atomic(), connection.cursor() as cursor:
            self.hold(cursor)
            yield cursor

    def hold(self, cursor: Cursor) -> None:
        """Keep others from changing the roll-up until the transaction ends."""
        cursor.execute(LOCK, [f"roll-up:{self.name}"])

    def _replace(self, cursor: Cursor, among: Composable, reach: Composable) -> None:
        self._execute(cursor, FORGET, among, reach)
        self._execute(cursor, ADD, among, reach)

    def _analyze(self, cursor: Cursor) -> None:
        self._execute(cursor, "ANALYZE {table}", ALL, ALL)

    def _execute(
        self, cursor: Cursor, template: str, among: Composable, reach: Composable, **parts: Any
    ) -> None:
        cursor.execute(
            SQL(template).format(
                table=Identifier(self.table._meta.db_table),
                columns=SQL(", ").join(map(Identifier, self._columns())),
                bucket=Identifier(self.bucket),
                among=among,
                select=SQL(self.select).format(among=among, reach=reach),
                **parts,
            )
        )

    def _columns(self) -> dict[str, str]:
        """The summed columns with their SQL types; a key that the table gives by itself is none."""
        fields: Sequence[Field[Any, Any]] = self.table._meta.concrete_fields
        return {
            str(field.column): str(field.db_type(connection))
            for field in fields
            if not field.primary_key
        }

    def _stretches(self, buckets: Collection[Bucket]) -> list[list[Any]]:
        """The buckets in order, cut where none touched lies between two, if that is seldom."""
        ordered: list[Any] = sorted(set(buckets))
        if not ordered:
            return []
        cuts: list[int] = []
        if self.days:
            apart = timedelta(days=self.days)
            cuts = [
                at for at, (one, next_) in enumerate(pairwise(ordered), 1) if next_ - one > apart
            ]
        if len(cuts) >= MOST_STRETCHES:
            cuts = []
        return [ordered[start:end] for start, end in pairwise([0, *cuts, len(ordered)])]

    def _reach(self, near: Sequence[Any]) -> Composable:
        """The outer days of a stretch, a day wider at both ends since an instant's day is local."""
        if not self.days:
            return ALL
        first, last = near[0] - DAY, near[-1] + timedelta(days=self.days) + DAY
        return SQL("BETWEEN {} AND {}").format(Literal(first), Literal(last))


@dataclass(frozen=True)
class Followed(RollUp):
    """No sums of its own: whoever follows the rows by this name is told which were touched.

    So a floor above can keep what it makes of several domains' rows in their own transactions.
    Datasets of two domains that name the same tell of both at once.
    """

    model: str = ""
    bucket: str = ""
    select: str = ""

    def refresh(self, buckets: Collection[Bucket]) -> None:
        """Tell of these."""
        rows_changed.send(sender=None, what=self.name, keys=frozenset(buckets))

    def rebuild(self) -> None:
        """Tell of all."""
        rows_changed.send(sender=None, what=self.name, keys=None)
