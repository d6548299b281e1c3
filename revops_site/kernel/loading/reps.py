"""Names of people in a file become reps: ones known by id, e-mail or name, else new ones."""

from __future__ import annotations

from django.utils.text import slugify
from psycopg.sql import SQL, Identifier

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.models import Rep


def name_reps(cursor: Cursor, dataset: Dataset, tables: Tables) -> None:
    """Put rep ids in place of the names in the accepted rows, making the reps that are missing."""
    for column in dataset.columns:
        if column.kind == "rep":
            _name(cursor, tables, Identifier(column.name))


def _name(cursor: Cursor, tables: Tables, column: Identifier) -> None:
    distinct = SQL("SELECT DISTINCT {} FROM {} WHERE {} IS NOT NULL ORDER BY 1")
    cursor.execute(distinct.format(column, tables.rows, column))
    names = [name for (name,) in cursor.fetchall()]
    ids = _ids(names)
    rename = SQL("""
        UPDATE {rows} AS rows SET {column} = known.id
        FROM unnest(%s::text[], %s::text[]) AS known (name, id)
        WHERE rows.{column} = known.name AND known.name <> known.id
    """).format(rows=tables.rows, column=column)
    cursor.execute(rename, [list(ids), list(ids.values())])


def _ids(names: list[str]) -> dict[str, str]:
    """Name → rep id. An id counts before an e-mail, an e-mail before a name."""
    known: dict[str, str] = {}
    reps = list(Rep.objects.order_by("-rep_id").values_list("rep_id", "email", "name"))
    for nth in (2, 1, 0):
        known.update({rep[nth].casefold(): rep[0] for rep in reps if rep[nth]})
    found: dict[str, str] = {}
    new: list[Rep] = []
    for name in names:
        made = slugify(name, allow_unicode=True) or name
        rep_id = known.get(name.casefold()) or known.get(made.casefold())
        if rep_id is None:
            rep_id = known[made.casefold()] = made
            new.append(Rep(rep_id=made, name=name))
        found[name] = rep_id
    Rep.objects.bulk_create(new, ignore_conflicts=True)
    return found
