"""Times the first sync of a large company against paging through its CRM alone.

    python -m benchmarks.sync [--deals N]

Starts the simulator of Pipedrive, reads all its listings and drops what they give, then syncs it
into a database of its own on the server of the settings, which is dropped at the end. Exits with 1
when a budget is missed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psutil

DEALS = 200_000
RATIO_BUDGET, MEMORY_BUDGET_MB, QUIET_BUDGET = 3.0, 500, 25
SIMULATOR = Path(__file__).parent.parent / "tests" / "simulators" / "pipedrive.py"


def main() -> int:
    """Print what each way takes; 1 when a budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deals", type=int, default=DEALS)
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if not asked.measure:
        with simulated(asked.deals) as (url, process):
            command = [sys.executable, "-m", "benchmarks.sync", "--measure", url, str(process)]
            return subprocess.run(command, check=False).returncode
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    os.environ["OUTGOING_LOOPBACK"] = "1"
    django.setup()
    from benchmarks.loading import _database

    with _database():
        return _compare(asked.measure[0], int(asked.measure[1]))


def _compare(url: str, simulator: int) -> int:
    from django.conf import settings

    from insights.catalog import DATASETS
    from pipeline.models import Deal
    from pipeline.sources import PIPEDRIVE
    from revops_site.kernel import sync
    from revops_site.kernel.sync import Told

    settings.SOURCES = {"pipedrive": {"token": "sim-token", "base_url": url}}
    began, busy = time.monotonic(), _busy(simulator)
    records = _paged()
    paging, worked = time.monotonic() - began, _busy(simulator) - busy
    print(f"paging alone     {paging:7.1f} s  {worked:6.1f} s of processors, {records:,} records")
    stages: dict[tuple[str, str], float] = {}

    def heard(told: Told) -> None:
        stages.setdefault((told.entity, told.stage), time.monotonic() - began)

    began, busy = time.monotonic(), _busy(simulator)
    first = sync.run(PIPEDRIVE, DATASETS, progress=heard)
    took, more = time.monotonic() - began, _busy(simulator) - busy
    assert first.status == "success", first.message
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for (entity, stage), at in stages.items():
        print(f"    {at:6.1f} s {entity} {stage}")
    ratio = took / paging
    work = f"{more:6.1f} s of processors, {more / worked:.2f}x"
    print(f"first sync       {took:7.1f} s  {ratio:.2f}x, {work}, {Deal.objects.count():,} deals")
    print(f"memory           {memory:7.0f} MB")
    began = time.monotonic()
    quiet = sync.run(PIPEDRIVE, DATASETS)
    print(f"nothing new      {time.monotonic() - began:7.1f} s  {quiet.requests} requests")
    over = ratio > RATIO_BUDGET, memory > MEMORY_BUDGET_MB, quiet.requests > QUIET_BUDGET
    budget = f"{RATIO_BUDGET:g}x, {MEMORY_BUDGET_MB} MB, {QUIET_BUDGET} requests"
    print(f"budget: {budget}{', MISSED' if any(over) else ''}")
    return int(any(over))


def _busy(simulator: int) -> float:
    """Seconds that processors have worked for this process, its database session and Pipedrive."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    spent = [psutil.Process(one).cpu_times() for one in (os.getpid(), backend, simulator)]
    return sum(one.user + one.system for one in spent)


def _paged() -> int:
    """Read every listing to its end."""
    from pipeline.sources import PIPEDRIVE
    from revops_site.kernel import sync

    settings, count = sync.settings_of("pipedrive"), 0
    assert settings is not None
    with PIPEDRIVE.reader(settings) as reader:
        listed = [one for one in PIPEDRIVE.entities if not one.follows and not one.is_lazy]
        for entity in listed:
            for part in entity.passes:
                cursor = None
                while True:
                    page = reader.page(entity.name, part, None, cursor)
                    count, cursor = count + len([*page.records]), page.cursor
                    if cursor is None:
                        break
    return count


@contextmanager
def simulated(deals: int, *more: str) -> Iterator[tuple[str, int]]:
    """A company's Pipedrive without limits, while the block lasts: its address and its process."""
    command = [sys.executable, str(SIMULATOR), "--port", "0", "--deals", str(deals)]
    command += ["--notes-per-deal", "0", "--burst", "0", *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        try:
            yield line.split()[1], process.pid
        finally:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())
