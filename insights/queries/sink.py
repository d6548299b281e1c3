"""What the demo's mail server was given, as it lies in its folder."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from django.conf import settings

NAME = re.compile(r"[0-9]{8}T[0-9]{12}-[0-9a-f]{8}\Z")
MOST_TEXT = 100_000


@dataclass(frozen=True)
class Kept:
    """A message; ``headers`` and ``text`` are empty in lists."""

    name: str
    at: datetime
    to: str
    subject: str
    headers: tuple[tuple[str, str], ...] = ()
    text: str = ""


def is_kept() -> bool:
    """Whether there is such a server here, or was one."""
    return _folder().is_dir()


def newest(most: int) -> Sequence[Kept]:
    """The messages that came last, the newest first."""
    names = sorted((path.stem for path in _folder().glob("*.mail")), reverse=True)
    return [found for name in names[:most] if (found := _read(name, whole=False)) is not None]


def count() -> int:
    """How many are kept."""
    return sum(1 for _ in _folder().glob("*.mail"))


def message(name: str) -> Kept | None:
    """One of them with its text; None of no such name."""
    return _read(name, whole=True)


def _folder() -> Path:
    return Path(settings.MAIL_SINK)


def _read(name: str, *, whole: bool) -> Kept | None:
    if not NAME.match(name):
        return None
    try:
        with (_folder() / f"{name}.mail").open("rb") as file:
            told = json.loads(file.readline())
            rest = file.read() if whole else b""
    except (OSError, ValueError):
        return None  # deleted meanwhile, or none of ours
    found = Kept(
        name,
        datetime.fromisoformat(told["at"]),
        ", ".join(map(str, told["to"])),
        str(told["subject"]),
    )
    return _opened(found, rest) if whole else found


def _opened(found: Kept, rest: bytes) -> Kept:
    read = message_from_bytes(rest, policy=default)
    body = read.get_body(("plain",))
    text = str(body.get_content())[:MOST_TEXT] if body is not None else ""
    headers = tuple((name, str(value)) for name, value in read.items())
    return Kept(found.name, found.at, found.to, found.subject, headers, text)
