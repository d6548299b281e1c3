"""Makes a file that was asked for: whole and under its hash before anybody is told that it is."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias

from django.conf import settings
from django.db import DatabaseError, transaction

from insights.models import MadeFile
from insights.queries.files import kept, picture
from revops_site.kernel import audit, clock

logger = logging.getLogger(__name__)

TASK = "insights.tasks.make_file"
EXPORTS_KEPT = timedelta(days=7)
EVERY = 1.0  # seconds between two signs of work
FAILED = "The product failed at it. Try again, or tell your administrator the number of this file."

Tell: TypeAlias = Callable[[int, int, str], None]
"""Called with how many steps are done, of how many, and what is being done."""


@dataclass(frozen=True)
class Made:
    """What was made: the file at ``path``, pictures of its pages, and what it shows.

    ``reps`` are those whose rows may be in it, None for everybody's; ``said`` are its filters in
    words; ``generation`` is that of the data.
    """

    path: Path
    name: str
    as_of: date
    said: str
    reps: Sequence[str] | None
    generation: int
    pictures: Sequence[bytes] = ()
    headlines: Sequence[Sequence[str]] = ()


class NotMadeError(Exception):
    """Why a file cannot be made, in a sentence for who asked for it."""


Produce: TypeAlias = Callable[[MadeFile, Path, Tell], Made]


def make(file_id: int, produce: Produce) -> None:
    """Make the file, unless it is there; ``produce`` writes into the folder that it is given.

    A worker that dies in the middle leaves nothing but a folder: another one begins anew.
    """
    one = _begin(file_id)
    if one is None:
        return
    root = Path(settings.FILES)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    message = FAILED
    made = None
    try:
        with tempfile.TemporaryDirectory(dir=root, prefix=".making-") as folder:
            made = produce(one, Path(folder), _Beat(one.pk).tell)
            digest, size = _put(made)
        _done(one.pk, made, digest, size)
        return
    except NotMadeError as why:
        message = str(why)
    except DatabaseError:
        raise  # the database is away: the queue tries again
    except Exception:
        logger.exception("file %s was not made", one.pk)
    _failed(one.pk, message)


@transaction.atomic
def _begin(file_id: int) -> MadeFile | None:
    found = MadeFile.objects.select_for_update(of=("self",)).select_related("owner")
    one = found.filter(pk=file_id, state__in=MadeFile.BUSY).first()
    if one is None:
        return None
    one.state, one.beat_at = MadeFile.State.MAKING, clock.now()
    one.save(update_fields=["state", "beat_at"])
    return one


class _Beat:
    """Notes now and then how far the work is."""

    def __init__(self, file_id: int) -> None:
        self._file_id = file_id
        self._last = 0.0

    def tell(self, done: int, total: int, says: str) -> None:
        now = time.monotonic()
        if now - self._last < EVERY and done < total:
            return
        self._last = now
        progress = {"done": done, "total": total, "says": says}
        found = MadeFile.objects.filter(pk=self._file_id, state=MadeFile.State.MAKING)
        found.update(beat_at=clock.now(), progress=progress)


def _put(made: Made) -> tuple[str, int]:
    """Move the bytes to where they are kept; their SHA-256 and how many they are."""
    with made.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    for number, pictured in enumerate(made.pictures, start=1):
        beside = made.path.parent / f"page-{number}.png"
        beside.write_bytes(pictured)
        beside.replace(picture(digest, number))
    size = made.path.stat().st_size
    made.path.replace(kept(digest))
    return digest, size


@transaction.atomic
def _done(file_id: int, made: Made, digest: str, size: int) -> None:
    one = MadeFile.objects.select_for_update().filter(pk=file_id).first()
    if one is None or one.state not in MadeFile.BUSY:
        return
    now = clock.now()
    one.state, one.message, one.progress, one.ended_at = MadeFile.State.DONE, "", {}, now
    one.file_name, one.size, one.sha256 = made.name[:200], size, digest
    one.pages, one.as_of, one.said = len(made.pictures), made.as_of, made.said
    one.reps = None if made.reps is None else list(made.reps)
    one.generation, one.headlines = made.generation, [list(each) for each in made.headlines]
    days = timedelta(days=settings.REPORTS_KEPT_DAYS)
    if one.kind != MadeFile.Kind.REPORT:
        one.expires_at = now + EXPORTS_KEPT
    elif days:
        one.expires_at = now + days
    one.save()
    audit.record("file made", user=one.owner, target=str(one), file=one.pk, sha256=digest)


@transaction.atomic
def _failed(file_id: int, message: str) -> None:
    one = MadeFile.objects.select_for_update().filter(pk=file_id).first()
    if one is None or one.state not in MadeFile.BUSY:
        return
    one.state, one.message, one.ended_at = MadeFile.State.FAILED, message, clock.now()
    one.progress = {}
    one.save()
    audit.record("file not made", user=one.owner, target=str(one), file=one.pk, why=message)
