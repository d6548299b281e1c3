"""Syncs that are killed at any moment, and what has to be true after them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

from pipeline.models import Deal
from revops_site.kernel.models import SyncRun
from tests.sync.conftest import TOKEN, Simulator, run
from tests.sync.truth import differences

ROOT = Path(__file__).resolve().parents[2]
SYNC = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "sync", *sys.argv[2:]])
"""
BUSY = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def kill_loop(simulator: Simulator, kills: int) -> dict[str, int]:
    """Kill so many syncs of a company that goes on changing; how many had landed by then.

    The last sync is left alone: what it leaves is the truth.
    """
    chance = random.Random(kills)
    began = time.monotonic()
    assert _start(simulator).wait() == 0
    took = time.monotonic() - began
    counts = {"landed": 0, "not landed": 0}
    for nth in range(kills):
        simulator.change({"op": "random", "n": 40, "every": 3})
        before = _amounts()
        process = _start(simulator, *["--full"] * (nth % 3 == 0))
        time.sleep(chance.uniform(0.35, 1.1) * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
        _wait_until_gone()
        counts["landed" if _amounts() != before else "not landed"] += 1
    done = run()
    assert (done.status, done.message) == (SyncRun.Status.SUCCESS, "")
    assert differences(simulator) == []
    assert not SyncRun.objects.filter(status=SyncRun.Status.IN_PROGRESS).exists()
    return counts


def _start(simulator: Simulator, *options: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "OUTGOING_LOOPBACK": "1",
        "PIPEDRIVE_URL": simulator.url,
        "PIPEDRIVE_API_TOKEN": TOKEN,
    }
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", SYNC, name, *options]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)


def _wait_until_gone() -> None:
    """Until the server has ended what the killed process had begun."""
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(BUSY)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError("a session of a killed sync goes on")


def _amounts() -> list[tuple[object, ...]]:
    return list(Deal.objects.order_by("pk").values_list("pk", "amount", "stage_name", "status"))
