"""Loads that are killed at random moments, and what has to be true after each of them."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

from insights.catalog import DATASETS, ROLLUPS
from marketing.models import MarketingDay
from revops_site.kernel import loading
from revops_site.kernel.loading.records import digest
from revops_site.kernel.models import DataLoad, FormerRow, RejectedRow
from tests.loading.conftest import MARKETING, text_of

ROOT = Path(__file__).resolve().parents[2]
ROWS = 3_000
INGEST = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "ingest", *sys.argv[2:]])
"""
BUSY = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'
"""
Rows = list[tuple[str, int]]


def kill_loop(folder: Path, kills: int) -> dict[str, int]:
    """Kill so many loads; how many of them had come in by then, and how many had not.

    Two files take turns, so that each load changes the table: one is plain, of the other every row
    is refused in part, differs, and is read by a process of its own.
    """
    chance = random.Random(kills)
    files = [_plain(folder), _odd(folder)]
    states = []
    for path in files:
        assert loading.load([path], DATASETS).exit_code == 0
        states.append(state())
    assert states[0] != states[1]
    took = _complete(files[0])
    took = max(took, _complete(files[1]))
    at, counts = 1, {"loaded": 0, "not loaded": 0}
    for _ in range(kills):
        _killed(files[1 - at], chance.uniform(0, 1.1 * took))
        now = state()
        assert now in states, "a load is half visible"
        counts["loaded" if now == states[1 - at] else "not loaded"] += 1
        at = states.index(now)
        check(files[at])
    _complete(files[1 - at])
    assert state() == states[1 - at]
    check(files[1 - at])
    return counts


def check(newest: Path) -> None:
    """What is kept of loads and summed of rows is as if none had been killed."""
    load = DataLoad.objects.filter(status="loaded").latest("id")
    assert load.sha256 == digest(newest)
    assert load.rejected_rows.values("line").distinct().count() == load.refused
    loads = DataLoad.objects.values("id")
    assert not RejectedRow.objects.exclude(load__in=loads).exists()
    assert not FormerRow.objects.exclude(load=load).exists()
    assert [roll_up.name for roll_up in ROLLUPS if roll_up.differences()] == []


def state() -> Rows:
    """The table's rows, as a reader sees them."""
    return list(MarketingDay.objects.order_by("campaign").values_list("campaign", "leads"))


def _plain(folder: Path) -> Path:
    path = folder / "plain.csv"
    rows = ({**MARKETING, "campaign": f"C{n}"} for n in range(ROWS))
    path.write_text(text_of(*rows), encoding="utf-8")
    return path


def _odd(folder: Path) -> Path:
    path = folder / "odd.csv"
    some = ({**MARKETING, "campaign": f"C{n}", "leads": 61 + n % 30} for n in range(ROWS))
    bad = ({**MARKETING, "campaign": f"C{n}", "leads": "many"} for n in range(ROWS, ROWS + 200))
    path.write_bytes(text_of(*some, *bad).encode("utf-16"))
    return path


def _complete(path: Path) -> float:
    """Let a load come to its end; the seconds that it took once it was under way."""
    with _started(path) as process:
        _await_reading(process)
        began = time.monotonic()
        says = process.communicate()
        assert process.returncode == 0, says
        return time.monotonic() - began


def _killed(path: Path, after: float) -> None:
    """Kill a load so many seconds after it was under way, and wait until the server knows."""
    with _started(path) as process:
        _await_reading(process)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with connection.cursor() as cursor:
        for _ in range(600):
            cursor.execute(BUSY)
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("The server is still busy with a load that was killed.")


def _started(path: Path) -> subprocess.Popen[str]:
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-c", INGEST, name, str(path), "--dataset", "marketing_channels"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _await_reading(process: subprocess.Popen[str]) -> None:
    """Wait until the load says that it reads."""
    assert process.stderr is not None
    assert "reading" in process.stderr.readline()
