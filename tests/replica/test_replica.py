"""Pages are read from a streaming replica, and nobody can tell: behind, broken or away."""

from __future__ import annotations

import http.cookiejar
import re
import secrets
import signal
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from revops_site.embedded import cluster, server
from tests.conftest import PASSWORD
from tests.folders import open_folder
from tests.machine import Machine, eventually

assert subprocess  # programs are started: these tests are not pure

pytestmark = pytest.mark.slow

MAKE = (
    "from revops_site.kernel.models import User; "
    "User.objects.create_user('dee', 'dee@example.com', '{}', role='viewer'); "
    "User.objects.create_user('ada', 'ada@example.com', '{}', role='admin'); "
    "User.objects.create_user('rae', 'rae@example.com', '{}', role='revops')"
)
CAUGHT_UP = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
BUMP = "UPDATE kernel_workspace SET generation = generation + 1"
RENAME = "UPDATE kernel_annotation SET text = %s"


class Browser:
    """Somebody's browser."""

    def __init__(self, machine: Machine, name: str) -> None:
        self.machine, self.cookies = machine, http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.send("/accounts/login/", login=name, password=PASSWORD)

    def text(self, path: str) -> str:
        """The words of a page."""
        with self.opener.open(self.machine.address + path, timeout=30) as answer:
            page: str = answer.read().decode()
        return re.sub(r"\s+", " ", page)

    def send(self, path: str, **given: str) -> None:
        """Send the form of a page."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.text(path))
        assert found is not None
        given["csrfmiddlewaretoken"] = found[1]
        body = urllib.parse.urlencode(given).encode()
        with self.opener.open(self.machine.address + path, body, timeout=30) as answer:
            assert answer.status == 200


class Pair:
    """A primary and its replica."""

    def __init__(self, primary: cluster.Cluster, replica: cluster.Cluster) -> None:
        self.primary, self.replica = primary, replica

    def at(self, one: cluster.Cluster, query: str, *values: object) -> list[tuple[object, ...]]:
        """What a query finds at one of them."""
        with psycopg.connect(
            host=str(one.socket), user="postgres", dbname="revops", autocommit=True
        ) as session:
            cursor = session.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def catch_up(self) -> None:
        """Wait until the replica has all that the primary has now."""
        ((now,),) = self.at(self.primary, "SELECT pg_current_wal_lsn()::text")
        assert eventually(lambda: self.at(self.replica, CAUGHT_UP, now) == [(True,)])

    def fall_behind(self) -> None:
        """Have the replica stand still where the primary is now."""
        self.catch_up()
        self.at(self.replica, "SELECT pg_wal_replay_pause()")
        paused = "SELECT pg_get_wal_replay_pause_state()"
        assert eventually(lambda: self.at(self.replica, paused) == [("paused",)])

    def go_on(self) -> None:
        """Have it follow again."""
        self.at(self.replica, "SELECT pg_wal_replay_resume()")


def told(machine: Machine) -> tuple[str, str]:
    """What the Operations page and Prometheus say of the replica."""
    admin = Browser(machine, "ada")
    row = re.search(r">\s*Replica\s*<.*?</tr>", admin.text("/ops/"))
    serves = re.search(r"revops_replica_serves (\d\S*)", admin.text("/ops/metrics"))
    assert row is not None
    assert serves is not None
    return re.sub(r"\s*<[^>]*>\s*", " ", row[0]), serves[1]


def copied(primary: cluster.Cluster, folder: Path) -> cluster.Cluster:
    """A replica of a server that runs, made by PostgreSQL's own program, and started."""
    folder.mkdir()
    primary.account.own(folder)
    made = cluster.Cluster(folder / "data", folder / "log", primary.binaries, primary.account)
    subprocess.run(
        [
            str(primary.binaries / "pg_basebackup"),
            *("-h", str(primary.socket), "-U", "postgres", "-D", str(made.data)),
            *("-R", "-X", "stream", "-c", "fast", "--no-sync"),
        ],
        check=True,
        env=cluster.PLAIN,
        cwd="/",
        **primary.account.options,
    )
    made.start()
    return made


@pytest.fixture
def pair_and_machine() -> Iterator[tuple[Pair, Machine]]:
    """A product of one web process that reads from a replica of its database."""
    with open_folder() as folder:
        settings = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "ALLOWED_HOSTS": "127.0.0.1",
            "BEHIND_HTTPS": "0",
            "SECOND_FACTOR_ROLES": "",
            "WEB_WORKERS": "1",
            "DEFAULT_FROM_EMAIL": "RevOps <revops@example.com>",
        }
        machine = Machine(folder / "var", settings)
        machine.does("python manage.py migrate -v 0")
        machine.does(
            f'python manage.py shell -v 0 -c "{MAKE.format(PASSWORD, PASSWORD, PASSWORD)}"'
        )
        root = folder / "var/postgres"
        held = server.join(root, "revops")
        replica = copied(held.cluster, folder / "replica")
        machine.environment |= {
            "DATABASE_REPLICA_URL": f"postgres://postgres@/revops?host={replica.socket}",
            "REPLICA_SECONDS": "3600",
        }
        try:
            yield Pair(held.cluster, replica), machine
        finally:
            replica.stop()
            server.leave(root)


def test_nobody_can_tell_the_replica_from_the_primary(
    pair_and_machine: tuple[Pair, Machine],
) -> None:
    pair, machine = pair_and_machine
    page = "/annotations/"
    with machine.serving():
        writer, reader = Browser(machine, "rae"), Browser(machine, "dee")
        new = {"text": "Fair in Rome", "start": "2026-11-02", "end": "", "domain": ""}
        writer.send("/annotations/new/", **new, reach="company")
        pair.catch_up()
        row, serves = told(machine)
        assert "Works It is less than a second behind." in re.sub(r"\s+", " ", row)
        assert serves == "1.0"
        pair.fall_behind()
        assert "Fair in Rome" in reader.text(page)

        # What is no change of data may come a moment later: so it shows where a page is read.
        pair.at(pair.primary, RENAME, "Fair in Oslo")
        assert "Fair in Rome" in reader.text(page)
        # A change of data is seen at once, by everybody.
        pair.at(pair.primary, BUMP)
        assert "Fair in Oslo" in reader.text(page)
        row, serves = told(machine)
        assert "behind. Pages are read from the primary until it has caught up." in row
        assert serves == "0.0"

        pair.go_on()
        pair.fall_behind()
        pair.at(pair.primary, RENAME, "Fair in Bern")
        assert "Fair in Oslo" in reader.text(page)
        # Whoever writes, if only the login, sees all that was written by then.
        assert "Fair in Bern" in Browser(machine, "dee").text(page)
        assert "Fair in Oslo" in reader.text(page)

        pair.go_on()
        pair.catch_up()
        pair.at(pair.primary, RENAME, "Fair in Turin")
        pair.catch_up()
        assert "Fair in Turin" in reader.text(page)

        # One that breaks a session off in the middle of a page is not noticed, either.
        assert "replica failed" not in machine.log
        with (pair.replica.data / "postgresql.auto.conf").open("a") as file:
            file.write("idle_session_timeout = 1\n")
        pair.at(pair.replica, "SELECT pg_reload_conf()")
        assert eventually(
            lambda: "Fair in Turin" in reader.text(page) and "replica failed" in machine.log
        )

        # A replica that dies under a page costs nobody an answer.
        postmaster = int((pair.replica.data / "postmaster.pid").read_text().split()[0])
        subprocess.run(["kill", f"-{signal.SIGQUIT.value}", str(postmaster)], check=True)
        for path in (page, "/pipeline/", "/"):
            assert "<main" in reader.text(path)
        pair.at(pair.primary, RENAME, "Fair in Graz")
        assert "Fair in Graz" in reader.text(page)
        assert "It does not answer. Pages are read from the primary." in told(machine)[0]
