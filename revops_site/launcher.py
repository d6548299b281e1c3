"""Starts the web server and the background worker, keeps them alive and takes them along.

The launcher itself holds the database open, so an embedded server lives as long as its launcher.
"""

from __future__ import annotations

import contextlib
import ctypes
import http
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog

from revops_site.address import Address

ROOT = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 30.0
FINISH_SECONDS = 25  # that what is under way has; then it is cut off, and its job is free again
LOOK_SECONDS = 0.1
DATABASE_SECONDS = 1.0
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 30.0
SETTLED_SECONDS = 60.0
HEAD_START_SECONDS, PATIENCE_SECONDS = 10.0, 30.0
NOT_YET = (None, http.HTTPStatus.SERVICE_UNAVAILABLE)
DIE_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG

log = structlog.get_logger("launcher")


@dataclass
class Child:
    """A program that is started again, ever more patiently, when it ends by itself."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    wait: float = 0.0

    def watch(self) -> None:
        """Start the program unless it runs, or ended a moment ago."""
        now = time.monotonic()
        if self.process is None:
            if now - self.since >= self.wait:
                self._start(now)
        elif self.process.poll() is not None:
            log.error("ended by itself", part=self.name, code=self.process.returncode)
            end_group(self.process.pid)
            settled = now - self.since > SETTLED_SECONDS
            longer = min(max(self.wait * 2, FIRST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
            self.wait = FIRST_WAIT_SECONDS if settled else longer
            self.process, self.since = None, now

    def ask_to_end(self) -> None:
        """Tell the program to finish what it does; its own children hear it from it."""
        if self.process is not None:
            self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait for the program until the deadline, then kill whatever is left of its group."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(deadline - time.monotonic(), 0.0))
        end_group(self.process.pid)
        self.process.wait()

    def _start(self, now: float) -> None:
        self.since = now
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )


def end_group(leader: int) -> None:
    """Kill what is left of a process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def web_server(address: Address, workers: int) -> Child:
    """Granian: a few processes with one thread each, which share the processors best."""
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "revops_site.wsgi:application"),
        *("--host", address.host, "--port", str(address.port)),
        *("--workers", str(workers), "--blocking-threads", "1", "--http", "1", "--no-ws"),
        *("--respawn-failed-workers", "--respawn-interval", "0.1"),
        *("--workers-kill-timeout", str(FINISH_SECONDS)),
        *("--http1-header-read-timeout", "10000", "--log-level", "warning"),
    ]
    return Child("web server", command)


def worker() -> Child:
    """The program that does the jobs in the background; pages come before it."""
    command = ["nice", "-n", "10", sys.executable, "manage.py", "procrastinate", "worker"]
    return Child("worker", [*command, "--shutdown-graceful-timeout", str(FINISH_SECONDS)])


def run(
    address: Address,
    children: list[Child],
    *,
    keep_database: Callable[[], None],
    on_ready: Callable[[], None],
    with_parent: bool = False,
) -> None:
    """Run the children until a signal says stop; ``with_parent``: or until who started this ends.

    The first child is the web server. ``on_ready`` is called once, when it says that all parts
    work, or has not said so for long; ``keep_database`` about every second.
    """
    parent = os.getppid()
    with _stop_signals() as heard:
        try:
            _watch(
                address,
                children,
                keep_database,
                on_ready,
                lambda: bool(heard) or (with_parent and os.getppid() != parent),
            )
        finally:
            _end_all(children)


def _watch(
    address: Address,
    children: list[Child],
    keep_database: Callable[[], None],
    on_ready: Callable[[], None],
    ended: Callable[[], bool],
) -> None:
    answers = told = False
    began = looked = time.monotonic()
    while not ended():
        waited = time.monotonic() - began
        # The first has the processors to itself until it answers: people wait for that one.
        everybody = answers or waited > HEAD_START_SECONDS
        for child in children if everybody else children[:1]:
            child.watch()
        if not answers:
            answers = address.answer("/livez") is not None
        elif not told and (address.answer("/readyz") not in NOT_YET or waited > PATIENCE_SECONDS):
            told = True
            on_ready()
        if time.monotonic() - looked > DATABASE_SECONDS:
            keep_database()
            looked = time.monotonic()
        time.sleep(LOOK_SECONDS)


def _end_all(children: list[Child]) -> None:
    for child in children:
        child.ask_to_end()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        child.end(deadline)


@contextlib.contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """The signals so far that said stop; the old handlers come back afterwards."""
    heard: list[int] = []

    def hear(number: int, frame: FrameType | None) -> None:
        heard.append(number)

    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, hear) for number in wanted}
    try:
        yield heard
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _prctl() -> Callable[..., int] | None:
    with contextlib.suppress(OSError, AttributeError):
        found: Callable[..., int] = ctypes.CDLL(None).prctl
        return found
    return None


_call_prctl = _prctl()


def _die_with_parent() -> None:
    """In a child that was just forked: end when the launcher is killed (on Linux)."""
    if _call_prctl is not None:
        _call_prctl(DIE_WITH_PARENT, signal.SIGTERM)
