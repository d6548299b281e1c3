"""Lets go of the bytes of uploads after their time; what is known of them stays, hash and all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from insights.models import SavedProfile, Upload
from insights.queries.landed import settle
from insights.queries.uploads import is_stalled
from revops_site.kernel import audit

HASH = re.compile(r"[0-9a-f]{64}")
UNFINISHED = (".incoming-", ".read-")
RECEIVED = "*.upload*"  # what Django calls a file that is on its way in
A_DAY = timedelta(days=1)


def forget_old(now: datetime) -> int:
    """Delete the bytes that no young upload and no saved mapping needs; of how many uploads.

    What was half written or half read when somebody died goes after a day.
    """
    _settle(now)
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob(RECEIVED):
        if _is_old(path, now):
            path.unlink(missing_ok=True)
    if not settings.UPLOADS.is_dir():
        return 0
    since = now - timedelta(days=settings.UPLOADS_KEPT_DAYS)
    wanted = {*_wanted(since)}
    for path in settings.UPLOADS.iterdir():
        if not _is_old(path, now):
            continue
        if path.name.startswith(UNFINISHED) and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name.startswith(UNFINISHED) or _is_done_with(path, wanted):
            path.unlink(missing_ok=True)
    return _noted(since, now) if settings.UPLOADS_KEPT_DAYS else 0


def _is_old(path: Path, now: datetime) -> bool:
    return now.timestamp() - path.stat().st_mtime >= A_DAY.total_seconds()


def _is_done_with(path: Path, wanted: set[str]) -> bool:
    return HASH.fullmatch(path.name) is not None and path.name not in wanted


def _wanted(since: datetime) -> Iterator[str]:
    """The hashes of bytes that are still needed; all of them where they are kept for good."""
    kept = Upload.objects.filter(bytes_deleted_at=None)
    if settings.UPLOADS_KEPT_DAYS:
        kept = kept.filter(uploaded_at__gte=since) | kept.filter(state__in=Upload.BUSY)
    for sha256, beside in kept.values_list("sha256", "beside").iterator():
        yield sha256
        yield from (file["sha256"] for file in beside.values())
    for beside in SavedProfile.objects.values_list("beside", flat=True):
        yield from (file["sha256"] for file in beside.values())


def _noted(since: datetime, now: datetime) -> int:
    """Say at each upload from before that its bytes are gone."""
    there = {path.name for path in settings.UPLOADS.iterdir()}
    old = Upload.objects.filter(bytes_deleted_at=None, uploaded_at__lt=since)
    gone = [one for one in old.only("sha256", "file_name") if one.sha256 not in there]
    Upload.objects.filter(pk__in=[one.pk for one in gone]).update(bytes_deleted_at=now)
    for one in gone:
        audit.record("uploaded file deleted", target=str(one), sha256=one.sha256)
    return len(gone)


def _settle(now: datetime) -> None:
    """Note what came of uploads whose workers died before they did."""
    silent = [one for one in Upload.objects.filter(state__in=Upload.BUSY) if is_stalled(one, now)]
    before = {one.pk: one.state for one in silent}
    settle(silent)
    for one in silent:
        if one.state != before[one.pk]:
            one.save()
