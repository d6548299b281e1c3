"""One file of a run: found to be loaded already, or staged and checked, then merged."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection

from revops_site.kernel.loading import checks, merge, records, reps, staging
from revops_site.kernel.loading.records import Run
from revops_site.kernel.loading.reports import FileReport, Progress, Stage, Step
from revops_site.kernel.loading.sources import Fit, Source
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.models import DataLoad


@dataclass(frozen=True)
class File:
    """A readable file on its way through a run, with what is known of it so far."""

    source: Source
    fit: Fit
    sha256: str
    tables: Tables
    report: FileReport
    progress: Progress | None

    @property
    def is_new(self) -> bool:
        """Whether the file is to be loaded: its dataset's newest load was of other bytes."""
        return self.report.status != "unchanged"

    def tell(self, stage: Stage) -> None:
        """Tell whoever follows the run that this stage begins."""
        if self.progress:
            size = self.source.path.stat().st_size
            self.progress(Step(self.source.name, stage, self.report.rows, size, size))


def open_all(sources: Sequence[Source], progress: Progress | None) -> list[File]:
    """The recognised files; those that their dataset's newest loads were made of say so."""
    fits = [(source, source.fit) for source in sources if source.fit and not source.skipped]
    files = [_open(source, fit, nth, progress) for nth, (source, fit) in enumerate(fits)]
    known: dict[Tables, DataLoad] = {}
    for name in {file.report.dataset for file in files}:
        mine = [file for file in files if file.report.dataset == name]
        loads = records.already_loaded(name, [file.sha256 for file in mine])
        known.update(zip((file.tables for file in mine), loads, strict=False))
    return [_unchanged(f, known[f.tables]) if f.tables in known else f for f in files]


def check(file: File) -> File:
    """Stage and check one file; its report then has all counts but those of the merge."""
    if not file.is_new:
        return file
    began = time.monotonic()
    with connection.cursor() as cursor:
        file.tables.drop(cursor)
        rows = staging.stage(cursor, file.source, file.tables, file.progress)
        file = replace(file, report=replace(file.report, rows=rows))
        file.tell("checking")
        accepted, refused = checks.check(cursor, file.fit, file.tables)
        first_day, last_day = merge.reach(cursor, file.fit.dataset, file.tables)
        report = replace(
            file.report,
            accepted=accepted,
            refused=refused,
            warnings=checks.warnings(cursor, file.fit, file.tables, accepted),
            first_day=first_day,
            last_day=last_day,
            sample=records.sample(cursor, file.tables),
            seconds=time.monotonic() - began,
        )
    return replace(file, report=report)


def write(cursor: Cursor, run: Run, file: File) -> FileReport:
    """Merge a checked file, within the run's transaction, and record that."""
    if not file.is_new:
        records.keep(run, file.report, file.sha256)
        return file.report
    began = time.monotonic()
    file.tell("writing")
    dataset = file.fit.dataset
    reps.name_reps(cursor, dataset, file.tables)
    changes = merge.compare(cursor, dataset, file.tables)
    report = replace(
        file.report,
        inserted=changes.inserted,
        updated=changes.updated,
        unchanged=file.report.accepted - changes.inserted - changes.updated,
    )
    kept = records.keep(run, report, file.sha256)
    records.keep_refused(cursor, kept, file.tables)
    if changes.inserted or changes.updated:
        merge.merge(cursor, dataset, file.tables, changes, kept.pk, run.at)
        if dataset.roll_up and changes.days:
            dataset.roll_up(changes.days)
    return replace(report, seconds=report.seconds + time.monotonic() - began)


def drop(files: Sequence[File]) -> None:
    """Let go of the files' temporary tables, if there still is a connection that has them."""
    if connection.is_usable():
        with connection.cursor() as cursor:
            for file in files:
                file.tables.drop(cursor)


def _open(source: Source, fit: Fit, nth: int, progress: Progress | None) -> File:
    report = FileReport(source.name, "loaded", dataset=fit.dataset.name)
    return File(source, fit, records.digest(source.path), Tables(nth), report, progress)


def _unchanged(file: File, newest: DataLoad) -> File:
    report = replace(
        file.report,
        status="unchanged",
        message="was already loaded",
        rows=newest.rows,
        accepted=newest.accepted,
        refused=newest.refused,
        unchanged=newest.accepted,
        warnings=newest.warnings,
        sample=records.kept_sample(newest),
        first_day=newest.first_day,
        last_day=newest.last_day,
    )
    return replace(file, report=report)
