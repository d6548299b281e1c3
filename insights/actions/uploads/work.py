"""Does what was asked of an upload, and tells how far it is while it goes on."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.db import DatabaseError, transaction

from insights.actions.uploads.beating import Beat
from insights.models import Upload
from insights.queries.landed import is_undone, own_load, plain, sentence
from insights.queries.uploads import lacking, opened
from revops_site.kernel import audit, clock, loading
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import NotNewestError, Progress, undo
from revops_site.kernel.loading.rows import BusyError
from revops_site.kernel.models import DataLoad
from revops_site.kernel.profiles import ProfileError
from revops_site.kernel.reading import UnreadableError

logger = logging.getLogger(__name__)

TASK = "insights.tasks.work_on_upload"
QUEUE = "uploads"
PREVIEWED = 20
LACKS = "The mapping looks values up in {}, which is not here. Send it along, below."
FAILED = "The product failed at it. Nothing was changed; try again, or ask your administrator."


class TooLongError(Exception):
    """A check takes longer than somebody waits for it."""


def work(upload_id: int, attempt: int, catalog: Sequence[Dataset]) -> None:
    """Check, import or undo an upload, if this is still what was asked for last."""
    one = _begin(upload_id, attempt)
    if one is None:
        return
    state, message = Upload.State.FAILED, FAILED
    try:
        with Beat(one.pk, attempt) as beat:
            if one.state == Upload.State.CHECKING:
                show(one, catalog)
                try_out(one, catalog, beat.tell)
                state, message = Upload.State.READY, ""
            elif one.state == Upload.State.UNDOING:
                state = Upload.State.DONE  # what failed at undoing is imported still
                state, message = _undo(one, catalog)
            else:
                state, message = _import(one, catalog, beat.tell)
    finally:
        _end(one, attempt, state, message)


def show(one: Upload, catalog: Sequence[Dataset]) -> None:
    """Keep how the first rows would be stored by the mapping of now."""
    if names := lacking(one):
        one.checked = {"problem": LACKS.format(" and ".join(f"“{name}”" for name in names))}
        return
    try:
        with opened(one) as (path, profile):
            seen = loading.preview(path, profile, catalog, PREVIEWED)
    except (UnreadableError, ProfileError) as error:
        one.checked = {"problem": sentence(one, str(error))}
        return
    rows = [
        {"line": row.line, "cells": list(row.cells), "troubles": dict(row.troubles)}
        for row in seen.rows
    ]
    told = {"titles": list(seen.titles), "rows": rows, "appended": seen.appended}
    one.checked = {"preview": told}


def try_out(one: Upload, catalog: Sequence[Dataset], progress: Progress | None = None) -> None:
    """Keep what an import by the mapping of now would do."""
    if one.checked.get("problem"):
        return
    try:
        report = _load(one, catalog, progress, dry_run=True)
    except (DatabaseError, TooLongError):
        raise
    except Exception:
        logger.exception("the check of upload %s failed", one.pk)
        one.checked = {**one.checked, "problem": FAILED}
        return
    (file,) = report.files
    if report.stopped:
        one.checked = {**one.checked, "problem": sentence(one, file.message)}
    else:
        one.checked = {**one.checked, "report": plain(file)}


def _import(
    one: Upload, catalog: Sequence[Dataset], progress: Progress
) -> tuple[Upload.State, str]:
    report = _load(one, catalog, progress, dry_run=False)
    (file,) = report.files
    one.load = DataLoad.objects.filter(run=report.run).order_by("id").last()
    one.report = plain(file)
    if report.stopped:
        return Upload.State.FAILED, sentence(one, file.message)
    mine = own_load(one)
    if mine and file.status == "unchanged":  # an attempt that nobody heard of again has done it
        one.load, one.report = mine, plain(loading.recalled(mine))
    return Upload.State.DONE, ""


def _undo(one: Upload, catalog: Sequence[Dataset]) -> tuple[Upload.State, str]:
    try:
        if one.load is None:
            raise NotNewestError("Which load it was is not known any more.")
        if not is_undone(one.load):
            undo(one.load, catalog, one.asked_by)
    except (NotNewestError, BusyError) as error:
        return Upload.State.DONE, str(error)
    return Upload.State.UNDONE, ""


def _load(
    one: Upload, catalog: Sequence[Dataset], progress: Progress | None, *, dry_run: bool
) -> loading.Report:
    with opened(one) as (path, profile):
        return loading.load(
            [path],
            catalog,
            profile=profile,
            dry_run=dry_run,
            by=one.asked_by,
            run=one.run(one.attempt),
            progress=progress,
        )


def _is_mapped_as(one: Upload, other: Upload) -> bool:
    return (one.profile, one.beside) == (other.profile, other.beside)


@transaction.atomic
def _begin(upload_id: int, attempt: int) -> Upload | None:
    one = Upload.objects.select_for_update().filter(pk=upload_id, attempt=attempt).first()
    begun = Upload.State.IMPORTING
    if one is None or one.state not in Upload.BUSY or one.state == begun:
        return None
    one.state = begun if one.state == Upload.State.WAITING else one.state
    one.beat_at = clock.now()
    one.save(update_fields=["state", "beat_at"])
    return one


@transaction.atomic
def _end(one: Upload, attempt: int, state: Upload.State, message: str) -> None:
    """Keep what came of it, unless somebody has given up on it and asked anew."""
    now = Upload.objects.select_for_update().filter(pk=one.pk, attempt=attempt).first()
    if now is None:
        return
    now.state, now.message, now.progress = state, message, {}
    now.report, now.load = one.report, one.load
    if one.state == Upload.State.CHECKING and _is_mapped_as(now, one):
        now.checked = one.checked
    now.save()
    if state != Upload.State.READY:
        audit.record(
            f"upload {now.get_state_display().lower()}",
            user=one.asked_by,
            target=str(now),
            load=now.load_id,
            message=message,
        )
