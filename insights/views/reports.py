"""HTTP in, HTML out: the reports, and the files that are made in the background."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from insights.actions import files as actions
from insights.actions.files import MadeFile, NotMadeError, RefusedError
from insights.panels import files as shown
from insights.panels import subscriptions as mailed
from insights.queries import files
from insights.reports import shown as of_report
from insights.reports.gathering import report_at, whole_page
from insights.reports.kinds import REPORTS, Report
from revops_site.kernel import clock, exports, pages
from revops_site.kernel.middleware import unnoted
from revops_site.kernel.pages import asking

STATE = "insights/_file_state.html"
POLLING_IS_OVER = 286


@require_safe
def reports(request: HttpRequest) -> HttpResponseBase:
    """The reports that there are, and the files that the reader may have."""
    given = request.GET.get("page", "")
    number = int(given[:9]) if given.isascii() and given.isdigit() else 1
    reader = _reader(request)
    context = {
        "title": "Reports",
        "reports": of_report.listed(),
        "archive": shown.archive(files.archive(reader, number), reader),
        "subscriptions": mailed.listed(reader),
    }
    return pages.plain(request, "insights/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One report with its filters; a post has it made."""
    found = REPORTS.get(slug)
    if found is None:
        raise Http404(f"No report is called {slug}.")
    if request.method != "POST":
        return _report(request, found)
    address = of_report.asked(request, found, _reader(request))
    try:
        one = _ask(request, "report", address, found.title, "pdf")
    except RefusedError as why:
        return _report(request, found, str(why))
    return redirect("insights:file", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def new_file(request: HttpRequest) -> HttpResponseBase:
    """How the page at an address can be taken away; a post has a file of it made."""
    given = request.POST if request.method == "POST" else request.GET
    address, part = given.get("address", ""), given.get("part", "")
    taken = taken_of(_reader(request), address, part)
    if request.method != "POST":
        return _new(request, taken, given.get("suffix", ""))
    suffix = given.get("suffix", "")
    kind = taken["kinds"].get(suffix)
    if kind is None:
        return HttpResponseBadRequest("There is no such file of this page.")
    try:
        one = _ask(request, kind, address, taken["name"], suffix, part)
    except RefusedError as why:
        return _new(request, taken, suffix, str(why))
    return redirect("insights:file", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """One file: how far it is, what it shows, how it is had; a post has it made again."""
    one = _file(request, file_id)
    if request.method == "POST":
        if one.owner_id != _reader(request).pk:
            raise Http404
        try:
            again = _ask(request, one.kind, one.address, one.title, one.suffix, one.part)
        except RefusedError as why:
            return _one(request, one, str(why))
        return redirect("insights:file", again.pk)
    return _one(request, one)


@unnoted
@require_safe
def file_state(request: HttpRequest, file_id: int) -> HttpResponse:
    """How far a file is, for a page that asks until there is nothing more to wait for."""
    one = _file(request, file_id)
    if request.headers.get("HX-Request") != "true":
        return redirect("insights:file", one.pk)
    told = shown.told(one, _reader(request))
    answer = render(request, STATE, {"file": told})
    if not told["busy"]:
        answer.status_code = POLLING_IS_OVER
        _see(request, one)
    return answer


@unnoted
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What the frame of every page says of the reader's files, asked while some are made."""
    told = shown.news(_reader(request))
    answer = render(request, "insights/_file_news.html", {"news": told})
    if not told.get("making"):
        answer.status_code = POLLING_IS_OVER
    return answer


@require_safe
def file_bytes(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The file itself, to be kept."""
    one = _kept(request, file_id)
    _see(request, one)
    answer = FileResponse(
        files.kept(one.sha256).open("rb"),
        content_type=shown.TYPES[one.suffix],
        as_attachment=True,
        filename=one.file_name,
    )
    answer["Cache-Control"] = "no-store"
    return answer


@unnoted
@require_safe
def file_page(request: HttpRequest, file_id: int, number: int) -> HttpResponse:
    """The picture of a page of a printed file."""
    one = _kept(request, file_id)
    path = files.picture(one.sha256, number)
    if not 1 <= number <= one.pages or not path.exists():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type="image/png")


def _report(request: HttpRequest, found: Report, error: str = "") -> HttpResponse:
    context = of_report.context(request, found, _reader(request), error)
    parts = {"panels": "insights/_report.html"}
    answer = pages.plain(request, "insights/report.html", context, parts)
    answer.status_code = 422 if error else 200
    return answer


def _one(request: HttpRequest, one: MadeFile, error: str = "") -> HttpResponse:
    told = shown.told(one, _reader(request))
    if not told["busy"]:
        _see(request, one)
    context = {"title": one.title, "file": told, "error": error}
    answer = pages.plain(request, "insights/file.html", context)
    answer.status_code = 422 if error else 200
    return answer


def _new(request: HttpRequest, taken: dict[str, Any], suffix: str, error: str = "") -> HttpResponse:
    said = {} if taken["part"] else mailed.form(_reader(request), taken)
    answer = pages.plain(
        request, "insights/new_file.html", {**context(taken, suffix, error), **said}
    )
    answer.status_code = 422 if error else 200
    return answer


def context(taken: dict[str, Any], suffix: str = "", error: str = "") -> dict[str, Any]:
    """What ``new_file.html`` prints of what can be had."""
    return {**taken, "title": f"Take away: {taken['name']}", "suffix": suffix, "error": error}


def taken_of(reader: Any, address: str, part: str = "") -> dict[str, Any]:
    """What can be had of an address; 404 where no page of panels is there for this reader."""
    report = report_at(address)
    page = None if report else asking.page_at(reader, address)
    if report is None:
        try:
            report = whole_page(reader, address)
        except NotMadeError as why:
            raise Http404(str(why)) from why
    name = report.title
    kinds = {"pdf": "report"}
    if page is not None:
        kinds["xlsx"] = "workbook"
    if part:
        listing = page.listing(part) if page else None
        if listing is None:
            raise Http404(f"There is no table {part}.")
        name = f"{report.title}: {listing.title}"
        kinds = dict.fromkeys(exports.KINDS, "table")
    return {"address": address, "part": part, "name": name, "kinds": kinds}


def _ask(
    request: HttpRequest, kind: str, address: str, title: str, suffix: str, part: str = ""
) -> MadeFile:
    return actions.ask(
        user=_reader(request),
        kind=kind,
        address=address,
        title=title,
        suffix=suffix,
        part=part,
        at=clock.now(),
    )


def _see(request: HttpRequest, one: MadeFile) -> None:
    actions.see(user=_reader(request), file_id=one.pk, at=clock.now())


def _kept(request: HttpRequest, file_id: int) -> MadeFile:
    one = _file(request, file_id)
    if not shown.has_bytes(one):
        raise Http404
    return one


def _file(request: HttpRequest, file_id: int) -> MadeFile:
    one = files.file(file_id, _reader(request))
    if one is None:
        raise Http404
    return one


def _reader(request: HttpRequest) -> Any:
    return request.user
