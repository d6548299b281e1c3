"""A demo whose disk is full to the last byte while people write and read, then has room again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.served import eventually, token_of
from tests.folders import open_folder
from tests.test_demo import Demo
from tests.torture.outages import People, browser_of, told

SIZE = "2g"
FULL_SECONDS = float(os.environ.get("FULL_SECONDS", "30"))
PIECE = bytes(1 << 20)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="a disk of one's own is for root to mount"),
]


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A demo on a disk of its own."""
    with open_folder() as var:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", var], check=True
        )
        try:
            running = Demo(var)
            yield running
            running.process.terminate()
            running.process.wait(60)
        finally:
            subprocess.run(["umount", "-l", var], check=True)


def fill(ballast: Path) -> None:
    """Leave no room, and take what is freed while it is full."""
    with ballast.open("ab", buffering=0) as file:
        piece = PIECE
        while piece:
            try:
                file.write(piece)
            except OSError:
                piece = piece[: len(piece) // 2]


def test_on_a_full_disk_reads_go_on_and_with_room_again_writes_do(demo: Demo) -> None:
    writer, reader = browser_of(demo, "revops"), browser_of(demo, "viewer")
    token = token_of(writer.ask("/annotations/new/"))
    ballast = demo.var / "ballast"
    with People(demo, "full") as people:
        time.sleep(3)
        ends = time.monotonic() + FULL_SECONDS
        pages: list[int] = []
        while time.monotonic() < ends:
            fill(ballast)
            pages += [reader.ask(path).status for path in ("/", "/pipeline/", "/glossary/")]
            time.sleep(0.2)
        during = people.statuses()
        ballast.unlink()
        began = time.monotonic()
        assert eventually(lambda: writer.write(token, "room again").status == 302), told(demo)
        took = time.monotonic() - began
        time.sleep(3)
    answered = {status: pages.count(status) for status in sorted(set(pages))}
    sys.stdout.write(
        f"\n{FULL_SECONDS:.0f} s full: {during}, pages {answered}; "
        f"writes again after {took:.1f} s, lost {len(people.lost(demo))} of {len(people.writes)}"
    )
    assert people.lost(demo) == set()
    assert set(people.statuses()) <= {200, 302, 503}, told(demo)
    assert set(pages) == {200}
    assert demo.process.is_running()
