"""One folder of PostgreSQL data and the server over it: made, started, asked, stopped."""

from __future__ import annotations

import contextlib
import hashlib
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from revops_site.embedded.binaries import Account, Binaries

SETTINGS = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "2GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "jit": "off",
    "timezone": "UTC",
    "synchronous_commit": "on",
}
SUPERUSER = "postgres"
START_SECONDS = 300  # after a crash it first replays what was written
ORPHAN_SECONDS = 5
BUILTIN_LOCALES = 17  # the first version that needs neither ICU nor the system's locales
LONGEST_SOCKET_FOLDER = 85  # the system's limit for a socket's path is 107 bytes
PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/tmp"}  # noqa: S108


@dataclass(frozen=True)
class Cluster:
    """A data folder and what is needed to run a server over it."""

    data: Path
    log: Path
    binaries: Binaries
    account: Account

    @property
    def socket(self) -> Path:
        """The data folder itself, or a short one where its path is too long for a socket."""
        if len(str(self.data)) < LONGEST_SOCKET_FOLDER:
            return self.data
        return Path(tempfile.gettempdir()) / f"revops-{short(self.data)}"

    def create(self) -> None:
        """Make the data folder; it gets its name when it is whole, so no half of one is used."""
        if (self.data / "PG_VERSION").exists():
            return
        new = self.data.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self.account.own(new)
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        locale = builtin if self.binaries.major >= BUILTIN_LOCALES else ["--locale=C.UTF-8"]
        options = ["-A", "trust", "-E", "UTF8", "--no-instructions", "--no-sync", *locale]
        self._run("initdb", "-D", new, "-U", SUPERUSER, *options)
        new.rename(self.data)

    def start(self) -> None:
        """Start the server; a second try follows when the first meets what a killed one left."""
        self._make_socket_folder()
        self.log.touch()
        self.account.own(self.log)
        where = {"listen_addresses": "", "unix_socket_directories": f'"{self.socket}"'}
        pairs = [f"{name}={value}" for name, value in {**SETTINGS, **where}.items()]
        options = " ".join(f"-c {shlex.quote(pair)}" for pair in pairs)
        start = ("-D", self.data, "-l", self.log, "-t", str(START_SECONDS), "-w", "-o", options)
        if self._was_killed():
            self._end_orphans()
        try:
            self._run("pg_ctl", *start, "start")
        except RuntimeError:
            self._end_orphans()
            self._run("pg_ctl", *start, "start")

    def stop(self) -> None:
        """Stop the server at once but in order; one that does not run is left as it is."""
        with contextlib.suppress(RuntimeError):
            self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")

    def answers(self) -> bool:
        """Whether a server is there; one that starts or recovers is waited for."""
        deadline = time.monotonic() + START_SECONDS
        while "the database system is" in (said := self._said()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return not said or "FATAL" in said

    def runs(self) -> bool:
        """Whether a server is there at this moment, even one that still starts, or ends."""
        return not (said := self._said()) or "FATAL" in said

    def create_database(self, name: str) -> None:
        """Make a database of this name unless there is one."""
        with self._connected() as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            taken = (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation)
            if not known.rowcount:
                with contextlib.suppress(*taken):
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _said(self) -> str:
        """What a connection is refused with; nothing where it is not."""
        try:
            with self._connected():
                return ""
        except psycopg.OperationalError as error:
            return str(error)

    def _connected(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.socket),
            user=SUPERUSER,
            dbname=SUPERUSER,
            autocommit=True,
            connect_timeout=5,
        )

    def _make_socket_folder(self) -> None:
        if self.socket != self.data:
            self.socket.mkdir(mode=0o700, exist_ok=True)
            self.account.own(self.socket)

    def _was_killed(self) -> bool:
        """Whether the server that left its mark here is no more."""
        mark = self.data / "postmaster.pid"
        if not mark.exists():
            return False
        number = mark.read_text().partition("\n")[0]
        return number not in {str(process.pid) for process in self._processes()}

    def _end_orphans(self) -> None:
        """After a kill of the server, a backend in mid-query lives on and holds the old memory.

        A killed server that nobody has waited for keeps its number, and would pass for alive.
        """
        deadline = time.monotonic() + ORPHAN_SECONDS
        sent = signal.SIGQUIT
        while orphans := self._processes():
            for process in orphans:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(sent)
            time.sleep(0.05)
            if time.monotonic() > deadline:
                sent = signal.SIGKILL
        for left in (self.data / "postmaster.pid", *self.socket.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)

    def _processes(self) -> list[psutil.Process]:
        """The processes of this server that live; what nobody has waited for has no folder."""
        return [
            process
            for process in psutil.process_iter(["name", "cwd"])
            if process.info["name"] == "postgres" and process.info["cwd"] == str(self.data)
        ]

    def _run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs as the server's account; RuntimeError with its words."""
        done = subprocess.run(
            [str(self.binaries / program), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env=PLAIN,
            cwd="/",
            **self.account.options,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout.strip()}")


def short(path: Path) -> str:
    """A few letters that stand for a path."""
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]
