"""HTTP in, HTML out: files that somebody sends, mapped, checked, imported and undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from insights.actions import uploads as actions
from insights.actions.uploads import RefusedError
from insights.catalog import DATASETS
from insights.panels import uploads as shown
from insights.views.data import attachment
from revops_site.kernel import clock, pages, receiving
from revops_site.kernel.errors import request_id
from revops_site.kernel.middleware import unnoted
from revops_site.kernel.permissions import needs

T = TypeVar("T")

LIST = {"panel-uploads": "insights/_uploads.html"}
STATE = "insights/_upload_state.html"
POLLING_IS_OVER = 286


@require_http_methods(["GET", "HEAD", "POST"])
@needs("load data")
def uploads(request: HttpRequest) -> HttpResponseBase:
    """Where a file is sent, and what was sent before; a post sends one."""
    if request.method != "POST":
        return _sending(request)
    sent = request.FILES.get("file")
    error = receiving.why_refused(request)
    if error or sent is None or isinstance(sent, list):
        return _sending(request, error or "Choose a file to upload.")
    try:
        one = actions.keep(
            user=request.user,  # type: ignore[arg-type]
            name=sent.name or "",
            size=sent.size or 0,
            chunks=sent.chunks(),
            catalog=DATASETS,
            at=clock.now(),
        )
        _checked(request, one.pk, lambda _: None)
    except RefusedError as why:
        return _sending(request, str(why))
    return redirect("insights:upload", one.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("load data")
def upload(request: HttpRequest, upload_id: int) -> HttpResponseBase:
    """One upload; a post does with it what was asked."""
    if request.method != "POST":
        return _one(request, upload_id)
    _found(shown.state(upload_id, ""))
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        return HttpResponseBadRequest("There is nothing of that name to do with an upload.")
    try:
        deed(request, upload_id)
    except RefusedError as why:
        return _one(request, upload_id, str(why))
    return redirect("insights:upload", upload_id)


@require_safe
@needs("load data")
@unnoted
def state(request: HttpRequest, upload_id: int) -> HttpResponse:
    """How far an upload is, for a page that asks until there is nothing more to wait for."""
    context = _found(shown.state(upload_id, request_id(request)["request_id"]))
    if request.headers.get("HX-Request") != "true":
        return redirect("insights:upload", upload_id)
    answer = render(request, STATE, context)
    if not context["upload"]["busy"]:
        answer.status_code = POLLING_IS_OVER
        if context["upload"]["can_check"]:  # the page has its preview and its form only now
            answer["HX-Refresh"] = "true"
    return answer


@require_safe
@needs("load data")
def refused(request: HttpRequest, upload_id: int) -> HttpResponseBase:
    """The rows of an upload that were refused, to be mended and sent again."""
    return attachment(_found(shown.refused_file(upload_id)))


@require_safe
@needs("load data")
def contract(request: HttpRequest, name: str) -> HttpResponseBase:
    """What a dataset's files promise, as a file."""
    return attachment(_found(shown.contract_file(name, DATASETS)))


@require_safe
@needs("load data")
def example(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of a dataset to begin with."""
    return attachment(_found(shown.example_file(name, DATASETS)))


def _sending(request: HttpRequest, error: str = "") -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    context = shown.sending(query, request_id(request)["request_id"], DATASETS, error)
    return _answer(pages.plain(request, "insights/uploads.html", context, LIST), error)


def _one(request: HttpRequest, upload_id: int, error: str = "") -> HttpResponse:
    asked = request_id(request)["request_id"]
    context = _found(shown.page(upload_id, asked, DATASETS, error=error))
    return _answer(pages.plain(request, "insights/upload.html", context), error)


def _answer(answer: HttpResponse, error: str) -> HttpResponse:
    answer.status_code = 422 if error else 200
    return answer


def _found(one: T | None) -> T:
    if one is None:
        raise Http404
    return one


def _checked(request: HttpRequest, upload_id: int, change: Callable[[Any], None]) -> Any:
    return actions.check(upload_id, change, DATASETS, user=request.user, at=clock.now())  # type: ignore[arg-type]


def _map(request: HttpRequest, upload_id: int) -> None:
    _checked(request, upload_id, lambda one: actions.choose(one, request.POST.dict(), DATASETS))


def _say(request: HttpRequest, upload_id: int) -> None:
    text = request.POST.get("text", "")
    _checked(request, upload_id, lambda one: actions.say(one, text, DATASETS))


def _use(request: HttpRequest, upload_id: int) -> None:
    given = request.POST.get("saved", "")
    if not given.isdecimal():
        raise RefusedError("Choose a saved mapping.")
    _checked(request, upload_id, lambda one: actions.use(one, int(given[:9]), DATASETS))


def _save(request: HttpRequest, upload_id: int) -> None:
    _map(request, upload_id)
    name = request.POST.get("name", "")
    actions.save(upload_id, name, user=request.user, at=clock.now())  # type: ignore[arg-type]


def _ask(request: HttpRequest, upload_id: int, state: str) -> None:
    actions.ask(
        upload_id,
        state,
        user=request.user,  # type: ignore[arg-type]
        at=clock.now(),
        mapping=request.POST.get("mapping", ""),
    )


def _second(request: HttpRequest, upload_id: int) -> None:
    sent = request.FILES.get("file")
    error = receiving.why_refused(request)
    if error or sent is None or isinstance(sent, list):
        raise RefusedError(error or "Choose the second file.")
    kept = actions.second(
        upload_id,
        request.POST.get("place", ""),
        user=request.user,  # type: ignore[arg-type]
        name=sent.name or "",
        size=sent.size or 0,
        chunks=sent.chunks(),
    )
    _checked(request, upload_id, kept)


def _import(request: HttpRequest, upload_id: int) -> None:
    _ask(request, upload_id, "waiting")


def _undo(request: HttpRequest, upload_id: int) -> None:
    if not request.POST.get("confirmed"):
        raise RefusedError("Confirm that the rows are to be taken out again.")
    _ask(request, upload_id, "undoing")


def _check(request: HttpRequest, upload_id: int) -> None:
    _ask(request, upload_id, "checking")


DEEDS: dict[str, Callable[[HttpRequest, int], None]] = {
    "map": _map,
    "say": _say,
    "use": _use,
    "save": _save,
    "second": _second,
    "import": _import,
    "check": _check,
    "undo": _undo,
}
