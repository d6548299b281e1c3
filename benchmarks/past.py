"""Times pages as of a year ago against the same pages as of the newest day, by turns.

    python -m benchmarks.past [--rounds N] [--page SLUG …]

Runs on the database of the settings, which should hold a few years of the demo's data. Each round
asks for a year of a segment that no round before asked for, once as of the newest day and once as
of the same day a year before, so that nothing comes from the panel cache. Exits with 1 where a page
takes more than twice as long as of a year ago.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

import django

from benchmarks.pages import SEGMENTS, Spent, last_day, signed_in, spent

if TYPE_CHECKING:
    from django.test import Client

YEAR = timedelta(days=364)  # the same day of the week
BUDGET = 2.0
FIELDS = ("whole", "sql")
PAGES = ("overview", "marketing", "pipeline", "forecast", "revenue")


def main() -> int:
    """Print one line per page; 1 when one is over the budget."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--page", action="append", default=[], help="this page alone (repeatable)")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    django.setup()
    import_module("revops_site.wsgi")  # warm and settled, as it is served
    from insights.catalog import PAGES as KNOWN

    client, newest = signed_in(), last_day()
    print(f"{'page':12} {'newest day':>12} {'SQL':>10} {'a year ago':>12} {'SQL':>10}  ratio")
    over = False
    for page in (one for one in KNOWN if one.slug in (asked.page or PAGES)):
        now, then = _unseen(page.address, newest), _unseen(page.address, newest - YEAR)
        _took(client, now), _took(client, then)
        rounds = [(_took(client, now), _took(client, then)) for _ in range(asked.rounds)]
        new, old = (_median([one[place] for one in rounds]) for place in (0, 1))
        is_over = old.whole > BUDGET * new.whole
        over |= is_over
        print(
            f"{page.slug:12} {new.whole:9.1f} ms {new.sql:7.1f} ms {old.whole:9.1f} ms"
            f" {old.sql:7.1f} ms  {old.whole / new.whole:5.2f}{'  OVER' if is_over else ''}"
        )
    return int(over)


def _took(client: Client, addresses: Iterator[str]) -> Spent:
    from django.core.cache import cache

    address = next(addresses)
    if address.startswith("/?"):  # it knows no period: what was seen before would be shown again
        cache.clear()
    return spent(lambda: client.get(address), 1)


def _median(rounds: list[Spent]) -> Spent:
    whole, sql = (statistics.median(getattr(one, name) for one in rounds) for name in FIELDS)
    return Spent(whole, sql, max(one.queries for one in rounds))


def _unseen(url: str, day: date) -> Iterator[str]:
    """Addresses of the page as of a day, each of a year and a segment of its own."""
    starts = (day - timedelta(days=n) for n in range(364, 600))
    return (
        f"{url}?as_of={day}&period=custom&start={start}&end={day}&segment={segment}"
        for start in starts
        for segment in SEGMENTS
    )


if __name__ == "__main__":
    sys.exit(main())
