"""What is kept of each load: a row for each file, its refused rows, and what was loaded last."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from psycopg.sql import SQL, Identifier, Literal

from revops_site.kernel import audit, clock
from revops_site.kernel.loading import reasons
from revops_site.kernel.loading.reports import (
    NO_LINES,
    FileReport,
    Lines,
    RefusedRow,
    Status,
)
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.models import DataLoad, FormerRow, RejectedRow, User
from revops_site.kernel.profiles.drops import REPEATS

SAMPLE = 10
BY_PEOPLE = {DataLoad.Kind.FILE, DataLoad.Kind.GENERATED}  # the others have rows of their own


@dataclass(frozen=True)
class Run:
    """One call of the loader: its id, when it began, who asked for it, whether it is a trial.

    ``kind`` is that of its loads: file, generated, edit, sync or app; ``logged`` is what the log of
    changes calls their source, where that is another.
    """

    id: UUID
    at: datetime
    by: User | None
    dry: bool
    kind: str = "file"
    logged: str = ""


class Origin(NamedTuple):
    """What a load was made of: the hash of the file's bytes, and of what they were read by."""

    sha256: str = ""
    profile_sha256: str = ""


NOWHERE = Origin()


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def already_loaded(dataset: str, origins: Sequence[Origin]) -> list[DataLoad]:
    """The dataset's newest loads, so far as they are of the first of these files, in this order.

    To load those again would change nothing. A load of anything else after them, an edit too,
    takes that away.
    """
    loads = DataLoad.objects.filter(dataset=dataset, status=DataLoad.Status.LOADED)
    newest = [*loads.order_by("-id")[: len(origins)]][::-1]
    made_of = [Origin(load.sha256, load.profile_sha256) for load in newest]
    for count in range(len(newest), 0, -1):
        if made_of[-count:] == list(origins[:count]):
            return newest[-count:]
    return []


def is_changed_since(load: DataLoad, datasets: Collection[str]) -> bool:
    """Whether any of these datasets was changed by a later load."""
    later = DataLoad.objects.filter(dataset__in=datasets, pk__gt=load.pk)
    return later.filter(Q(inserted__gt=0) | Q(updated__gt=0) | Q(deleted__gt=0)).exists()


def keep(
    run: Run,
    report: FileReport,
    origin: Origin = NOWHERE,
    made: Mapping[str, Sequence[str]] | None = None,
) -> DataLoad:
    """Record one file of a run; ``made`` are the ids of people that its rows named first."""
    load = DataLoad.objects.create(
        dataset=report.dataset,
        run=run.id,
        kind=run.kind,
        file_name=report.file[:255],
        sha256=origin.sha256,
        profile_sha256=origin.profile_sha256,
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
        dropped={kind: asdict(lines) for kind, lines in report.dropped.items()},
        made=dict(made or {}),
        appended=report.appended,
        first_day=report.first_day,
        last_day=report.last_day,
        loaded_by=run.by,
    )
    if run.kind in BY_PEOPLE:
        counts = {name: getattr(report, name) for name in ("inserted", "updated", "deleted")}
        target = f"{report.dataset}: {report.file}"
        audit.record(
            "loaded", user=run.by, target=target, load=load.pk, status=report.status, **counts
        )
    return load


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


def keep_former(cursor: Cursor, load: DataLoad, tables: Tables) -> None:
    """Keep the rows that a load changes as they were, so that it can be undone."""
    into = SQL("INSERT INTO {} (load_id, row) SELECT {}, to_jsonb(was) FROM {} AS was")
    table = Identifier(FormerRow._meta.db_table)
    cursor.execute(into.format(table, Literal(load.pk), tables.was))


def forget_former(cursor: Cursor, dataset: str) -> None:
    """Let go of what earlier loads of a dataset have changed: only its newest can be undone."""
    forget = SQL("DELETE FROM {} WHERE load_id IN (SELECT id FROM {} WHERE dataset = {})")
    former, loads = (Identifier(model._meta.db_table) for model in (FormerRow, DataLoad))
    cursor.execute(forget.format(former, loads, Literal(dataset)))


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


def recalled(load: DataLoad) -> FileReport:
    """What a load that was recorded has told, so far as it is kept."""
    dropped = kept_dropped(load)
    status: Status = "loaded" if load.status == DataLoad.Status.UNDONE else load.status  # type: ignore[assignment]
    return FileReport(
        load.file_name,
        status,
        dataset=load.dataset,
        message=load.message if status == load.status else "",
        rows=load.rows,
        accepted=load.accepted,
        refused=load.refused,
        inserted=load.inserted,
        updated=load.updated,
        unchanged=load.unchanged,
        deleted=load.deleted,
        first_day=load.first_day,
        last_day=load.last_day,
        seconds=load.seconds,
        warnings=load.warnings,
        sample=kept_sample(load),
        reasons=reasons.kept(load) if load.refused else (),
        dropped=dropped,
        appended=tuple((name, before) for name, before in load.appended),
        repeats=dropped.get(REPEATS, NO_LINES),
    )


def kept_dropped(load: DataLoad) -> dict[str, Lines]:
    """What a load that was recorded left out on purpose."""
    return {kind: Lines(it["rows"], tuple(it["lines"])) for kind, it in load.dropped.items()}


def kept_sample(load: DataLoad) -> tuple[RefusedRow, ...]:
    """The first refused cells of a load that was recorded."""
    cells = load.rejected_rows.values_list("line", "column", "value", "reason")
    return tuple(RefusedRow(*cell) for cell in cells[:SAMPLE])


def sample(cursor: Cursor, tables: Tables) -> tuple[RefusedRow, ...]:
    """The first refused cells of a file, in the order of its lines."""
    first = SQL('SELECT line, "column", value, reason FROM {} ORDER BY line LIMIT {}')
    cursor.execute(first.format(tables.refused, Literal(SAMPLE)))
    return tuple(RefusedRow(*row) for row in cursor.fetchall())
