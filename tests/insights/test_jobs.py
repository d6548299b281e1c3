"""What a worker leaves behind: what it did, what failed and why; tried with a real one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from insights import tasks
from revops_site.kernel.models import User
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db(transaction=True)

DONE: list[int] = []
QUEUE = "tests"  # apart from periodic jobs, which may just be due


@pytest.fixture
def failing() -> Iterator[str]:
    """A task that cannot be done."""

    @app.task(name="tests.break_down", queue=QUEUE)
    def break_down() -> None:
        raise ValueError("the moon is in the way\nand much more")

    yield break_down.name
    del app.tasks[break_down.name]


def take_up() -> None:
    """What is done every few minutes."""
    app.configure_task(tasks.take_up_stalled.name, queue=QUEUE).defer(timestamp=0)
    work()


def work() -> None:
    """A worker does what waits in the queue of the tests, then ends."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]

    async def work_off() -> None:
        async with app.open_async():
            await app.run_worker_async(queues=[QUEUE], wait=False, install_signal_handlers=False)

    with app.replace_connector(connector):
        asyncio.run(work_off())


def test_a_job_that_failed_is_listed_with_its_reason(
    failing: str, as_user: AsUser, dee: User
) -> None:
    app.configure_task(failing, queue=QUEUE).defer()
    work()
    shown = re.sub(r"\s+", " ", as_user(dee).get("/data/").content.decode())
    row = re.search(r"Break down \(job \d+\)</th>.*?</tr>", shown)
    assert row is not None
    assert "ValueError: the moon is in the way" in row[0]
    assert "<time" in row[0]
    assert "1 failed" in shown


@pytest.fixture
def guarded() -> Iterator[str]:
    """A task of which one is done at a time, and which tells how often it was."""
    DONE.clear()

    @app.task(name="tests.guarded", queue=QUEUE, lock="tests.guarded")
    def guarded() -> None:
        DONE.append(1)

    yield guarded.name
    del app.tasks[guarded.name]


def died_with(name: str, once: str | None = None) -> int:
    """A job that a worker had begun when it died; its number."""
    key = app.configure_task(name, queue=QUEUE, queueing_lock=once).defer()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '5 minutes') RETURNING id)"
            " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM gone)"
            " WHERE id = %s",
            [key],
        )
    return key


def test_what_a_dead_worker_held_is_done_again_and_what_waits_behind_it(guarded: str) -> None:
    died_with(guarded)
    app.configure_task(guarded, queue=QUEUE).defer()
    work()
    assert DONE == [], "the lock is held"
    take_up()
    work()
    assert DONE == [1, 1]


def test_what_waits_already_is_done_in_place_of_what_died(guarded: str) -> None:
    died_with(guarded, once="tests.once")
    app.configure_task(guarded, queue=QUEUE, queueing_lock="tests.once").defer()
    take_up()
    work()
    assert DONE == [1]


def test_a_letter_that_a_dead_worker_held_is_told_as_failed_and_not_sent_again(
    as_user: AsUser, dee: User, mailoutbox: list[object]
) -> None:
    key = died_with("revops_site.kernel.tasks.post_letter")
    take_up()
    work()
    shown = re.sub(r"\s+", " ", as_user(dee).get("/data/").content.decode())
    row = re.search(rf"Post letter \(job {key}\)</th>.*?</tr>", shown)
    assert row is not None
    assert "whether the mail went is not known" in row[0]
    assert mailoutbox == []
