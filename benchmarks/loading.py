"""Times a load against PostgreSQL's own COPY of the same file, in one process and one run.

    python -m benchmarks.loading [--rows N] [--rounds N]

Works in a database of its own on the server of the settings, which is dropped at the end. Prints
the rates of COPY into a typed table without keys, and into one with the keys and indexes of ours,
of a first load, and of a load in which a tenth of the rows differs. Exits with 1 when a budget is
missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import django

ROWS = 1_000_000
RATE_BUDGET, RATIO_BUDGET, MEMORY_BUDGET_MB = 60_000, 3.0, 300
HEADER = (
    "date,channel,campaign,segment,geo,spend,impressions,clicks,leads,MQLs,SQLs,opportunities,"
    "closed_won,CAC,CPL,CTR,CVR_stagewise,ROI"
)
COLUMNS = """
    date date NOT NULL, channel varchar(120) NOT NULL, campaign varchar(200) NOT NULL,
    segment varchar(40) NOT NULL, geo varchar(80) NOT NULL, spend numeric(18, 2) NOT NULL,
    impressions bigint NOT NULL, clicks bigint NOT NULL, leads bigint NOT NULL,
    mqls bigint NOT NULL, sqls bigint NOT NULL, opportunities bigint NOT NULL,
    closed_won bigint NOT NULL, cac float8, cpl float8, ctr float8, cvr float8, roi numeric(18, 4)
"""
# The loader's key, but for the spelling of the day: a generated column may not depend on settings.
KEY = r"""
    key uuid GENERATED ALWAYS AS (md5(
        (date - DATE '2000-01-01')::text || E'\x1f' || channel || E'\x1f' || campaign || E'\x1f'
        || segment || E'\x1f' || geo
    )::uuid) STORED PRIMARY KEY
"""
COPY = "COPY bar ({columns}) FROM STDIN (FORMAT csv, HEADER)"
BAR, LOAD = "COPY, same keys", "first load"
PLACES = tuple(
    product(
        ("Google Ads", "LinkedIn", "Meta", "Email", "Events", "Partners", "Organic", "Webinars"),
        tuple(f"Campaign {n:02d}" for n in range(20)),
        ("SMB", "MM", "ENT"),
        ("US", "EU", "APAC", "LATAM"),
    )
)


def main() -> int:
    """Print one line per way of loading; 1 when a budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=2, help="of each way the best counts")
    parser.add_argument("--write", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--changed", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.write:
        write(Path(asked.write), asked.rows, asked.changed)
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    django.setup()
    with TemporaryDirectory() as folder, _database():
        first, second = (_written(Path(folder), asked.rows, changed) for changed in (False, True))
        return _compare(first, second, asked.rows, asked.rounds)


def write(path: Path, rows: int, changed: bool) -> None:
    """Write so many days of campaigns; ``changed`` ones spend more in every tenth row."""
    import numpy as np

    chance = np.random.default_rng(7)
    spends = chance.integers(1_000, 500_000, rows)
    counts = np.cumsum(chance.integers(0, 50, (rows, 7)), axis=1)[:, ::-1]
    if changed:
        spends[::10] += 1
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        for nth, (cents, each) in enumerate(zip(spends.tolist(), counts.tolist(), strict=True)):
            file.write(_line(nth, cents / 100, each))


def _line(nth: int, spend: float, counts: list[int]) -> str:
    impressions, clicks, leads, *_, won = counts
    day = date(2022, 1, 1) + timedelta(days=nth // len(PLACES))
    place = ",".join(PLACES[nth % len(PLACES)])
    ratios = ((spend, won, 2), (spend, leads, 2), (clicks, impressions, 4), (leads, clicks, 4))
    told = ",".join(str(round(part / of, digits)) if of else "" for part, of, digits in ratios)
    return f"{day},{place},{spend},{','.join(map(str, counts))},{told},{nth % 4000 / 10}\n"


def _written(folder: Path, rows: int, changed: bool) -> Path:
    """A file written by another process, whose memory is not counted as the loader's."""
    path = folder / f"marketing_channels_{int(changed)}.csv"
    command = [sys.executable, "-m", "benchmarks.loading", "--rows", str(rows)]
    subprocess.run([*command, "--write", str(path), *["--changed"] * changed], check=True)
    return path


def _compare(first: Path, second: Path, rows: int, rounds: int) -> int:
    keys = [f"{COLUMNS}, {KEY}", "CREATE INDEX ON bar (date)"]
    keys += ["CREATE INDEX ON bar (campaign, date)"]
    ways: dict[str, Callable[[], None]] = {
        "COPY, no keys": lambda: _copy(first, COLUMNS),
        BAR: lambda: _copy(first, *keys),
        LOAD: lambda: _load(first, rows),
        "a tenth changed": lambda: _load(second, rows),
    }
    taken: dict[str, float] = {}
    for _ in range(rounds):
        _forget()
        for name, way in ways.items():
            taken[name] = min(_timed(way), taken.get(name, float("inf")))
    bar, loaded, memory = taken[BAR], taken[LOAD], _memory_mb()
    for name, seconds in taken.items():
        print(f"{name:16} {seconds:7.1f} s {rows / seconds:10,.0f} rows/s {seconds / bar:6.2f}x")
    print(f"{'memory':16} {memory:7.0f} MB")
    over = [rows / loaded < RATE_BUDGET, loaded / bar > RATIO_BUDGET, memory > MEMORY_BUDGET_MB]
    budget = f"{RATE_BUDGET:,} rows/s, {RATIO_BUDGET:g}x COPY with the same keys"
    print(f"budget: {budget}, {MEMORY_BUDGET_MB} MB{', MISSED' if any(over) else ''}")
    return int(any(over))


def _forget() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE kernel_dataload, kernel_formerrow CASCADE")
        cursor.execute("TRUNCATE marketing_marketingday, marketing_marketingrollup")
        cursor.execute("TRUNCATE marketing_campaignmonth")


def _load(path: Path, rows: int) -> None:
    from insights.catalog import DATASETS
    from revops_site.kernel import loading

    (report,) = loading.load([path], DATASETS).files
    assert (report.status, report.accepted) == ("loaded", rows), report
    assert not report.warnings, report.warnings
    assert _stored() == rows


def _stored() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM marketing_marketingday")
        return int(cursor.fetchone()[0])


def _copy(path: Path, columns: str, *further: str) -> None:
    from django.db import connection, transaction

    names = ", ".join(part.split()[0] for part in COLUMNS.replace("18, ", "").split(","))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bar")
        cursor.execute(f"CREATE TABLE bar ({columns})")
        for index in further:
            cursor.execute(index)
    with transaction.atomic(), connection.cursor() as cursor, path.open("rb") as stream:
        copying = cursor.copy(COPY.format(columns=names))
        with copying as copy:
            while block := stream.read(256 * 1024):
                copy.write(block)


def _timed(do: Callable[[], None]) -> float:
    started = time.monotonic()
    do()
    return time.monotonic() - started


def _memory_mb() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (peak,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


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
