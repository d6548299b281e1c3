"""Files that programs send: mapped, checked and loaded by what the page of uploads does it with."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from insights.actions import uploads as actions
from insights.api import doors
from insights.api.answers import codes, whole
from insights.api.failures import RefusedError
from insights.catalog import DATASETS
from insights.panels import uploads as shown
from revops_site.kernel import clock, receiving
from revops_site.kernel.permissions import may

if TYPE_CHECKING:
    from revops_site.kernel.models import User

router = Router()

MAY_NOT = "Your role does not include loading data."


class UploadTold(Schema):
    """A file that was sent, and what became of it; ``busy`` while that changes by itself."""

    id: int
    file_name: str
    sha256: str
    size: int
    uploaded_at: datetime
    state: str
    busy: bool
    message: str
    refused: int | None
    url: str


def loader(request: HttpRequest) -> User:
    """Who asks, if their role loads data; the file is not even looked at before."""
    user = doors.known(request)
    if not may(user, "load data"):
        raise PermissionDenied(MAY_NOT)
    return user


def sender(request: HttpRequest) -> User:
    """The same, with a file that there is room for."""
    user = loader(request)
    if request.FILES is not None and (why := receiving.why_refused(request)):
        raise RefusedError(413, why)
    return user


@router.post("/ingest/upload", auth=sender, response=codes(UploadTold, 400, 413, ok=202))
def ingest_upload(
    request: HttpRequest, file: File[UploadedFile], load: Form[bool] = False
) -> HttpResponse:
    """Send a file: it is mapped and checked, and with ``load`` loaded by the mapping found.

    Without it, look at the upload's page, or send it again once the mapping is saved there.
    """
    user = loader(request)
    try:
        one = actions.keep(
            user=user,
            name=file.name or "",
            size=file.size or 0,
            chunks=file.chunks(),
            catalog=DATASETS,
            at=clock.now(),
        )
        actions.check(one.pk, lambda _: None, DATASETS, user=user, at=clock.now())
        if load:
            actions.ask(one.pk, "waiting", user=user, at=clock.now())
    except actions.RefusedError as why:
        raise RefusedError(400, str(why)) from why
    return whole(_told(one.pk), 202)


@router.get("/ingest/uploads/{int:upload_id}", auth=loader, response=codes(UploadTold, 403, 404))
def ingest_state(request: HttpRequest, upload_id: int) -> HttpResponse:
    """What became of a file that was sent."""
    return whole(_told(upload_id))


def _told(upload_id: int) -> dict[str, Any]:
    found = shown.plain(upload_id) if upload_id < 2**63 else None
    if found is None:
        raise Http404("There is no such upload.")
    return found
