"""How new each dataset's data are, how many rows there are, and what came last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q
from psycopg.sql import SQL, Identifier, Literal

from revops_site.kernel import freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.models import DataLoad, Workspace
from revops_site.kernel.replica import connection

EDITS = (DataLoad.Kind.EDIT, DataLoad.Kind.APP)
FEW = 100_000  # rows, up to which they are counted and not estimated
KNOWN = """
    SELECT name, COALESCE((SELECT reltuples FROM pg_class WHERE oid = to_regclass(name)), -1)
    FROM unnest(%s::text[]) AS name
"""


@dataclass(frozen=True)
class Rows:
    """How many rows a table has; ``is_exact`` says that they were counted."""

    count: int
    is_exact: bool


@dataclass(frozen=True)
class Age:
    """What is known of a dataset's data.

    ``last_day`` is the last day that any load brought, None where the dataset has no day or was
    never loaded; ``newest`` the last load of it, whatever became of that, and an edit only where
    nothing else ever came.
    """

    rows: Rows
    last_day: date | None
    newest: DataLoad | None

    @property
    def loaded_at(self) -> datetime | None:
        """When the newest load was done."""
        return self.newest.finished_at if self.newest else None


def ages(datasets: Sequence[Dataset], at: Workspace) -> Mapping[str, Age]:
    """The age of each dataset by its name, from the cache where nothing came since."""
    newest = DataLoad.objects.aggregate(id=Max("id"))["id"]
    key = f"ages:{at.generation}:{newest}"
    return freshness.remembered(key, lambda: _read(datasets))


def _read(datasets: Sequence[Dataset]) -> Mapping[str, Age]:
    counted = rows_of(datasets)
    reach = _reach()
    newest = {load.dataset: load for load in _newest()}
    names = [one.name for one in datasets]
    return {name: Age(counted[name], reach.get(name), newest.get(name)) for name in names}


def rows_of(datasets: Sequence[Dataset]) -> Mapping[str, Rows]:
    """The rows of each dataset's table: counted where they are few, else as last estimated."""
    tables = {one.name: one.table._meta.db_table for one in datasets}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(set(tables.values()))])
        about = {str(name): int(rows) for name, rows in cursor.fetchall()}
    exact = _counted(table for table, rows in about.items() if rows < FEW)
    return {
        name: Rows(exact.get(table, about[table]), table in exact) for name, table in tables.items()
    }


def _counted(tables: Iterable[str]) -> Mapping[str, int]:
    count = "SELECT {} AS name, count(*) FROM {}"
    parts = [SQL(count).format(Literal(table), Identifier(table)) for table in tables]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SQL(" UNION ALL ").join(parts))
        return {str(table): int(rows) for table, rows in cursor.fetchall()}


def _reach() -> Mapping[str, date | None]:
    loads = DataLoad.objects.filter(status=DataLoad.Status.LOADED).order_by("dataset")
    return dict(loads.values_list("dataset").annotate(last=Max("last_day")))


def _newest() -> Iterable[DataLoad]:
    """The newest load of each dataset: of files or a sync, or where there is none an edit."""
    loads = DataLoad.objects.select_related("loaded_by").annotate(is_edit=Q(kind__in=EDITS))
    return loads.order_by("dataset", "is_edit", "-id").distinct("dataset")
