"""Reports that programs have made: asked for, looked after while they are made, and fetched."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Query, Router, Schema
from pydantic import ConfigDict

from insights.actions import files as actions
from insights.api.answers import codes, whole
from insights.api.asked import Narrowed, filters
from insights.api.failures import RefusedError
from insights.panels import files as shown
from insights.queries import files
from insights.reports import shown as of_report
from insights.reports.gathering import sections
from insights.reports.kinds import REPORTS, Report
from revops_site.kernel import clock, pages
from revops_site.kernel.filters import Filters
from revops_site.kernel.pages import AskedError

if TYPE_CHECKING:
    from revops_site.kernel.models import User

router = Router()

NONE = "There is no such file, or it is not yours to see."
NOT_KEPT = "This file is not made yet, was not made, or is not kept any more."
BYTES = {
    kind: {"schema": {"type": "string", "format": "binary"}}
    for kind in dict.fromkeys(shown.TYPES.values())
}
Slug = Literal["executive-summary", "weekly-forecast", "board-pack", "marketing", "rep-scorecard"]


class Wanted(Schema):
    """Which report; its filters stand in the address, as those of pages do."""

    model_config = ConfigDict(extra="forbid")

    report: Slug


class Steps(Schema):
    """How far the work is: ``done`` of ``total`` steps, and what is being done."""

    done: int
    total: int
    says: str


class FileTold(Schema):
    """A file that was asked for; ``busy`` while its state changes by itself.

    ``file`` is where its bytes are, null while there are none; ``address`` is what it shows.
    """

    id: int
    title: str
    address: str
    format: str
    state: Literal["waiting", "making", "done", "failed"]
    busy: bool
    message: str
    progress: Steps | None
    asked_at: datetime
    ended_at: datetime | None
    kept_until: datetime | None
    as_of: date | None
    file_name: str
    size: int
    sha256: str
    url: str
    file: str | None


@router.post("/report/generate", response=codes(FileTold, ok=202))
def report_generate(request: HttpRequest, wanted: Wanted, asked: Query[Narrowed]) -> HttpResponse:
    """Have a report made as PDF, of what you may see, under the filters of the address.

    Ask at ``url`` how far it is until it is not ``busy``. One that is being made already is told
    instead of a second one; a rep scorecard is of the one ``owner``.
    """
    user: User = request.user  # type: ignore[assignment]
    report = REPORTS[wanted.report]
    address = _address(request, report, user)
    try:
        one = actions.ask(
            user=user,
            kind="report",
            address=address,
            title=report.title,
            suffix="pdf",
            at=clock.now(),
        )
    except actions.RefusedError as why:
        raise RefusedError(409, str(why)) from why
    return whole(_told(one), 202)


@router.get("/report/files/{int:file_id}", response=codes(FileTold, 404))
def report_state(request: HttpRequest, file_id: int) -> HttpResponse:
    """How far a file is, and what became of it."""
    return whole(_told(_file(request, file_id)))


@router.get(
    "/report/files/{int:file_id}/file",
    response=codes(None, 404),
    openapi_extra={"responses": {200: {"content": BYTES}}},
)
def report_file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The file itself; its ETag is its SHA-256."""
    one = _file(request, file_id)
    if not shown.has_bytes(one):
        raise Http404(NOT_KEPT)
    actions.see(user=request.user, file_id=one.pk, at=clock.now())  # type: ignore[arg-type]
    answer = FileResponse(
        files.kept(one.sha256).open("rb"),
        content_type=shown.TYPES[one.suffix],
        as_attachment=True,
        filename=one.file_name,
    )
    answer["ETag"] = f'"{one.sha256}"'
    return answer


def _address(request: HttpRequest, report: Report, user: User) -> str:
    """The address of what was asked, in its one form; AskedError where it cannot be had."""
    visit = pages.look(request, of_report.page_of(report, user), filters(request))
    if visit.asked.notices:
        raise AskedError(visit.asked.notices)
    query = visit.asked.to_query()
    try:
        sections(report, user, Filters.parse(query))
    except actions.NotMadeError as why:
        raise AskedError([str(why)]) from why
    return report.address(query)


def _file(request: HttpRequest, file_id: int) -> files.MadeFile:
    found = files.file(file_id, request.user) if file_id < 2**63 else None  # type: ignore[arg-type]
    if found is None:
        raise Http404(NONE)
    return found


def _told(one: files.MadeFile) -> dict[str, Any]:
    there = reverse("api:report_file", args=[one.pk]) if shown.has_bytes(one) else None
    return {**shown.plain(one), "url": reverse("api:report_state", args=[one.pk]), "file": there}
