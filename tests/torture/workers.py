"""Workers that are killed and stopped amid their jobs, and a job that outlasts a stop."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from revops_site import launcher
from revops_site.kernel.models import User, Workspace
from tests.faults import working
from tests.faults.served import eventually
from tests.faults.test_kills import address
from tests.faults.working import crew

KILLS = int(os.environ.get("WORKER_KILLS", "200"))
STOPS = int(os.environ.get("WORKER_STOPS", "20"))

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> None:
    """Files lie where the workers put them."""
    settings.FILES = tmp_path / "files"
    Workspace.objects.get_or_create(pk=1)


def test_killed_and_stopped_workers_make_each_file_once(tmp_path: Path) -> None:
    began = time.monotonic()
    with crew(tmp_path, address()) as team:
        counts = working.kill_loop(team, KILLS, STOPS)
    minutes = (time.monotonic() - began) / 60
    sys.stdout.write(f"\n{counts}, each once; {minutes:.0f} minutes")


def test_a_job_that_outlasts_a_stop_is_cut_off_in_time(dee: User, tmp_path: Path) -> None:
    one = working.ask(dee, 0)
    assert one is not None
    with crew(tmp_path, address()) as team:
        with working.held(one):
            worker = team.start()
            assert eventually(working.is_waited_for)
            began = time.monotonic()
            worker.ask_to_end()
            worker.end(began + launcher.GRACE_SECONDS)
            took = time.monotonic() - began
        working.minutes_later()
        working.work_off(team)
    sys.stdout.write(f"\ncut off after {took:.1f} s, then done once")
    assert launcher.FINISH_SECONDS <= took <= launcher.GRACE_SECONDS + 2
    assert working.judged() == {"done": 1}
