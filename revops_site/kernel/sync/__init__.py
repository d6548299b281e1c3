"""Outside systems read into the tables: asked for by anybody, done by the worker, one at a time."""

from revops_site.kernel.sync.asking import (
    CRON,
    NOTES_TASK,
    QUEUE,
    TASK,
    NotConnectedError,
    give_up,
    is_due,
    refresh_notes,
    start,
)
from revops_site.kernel.sync.connections import is_connected, is_paused, settings_of
from revops_site.kernel.sync.keeping import remap
from revops_site.kernel.sync.locks import BusyError
from revops_site.kernel.sync.notes import fetch_notes
from revops_site.kernel.sync.runs import Told, run
from revops_site.kernel.sync.states import Status, newest_run, status
from revops_site.kernel.sync.yielding import giving_way

__all__ = [
    "CRON",
    "NOTES_TASK",
    "QUEUE",
    "TASK",
    "BusyError",
    "NotConnectedError",
    "Status",
    "Told",
    "fetch_notes",
    "give_up",
    "giving_way",
    "is_connected",
    "is_due",
    "is_paused",
    "newest_run",
    "refresh_notes",
    "remap",
    "run",
    "settings_of",
    "start",
    "status",
]
