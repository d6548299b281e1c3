"""A server that is lost with its disk comes back from its archived log, up to what was archived.

The archive's command and its settings are those of docs/deployment/postgresql.conf, but for the
folder and a shorter ``archive_timeout``: what is lost is bounded by it, whatever it is.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from revops_site.embedded import binaries, cluster
from tests.folders import open_folder
from tests.machine import ROOT, eventually

assert subprocess  # programs are started: these tests are not pure

TIMEOUT = 10
SECONDS = 45
CONF = (ROOT / "docs/deployment/postgresql.conf").read_text()


def setting(name: str) -> str:
    """What the example of a configuration says."""
    found = re.search(rf"^{name} = '(.+)'$", CONF, re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the server and its archive are."""
    with open_folder() as path:
        yield path


def server(folder: Path, name: str) -> cluster.Cluster:
    """A server of its own."""
    who = binaries.account()
    home = folder / name
    home.mkdir(exist_ok=True)
    who.own(home)
    return cluster.Cluster(home / "data", home / "log", binaries.newest(), who)


def connected(one: cluster.Cluster) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(one.socket), user="postgres", dbname="postgres", autocommit=True
    )


def test_what_is_lost_with_the_disk_is_less_than_the_archive_s_timeout(folder: Path) -> None:
    archive = folder / "archive"
    archive.mkdir()
    lost = server(folder, "lost")
    lost.account.own(archive)
    lost.create()
    with (lost.data / "postgresql.conf").open("a") as conf:
        conf.write("wal_level = replica\narchive_mode = on\n")
        conf.write(f"archive_timeout = {TIMEOUT}\n")
        command = setting("archive_command").replace("/archive/", f"{archive}/")
        conf.write(f"archive_command = '{command}'\n")
    lost.start()
    with connected(lost) as session:
        session.execute("CREATE TABLE kept (at timestamptz DEFAULT clock_timestamp())")
    found = server(folder, "found")
    base = [str(lost.binaries / "pg_basebackup"), "-h", str(lost.socket), "-U", "postgres"]
    subprocess.run(
        [*base, "-D", str(found.data), "-X", "none", "-c", "fast", "--no-sync"],
        check=True,
        env=cluster.PLAIN,
        cwd="/",
        **lost.account.options,
    )
    last = 0.0
    with connected(lost) as session:
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            row = session.execute(
                "INSERT INTO kept DEFAULT VALUES RETURNING extract(epoch FROM at)"
            )
            told = row.fetchone()
            assert told is not None
            last = float(str(told[0]))
            time.sleep(0.02)
        row = session.execute("SELECT count(*) FROM kept")
        (written,) = row.fetchone() or (0,)
    postmaster = (lost.data / "postmaster.pid").read_text().split()[0]
    subprocess.run(["kill", "-9", postmaster], check=True)
    time.sleep(1)
    shutil.rmtree(lost.data)

    began = time.monotonic()
    with (found.data / "postgresql.conf").open("a") as conf:
        conf.write(f"restore_command = 'cp {archive}/%f %p'\narchive_mode = off\n")
    (found.data / "recovery.signal").touch()
    found.start()
    try:
        with connected(found) as session:
            assert eventually(
                lambda: session.execute("SELECT pg_is_in_recovery()").fetchone() == (False,), 300
            )
            row = session.execute("SELECT count(*), extract(epoch FROM max(at)) FROM kept")
            count, newest = row.fetchone() or (0, 0)
    finally:
        found.stop()
    seconds = time.monotonic() - began
    gone = last - float(str(newest))
    said = f"{written} rows, {count} found, {gone:.1f} s lost of {TIMEOUT} s, in {seconds:.1f} s"
    sys.stdout.write(f"\n{said}")
    assert int(str(count)) > 0
    assert gone <= TIMEOUT + 2
