"""The restore drill: from nothing to a product that serves, by the README's words alone."""

from __future__ import annotations

import os
import re
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from revops_site.kernel.backups import keys
from tests.coaching import a_mailbox
from tests.folders import open_folder
from tests.insights import files

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 600
BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COUNTS = "SELECT (SELECT count(*) FROM pipeline_deal), (SELECT count(*) FROM kernel_auditevent) > 0"

pytestmark = pytest.mark.slow


def commands(heading: str) -> list[list[str]]:
    """The two blocks of commands under a heading of the README."""
    text = (ROOT / "README.md").read_text()
    section = re.split(r"^##+ ", text.partition(heading + "\n")[2], maxsplit=1, flags=re.MULTILINE)
    return [
        [line.partition("#")[0].strip() for line in block.splitlines()]
        for block in BLOCK.findall(section[0])
    ]


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

    def counts(self) -> tuple[object, ...] | None:
        """What its database holds, while a command keeps it running."""
        ask = f"from django.db import connection as c; k = c.cursor(); k.execute('''{COUNTS}''')"
        told = self.does(f'python manage.py shell -v 0 -c "{ask}; print(k.fetchone())"')
        return tuple(told.split())

    def serves(self, seconds: float = 120) -> bool:
        """Whether it is ready by and by, when it is started."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + seconds
        try:
            while time.monotonic() < deadline:
                with (
                    suppress(OSError),
                    urllib.request.urlopen(f"{self.address}/readyz", timeout=5) as answer,
                ):
                    return bool(answer.status == 200)
                time.sleep(0.2)
            return False
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """One that will be lost, and a new one."""
    settings = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_HTTPS": "0",
        "BACKUP_KEY": keys.new(),
        "BACKUP_DIR": str(tmp_path / "backups"),
    }
    with open_folder() as lost, open_folder() as new:
        yield Machine(lost / "old", settings), Machine(new / "new", settings)


def test_a_machine_that_is_lost_is_replaced_by_the_words_of_the_readme_within_ten_minutes(
    machines: tuple[Machine, Machine], tmp_path: Path
) -> None:
    lost, new = machines
    making, restoring = commands("### Back up and restore")
    lost.does("python manage.py migrate -v 0")
    files.write(tmp_path / "company", a_mailbox.company(3))
    lost.does(f"python manage.py ingest {tmp_path / 'company'}")
    before = lost.counts()
    for line in making:
        lost.does(line)
    began = time.monotonic()
    (restore,) = [line for line in restoring if "manage.py" in line]
    assert ["make install", restore, "make serve"] == restoring
    assert "0 differ" in new.does(restore)
    assert new.counts() == before
    assert new.serves()
    seconds = time.monotonic() - began
    assert seconds < MOST_SECONDS
    new.does("python manage.py audit_verify")
