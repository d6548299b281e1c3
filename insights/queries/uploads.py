"""Reads the files that were sent, and the mappings that were saved."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from insights.models import SavedProfile, Upload
from insights.queries.landed import settle
from insights.queries.loads import Page, paged

LONGEST_NAME = 80
SILENCE = timedelta(seconds=60)
REASONS = "refused because"
MOST_SAVED = 200


def upload(upload_id: int) -> Upload | None:
    """One upload; None where there is no such."""
    found = Upload.objects.select_related("uploaded_by", "load")
    one = found.filter(pk=upload_id).first()
    if one:
        settle([one])
    return one


def uploads(page: int = 1) -> Page[Upload]:
    """A page of the uploads, the newest first."""
    found = Upload.objects.select_related("uploaded_by", "load").defer(
        "profile", "found", "checked"
    )
    shown = paged(found.order_by("-id"), page)
    settle(shown.rows)
    return shown


def saved_profiles() -> Sequence[SavedProfile]:
    """The saved mappings, by name."""
    return list(SavedProfile.objects.select_related("owner")[:MOST_SAVED])


def mapped_before(headers: Sequence[str]) -> Upload | None:
    """The newest import of a file with just these headers."""
    done = Upload.objects.filter(state=Upload.State.DONE, found__headers=list(headers))
    return done.order_by("-id").first()


def is_stalled(one: Upload, now: datetime) -> bool:
    """Whether whoever worked on it has been silent for too long."""
    return one.state in Upload.BUSY and (one.beat_at is None or now - one.beat_at > SILENCE)


def kept(sha256: str) -> Path:
    """Where the bytes of this hash lie."""
    return Path(settings.UPLOADS) / sha256


@contextmanager
def named(one: Upload) -> Iterator[Path]:
    """The file under the name that it was sent by, alone in a folder, for as long as it is read."""
    with tempfile.TemporaryDirectory(dir=settings.UPLOADS, prefix=".read-") as folder:
        path = Path(folder) / one.file_name
        try:
            os.link(kept(one.sha256), path)
        except FileNotFoundError:
            pass  # whoever reads it will say so
        except OSError:
            path.symlink_to(kept(one.sha256))
        yield path
