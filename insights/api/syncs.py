"""How the outside systems stand, and that they are wanted to be read now."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from insights.actions import syncs as actions
from insights.api.answers import codes, whole
from insights.api.failures import RefusedError
from insights.catalog import SOURCES
from insights.panels import syncs as shown
from insights.queries.syncs import standings
from revops_site.kernel import clock
from revops_site.kernel.permissions import may, sees_all

router = Router()

CODES = {"unknown_entity": 404, "not_connected": 409, "sync_in_progress": 409, "too_soon": 429}


class Source(Schema):
    """An outside system and how it stands."""

    source: str
    label: str
    state: str


class Entity(Schema):
    """A kind of record, as it was last read; how many only to who sees everybody's."""

    entity_type: str
    last_sync_time: datetime | None
    last_sync_duration_ms: int | None
    records_synced: int | None
    status: str | None
    error_message: str | None


class SyncStatus(Schema):
    """How old the data are, and by what they were read."""

    data_freshness: datetime | None
    is_stale: bool
    sources: list[Source]
    entities: list[Entity]


class Started(Schema):
    """It is asked for; nobody waits for it."""

    status: Literal["sync_started"]


@router.get("/sync/status", response=codes(SyncStatus), url_name="sync_status")
def status(request: HttpRequest) -> HttpResponse:
    """How each kind of record was last read, and how old the data are."""
    return whole(shown.plain(standings(SOURCES), counts=sees_all(request.user)))


TRIGGER = codes(Started, 404, 429, ok=202)


@router.post("/sync/trigger", response=TRIGGER, url_name="sync_trigger")
def trigger(request: HttpRequest) -> HttpResponse:
    """Have all connected systems read now; the answer does not wait for it."""
    return _asked(request, "")


@router.post("/sync/trigger/{entity}", response=TRIGGER, url_name="sync_trigger_one")
def trigger_one(request: HttpRequest, entity: str) -> HttpResponse:
    """Have one kind of record read now."""
    return _asked(request, entity)


def _asked(request: HttpRequest, entity: str) -> HttpResponse:
    if not may(request.user, "sync now"):
        raise PermissionDenied("Your role does not include asking for a sync.")
    user = request.user
    try:
        actions.ask(SOURCES, user=user, at=clock.now(), entity=entity)  # type: ignore[arg-type]
    except actions.RefusedError as why:
        headers = {"Retry-After": str(why.wait)} if why.wait else {}
        raise RefusedError(CODES[why.word], str(why), headers, code=why.word) from why
    return whole({"status": "sync_started"}, 202)
