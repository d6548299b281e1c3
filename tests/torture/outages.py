"""A demo whose database and web processes are killed, while people write and read."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from tests.faults.served import LOST, Answer, Browser, eventually, token_of
from tests.folders import open_folder
from tests.test_demo import Demo

DATABASE_KILLS = int(os.environ.get("DATABASE_KILLS", "20"))
BACKEND_KILLS = int(os.environ.get("BACKEND_KILLS", "60"))
WEB_KILLS = int(os.environ.get("WEB_KILLS", "50"))
A_SECOND, SECONDS_A_KILL = 50, 6.0
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """A demo of its own."""
    with open_folder() as var:
        running = Demo(var)
        yield running
        running.process.terminate()
        running.process.wait(60)


def browser_of(demo: Demo, role: str) -> Browser:
    """A person of this role, logged in."""
    port = int(demo.told["url"].rsplit(":", 1)[1].strip("/"))
    user = next(one for one in demo.told["users"] if one["role"] == role)
    browser = Browser(port)
    browser.enter(user["username"], user["password"])
    return browser


def connected(demo: Demo) -> psycopg.Connection[Any]:
    """A connection to its database that is of nobody else."""
    (folder,) = (demo.var / "postgres").glob("data*[0-9]")
    return psycopg.connect(host=str(folder), user="postgres", dbname="revops", connect_timeout=2)


def postmaster(demo: Demo) -> psutil.Process:
    """The process that all of the database hangs on."""
    mark = next((demo.var / "postgres").glob("data*/postmaster.pid"))
    return psutil.Process(int(mark.read_text().split()[0]))


class People:
    """Who writes and reads all the time; each answer is kept."""

    def __init__(self, demo: Demo, name: str) -> None:
        self.name = name
        self.writes: dict[str, Answer] = {}
        self.reads: list[Answer] = []
        self.ends = threading.Event()
        self.browsers = [browser_of(demo, role) for role in ("revops", "manager", "rep")]
        self.tokens = [token_of(one.ask("/annotations/new/")) for one in self.browsers]

    def __enter__(self) -> People:
        self.threads = [threading.Thread(target=self._write, args=[n]) for n in range(2)]
        self.threads.append(threading.Thread(target=self._read))
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        for one in self.threads:
            one.join()

    def _write(self, who: int) -> None:
        nth = 0
        while not self.ends.wait(0.1):
            text = f"{self.name} {who} {nth}"
            self.writes[text] = self.browsers[who].write(self.tokens[who], text)
            nth += 1

    def _read(self) -> None:
        while not self.ends.wait(0.1):
            self.reads.append(self.browsers[2].ask("/annotations/"))

    def statuses(self) -> Counter[int]:
        """How often each status was the answer."""
        return Counter(one.status for one in (*self.writes.values(), *self.reads))

    def lost(self, demo: Demo) -> set[str]:
        """What was acknowledged and is not there."""
        acknowledged = {text for text, one in self.writes.items() if one.status == 302}
        with connected(demo) as connection:
            rows = connection.execute("SELECT text FROM kernel_annotation").fetchall()
        assert acknowledged
        return acknowledged - {text for (text,) in rows}


def seconds_until_served(demo: Demo, browser: Browser) -> float:
    """From when the database takes connections again until a page is whole."""
    accepted: list[float] = []

    def watch() -> None:
        while not accepted:
            try:
                connected(demo).close()
                accepted.append(time.monotonic())
            except (psycopg.Error, OSError):
                time.sleep(0.01)

    watcher = threading.Thread(target=watch)
    watcher.start()
    served = 0.0
    assert eventually(lambda: browser.ask("/glossary/").status == 503 or bool(accepted), 10)
    while not served:
        began = time.monotonic()
        if browser.ask("/glossary/").status == 200 and accepted and began >= accepted[0]:
            served = time.monotonic()
        elif accepted:
            time.sleep(0.01)
    watcher.join()
    return served - accepted[0]


def told(demo: Demo) -> str:
    """What its log says at the end, where a test fails."""
    return demo.said[-3000:]


def test_killed_databases_lose_nothing_and_are_back_within_a_second(demo: Demo) -> None:
    browser = browser_of(demo, "viewer")
    times = []
    with People(demo, "kill") as people:
        for _ in range(DATABASE_KILLS):
            time.sleep(2)
            postmaster(demo).kill()
            times.append(seconds_until_served(demo, browser))
    sys.stdout.write(
        f"\n{DATABASE_KILLS} kills of the postmaster: {people.statuses()}, lost "
        f"{len(people.lost(demo))} of {len(people.writes)}, back after {max(times):.2f} s at most"
    )
    assert people.lost(demo) == set()
    assert set(people.statuses()) <= {200, 302, 503}
    assert max(times) <= 1.0


def test_ended_backends_lose_nothing(demo: Demo) -> None:
    with People(demo, "backend") as people:
        for _ in range(BACKEND_KILLS):
            time.sleep(0.5)
            with connected(demo) as connection:
                connection.execute(OTHERS)
    longest = max(one.seconds for one in (*people.writes.values(), *people.reads))
    sys.stdout.write(
        f"\n{BACKEND_KILLS} times all backends ended: {people.statuses()}, lost "
        f"{len(people.lost(demo))} of {len(people.writes)}, longest answer {longest:.2f} s"
    )
    assert people.lost(demo) == set()
    assert set(people.statuses()) <= {200, 302, 503}


def test_killed_web_processes_cost_one_request_each_at_most(demo: Demo) -> None:
    web = next(part for part in demo.process.children() if "granian" in part.cmdline())
    browser = Browser(int(demo.told["url"].rsplit(":", 1)[1].strip("/")))
    statuses: Counter[int] = Counter()
    ends = time.monotonic() + WEB_KILLS * SECONDS_A_KILL
    killed = 0

    def ask() -> None:
        statuses[browser.ask("/livez").status] += 1

    with ThreadPoolExecutor(64) as pool:
        began, asked = time.monotonic(), 0
        while time.monotonic() < ends:
            pool.submit(ask)
            asked += 1
            if time.monotonic() - began > (killed + 0.5) * SECONDS_A_KILL and killed < WEB_KILLS:
                children = sorted(web.children(), key=lambda one: one.create_time())
                children[0].kill()  # the oldest: the other one is warm by now
                killed += 1
            time.sleep(max(0.0, began + asked / A_SECOND - time.monotonic()))
    failed = asked - statuses[200]
    sys.stdout.write(f"\n{killed} kills at {A_SECOND} a second: {failed} failed of {asked}")
    assert web.is_running(), told(demo)
    assert failed <= killed, statuses


def test_a_stop_lets_requests_end(demo: Demo) -> None:
    """All that was accepted is answered, and all of it is over in 30 s."""
    browser = browser_of(demo, "revops")
    answers: list[Answer] = []
    readers = [
        threading.Thread(target=lambda: answers.append(browser.ask("/pipeline/?period=all")))
        for _ in range(4)
    ]
    for one in readers:
        one.start()
    time.sleep(0.1)
    began = time.monotonic()
    demo.process.terminate()
    for one in readers:
        one.join()
    assert demo.process.wait(35) == 0
    took = time.monotonic() - began
    sys.stdout.write(f"\nstopped in {took:.1f} s; {Counter(one.status for one in answers)}")
    assert LOST not in {one.status for one in answers}
    assert not Path(demo.var / "postgres" / "data18" / "postmaster.pid").exists()
