"""Staged records into their table, and what follows: the steps of every load, file or edit."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from revops_site.kernel import freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import (
    changelog,
    checks,
    doubts,
    duplicates,
    merge,
    people,
    reasons,
    records,
    touched,
)
from revops_site.kernel.loading.checks import Looked
from revops_site.kernel.loading.records import NOWHERE, Origin, Run
from revops_site.kernel.loading.reports import FileReport, Lines
from revops_site.kernel.loading.sources import Fit
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.loading.touched import Touched
from revops_site.kernel.models import DataLoad


@dataclass(frozen=True)
class Landed:
    """A load whose rows are in their table, while the run still goes on."""

    dataset: Dataset
    tables: Tables
    report: FileReport
    kept: DataLoad
    touched: Touched = field(default_factory=dict)

    @property
    def is_change(self) -> bool:
        """Whether the table is another one than before."""
        return bool(self.report.inserted or self.report.updated or self.report.deleted)


def checked(
    cursor: Cursor,
    fit: Fit,
    tables: Tables,
    report: FileReport,
    looked: Looked = checks.UNSEEN,
) -> FileReport:
    """Check what is staged; the report then has all counts but those of the merge.

    ``looked`` says what of it was looked at before.
    """
    accepted, refused, twice = checks.check(cursor, fit, tables, looked)
    first_day, last_day = merge.reach(cursor, fit.dataset, tables)
    return replace(
        report,
        dataset=fit.dataset.name,
        accepted=accepted,
        refused=refused,
        warnings=doubts.warnings(cursor, fit, tables, accepted),
        first_day=first_day,
        last_day=last_day,
        sample=records.sample(cursor, tables),
        reasons=reasons.counted(cursor, tables) if refused else (),
        repeats=_together(report.repeats, twice.repeats),
        replaced=twice.replaced,
    )


def _together(some: Lines, others: Lines) -> Lines:
    lines = sorted((*some.lines, *others.lines))
    return Lines(some.rows + others.rows, tuple(lines[: duplicates.LISTED]))


def land(
    cursor: Cursor,
    run: Run,
    dataset: Dataset,
    tables: Tables,
    report: FileReport,
    origin: Origin = NOWHERE,
) -> Landed:
    """Merge the accepted rows, log what they change, and record the load."""
    made = people.settle(cursor, dataset, tables)
    touched.hold(cursor, dataset)
    changes = merge.compare(cursor, dataset, tables, report.accepted)
    unchanged = report.accepted - changes.inserted - changes.updated
    report = replace(
        report, inserted=changes.inserted, updated=changes.updated, unchanged=unchanged
    )
    records.forget_former(cursor, dataset.name)
    kept = records.keep(run, report, origin, made)
    records.keep_refused(cursor, kept, tables)
    if not changes.rows:
        return Landed(dataset, tables, report, kept)
    if changes.updated:
        changelog.write(cursor, dataset, tables, run.logged or run.kind, kept.pk, run.at)
        if dataset.repeated and run.kind == "sync":
            dataset.repeated.follow(cursor, tables.changed, tables.was)
    found = touched.by_merge(cursor, dataset, tables, changes)
    if changes.updated:
        records.outlive(cursor, tables)
        if run.kind == "file":
            records.keep_former(cursor, kept, tables)
    merge.merge(cursor, dataset, tables, changes, kept.pk, run.at)
    return Landed(dataset, tables, report, kept, found)


def take_out(
    cursor: Cursor,
    run: Run,
    dataset: Dataset,
    tables: Tables,
    keys: Sequence[tuple[Any, ...]],
    report: FileReport,
) -> Landed:
    """Delete the rows of these keys, values of the dataset's key columns, and record that."""
    tables.drop(cursor)
    touched.hold(cursor, dataset)
    deleted = merge.remove(cursor, dataset, tables, keys)
    report = replace(report, dataset=dataset.name, deleted=deleted)
    found = touched.by_removal(cursor, dataset, tables)
    records.outlive(cursor, tables)
    records.forget_former(cursor, dataset.name)
    kept = records.keep(run, report)
    changelog.write_gone(cursor, dataset, tables, run.kind, kept.pk, run.at)
    return Landed(dataset, tables, report, kept, found)


def finish(cursor: Cursor, landed: Sequence[Landed]) -> list[FileReport]:
    """Do what is done once in a run, last in its transaction; the reports are complete then.

    The touched roll-ups are computed anew, whoever waits for a dataset's changes is told, what
    points at nothing is counted, and the change of the data is counted.
    """
    touched.refresh(load.touched for load in landed)
    for after in dict.fromkeys(load.dataset.after for load in landed if load.is_change):
        if after:
            after()
    reports = [_completed(cursor, load) for load in landed]
    if any(report.status == "loaded" for report in reports):
        freshness.bump()
    return reports


def _completed(cursor: Cursor, load: Landed) -> FileReport:
    began = time.monotonic()
    if load.report.status != "loaded" or not load.report.accepted:
        return load.report
    orphans = doubts.orphans(cursor, load.dataset, load.tables)
    warnings = {**load.report.warnings, **orphans}
    records.complete(load.kept, warnings)
    seconds = load.report.seconds + time.monotonic() - began
    return replace(load.report, warnings=warnings, seconds=seconds)
