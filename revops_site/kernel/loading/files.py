"""One file of a run: found to be loaded already, or staged, checked and merged."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from revops_site.kernel import clock
from revops_site.kernel.loading import landing, people, reasons, records, staging
from revops_site.kernel.loading.landing import Landed
from revops_site.kernel.loading.records import Origin, Run
from revops_site.kernel.loading.reports import NO_LINES, FileReport, Progress, Stage, Step
from revops_site.kernel.loading.sources import Fit, Source
from revops_site.kernel.loading.staging import Cursor, Staged, Tables
from revops_site.kernel.models import DataLoad
from revops_site.kernel.profiles.drops import REPEATS


@dataclass(frozen=True)
class File:
    """A readable file on its way through a run, with what is known of it so far."""

    source: Source
    fit: Fit
    origin: Origin
    tables: Tables
    report: FileReport
    progress: Progress | None

    @property
    def is_new(self) -> bool:
        """Whether the file is to be loaded: its dataset's newest load was of other bytes."""
        return self.report.status != "unchanged"

    @property
    def anew(self) -> File:
        """The same file, to be loaded whatever was loaded before."""
        return replace(self, report=_to_load(self.source, self.fit))

    def tell(self, stage: Stage, staged: Staged) -> None:
        """Tell whoever follows the run that this stage begins, with all records read."""
        if self.progress:
            total = staged.total
            self.progress(Step(self.source.name, stage, staged.rows, total, total))


def open_all(sources: Sequence[Source], progress: Progress | None) -> list[File]:
    """The recognised files; those that their dataset's newest loads were made of say so.

    A file that names people is loaded again when others are known than then.
    """
    fits = [(source, source.fit) for source in sources if source.fit and not source.skipped]
    opened: list[File] = []
    for name in dict.fromkeys(fit.dataset.name for _, fit in fits):
        mine = [
            _open(source, fit, nth, progress)
            for nth, (source, fit) in enumerate(fits)
            if fit.dataset.name == name
        ]
        known = records.already_loaded(name, [file.origin for file in mine])
        if known and _knows_others(mine[0], known[-1], opened):
            known = []
        opened += map(_unchanged, mine, known)
        opened += mine[len(known) :]
    return opened


def load(cursor: Cursor, run: Run, file: File) -> Landed:
    """Load one file, within the run's transaction, and record that."""
    if not file.is_new:
        kept = records.keep(run, file.report, file.origin)
        return Landed(file.fit.dataset, file.tables, file.report, kept)
    at, began = clock.now(), time.monotonic()
    file.tables.drop(cursor)
    staged = staging.stage(cursor, file.source, file.tables, file.progress)
    file.tell("checking", staged)
    repeats = staged.dropped.get(REPEATS, NO_LINES)
    report = replace(file.report, rows=staged.rows, dropped=staged.dropped, repeats=repeats)
    report = landing.checked(cursor, file.fit, file.tables, report)
    report = replace(report, warnings={**staged.remarks, **report.warnings})
    file.tell("writing", staged)
    landed = landing.land(cursor, run, file.fit.dataset, file.tables, report, file.origin)
    records.begun(landed.kept, at)
    seconds = time.monotonic() - began
    return replace(landed, report=replace(landed.report, seconds=seconds))


def _open(source: Source, fit: Fit, nth: int, progress: Progress | None) -> File:
    report = _to_load(source, fit)
    reading = source.way.reading
    origin = Origin(records.digest(source.path), reading.sha256 if reading else "")
    return File(source, fit, origin, Tables(nth), report, progress)


def _to_load(source: Source, fit: Fit) -> FileReport:
    notes = source.way.reading.notes if source.way.reading else ()
    appended = source.way.reading.appended if source.way.reading else ()
    name = fit.dataset.name
    return FileReport(source.name, "loaded", dataset=name, notes=notes, appended=appended)


def _knows_others(file: File, newest: DataLoad, opened: Sequence[File]) -> bool:
    """Whether somebody was introduced since a load, or is by an earlier file of this run."""
    sources = {people.DATASETS[column.kind] for column in people.named(file.fit)}
    if any(other.is_new and other.report.dataset in sources for other in opened):
        return True
    return records.is_changed_since(newest, sources)


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
        reasons=reasons.kept(newest) if newest.refused else (),
        first_day=newest.first_day,
        last_day=newest.last_day,
        dropped=records.kept_dropped(newest),
    )
    return replace(file, report=report)
