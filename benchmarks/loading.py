"""Times loads against PostgreSQL's own COPY of the same files, in one process and one run.

    python -m benchmarks.loading [--rows N] [--rounds N] [--only DATASET]

Works in a database of its own on the server of the settings, which is dropped at the end. For
each dataset it prints the rates of COPY into a typed table without keys, and into one with the
columns, keys and indexes of ours, of a first load, and of a load in which a tenth of the rows
differs; of deals also those of a workbook of a tenth of the rows. Exits with 1 when a budget is
missed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from benchmarks.loading_files import CASES, DEALS, MARKETING, Case

ROWS = 1_000_000
RATE_BUDGET, RATIO_BUDGET, MEMORY_BUDGET_MB = 60_000, 3.0, 300
COPY = "COPY bar ({}) FROM STDIN (FORMAT csv, HEADER)"
BAR, LOAD, BOOK = "COPY, our table", "first load", "a workbook"


def main() -> int:
    """Print one line per way of loading; 1 when a budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=2, help="of each way the best counts")
    parser.add_argument("--only", choices=[case.dataset for case in CASES])
    parser.add_argument("--measure", metavar="FOLDER", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    cases = [case for case in CASES if asked.only in (None, case.dataset)]
    if not asked.measure:
        return max(_in_own_process(case, asked.rows, asked.rounds) for case in cases)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    django.setup()
    with _database():
        return _compare(cases[0], Path(asked.measure), asked.rows, asked.rounds)


def _in_own_process(case: Case, rows: int, rounds: int) -> int:
    """Files written and loads measured by others: no memory but that of loads is counted."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        wanted = {"1.csv": (rows, False), "2.csv": (rows, True)}
        if case is DEALS:
            wanted["3.xlsx"] = (rows // 10, False)
        for ending, (many, changed) in wanted.items():
            path = folder / f"{case.dataset}_{ending}"
            command = [sys.executable, "-m", "benchmarks.loading_files", str(path)]
            command += ["--rows", str(many), *["--changed"] * changed]
            subprocess.run(command, check=True)
        command = [sys.executable, "-m", "benchmarks.loading", "--measure", name]
        command += ["--rows", str(rows), "--rounds", str(rounds), "--only", case.dataset]
        return subprocess.run(command, check=False).returncode


def _compare(case: Case, folder: Path, rows: int, rounds: int) -> int:
    first, second, book = (folder / f"{case.dataset}_{n}" for n in ("1.csv", "2.csv", "3.xlsx"))
    ours = ", ".join(part for part in (case.columns, case.more, case.key) if part)
    keys = [ours, *(f"CREATE INDEX ON bar {on}" for on in case.indexes)]
    ways: dict[str, tuple[int, Callable[[], None]]] = {
        "COPY, no keys": (rows, lambda: _copy(case, first, case.columns)),
        BAR: (rows, lambda: _copy(case, first, *keys)),
        LOAD: (rows, lambda: _load(case, first, rows)),
        "a tenth changed": (rows, lambda: _load(case, second, rows)),
    }
    taken: dict[str, float] = {}
    for _ in range(rounds):
        _forget(case)
        for name, (_, way) in ways.items():
            taken[name] = min(_timed(way), taken.get(name, float("inf")))
    memory = _memory_mb(resource.RUSAGE_SELF)
    if book.exists():
        _forget(case)
        ways[BOOK] = (rows // 10, lambda: _load(case, book, rows // 10))
        taken[BOOK] = _timed(ways[BOOK][1])
    print(f"{case.dataset}, {rows:,} rows")
    bar = taken[BAR] / rows
    for name, seconds in taken.items():
        each = seconds / ways[name][0]
        print(f"{name:16} {seconds:7.1f} s {1 / each:10,.0f} rows/s {each / bar:6.2f}x")
    both = f"{_memory_mb(resource.RUSAGE_SELF):.0f} + {_memory_mb(resource.RUSAGE_CHILDREN):.0f}"
    print(
        f"{'memory':16} {memory:7.0f} MB, with a workbook {both} MB"
        if book.exists()
        else f"{'memory':16} {memory:7.0f} MB"
    )
    rate = RATE_BUDGET if case is MARKETING else 0
    over = [rows / taken[LOAD] < rate, taken[LOAD] / rows / bar > RATIO_BUDGET]
    over += [memory > MEMORY_BUDGET_MB]
    least = f"{rate:,} rows/s, " if rate else ""
    budget = f"{least}{RATIO_BUDGET:g}x COPY into such a table, {MEMORY_BUDGET_MB} MB"
    print(f"budget: {budget}{', MISSED' if any(over) else ''}")
    return int(any(over))


def _forget(case: Case) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kernel_dataload, kernel_formerrow CASCADE")
        cursor.execute(f"TRUNCATE {', '.join(case.tables)} CASCADE")


def _load(case: Case, path: Path, rows: int) -> None:
    from insights.catalog import DATASETS
    from revops_site.kernel import loading

    (report,) = loading.load([path], DATASETS).files
    assert (report.status, report.accepted) == ("loaded", rows), report
    assert not report.warnings, report.warnings
    assert _stored(case) == rows


def _stored(case: Case) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {case.tables[0]}")
        return int(cursor.fetchone()[0])


def _copy(case: Case, path: Path, columns: str, *further: str) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bar")
        cursor.execute(f"CREATE TABLE bar ({columns})")
        for index in further:
            cursor.execute(index)
    with transaction.atomic(), connection.cursor() as cursor, path.open("rb") as stream:
        copying = cursor.copy(COPY.format(case.names))
        with copying as copy:
            while block := stream.read(256 * 1024):
                copy.write(block)


def _timed(do: Callable[[], None]) -> float:
    started = time.monotonic()
    do()
    return time.monotonic() - started


def _memory_mb(whose: int) -> float:
    """The most memory that this process had, or the largest one of those that it started."""
    return resource.getrusage(whose).ru_maxrss / 1024


@contextmanager
def _database() -> Iterator[None]:
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_{name}_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
