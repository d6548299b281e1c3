"""The embedded PostgreSQL: who starts it, who stops it, and what it survives."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from revops_site.embedded import server
from tests.folders import open_folder

ROOT = Path(__file__).parent.parent
JOIN = """
import sys
from pathlib import Path
from revops_site.embedded import server
print(server.join(Path(sys.argv[1]), "books").dsn["host"], flush=True)
sys.stdin.readline()
"""

pytestmark = pytest.mark.slow


class Guest:
    """A process that needs the server until it is told to go."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", JOIN, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.host = self.process.stdout.readline().strip()

    def query(self, sql: str) -> object:
        with psycopg.connect(host=self.host, user="postgres", dbname="books") as connection:
            row = connection.execute(sql).fetchone()
            return row[0] if row else None

    def go(self) -> None:
        self.process.communicate("\n", timeout=20)


def servers(folder: Path) -> list[psutil.Process]:
    """Every PostgreSQL process over a data folder."""
    return [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == "postgres"
        and (process.info["cwd"] or "").startswith(str(folder))
    ]


def postmaster(folder: Path) -> psutil.Process:
    pid = next(folder.glob("data*/postmaster.pid")).read_text().split()[0]
    return psutil.Process(int(pid))


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose name has a blank."""
    with open_folder() as around:
        made = around / "a server"
        yield made
        for process in servers(made):
            process.kill()


def test_who_comes_first_starts_it_and_who_goes_last_stops_it(folder: Path) -> None:
    first = Guest(folder)
    second = Guest(folder)
    assert first.host == second.host
    first.go()
    assert second.query("SELECT 1") == 1
    second.go()
    assert not servers(folder)


def test_a_killed_process_is_not_counted_as_there(folder: Path) -> None:
    killed, other = Guest(folder), Guest(folder)
    killed.process.kill()
    killed.process.communicate()
    other.go()
    assert not servers(folder)


def test_what_was_committed_is_there_after_a_kill_of_the_server(folder: Path) -> None:
    guest = Guest(folder)
    with psycopg.connect(host=guest.host, user="postgres", dbname="books") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 41 + 1 AS answer")
    sleeper = psycopg.connect(host=guest.host, user="postgres", dbname="books")
    sleeper.pgconn.send_query(b"SELECT pg_sleep(60)")
    postmaster(folder).kill()
    guest.process.kill()
    guest.process.communicate()
    again = Guest(folder)
    assert again.query("SELECT answer FROM kept") == 42
    again.go()
    sleeper.close()
    assert not servers(folder)


def test_a_server_that_was_killed_is_revived_by_who_holds_it(folder: Path) -> None:
    held = server.join(folder, "books")
    try:
        postmaster(folder).send_signal(signal.SIGKILL)
        assert eventually(lambda: not held.cluster.runs())
        server.revive(folder)
        with psycopg.connect(host=held.dsn["host"], user="postgres") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.leave(folder)
    assert not servers(folder)


def test_a_server_that_waits_for_its_last_reader_to_end_holds_nobody_up(folder: Path) -> None:
    held = server.join(folder, "books")
    try:
        reader = psycopg.connect(host=held.dsn["host"], user="postgres", dbname="books")
        postmaster(folder).send_signal(signal.SIGTERM)  # no new readers, until the last has left
        assert eventually(lambda: _is_refused(held))
        began = time.monotonic()
        server.revive(folder)
        assert time.monotonic() - began < 5
        reader.close()
        assert eventually(lambda: not held.cluster.runs())
        server.revive(folder)
        assert held.cluster.answers()
    finally:
        server.leave(folder)
    assert not servers(folder)


def _is_refused(held: server.Server) -> bool:
    try:
        psycopg.connect(host=held.dsn["host"], user="postgres").close()
    except psycopg.OperationalError:
        return True
    return False


def test_data_whose_making_was_cut_short_are_made_anew(folder: Path) -> None:
    Guest(folder).go()
    data = next(folder.glob("data*[0-9]"))
    data.rename(data.with_suffix(".new"))
    (data.with_suffix(".new") / "PG_VERSION").unlink()
    guest = Guest(folder)
    assert guest.query("SELECT 1") == 1
    guest.go()


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    long = folder / ("deep" * 12) / ("deeper" * 12)
    guest = Guest(long)
    assert not guest.host.startswith(str(folder))
    assert guest.query("SELECT 1") == 1
    guest.go()


def test_data_in_use_are_not_removed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = Guest(folder)
    monkeypatch.setattr(server, "LAST_WORDS_SECONDS", 0)
    with pytest.raises(server.InUseError, match="stop the product first"):
        server.remove(folder)
    guest.go()
    server.remove(folder)
    assert not folder.exists()
