"""Workers that are killed, stand still or are told to end: each job has its effect once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from insights.models import MadeFile
from revops_site import launcher
from revops_site.kernel.models import User, Workspace
from tests.faults import working
from tests.faults.served import eventually
from tests.faults.test_kills import address
from tests.faults.working import crew

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> None:
    """Files lie where the workers put them."""
    settings.FILES = tmp_path / "files"
    Workspace.objects.get_or_create(pk=1)


def test_killed_and_stopped_workers_make_each_file_once(tmp_path: Path) -> None:
    with crew(tmp_path, address()) as team:
        counts = working.kill_loop(team, kills=3, stops=1)
    assert counts["amid a file"] == 4
    assert counts["files"] >= 4


def test_a_job_that_is_under_way_at_a_stop_ends_and_the_worker_after_it(
    dee: User, tmp_path: Path
) -> None:
    one = working.ask(dee, 0)
    assert one is not None
    with crew(tmp_path, address()) as team:
        with working.held(one):
            worker = team.start()
            assert eventually(working.is_waited_for)
            worker.ask_to_end()
            time.sleep(1)
            assert worker.process is not None
            assert worker.process.poll() is None, "it waits for its job"
        worker.end(time.monotonic() + launcher.GRACE_SECONDS)
        assert worker.process.returncode == 0
    assert working.judged() == {"done": 1}


def test_a_job_that_outlasts_a_stop_is_cut_off_and_done_once_after_the_next_start(
    dee: User, tmp_path: Path
) -> None:
    one = working.ask(dee, 0)
    assert one is not None
    with crew(tmp_path, address(), seconds=1) as team:
        with working.held(one):
            worker = team.start()
            assert eventually(working.is_waited_for)
            worker.ask_to_end()
            worker.end(time.monotonic() + 3)
        assert MadeFile.objects.get().state == MadeFile.State.WAITING
        working.minutes_later()
        working.work_off(team)
    assert working.judged() == {"done": 1}
