"""The backup's key, and how bytes go through it: age's format, so that `age -d` reads it, too."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import IO, Protocol

import pyrage
from django.conf import settings

from revops_site.kernel.backups.errors import BackupError

MISSING = (
    "BACKUP_KEY is not set. Make one with `manage.py backup --new-key`, set BACKUP_KEY to it, and "
    "keep a copy where this machine's end does not reach: without it no backup can be read."
)


class Reader(Protocol):
    """What bytes come from."""

    def read(self, size: int = -1, /) -> bytes:
        """So many of them."""


class Writer(Protocol):
    """What bytes go to."""

    def write(self, data: bytes, /) -> int:
        """All of them."""

    def flush(self) -> None:
        """Let none of them wait."""


def new() -> str:
    """A new key."""
    return str(pyrage.x25519.Identity.generate())


def key() -> pyrage.x25519.Identity:
    """The key of the settings; BackupError with a remedy where there is none, or a bad one."""
    if not settings.BACKUP_KEY:
        raise BackupError(MISSING)
    try:
        return pyrage.x25519.Identity.from_str(settings.BACKUP_KEY)
    except pyrage.IdentityError as why:
        raise BackupError(f"BACKUP_KEY is no age key ({why}). {MISSING}") from None


def fingerprint() -> str:
    """What tells one key from another and nothing of either."""
    return hashlib.sha256(f"backup|{key().to_public()}".encode()).hexdigest()[:12]


def signed(text: bytes) -> str:
    """A mark that only whoever has the key can make of a text."""
    made = hmac.new(str(key()).encode(), b"revops backup manifest|" + text, hashlib.sha256)
    return made.hexdigest()


def lock(source: Reader, target: Writer) -> None:
    """Encrypt a stream, however long, in constant memory."""
    try:
        pyrage.encrypt_io(source, target, [key().to_public()])  # type: ignore[arg-type]
    except pyrage.EncryptError as why:
        raise BackupError(f"The backup could not be encrypted: {why}") from why


def unlock(source: IO[bytes], target: Writer, path: Path) -> None:
    """Decrypt a stream in constant memory; BackupError where it was cut or changed."""
    try:
        pyrage.decrypt_io(source, target, [key()])  # type: ignore[arg-type]
    except pyrage.DecryptError as why:
        raise BackupError(f"{path} cannot be read with this BACKUP_KEY: {why}.") from None
    except OSError as why:
        if why.errno is None and not isinstance(why, BrokenPipeError):
            raise BackupError(f"{path} is cut short or was changed.") from None
        raise
