"""Times pages while a full sync runs against the same pages while it stands still.

    python -m benchmarks.during_sync [--deals N] [--rounds N]

Syncs a simulated Pipedrive, which goes on changing, into a database of its own, again and again in
a process of its own, as the worker does. That process is let run and stopped by turns, so that
whatever else the machine does slows both alike. Each round asks for states of pages that no round
before asked for. Exits with 1 when pages take more than 1.2 times as long.
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING

import django

from benchmarks.sync import simulated

if TYPE_CHECKING:
    from django.test import Client

DEALS, ROUNDS = 20_000, 80
BUDGET = 1.2
PAGES = ("/", "/pipeline/", "/pipeline/forecast/", "/pipeline/velocity/")
ASLEEP = """
    SELECT NOT EXISTS (
        SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
            AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    )
"""


def main() -> int:
    """Print what pages take either way; 1 when the budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deals", type=int, default=DEALS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--sync", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    os.environ["OUTGOING_LOOPBACK"] = "1"
    if asked.sync:
        return _sync_for_ever(*asked.sync)
    django.setup()
    from benchmarks.loading import _database

    # It stands for a company far away, which does not take this machine's time.
    with simulated(asked.deals, "--faults", "churn.deals=1.0:3") as (url, far), _database():
        os.setpriority(os.PRIO_PROCESS, far, 19)
        return _compare(url, asked.rounds)


def _compare(url: str, rounds: int) -> int:
    from django.db import connection

    from benchmarks.pages import last_day
    from insights.catalog import DATASETS
    from pipeline.sources import PIPEDRIVE
    from revops_site.kernel import sync

    _connect(url)
    sync.run(PIPEDRIVE, DATASETS)
    client = _signed_in()
    fresh = {page: _years(page, last_day()) for page in PAGES}
    spent: dict[tuple[str, bool], list[float]] = {(p, s): [] for p in PAGES for s in (False, True)}
    for page in PAGES:
        client.get(next(fresh[page]))
    with _syncing(str(connection.settings_dict["NAME"]), url) as process:
        for nth in range(rounds):
            is_syncing = bool(nth % 2)
            _let(process, is_syncing)
            for page in PAGES:
                began = time.perf_counter()
                client.get(next(fresh[page]))
                spent[page, is_syncing].append((time.perf_counter() - began) * 1000)
        _let(process, True)
    return _told(spent)


def _years(page: str, last_day: date) -> Iterator[str]:
    """Addresses of the page, each of a year of its own."""
    for day in (last_day - timedelta(days=n) for n in itertools.count()):
        yield f"{page}?period=custom&start={day - timedelta(days=364)}&end={day}"


def _told(spent: dict[tuple[str, bool], list[float]]) -> int:
    """Each round with the one before it: what else the machine does is much the same in both."""
    print(f"{'page':24} {'without':>10} {'during':>10}")
    for page in PAGES:
        still, busy = (statistics.median(spent[page, kind]) for kind in (False, True))
        ratio = statistics.median(_ratios(spent, page))
        print(f"{page:24} {still:7.0f} ms {busy:7.0f} ms {ratio:6.2f}x")
    ratio = statistics.median(_ratios(spent, *PAGES))
    over = ratio > BUDGET
    print(f"all pages {ratio:.2f}x, budget {BUDGET:g}x{', MISSED' if over else ''}")
    return int(over)


def _ratios(spent: dict[tuple[str, bool], list[float]], *pages: str) -> list[float]:
    still, busy = (
        [sum(times) for times in zip(*(spent[page, kind] for page in pages), strict=True)]
        for kind in (False, True)
    )
    return [one / other for one, other in zip(busy, still, strict=True)]


def _let(process: subprocess.Popen[bytes], is_syncing: bool) -> None:
    """Let the sync go on, or stop it and wait until the database has nothing to do for it."""
    from django.db import connection

    process.send_signal(signal.SIGCONT if is_syncing else signal.SIGSTOP)
    for _ in range(0 if is_syncing else 300):
        with connection.cursor() as cursor:
            cursor.execute(ASLEEP)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)


@contextmanager
def _syncing(database: str, url: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "benchmarks.during_sync", "--sync", database, url]
    with subprocess.Popen(command) as process:
        try:
            time.sleep(5)
            yield process
        finally:
            process.kill()


def _sync_for_ever(database: str, url: str) -> int:
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    from insights.catalog import DATASETS
    from pipeline.sources import PIPEDRIVE
    from revops_site.kernel import sync

    _connect(url)
    while True:
        with sync.giving_way():
            sync.run(PIPEDRIVE, DATASETS, full=True)


def _connect(url: str) -> None:
    from django.conf import settings

    settings.SOURCES = {"pipedrive": {"token": "sim-token", "base_url": url}}


def _signed_in() -> Client:
    from benchmarks.pages import signed_in
    from revops_site.kernel.models import User

    User.objects.create_user("bench", role="revops")
    return signed_in()


if __name__ == "__main__":
    sys.exit(main())
