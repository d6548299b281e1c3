"""PostgreSQL's own programs, those that fit the server, and how they reach it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import pq

from revops_site.embedded.binaries import wheel
from revops_site.kernel.backups.errors import BackupError

REMEDY = (
    "Install PostgreSQL's client programs of version {major} or later, or name their folder in "
    "POSTGRES_PROGRAMS."
)
LONGEST_WORDS = 2_000
MAINTENANCE = ("postgres", "template1")  # databases that are nobody's


@dataclass(frozen=True)
class Server:
    """How to reach the server of a database, in libpq's words, and its major version."""

    parameters: dict[str, str]
    major: int

    def connect(self, **options: Any) -> psycopg.Connection[Any]:
        """A session of its own, apart from those that answer requests."""
        return psycopg.connect(**{**self.parameters, **options})

    def named(self, database: str) -> Server:
        """The same server, another database."""
        return Server({**self.parameters, "dbname": database}, self.major)

    @property
    def database(self) -> str:
        """The database's name."""
        return self.parameters["dbname"]

    @property
    def environment(self) -> dict[str, str]:
        """What tells PostgreSQL's programs the same; a command line would show the password."""
        names = {
            option.keyword.decode(): option.envvar.decode()
            for option in pq.Conninfo.get_defaults()
            if option.envvar
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        told = {names[key]: value for key, value in self.parameters.items() if key in names}
        return {**kept, **told}


def ours(database: str = "") -> Server:
    """The server that the settings name, with its database or another one."""
    known = {option.keyword.decode() for option in pq.Conninfo.get_defaults()}
    given = connection.get_connection_params()
    parameters = {key: str(value) for key, value in given.items() if key in known and value != ""}
    parameters.setdefault("dbname", str(connection.settings_dict["NAME"]))
    problem: Exception | None = None
    for name in (parameters["dbname"], *MAINTENANCE):
        try:
            with Server(parameters, 0).named(name).connect() as session:
                found = Server(parameters, session.info.server_version // 10_000)
            return found.named(database) if database else found
        except psycopg.OperationalError as why:
            problem = problem or why
    raise BackupError(f"The database server cannot be reached: {problem}")


def find(name: str, major: int) -> Path:
    """A program of at least this version; BackupError with a remedy where there is none.

    The system's come first, since the wheel's know no TLS.
    """
    seen: list[str] = []
    for folder in _folders():
        found = _version(folder / name)
        if found >= major:
            return folder / name
        if found:
            seen.append(f"{folder / name} is of version {found}")
    said = f" ({', '.join(seen)})" if seen else ""
    raise BackupError(
        f"No {name} fits the server, which is PostgreSQL {major}{said}. "
        + REMEDY.format(major=major)
    )


@contextmanager
def running(
    program: Path, *arguments: str, server: Server, writes: bool = False
) -> Iterator[IO[bytes]]:
    """What a program says, or with ``writes`` what it hears; BackupError where it fails.

    Where the caller fails, the program is ended, too, and the caller's error counts.
    """
    process = subprocess.Popen(
        [str(program), *arguments],
        stdin=subprocess.PIPE if writes else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if writes else subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=server.environment,
    )
    words: list[bytes] = []
    assert process.stderr is not None
    listener = threading.Thread(target=_listen, args=(process.stderr, words), daemon=True)
    listener.start()
    pipe = process.stdin if writes else process.stdout
    assert pipe is not None
    try:
        try:
            yield pipe
        except BrokenPipeError:
            if process.wait() == 0:
                raise
        else:
            if writes:
                pipe.close()
            process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
        listener.join()
        for end in (process.stdin, process.stdout, process.stderr):
            if end is not None and not end.closed:
                _close(end)
    if process.returncode:
        said = b"".join(words).decode(errors="replace").strip()[:LONGEST_WORDS]
        raise BackupError(f"{program.name} failed: {said or f'exit code {process.returncode}'}")


def _close(end: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        end.close()


def _listen(pipe: IO[bytes], words: list[bytes]) -> None:
    """Keep the beginning of what is said, and read the rest: nobody shall wait for a full pipe."""
    while said := pipe.read(4096):
        if len(words) < LONGEST_WORDS:
            words.append(said)


def _folders() -> Iterator[Path]:
    if settings.POSTGRES_PROGRAMS:
        yield Path(settings.POSTGRES_PROGRAMS)
        return
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path).parent
    system = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(system, key=lambda path: path.parent.name, reverse=True)
    package = wheel()
    if package:
        yield package / "pginstall/bin"


def _version(program: Path) -> int:
    """Its major version; 0 where it is not there, or does not run."""
    if not os.access(program, os.X_OK):
        return 0
    asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+", asked.stdout)
    return int(found[0]) if found and asked.returncode == 0 else 0
