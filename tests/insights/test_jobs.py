"""What a worker leaves behind: what it did, what failed and why; tried with a real one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import pytest
from procrastinate.contrib.django import app

from revops_site.kernel.models import User
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = "tests"  # apart from periodic jobs, which may just be due


@pytest.fixture
def failing() -> Iterator[str]:
    """A task that cannot be done."""

    @app.task(name="tests.break_down", queue=QUEUE)
    def break_down() -> None:
        raise ValueError("the moon is in the way\nand much more")

    yield break_down.name
    del app.tasks[break_down.name]


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
