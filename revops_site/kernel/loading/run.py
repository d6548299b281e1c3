"""One run of the loader: its files staged and checked, then merged in a single transaction."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from django.db import connection, transaction

from revops_site.kernel import clock, freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import files, records, session
from revops_site.kernel.loading.files import File
from revops_site.kernel.loading.records import Run
from revops_site.kernel.loading.reports import FileReport, Progress, Report, Stopped
from revops_site.kernel.loading.sources import Source, find
from revops_site.kernel.models import User


def load(
    paths: Sequence[Path | str],
    catalog: Sequence[Dataset],
    *,
    dataset: str | None = None,
    strict: bool = False,
    dry_run: bool = False,
    by: User | None = None,
    progress: Progress | None = None,
) -> Report:
    """Load CSV files, or folders of them, into the tables of the catalog's datasets.

    All files come in together or none does. ``dataset`` names the one that every file is of;
    without it name and header tell. ``strict`` loads nothing when any row is refused; ``dry_run``
    does all but keep the result. Whatever a file holds, the answer is a report; errors of the
    database are raised as ``django.db.Error``, an unknown ``dataset`` as ``ValueError``.
    """
    started = time.monotonic()
    run = Run(uuid.uuid4(), clock.now(), by, dry_run)
    sources = find([Path(path) for path in paths], catalog, _named(dataset, catalog))
    skipped = [_skipped(source) for source in sources if source.skipped]
    taken = [source for source in sources if not source.skipped]
    stopped: Stopped = ""
    if not taken or any(source.problem for source in taken):
        stopped, done = "unreadable", _refuse_run(run, taken)
    else:
        stopped, done = _load(run, taken, strict, progress)
    seconds = time.monotonic() - started
    return Report(str(run.id), (*done, *skipped), stopped, dry_run, seconds)


def _named(name: str | None, catalog: Sequence[Dataset]) -> Dataset | None:
    if name is None:
        return None
    for dataset in catalog:
        if dataset.name == name:
            return dataset
    known = ", ".join(dataset.name for dataset in catalog)
    raise ValueError(f"No dataset is called “{name}”; known are {known}.")


def _skipped(source: Source) -> FileReport:
    return FileReport(source.name, "skipped", message=source.problem)


def _refuse_run(run: Run, sources: Sequence[Source]) -> list[FileReport]:
    """Nothing is loaded; each file says why, and those of a known dataset are recorded."""
    culprit = next((source.name for source in sources if source.problem), "")
    done = []
    for source in sources:
        says = source.problem or f"is not loaded, because {culprit} stopped the run"
        name = source.fit.dataset.name if source.fit else ""
        report = FileReport(source.name, "refused", dataset=name, message=says)
        if name and not run.dry:
            records.keep(run, report, "")
        done.append(report)
    return done


def _load(
    run: Run, sources: Sequence[Source], strict: bool, progress: Progress | None
) -> tuple[Stopped, list[FileReport]]:
    with ExitStack() as stack:
        stack.enter_context(session.unhurried())
        stack.enter_context(session.locked(s.fit.dataset.name for s in sources if s.fit))
        opened = files.open_all(sources, progress)
        stack.callback(files.drop, opened)
        checked = [files.check(file) for file in opened]
        if strict and any(file.report.refused for file in checked):
            return "strict", _refuse_rows(run, checked)
        return "", _write(run, checked)


def _write(run: Run, checked: Sequence[File]) -> list[FileReport]:
    """The run's one transaction, taken back at its end in a dry run."""
    with transaction.atomic(), connection.cursor() as cursor:
        done = [files.write(cursor, run, file) for file in checked]
        if any(report.status == "loaded" for report in done):
            freshness.bump()
        if run.dry:
            transaction.set_rollback(True)
    if run.dry:
        return [replace(r, status="checked") if r.status == "loaded" else r for r in done]
    return done


def _refuse_rows(run: Run, checked: Sequence[File]) -> list[FileReport]:
    """Strictness: nothing is loaded; what was refused is kept, to be looked at."""
    done = []
    with transaction.atomic(), connection.cursor() as cursor:
        for file in checked:
            refused = file.report.refused
            says = f"is not loaded, because of {refused or 'another file’s'} refused rows"
            report = replace(file.report, status="refused", message=says, unchanged=0)
            if not run.dry:
                kept = records.keep(run, report, file.sha256)
                if file.is_new:
                    records.keep_refused(cursor, kept, file.tables)
            done.append(report)
    return done
