"""A sync that somebody asks for is done by the worker, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from procrastinate.contrib.django.models import ProcrastinateJob

from insights import tasks
from pipeline.models import Deal, Note
from pipeline.sources import PIPEDRIVE
from revops_site.kernel import clock, sync
from revops_site.kernel.models import SyncRun
from tests.sync.conftest import Simulator
from tests.sync.test_changes import good


def work() -> None:
    """Do what waits for the worker, as it would."""
    known: dict[str, Any] = {sync.TASK: tasks.sync_source, sync.NOTES_TASK: tasks.sync_notes}
    for job in ProcrastinateJob.objects.filter(status="todo", task_name__in=known).order_by("id"):
        known[job.task_name](**job.args)


def test_a_sync_that_is_asked_for_is_done_by_the_worker(pipedrive: Simulator) -> None:
    run_id = sync.start("pipedrive", entities=["stages", "deals"])
    waiting = sync.newest_run(PIPEDRIVE)
    assert waiting is not None
    assert (waiting.pk, waiting.status) == (run_id, "queued")
    work()
    done = SyncRun.objects.get(pk=run_id)
    assert (done.status, done.message) == ("success", "")
    assert Deal.objects.count() == 300


def test_the_same_is_not_put_in_the_queue_twice(pipedrive: Simulator) -> None:
    first = sync.start("pipedrive")
    assert sync.start("pipedrive") == first
    assert sync.start("pipedrive", full=True) != first
    assert SyncRun.objects.count() == 2


def test_what_is_not_connected_is_not_asked(transactional_db: None, settings: LazySettings) -> None:
    settings.SOURCES = {}
    with pytest.raises(sync.NotConnectedError):
        sync.start("pipedrive")
    tasks.ask_for_syncs(0)
    assert not SyncRun.objects.exists()


def test_a_sync_is_due_when_the_interval_is_over(
    pipedrive: Simulator, settings: LazySettings
) -> None:
    settings.SYNC_INTERVAL_MINUTES = 30
    tasks.ask_for_syncs(0)
    assert SyncRun.objects.count() == 1
    work()
    assert not sync.is_due("pipedrive")
    tasks.ask_for_syncs(0)
    assert SyncRun.objects.count() == 1
    for minutes, is_due in ((29, False), (31, True), (-24 * 60, True)):
        began = clock.now() - timedelta(minutes=minutes)
        SyncRun.objects.update(started_at=began)
        assert sync.is_due("pipedrive") is is_due


def test_a_deal_that_is_opened_has_its_notes_fetched_once(pipedrive: Simulator) -> None:
    good()
    (one, *_) = pipedrive.get("dump/notes?fields=id,deal_id")
    sync.refresh_notes("pipedrive", one["deal_id"])
    sync.refresh_notes("pipedrive", one["deal_id"])
    sync.refresh_notes("pipedrive", "no deal of this source")
    assert ProcrastinateJob.objects.filter(task_name=sync.NOTES_TASK).count() == 1
    work()
    assert Note.objects.filter(deal_id=one["deal_id"]).exists()
