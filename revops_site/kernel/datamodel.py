"""The tables and how they point at each other, as a picture for those who read the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import models

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.models import Loaded

INTRODUCTION = """\
# Data model

The tables, drawn from the models and the datasets. Written by `manage.py contracts`; do not edit.

* A line is a key that the database keeps, or (dotted) a business key by which rows meet that were
  loaded apart: it may point at nothing, which is reported and not refused.
* Every table that files fill also carries `row_created_at`, `row_updated_at` and `load_id`: when a
  row first came, when it last changed, and the load that brought it.
* `PK` is the key that a row is replaced by. The large tables lead with the column that they would
  be distributed by ([decision 8](adr/0008-keys-of-large-tables.md)).
"""
STAMPS = frozenset(field.attname for field in Loaded._meta.fields)
TYPES = {
    "BigAutoField": "id",
    "BigIntegerField": "count",
    "BooleanField": "boolean",
    "CharField": "text",
    "DateField": "date",
    "DateTimeField": "instant",
    "DecimalField": "decimal",
    "EmailField": "text",
    "ForeignKey": "key",
    "GenericIPAddressField": "text",
    "JSONField": "json",
    "OneToOneField": "key",
    "TextField": "text",
    "UUIDField": "hash",
}

Model = type[models.Model]


def document(catalog: Sequence[Dataset], labels: Mapping[str, str]) -> str:
    """A diagram for each app of ``labels`` (label → heading), in Markdown with Mermaid."""
    drawn = [part for label, heading in labels.items() for part in _app(catalog, label, heading)]
    return "\n".join([INTRODUCTION, *drawn])


def _app(catalog: Sequence[Dataset], label: str, heading: str) -> Iterator[str]:
    tables = sorted(apps.get_app_config(label).get_models(), key=lambda table: table.__name__)
    if not tables:
        return
    files = {dataset.table: dataset for dataset in catalog}
    yield f"## {heading}\n\n```mermaid\nerDiagram"
    for table in tables:
        yield from _entity(table, files.get(table))
    for table in tables:
        yield from _relations(table, files.get(table))
    yield "```\n"
    yield "| table | holds | filled by |\n|---|---|---|"
    for table in tables:
        filled = f"`{files[table].name}`" if table in files else "the product"
        yield f"| `{table._meta.db_table}` | {_promise(table)} | {filled} |"
    yield ""


def _entity(table: Model, dataset: Dataset | None) -> Iterator[str]:
    fields = table._meta.pk_fields if dataset is None else ()
    keys = dataset.key if dataset else tuple(field.attname for field in fields)
    yield f"    {table.__name__} {{"
    for field in _fields(table):
        kind = TYPES.get(field.get_internal_type(), "number")
        mark = " PK" if field.attname in keys else " FK" if field.is_relation else ""
        yield f"        {kind} {field.attname}{mark}"
    yield "    }"


def _relations(table: Model, dataset: Dataset | None) -> Iterator[str]:
    drawn = set()
    for field in _fields(table):
        if isinstance(field, models.ForeignKey):
            drawn.add(field.attname)
            line = "--" if getattr(field, "db_constraint", True) else ".."
            many = "o|" if field.one_to_one else "o{"
            parent = field.related_model.__name__
            yield f'    {parent} ||{line}{many} {table.__name__} : "{field.name}"'
    for reference in dataset.references if dataset else ():
        if reference.column not in drawn:
            parent = reference.model.partition(".")[2]
            yield f'    {parent} ||..o{{ {table.__name__} : "{reference.column}"'


def _fields(table: Model) -> list[models.Field[Any, Any]]:
    """What is particular to a table: without the stamps that all loaded ones carry."""
    stamps = STAMPS if issubclass(table, Loaded) else frozenset()
    return [field for field in table._meta.concrete_fields if field.attname not in stamps]


def _promise(table: Model) -> str:
    """The first sentence of the model's docstring."""
    return (table.__doc__ or "").strip().partition("\n\n")[0].replace("\n    ", " ")
