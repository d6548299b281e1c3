"""Times Marketing's answers against the SQL behind them, in one process and one run.

    python -m benchmarks.pages [--rounds N]

Runs on the database of the settings, which should hold the demo data. Each round asks for a
segment and period that no round before asked for, so that nothing comes from the panel cache;
what is warm is the process. Exits with 1 when a budget is missed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from django.test import Client

PAGE_BUDGET_MS, SWAP_BUDGET_MS, REPEAT_BUDGET_MS, QUERY_BUDGET = 150, 100, 30, 8


def main() -> int:
    """Print one line per kind of answer: median, SQL, ratio; 1 when one is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    django.setup()
    client = _signed_in()
    swap = {"HX-Request": "true", "HX-Target": "panels"}
    fresh = _unseen()
    client.get("/marketing/")
    over = [
        _line("whole page", PAGE_BUDGET_MS, rounds, lambda: client.get(next(fresh))),
        _line("filter swap", SWAP_BUDGET_MS, rounds, lambda: client.get(next(fresh), headers=swap)),
        _line(
            "repeated", REPEAT_BUDGET_MS, rounds, lambda: client.get("/marketing/", headers=swap)
        ),
    ]
    return int(any(over))


def _line(name: str, budget: float, rounds: int, ask: Callable[[], object]) -> bool:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    spent, sql, count = [], [], []
    for _ in range(rounds):
        with CaptureQueriesContext(connection) as asked:
            started = time.perf_counter()
            ask()
            spent.append((time.perf_counter() - started) * 1000)
        sql.append(sum(float(query["time"]) for query in asked) * 1000)
        count.append(len(asked))
    median, behind = statistics.median(spent), statistics.median(sql)
    ratio = f"{median / behind:5.1f}x" if behind else "    –"
    over = median > budget
    print(
        f"{name:12} p50 {median:6.1f} ms (budget {budget:g}{', OVER' if over else ''})"
        f"   SQL {behind:6.1f} ms   {ratio}   {max(count)} queries"
    )
    return over


def _unseen() -> itertools.chain[str]:
    last = date(2026, 6, 30)
    days = (last - timedelta(days=n) for n in range(400))
    return itertools.chain(
        f"/marketing/?period=custom&start={day - timedelta(days=364)}&end={day}&segment={segment}"
        for day in days
        for segment in ("SMB", "MM", "ENT")
    )


def _signed_in() -> Client:
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    user = get_user_model().objects.filter(role="revops", is_active=True).first()
    if user is None:
        sys.exit("There is nobody to sign in as: run `make demo` first.")
    client = Client()
    client.force_login(user)
    return client


if __name__ == "__main__":
    sys.exit(main())
