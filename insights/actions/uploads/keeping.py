"""Keeps the bytes of a file that was sent, under their hash, where nobody is served them."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from insights.actions.uploads import mappings
from insights.actions.uploads.refusals import RefusedError
from insights.models import Upload
from insights.queries.uploads import LONGEST_NAME, kept, named
from revops_site.kernel import audit, receiving
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.errors import DISK_IS_FULL
from revops_site.kernel.models import User

__all__ = ["RefusedError", "keep"]


def keep(
    *,
    user: User,
    name: str,
    size: int,
    chunks: Iterable[bytes],
    catalog: Sequence[Dataset],
    at: datetime,
) -> Upload:
    """Keep a file, and map it as well as a look at it allows; RefusedError where it cannot be read.

    What cannot be read is not kept.
    """
    name = plain_name(name)
    sha256, size = keep_bytes(user, name, size, chunks)
    upload = Upload(
        uploaded_by=user, uploaded_at=at, file_name=name, size=size, sha256=sha256, profile=""
    )
    try:
        with named(upload) as path:
            mappings.begin(upload, path, catalog)
    except RefusedError as error:
        _forget(sha256)
        raise _refused(user, name, str(error)) from error
    with transaction.atomic():
        upload.save()
        audit.record("file uploaded", user=user, target=str(upload), sha256=sha256, size=size)
    return upload


def keep_bytes(user: User, name: str, size: int, chunks: Iterable[bytes]) -> tuple[str, int]:
    """The hash and size of bytes that are kept now; RefusedError where there is no room."""
    settings.UPLOADS.mkdir(mode=0o700, parents=True, exist_ok=True)
    if why := receiving.trouble(size, settings.UPLOADS):
        raise _refused(user, name, why)
    try:
        return _write(chunks)
    except OSError as error:
        if error.errno in DISK_IS_FULL:
            raise
        why = f"The file could not be kept: {error.strerror or error}."
        raise _refused(user, name, why) from error


def plain_name(name: str) -> str:
    """A name that a folder can have, with its ending, whatever the browser sent."""
    plain = "".join(one if one.isprintable() else " " for one in name.replace("\\", "/"))
    path = Path(plain.rpartition("/")[2].strip(" .") or "file")
    return path.stem[: LONGEST_NAME - 10] + path.suffix[:10]


def _write(chunks: Iterable[bytes]) -> tuple[str, int]:
    """The hash and size of what was written; half a file stays nowhere."""
    path = settings.UPLOADS / f".incoming-{secrets.token_hex(8)}"
    digest, size = hashlib.sha256(), 0
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    try:
        with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        path.replace(kept(digest.hexdigest()))
    finally:
        path.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _forget(sha256: str) -> None:
    if not Upload.objects.filter(sha256=sha256).exists():
        kept(sha256).unlink(missing_ok=True)


def _refused(user: User, name: str, why: str) -> RefusedError:
    audit.record("file refused", user=user, target=name, reason=why)
    return RefusedError(why)
