"""A machine of its own that has the release: its folder, its settings, its programs."""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]


class Machine:
    """A machine that has the release, a file of settings and a mount with the backups."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.folder, self.address = folder, f"http://127.0.0.1:{port}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        own = {"VAR_DIR": str(folder), "PORT": str(port), "REVOPS_DEMO": "0"}
        self.environment = {**kept, **settings, **own}

    def does(self, line: str) -> str:
        """What a command of manage.py says; the test fails where it does."""
        arguments = shlex.split(line)[1:]
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def finds(self, query: str) -> str:
        """What a query finds in its database, which a command keeps running meanwhile."""
        ask = f"from django.db import connection as c; k = c.cursor(); k.execute('''{query}''')"
        return self.does(f'python manage.py shell -v 0 -c "{ask}; print(k.fetchall())"')

    @contextmanager
    def serving(self, seconds: float = 120) -> Iterator[None]:
        """Started, and ready by and by; stopped in the end."""
        log = (self.folder.parent / "serve.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
        )
        try:
            assert eventually(self._is_ready, seconds), "It is not ready."
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            log.close()

    @property
    def log(self) -> str:
        """What it said since it was started."""
        return (self.folder.parent / "serve.log").read_text()

    def _is_ready(self) -> bool:
        with (
            suppress(OSError),
            urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer,
        ):
            return bool(answer.status == 200)
        return False


def eventually(holds: Callable[[], bool], seconds: float = 30) -> bool:
    """Whether something holds by and by."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False
