"""Workers as the launcher starts them, which are killed, stopped or told to end amid their jobs."""

from __future__ import annotations

import contextlib
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from insights import tasks
from insights.actions import files as actions
from insights.models import MadeFile
from insights.queries import files
from insights.reports.kinds import REPORTS
from revops_site import launcher
from revops_site.kernel import clock
from revops_site.kernel.models import AuditEvent, User
from tests.faults.served import eventually

SLUGS = ("board-pack", "executive-summary", "marketing", "weekly-forecast")
PERIODS = ("30d", "90d", "this_year")
PATIENCE = 120.0
AGED = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'"


@dataclass
class Crew:
    """Workers over the database of a test, with ``settings`` of their own.

    ``seconds`` is what a job has at a stop.
    """

    folder: Path
    database: str
    seconds: int = launcher.FINISH_SECONDS
    settings: Mapping[str, str] = field(default_factory=dict)
    started: list[launcher.Child] = field(default_factory=list)

    def start(self) -> launcher.Child:
        """One more worker."""
        child = launcher.worker()
        child.command = [*child.command[:-1], str(self.seconds)]
        child.environment = {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": self.database,
            "VAR_DIR": str(self.folder),
            "LOG_LEVEL": "ERROR",
            **self.settings,
        }
        child.watch()
        self.started.append(child)
        return child

    def ends(self) -> None:
        """Leave none of them behind."""
        for one in self.started:
            one.end(time.monotonic())


@contextlib.contextmanager
def crew(folder: Path, database: str, seconds: int = launcher.FINISH_SECONDS) -> Iterator[Crew]:
    """Workers, which are gone afterwards."""
    found = Crew(folder, database, seconds)
    try:
        yield found
    finally:
        found.ends()


def people(count: int) -> list[User]:
    """Those who ask for files: each may have two made at a time."""
    name = "asks{}"
    return [
        User.objects.create_user(name.format(nth), f"{name.format(nth)}@example.com", role="revops")
        for nth in range(count)
    ]


def ask(user: User, nth: int) -> MadeFile | None:
    """A report that this person asks for; None where two are being made already."""
    slug = SLUGS[nth % len(SLUGS)]
    address = REPORTS[slug].address(f"period={PERIODS[nth % len(PERIODS)]}")
    with contextlib.suppress(actions.RefusedError):
        return actions.ask(
            user=user, kind="report", address=address, title=slug, suffix="pdf", at=clock.now()
        )
    return None


def is_made_now() -> bool:
    """Whether a worker that lives is making a file."""
    since = clock.now() - files.SILENCE
    job = ProcrastinateJob.objects.filter(task_name=actions.TASK, status="doing")
    return (
        job.exists()
        and MadeFile.objects.filter(state=MadeFile.State.MAKING, beat_at__gt=since).exists()
    )


def waits() -> bool:
    """Whether a file is not there yet."""
    return MadeFile.objects.filter(state__in=MadeFile.BUSY).exists()


def minutes_later() -> None:
    """What dead and silent workers held is taken up by the next that comes, as after minutes."""
    with connection.cursor() as cursor:
        cursor.execute(AGED)
    MadeFile.objects.filter(state=MadeFile.State.MAKING).update(
        beat_at=clock.now() - 2 * files.SILENCE
    )
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task(tasks.take_up_stalled.name, priority=10).defer(timestamp=0)


@contextlib.contextmanager
def held(one: MadeFile) -> Iterator[None]:
    """A file that somebody holds: whoever begins to make it has to wait for so long."""
    with transaction.atomic():
        MadeFile.objects.select_for_update().get(pk=one.pk)
        yield


def is_waited_for() -> bool:
    """Whether some worker's job waits for a file that is held."""
    return _count(
        "SELECT count(*) FROM pg_locks AS held JOIN pg_locks AS waiting USING (transactionid)"
        " WHERE held.pid = pg_backend_pid() AND NOT waiting.granted"
    )


def work_off(team: Crew) -> None:
    """Let a worker come to the end of all files."""
    ends = time.monotonic() + PATIENCE + 6.0 * MadeFile.objects.count()
    child = team.start()
    while waits() and time.monotonic() < ends:
        if not eventually(lambda: not waits(), 20):
            minutes_later()
    child.ask_to_end()
    child.end(time.monotonic() + launcher.GRACE_SECONDS)


def _count(query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return bool(cursor.fetchone()[0])


def judged() -> Counter[str]:
    """Each file that was asked for is there, once, and one row says so."""
    states = Counter(MadeFile.objects.values_list("state", flat=True))
    rows = Counter(
        AuditEvent.objects.filter(action="file made").values_list("detail__file", flat=True)
    )
    assert set(states) == {"done"}, list(MadeFile.objects.values_list("title", "message"))
    assert set(rows.values()) == {1}, rows
    assert set(rows) == set(MadeFile.objects.values_list("pk", flat=True))
    assert all(files.kept(one.sha256).exists() for one in MadeFile.objects.all())
    return states


def kill_loop(team: Crew, kills: int, stops: int) -> dict[str, int]:
    """Kill and stop so many workers amid their jobs; what came of the files."""
    chance = random.Random(kills)
    askers = people(6)
    amid = 0
    for nth in range(kills + stops):
        for turn, user in enumerate(askers[: 2 + nth % 3]):
            ask(user, nth + turn)
        child = team.start()
        was_amid = eventually(is_made_now, PATIENCE)
        amid += was_amid
        time.sleep(chance.uniform(0.0, 0.8))
        if nth < kills:
            child.end(time.monotonic())  # by kill -9
            minutes_later()
        else:
            _stopped(team, child)
    work_off(team)
    states = judged()
    return {"kills": kills, "stops": stops, "amid a file": amid, "files": states["done"]}


def _stopped(team: Crew, first: launcher.Child) -> None:
    """One that stands still for so long that another does its job; then it goes on."""
    assert first.process is not None
    asleep = psutil.Process(first.process.pid)
    asleep.suspend()
    minutes_later()
    other = team.start()
    eventually(lambda: not waits(), 30)  # not all of them, where it sleeps on a row that it holds
    asleep.resume()
    time.sleep(2)
    for one in (first, other):
        one.ask_to_end()
    for one in (first, other):
        one.end(time.monotonic() + launcher.GRACE_SECONDS)
