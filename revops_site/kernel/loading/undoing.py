"""A dataset's newest load taken back: its table is then just what it was before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignKey, ForeignObjectRel, Model
from psycopg.sql import SQL, Composed, Identifier, Literal

from revops_site.kernel import freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import people, rows, session, sources, touched
from revops_site.kernel.loading.merge import Changes
from revops_site.kernel.loading.reports import FileReport
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.models import DataLoad, FormerRow, User

TABLES = Tables(0)
NOW = "CREATE TABLE {was} AS SELECT * FROM {table} WHERE load_id = {load}"
BEFORE = """
    CREATE TABLE {changed} AS
    SELECT back.*
    FROM {former} AS kept, LATERAL jsonb_populate_record(CAST(NULL AS {table}), kept.row) AS back
    WHERE kept.load_id = {load}
"""
NEEDED = """
    SELECT EXISTS (
        SELECT FROM {was} AS old JOIN {pointing} AS pointing ON pointing.{at} = old.{to}
        WHERE NOT EXISTS (SELECT FROM {changed} AS new WHERE new.{to} = old.{to})
    )
"""
REMOVE = "DELETE FROM {table} WHERE load_id = {load}"
RESTORE = "INSERT INTO {table} ({columns}) SELECT {columns} FROM {changed}"
UNLOG = "DELETE FROM {log} WHERE load_id = {load}"
UNMAKE = """
    DELETE FROM {table} AS old
    WHERE is_placeholder AND CAST({key} AS text) = ANY({ids}) AND NOT ({pointed})
"""
POINTED = "EXISTS (SELECT FROM {pointing} AS pointing WHERE pointing.{at} = old.{to})"


class NotNewestError(Exception):
    """A load that cannot be undone; the text says why."""


def can_undo(load: DataLoad) -> str:
    """Why a load cannot be undone, as a sentence; empty where it can."""
    if load.status == DataLoad.Status.UNDONE:
        return "This load was undone already."
    if load.kind != DataLoad.Kind.FILE or load.status != DataLoad.Status.LOADED:
        return "Only a file that was loaded can be undone."
    loaded = DataLoad.objects.filter(dataset=load.dataset, status=DataLoad.Status.LOADED)
    if loaded.filter(pk__gt=load.pk).exists():
        return f"This is not the newest load of {load.dataset}: the data were changed since."
    if load.former_rows.count() != load.updated:
        return "The rows that this load changed are not kept any more as they were."
    return ""


def undo(load: DataLoad, catalog: Sequence[Dataset], by: User | None = None) -> FileReport:
    """Take back a load: its table is then what it was before, row by row, metadata included.

    Sums follow; what the log of changes has of this load goes, and so do people whom only it has
    named. Raises NotNewestError with a sentence where ``can_undo`` says why not, or where
    others need its rows, and BusyError while a load of the dataset is under way.
    """
    dataset = sources.named(load.dataset, catalog)

    def take_back() -> FileReport:
        with transaction.atomic(), connection.cursor() as cursor:
            rows.hold(dataset)
            kept = DataLoad.objects.select_for_update().get(pk=load.pk)
            if why := can_undo(kept):
                raise NotNewestError(why)
            kept.status = DataLoad.Status.UNDONE
            kept.message = f"was undone by {by}" if by else "was undone"
            kept.save(update_fields=["status", "message"])  # sums reach as far as loads do
            report = _taken_back(cursor, dataset, kept)
            TABLES.drop(cursor)
        return report

    with session.unhurried():
        return session.insist(take_back)


def _taken_back(cursor: Cursor, dataset: Dataset, load: DataLoad) -> FileReport:
    TABLES.drop(cursor)
    touched.hold(cursor, dataset)
    cursor.execute(_sql(NOW, dataset, load))
    if cursor.rowcount != load.inserted + load.updated:
        raise NotNewestError("Rows of this load were changed since.")
    cursor.execute(_sql(BEFORE, dataset, load))
    _insist_on_nobody_else(cursor, dataset, load)
    changes = Changes(inserted=load.inserted, updated=load.updated)
    found = touched.by_merge(cursor, dataset, TABLES, changes)
    cursor.execute(_sql(REMOVE, dataset, load))
    cursor.execute(_sql(RESTORE, dataset, load))
    load.former_rows.all().delete()
    if dataset.log:
        log = Identifier(apps.get_model(dataset.log.model)._meta.db_table)
        cursor.execute(SQL(UNLOG).format(log=log, load=Literal(load.pk)))
    for kind in ("rep", "team"):
        if ids := load.made.get(kind):
            cursor.execute(_unmake(people.MODELS[kind], people.KEYS[kind], ids))
    touched.refresh([found])
    if dataset.after and changes.rows:
        dataset.after()
    freshness.bump()
    return FileReport(
        load.file_name,
        "undone",
        dataset=dataset.name,
        updated=load.updated,
        deleted=load.inserted,
    )


def _insist_on_nobody_else(cursor: Cursor, dataset: Dataset, load: DataLoad) -> None:
    """Raise NotNewestError where a row that would go is pointed at by another table."""
    for rel, key in _pointing(dataset.table):
        model = rel.related_model
        parts = {"pointing": Identifier(model._meta.db_table), "at": Identifier(str(key.column))}
        to = Identifier(str(key.target_field.column))
        cursor.execute(_sql(NEEDED, dataset, load, to=to, **parts))
        if cursor.fetchone()[0]:
            others = model._meta.verbose_name_plural
            raise NotNewestError(f"Rows of this load are needed by others: by {others}.")


def _unmake(model: type[Model], key: str, ids: Sequence[str]) -> Composed:
    """SQL that deletes those of these people whom nothing points at."""
    pointed = [
        SQL(POINTED).format(
            pointing=Identifier(rel.related_model._meta.db_table),
            at=Identifier(str(foreign.column)),
            to=Identifier(str(foreign.target_field.column)),
        )
        for rel, foreign in _pointing(model)
    ]
    return SQL(UNMAKE).format(
        table=Identifier(model._meta.db_table),
        key=Identifier(key),
        ids=Literal(list(ids)),
        pointed=SQL(" OR ").join(pointed),
    )


def _pointing(model: type[Model]) -> Iterator[tuple[ForeignObjectRel, ForeignKey[Model, Model]]]:
    """The foreign keys that point at a table, of whatever table."""
    for rel in model._meta.get_fields(include_hidden=True):
        if isinstance(rel, ForeignObjectRel) and isinstance(rel.field, ForeignKey):
            yield rel, rel.field


def _sql(template: str, dataset: Dataset, load: DataLoad, **parts: Identifier) -> Composed:
    columns = [str(field.column) for field in dataset.fields.values() if not field.generated]
    return SQL(template).format(
        table=Identifier(dataset.table._meta.db_table),
        former=Identifier(FormerRow._meta.db_table),
        columns=SQL(", ").join(map(Identifier, columns)),
        load=Literal(load.pk),
        was=TABLES.was,
        changed=TABLES.changed,
        **parts,
    )
