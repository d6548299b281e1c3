"""Times a running service while many people change filters at once.

    python -m benchmarks.users [--url URL] [--seconds N] [--pid PID]

Asks for states of pages that nobody asked for before, over HTTP, of the service at the URL, whose
database the settings name: as ten people who ask again as soon as they are answered, then as fifty
who ask every five seconds. With the id of the process that started the service its memory is told,
too. Exits with 1 when a request fails or one in twenty takes longer than a second.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import django

SECONDS, P95_BUDGET_MS, PATIENCE_SECONDS = 60.0, 1000, 30.0
CROWDS = ((10, 0.0), (50, 5.0))  # how many, and every how many seconds each of them asks
PAGES = ("/", "/marketing/", "/pipeline/", "/pipeline/forecast/", "/revenue/", "/insights/")
SEGMENTS = ("SMB", "MM", "ENT")
SWAP = {"HX-Request": "true", "HX-Target": "panels", "Accept-Encoding": "gzip"}


@dataclass
class Crowd:
    """What some people saw: milliseconds of each answer, and what went wrong."""

    took: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def told(self, seconds: float) -> str:
        """A line of it."""
        if len(self.took) < 20:
            return f"{len(self.took)} answers are too few, {len(self.failed)} failed"
        return (
            f"{len(self.took):6} answers  {len(self.took) / seconds:5.1f}/s  median "
            f"{statistics.median(self.took):6.0f} ms  p95 {self.p95:6.0f} ms  "
            f"{len(self.failed)} failed"
        )

    @property
    def p95(self) -> float:
        """One answer in twenty took longer, ms."""
        return statistics.quantiles(self.took, n=20)[-1]


def main() -> int:
    """Print one line per crowd; 1 when one fares worse than it should."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each crowd")
    parser.add_argument("--pid", type=int, help="of the process that started the service")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "revops_site.settings")
    django.setup()
    from benchmarks.pages import last_day, signed_in

    host, newest = urlsplit(asked.url).netloc, last_day()
    most = max(count for count, _ in CROWDS)
    cookies = [signed_in().cookies["sessionid"].value for _ in range(most)]
    is_over = False
    for count, every in CROWDS:
        crowd = Crowd()
        until = time.monotonic() + asked.seconds
        people = [
            threading.Thread(target=_ask, args=(host, cookie, newest, every, until, crowd))
            for cookie in cookies[:count]
        ]
        for one in people:
            one.start()
        for one in people:
            one.join()
        memory = f"  {_megabytes(asked.pid)} MB" if asked.pid else ""
        how = f"every {every:.0f} s" if every else "back to back"
        print(f"{count:3} people {how:12}  {crowd.told(asked.seconds)}{memory}", flush=True)
        for reason in sorted(set(crowd.failed))[:5]:
            print(f"    {reason}")
        is_over |= bool(crowd.failed) or len(crowd.took) < 20 or crowd.p95 > P95_BUDGET_MS
    return int(is_over)


def _ask(host: str, cookie: str, newest: date, every: float, until: float, crowd: Crowd) -> None:
    """Change filters as one person, until the time is over."""
    at_hand = random.Random(cookie)
    line = http.client.HTTPConnection(host, timeout=PATIENCE_SECONDS)
    time.sleep(at_hand.random() * every)
    while (began := time.monotonic()) < until:
        page, address = _unseen(at_hand, newest)
        try:
            line.request("GET", address, headers={**SWAP, "Cookie": f"sessionid={cookie}"})
            answer = line.getresponse()
            answer.read()
            if answer.status == http.client.OK:
                crowd.took.append((time.monotonic() - began) * 1000)
            else:
                crowd.failed.append(f"{page} answered {answer.status}")
        except OSError as error:
            crowd.failed.append(f"{page}: {error!r}")
            line.close()
        time.sleep(max(0.0, min(began + every, until) - time.monotonic()))
    line.close()


def _unseen(at_hand: random.Random, newest: date) -> tuple[str, str]:
    """A page and a state of it: some year's worth of days, of one segment."""
    end = newest - timedelta(days=at_hand.randrange(365))
    start = end - timedelta(days=at_hand.randrange(90, 365))
    page, segment = at_hand.choice(PAGES), at_hand.choice(SEGMENTS)
    return page, f"{page}?period=custom&start={start}&end={end}&segment={segment}"


def _megabytes(first: int) -> int:
    """What a process and all that it started hold, shared pages counted once for each."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = status.read_text().split(" (", 1)
        except OSError:  # it has ended
            continue
        parents[int(pid)] = int(rest.rpartition(") ")[2].split()[1])
    family = {first}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in family)
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


if __name__ == "__main__":
    sys.exit(main())
