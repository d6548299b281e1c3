"""The restore drill: from nothing to a product that serves, by the README's words alone."""

from __future__ import annotations

import re
import secrets
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from revops_site.kernel.backups import keys
from tests.coaching import a_mailbox
from tests.folders import open_folder
from tests.insights import files
from tests.machine import ROOT, Machine

assert subprocess  # programs are started: these tests are not pure

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
    before = lost.finds(COUNTS)
    for line in making:
        lost.does(line)
    began = time.monotonic()
    (restore,) = [line for line in restoring if "manage.py" in line]
    assert ["make install", restore, "make serve"] == restoring
    assert "0 differ" in new.does(restore)
    assert new.finds(COUNTS) == before
    with new.serving():
        seconds = time.monotonic() - began
    assert seconds < MOST_SECONDS
    new.does("python manage.py audit_verify")
