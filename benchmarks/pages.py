"""Times the pages' answers against the SQL behind them, in one process and one run.

    python -m benchmarks.pages [--rounds N] [--page SLUG …]

Runs on the database of the settings, which should hold the demo's data. Each round asks for a
segment and period that no round before asked for, so that nothing comes from the panel cache;
what is warm is the process. Exits with 1 when a budget is missed: beside its SQL an answer may
take 50 ms, and a state that was seen before 30 ms in all.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from django.test import Client

BESIDE_SQL_MS, REPEAT_BUDGET_MS = 50, 30
SEGMENTS = ("SMB", "MM", "ENT")


@dataclass(frozen=True)
class Spent:
    """Medians of some rounds: milliseconds in all, and in SQL; the most queries of any."""

    whole: float
    sql: float
    queries: int


def main() -> int:
    """Print one line per page and kind of answer; 1 when one is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--page", action="append", default=[], help="this page alone (repeatable)")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    django.setup()
    import_module("revops_site.wsgi")  # warm and settled, as it is served
    from insights.catalog import PAGES

    client, newest = signed_in(), last_day()
    print(f"{'page':12} {'answer':12} {'median':>9} {'SQL':>9} {'beside':>9}  queries")
    over = [
        _page(client, page.slug, page.address, newest, asked.rounds)
        for page in PAGES
        if not asked.page or page.slug in asked.page
    ]
    return int(any(over))


def _page(client: Client, slug: str, url: str, last_day: date, rounds: int) -> bool:
    swap = {"HX-Request": "true", "HX-Target": "panels"}
    fresh = _unseen(url, last_day)
    client.get(url)
    kinds: dict[str, Callable[[], object]] = {
        "whole page": lambda: client.get(next(fresh)),
        "filter swap": lambda: client.get(next(fresh), headers=swap),
        "repeated": lambda: client.get(url, headers=swap),
    }
    over = False
    for kind, ask in kinds.items():
        took = spent(ask, rounds)
        beside = took.whole - took.sql
        is_over = beside > BESIDE_SQL_MS if kind == "filter swap" else False
        is_over |= kind == "repeated" and took.whole > REPEAT_BUDGET_MS
        over |= is_over
        print(
            f"{slug:12} {kind:12} {took.whole:6.1f} ms {took.sql:6.1f} ms {beside:6.1f} ms"
            f"  {took.queries}{'  OVER' if is_over else ''}"
        )
    return over


def spent(ask: Callable[[], object], rounds: int) -> Spent:
    """What some rounds of asking took."""
    from django.db import connection

    whole, sql, count = [], [], []
    for _ in range(rounds):
        clock = Stopwatch()
        with connection.execute_wrapper(clock):
            started = time.perf_counter()
            ask()
            whole.append((time.perf_counter() - started) * 1000)
        sql.append(sum(clock.milliseconds))
        count.append(len(clock.milliseconds))
    return Spent(statistics.median(whole), statistics.median(sql), max(count))


class Stopwatch:
    """Around each query of a connection: how long the database took."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*query)
        finally:
            self.milliseconds.append((time.perf_counter() - started) * 1000)


def _unseen(url: str, last_day: date) -> Iterator[str]:
    """Addresses of the page, each of a year and a segment of its own."""
    days = (last_day - timedelta(days=n) for n in itertools.count())
    return (
        f"{url}?period=custom&start={day - timedelta(days=364)}&end={day}&segment={segment}"
        for day in days
        for segment in SEGMENTS
    )


def last_day() -> date:
    """The newest day of the data; ends the process where there are none."""
    from insights.catalog import DATASETS
    from revops_site.kernel import freshness

    fresh = freshness.of([dataset.name for dataset in DATASETS], freshness.workspace())
    if fresh.last_day is None:
        sys.exit("There are no data: run `make demo` first.")
    return fresh.last_day


def signed_in() -> Client:
    """A client that sees everything; ends the process where nobody may."""
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
