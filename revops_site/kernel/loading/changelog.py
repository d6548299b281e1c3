"""What is changed in rows that were there, or deleted, field by field into the dataset's log."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.db.models import DateField, DateTimeField, DecimalField, Field
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from revops_site.kernel.datasets import Dataset, Log, hash_of, moment
from revops_site.kernel.loading.merge import KNOWN, same
from revops_site.kernel.loading.staging import Cursor, Tables

SOURCES = {"generated": "file"}
LONGEST = 300
DELETED = "deleted"
WRITE = """
    INSERT INTO {log} (
        key, {key}, field, old, new, changed_at, source, load_id, row_created_at, row_updated_at
    )
    SELECT {hash}, {key}, field, old, new, changed_at, {source}, {load}, changed_at, changed_at
    FROM ({found}) AS found
    ON CONFLICT DO NOTHING
"""
CHANGED = """
    SELECT new.{key}, each.field, left(each.old, {longest}) AS old,
        left(each.new, {longest}) AS new, {at} AS changed_at
    FROM {changed} AS new JOIN {was} AS old ON {same},
        LATERAL (VALUES {fields}) AS each (field, differs, old, new)
    WHERE new.{known} AND each.differs AND each.old <> each.new
"""
GONE = """
    SELECT {key}, {field} AS field, left(CAST({gone} AS text), {longest}) AS old,
        {deleted} AS new, {at} AS changed_at
    FROM {was}
"""


def write(
    cursor: Cursor, dataset: Dataset, tables: Tables, kind: str, load: int, at: datetime
) -> None:
    """Log the changed rows, once they were compared; a row that is new logs nothing."""
    if dataset.log is None:
        return
    (key,) = dataset.key
    found = SQL(CHANGED).format(
        key=Identifier(key),
        longest=Literal(LONGEST),
        at=Literal(at),
        changed=tables.changed,
        was=tables.was,
        same=same(dataset.key),
        fields=SQL(", ").join(_field(dataset, name) for name in dataset.log.fields),
        known=KNOWN,
    )
    _write(cursor, dataset, dataset.log, found, kind, load)


def write_gone(
    cursor: Cursor, dataset: Dataset, tables: Tables, kind: str, load: int, at: datetime
) -> None:
    """Log the rows that were deleted, once they were."""
    if dataset.log is None:
        return
    (key,) = dataset.key
    found = SQL(GONE).format(
        key=Identifier(key),
        field=Literal(dataset.log.gone),
        gone=Identifier(dataset.log.gone),
        longest=Literal(LONGEST),
        deleted=Literal(DELETED),
        at=Literal(at),
        was=tables.was,
    )
    _write(cursor, dataset, dataset.log, found, kind, load)


def _write(
    cursor: Cursor, dataset: Dataset, log: Log, found: Composed, kind: str, load: int
) -> None:
    (key,) = dataset.key
    cursor.execute(
        SQL(WRITE).format(
            log=Identifier(apps.get_model(log.model)._meta.db_table),
            key=Identifier(key),
            hash=SQL(hash_of(key, "field", moment("changed_at"), "new")),
            source=Literal(SOURCES.get(kind, kind)),
            load=Literal(load),
            found=found,
        )
    )


def _field(dataset: Dataset, name: str) -> Composed:
    old, new, of = Identifier("old", name), Identifier("new", name), dataset.fields[name]
    differs = SQL("{} IS DISTINCT FROM {}").format(old, new)
    texts = SQL("COALESCE({}, ''), COALESCE({}, '')").format(_text(of, old), _text(of, new))
    return SQL("({}, {}, {})").format(Literal(name), differs, texts)


def _text(of: Field[object, object], column: Composable) -> Composed:
    """SQL for a value as the one text that it has, whatever it was written like."""
    if isinstance(of, DateTimeField):
        return SQL(moment("{}")).format(column)
    if isinstance(of, DateField):
        return SQL("to_char({}, 'YYYY-MM-DD')").format(column)
    if isinstance(of, DecimalField):
        return SQL("CAST(trim_scale({}) AS text)").format(column)
    return SQL("CAST({} AS text)").format(column)
