"""Times the health of a large company's open deals, and of those that one load touches.

    python -m benchmarks.health [--deals N] [--rounds N]

Works in a database of its own on the server of the settings, which is dropped at the end. Prints
what it takes to reckon all deals, in its parts, and what a load of a thousand of them leaves to be
reckoned. Exits with 1 when a budget is missed.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeVar

import django

from benchmarks.health_files import TOUCHED

DEALS = 200_000
BUDGET_S, TOUCHED_BUDGET_S = 60.0, 5.0
T = TypeVar("T")


class Spent(NamedTuple):
    """Seconds in all, and of this process alone."""

    whole: float
    own: float

    def less(self, part: Spent) -> Spent:
        """What is left without a part."""
        return Spent(self.whole - part.whole, self.own - part.own)

    def __str__(self) -> str:
        return f"{self.whole:7.1f} s  {self.own:5.1f} s of this process"


def main() -> int:
    """Print one line per step; 1 when a budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--deals", type=int, default=DEALS)
    parser.add_argument("--rounds", type=int, default=2, help="of each the best counts")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    django.setup()
    from benchmarks.loading import _database

    with TemporaryDirectory() as name, _database():
        command = [sys.executable, "-m", "benchmarks.health_files", name]
        subprocess.run([*command, "--deals", str(asked.deals)], check=True)
        _load(Path(name) / "all")
        whole = _whole(asked.deals, asked.rounds)
        touched = _touched(Path(name) / "touched", min(asked.deals, TOUCHED))
    print(f"memory           {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MB")
    is_over = whole > BUDGET_S or touched > TOUCHED_BUDGET_S
    budget = f"{BUDGET_S:g} s for all, {TOUCHED_BUDGET_S:g} s for those of a load"
    print(f"budget: {budget}{', MISSED' if is_over else ''}")
    return int(is_over)


def _load(folder: Path) -> None:
    from insights.catalog import DATASETS
    from revops_site.kernel import loading

    paths = sorted(folder.glob("*.csv"))
    took, report = _timed(lambda: loading.load(paths, DATASETS))
    assert not report.stopped, report
    rows = sum(file.accepted for file in report.files)
    print(f"loaded           {took}, {rows:,} rows")


def _whole(deals: int, rounds: int) -> float:
    from pipeline.panels.health import kept

    best = Spent(float("inf"), float("inf"))
    for _ in range(rounds):
        spent, count = _timed(lambda: kept.reckon(whole=True))
        assert count == deals, count
        best = min(best, spent)
    read, judged = _steps()
    print(f"all reckoned     {best}, {deals:,} deals, {deals / best.whole:,.0f} deals/s")
    print(f"    read         {read}")
    print(f"    judged       {judged}")
    print(f"    written      {best.less(read).less(judged)}")
    return best.whole


def _steps() -> tuple[Spent, Spent]:
    """What the reading and the judging of all deals takes, as a part of it."""
    from django.db import connection, transaction

    from pipeline.panels.health import judged, kept
    from pipeline.queries import risks, standing
    from pipeline.rollups import health
    from revops_site.kernel import freshness
    from revops_site.kernel.queries import sharing

    with transaction.atomic(), sharing(), connection.cursor() as cursor:
        health.hold(cursor)
        day = standing.last_day()
        assert day is not None
        slice_ = kept.whole_slice(day, freshness.workspace())
        rules = judged.rules()
        read, found = _timed(lambda: risks.inputs(slice_))
        weighed, _ = _timed(lambda: judged.weigh(found, slice_, rules))
    return read, weighed


def _touched(folder: Path, deals: int) -> float:
    from pipeline.panels.health import kept

    _load(folder)
    took, count = _timed(kept.reckon)
    assert count >= deals, count
    print(f"those of a load  {took}, {count:,} deals")
    return took.whole


def _timed(do: Callable[[], T]) -> tuple[Spent, T]:
    started, busy = time.monotonic(), time.process_time()
    made = do()
    return Spent(time.monotonic() - started, time.process_time() - busy), made


if __name__ == "__main__":
    sys.exit(main())
