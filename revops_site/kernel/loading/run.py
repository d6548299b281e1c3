"""One run of the loader: its files staged, checked and merged in a single transaction."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Literal, TypeAlias

from django.db import connection, transaction

from revops_site.kernel import clock
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import aside, files, landing, records, session
from revops_site.kernel.loading.files import File
from revops_site.kernel.loading.landing import Landed
from revops_site.kernel.loading.opening import ANYTHING, Asked
from revops_site.kernel.loading.records import Run
from revops_site.kernel.loading.reports import FileReport, Progress, Report, Stopped
from revops_site.kernel.loading.sources import Source, find, named
from revops_site.kernel.loading.staging import BrokenError, Cursor
from revops_site.kernel.models import User
from revops_site.kernel.profiles import Profile
from revops_site.kernel.reading import Layout

Kind: TypeAlias = Literal["file", "generated", "sync", "app"]
Commit: TypeAlias = Literal["all", "each"]


def load(
    paths: Sequence[Path | str],
    catalog: Sequence[Dataset],
    *,
    dataset: str | None = None,
    profile: Profile | None = None,
    layout: Layout = ANYTHING,
    commit: Commit = "all",
    strict: bool = False,
    dry_run: bool = False,
    by: User | None = None,
    kind: Kind = "file",
    run: uuid.UUID | None = None,
    progress: Progress | None = None,
    clear: Callable[[Cursor], None] | None = None,
) -> Report:
    """Load files of tables, or folders of them, into the tables of the catalog's datasets.

    All files come in together or none does; with ``commit`` "each" every file comes in by itself,
    one that cannot is refused, and a run that was ended goes on where it stopped when it is called
    again. ``dataset`` names the one that every file is of;
    without it name and header tell. ``profile`` says how a stranger's records become those of its
    dataset, ``layout`` how the files are read; what they leave open is found by looking.
    ``strict`` loads nothing when any row is refused; ``dry_run`` does all but keep the result;
    ``kind`` says where the files come from, ``run`` by which id its loads are found again
    (``commit`` "all" alone); without it there is a new one. ``clear`` takes out what the files
    come in place of: called before any of them is merged, in the same transaction, where any is
    new. Whatever a file holds, the answer is a report; errors of the database are raised as
    ``django.db.Error``, an unknown ``dataset``, or none with a ``profile``, as ``ValueError``.
    """
    started = time.monotonic()
    this = Run(run or uuid.uuid4(), clock.now(), by, dry_run, kind)
    name = dataset or (profile.dataset if profile else None)
    asked = Asked(None if name is None else named(name, catalog), profile, layout)
    sources = find([Path(path) for path in paths], catalog, asked)
    skipped = [_skipped(source) for source in sources if source.skipped]
    taken = [source for source in sources if not source.skipped]
    stopped: Stopped = ""
    if commit == "each" and taken and clear is None:
        done = _load_each(this, taken, strict, progress)
    elif not taken or any(source.problem for source in taken):
        stopped, done = "unreadable", _refuse_run(this, taken)
    else:
        try:
            stopped, done = session.insist(lambda: _load(this, taken, strict, progress, clear))
        except BrokenError as error:
            stopped, done = "unreadable", _refuse_run(this, _broken(taken, error))
    seconds = time.monotonic() - started
    return Report(str(this.id), (*done, *skipped), stopped, dry_run, seconds)


def _skipped(source: Source) -> FileReport:
    return FileReport(source.name, "skipped", message=source.problem)


def _broken(sources: Sequence[Source], error: BrokenError) -> list[Source]:
    return [replace(s, problem=error.says) if s is error.source else s for s in sources]


def _refuse_run(run: Run, sources: Sequence[Source]) -> list[FileReport]:
    """Nothing is loaded; each file says why, and those of a known dataset are recorded."""
    culprit = next((source.name for source in sources if source.problem), "")
    done = []
    for source in sources:
        says = source.problem or f"is not loaded, because {culprit} stopped the run"
        name = source.fit.dataset.name if source.fit else ""
        report = FileReport(source.name, "refused", dataset=name, message=says)
        if name and not run.dry:
            records.keep(run, report)
        done.append(report)
    return done


def _load(
    run: Run,
    sources: Sequence[Source],
    strict: bool,
    progress: Progress | None,
    clear: Callable[[Cursor], None] | None,
) -> tuple[Stopped, list[FileReport]]:
    with _opened(sources, progress) as opened:
        return _merged(run, opened, strict, clear)


def _load_each(
    run: Run, sources: Sequence[Source], strict: bool, progress: Progress | None
) -> list[FileReport]:
    """Each file in a transaction of its own; those that cannot be read are told of last."""
    done: list[FileReport] = []
    bad = [source for source in sources if source.problem]
    with _opened([source for source in sources if not source.problem], progress) as opened:
        for file in opened:
            one = replace(run, id=uuid.uuid4(), at=clock.now())
            try:
                _, reports = session.insist(partial(_merged, one, [file], strict, None))
                done += reports
            except BrokenError as error:
                bad += _broken([file.source], error)
    for source in bad:
        done += _refuse_run(replace(run, id=uuid.uuid4()), [source])
    return done


@contextmanager
def _opened(sources: Sequence[Source], progress: Progress | None) -> Iterator[list[File]]:
    """The files, while nobody else loads any of their datasets."""
    with session.unhurried(), session.locked(s.fit.dataset.name for s in sources if s.fit):
        yield files.open_all(sources, progress)


def _merged(
    run: Run, opened: list[File], strict: bool, clear: Callable[[Cursor], None] | None
) -> tuple[Stopped, list[FileReport]]:
    """The files loaded in one transaction."""
    with TemporaryFile() as refused:
        with transaction.atomic(), connection.cursor() as cursor:
            if clear and any(file.is_new for file in opened):
                clear(cursor)
                opened = [file.anew for file in opened]
            landed = [files.load(cursor, run, file) for file in opened]
            too_many = strict and any(load.report.refused for load in landed)
            if too_many:
                aside.take(cursor, [load.kept.pk for load in landed], refused)
            else:
                done = landing.finish(cursor, landed)
            for file in opened:
                file.tables.drop(cursor)
            transaction.set_rollback(run.dry or too_many)
        if too_many:
            return "strict", _refuse_rows(run, opened, landed, refused)
    if run.dry:
        done = [replace(r, status="checked") if r.status == "loaded" else r for r in done]
    return "", done


def _refuse_rows(
    run: Run, opened: Sequence[File], landed: Sequence[Landed], refused: IO[bytes]
) -> list[FileReport]:
    """Strictness: nothing is loaded; what was refused is kept, to be looked at."""
    done = []
    for load in landed:
        found = load.report
        says = f"is not loaded, because of {found.refused or 'another file’s'} refused rows"
        nothing = replace(found, inserted=0, updated=0, unchanged=0)
        done.append(replace(nothing, status="refused", message=says))
    if not run.dry:
        with transaction.atomic(), connection.cursor() as cursor:
            origins = [file.origin for file in opened]
            kept = [records.keep(run, *each) for each in zip(done, origins, strict=True)]
            was = [load.kept.pk for load in landed]
            aside.put_back(cursor, refused, dict(zip(was, [load.pk for load in kept], strict=True)))
    return done
