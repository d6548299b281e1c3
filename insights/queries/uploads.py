"""Reads the files that were sent, and the mappings that were saved."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from insights.models import SavedProfile, Upload
from insights.queries.landed import settle
from insights.queries.loads import Page, paged
from revops_site.kernel.profiles import Profile, parse

LONGEST_NAME = 80
SILENCE = timedelta(seconds=60)
MOST_SAVED = 200
BESIDE = ".beside"


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


def kept_until(one: Upload) -> datetime | None:
    """When its bytes will be let go; None where they are kept for good, or are gone."""
    if one.bytes_deleted_at or not settings.UPLOADS_KEPT_DAYS:
        return None
    return one.uploaded_at + timedelta(days=settings.UPLOADS_KEPT_DAYS)


def sent_as(load_id: int) -> Upload | None:
    """The upload that a load was made of; None where the file came otherwise."""
    return Upload.objects.filter(load=load_id).only("uploaded_at", "bytes_deleted_at").first()


def lacking(one: Upload) -> list[str]:
    """The second files that its mapping looks up in and that are not there."""
    files = dict.fromkeys(lookup.file for lookup in parse(one.profile).lookups.values())
    return [name for name in files if not _is_kept(one.beside.get(name))]


@contextmanager
def opened(one: Upload) -> Iterator[tuple[Path, Profile]]:
    """The file as ``named`` has it, and its mapping with the second files where it finds them."""
    with named(one) as path:
        folder = path.parent / BESIDE
        for name, file in one.beside.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            _put(kept(file["sha256"]), place)
        yield path, parse(one.profile, folder)


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


def _is_kept(file: Mapping[str, Any] | None) -> bool:
    return file is not None and kept(file["sha256"]).exists()


def _put(path: Path, place: Path) -> None:
    """The same file at another place; a copy where the file system has no links of this kind."""
    try:
        os.link(path, place)
    except FileNotFoundError:
        pass
    except OSError:
        shutil.copyfile(path, place)
