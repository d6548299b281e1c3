"""What is kept of each load: a row for each file, its refused rows, and what was loaded last."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Q
from psycopg.sql import SQL, Identifier, Literal

from revops_site.kernel import clock
from revops_site.kernel.loading.reports import FileReport, RefusedRow
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.models import DataLoad, RejectedRow, User

SAMPLE = 10


@dataclass(frozen=True)
class Run:
    """One call of the loader: its id, when it began, who asked for it, whether it is a trial.

    ``kind`` is that of its loads: file, generated, edit, sync or app.
    """

    id: UUID
    at: datetime
    by: User | None
    dry: bool
    kind: str = "file"


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def already_loaded(dataset: str, digests: Sequence[str]) -> list[DataLoad]:
    """The dataset's newest loads, if these were of files with just these bytes; else nothing."""
    loads = DataLoad.objects.filter(dataset=dataset, status=DataLoad.Status.LOADED)
    newest = loads.filter(run__in=loads.order_by("-id").values("run")[:1]).order_by("id")
    last = list(newest)[-len(digests) :]
    return last if [load.sha256 for load in last] == list(digests) else []


def is_changed_since(load: DataLoad, datasets: Collection[str]) -> bool:
    """Whether any of these datasets was changed by a later load."""
    later = DataLoad.objects.filter(dataset__in=datasets, pk__gt=load.pk)
    return later.filter(Q(inserted__gt=0) | Q(updated__gt=0) | Q(deleted__gt=0)).exists()


def keep(run: Run, report: FileReport, sha256: str) -> DataLoad:
    """Record one file of a run."""
    return DataLoad.objects.create(
        dataset=report.dataset,
        run=run.id,
        kind=run.kind,
        file_name=report.file[:255],
        sha256=sha256,
        status=report.status,
        message=report.message,
        started_at=run.at,
        finished_at=clock.now(),
        rows=report.rows,
        accepted=report.accepted,
        refused=report.refused,
        inserted=report.inserted,
        updated=report.updated,
        unchanged=report.unchanged,
        deleted=report.deleted,
        warnings=dict(report.warnings),
        first_day=report.first_day,
        last_day=report.last_day,
        loaded_by=run.by,
    )


def begun(load: DataLoad, at: datetime) -> None:
    """Record when the run came to this file."""
    load.started_at = at
    load.save(update_fields=["started_at"])


def complete(load: DataLoad, warnings: Mapping[str, int]) -> None:
    """Record what is known of a load at the end of its run only."""
    load.warnings = dict(warnings)
    load.save(update_fields=["warnings"])


def keep_refused(cursor: Cursor, load: DataLoad, tables: Tables) -> None:
    """Record the refused rows of a file, for good."""
    into = SQL("""
        INSERT INTO {} (load_id, line, "column", value, reason)
        SELECT {}, line, "column", value, reason FROM {} ORDER BY line
    """)
    table = SQL(RejectedRow._meta.db_table)
    cursor.execute(into.format(table, Literal(load.pk), tables.refused))


def outlive(cursor: Cursor, tables: Tables) -> None:
    """Forget how far the data reached by edits of one row each that are now written over.

    A day that was mistyped and mended is then the last one of the data no more.
    """
    forget = SQL("""
        UPDATE {} SET first_day = NULL, last_day = NULL
        WHERE kind IN ('edit', 'app') AND accepted = 1 AND last_day IS NOT NULL
            AND id IN (SELECT load_id FROM {})
    """)
    cursor.execute(forget.format(Identifier(DataLoad._meta.db_table), tables.was))


def kept_sample(load: DataLoad) -> tuple[RefusedRow, ...]:
    """The first refused cells of a load that was recorded."""
    cells = load.rejected_rows.values_list("line", "column", "value", "reason")
    return tuple(RefusedRow(*cell) for cell in cells[:SAMPLE])


def sample(cursor: Cursor, tables: Tables) -> tuple[RefusedRow, ...]:
    """The first refused cells of a file, in the order of its lines."""
    first = SQL('SELECT line, "column", value, reason FROM {} ORDER BY line LIMIT {}')
    cursor.execute(first.format(tables.refused, Literal(SAMPLE)))
    return tuple(RefusedRow(*row) for row in cursor.fetchall())
