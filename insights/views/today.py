"""HTTP in, HTML out: what waits for the reader today, and what is done about it."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from insights.actions import today as actions
from insights.panels import overview
from insights.panels import today as shown
from revops_site.kernel import clock, pages
from revops_site.kernel.queries import sharing

PART = "insights/_today.html"


@pages.shows(lambda request: overview.day(request.user))
@require_http_methods(["GET", "HEAD", "POST"])
def today(request: HttpRequest) -> HttpResponse:
    """All that waits; a post takes one thing from it, or brings everything back."""
    error = _do(request) if request.method == "POST" else ""
    if isinstance(error, HttpResponse):
        return error
    is_part = request.headers.get("HX-Request") == "true"
    if request.method == "POST" and not error and not is_part:
        return redirect(request.get_full_path())
    whole = "overview" not in request.GET
    with sharing():
        visit = pages.look(request, overview.PAGE)
        query = visit.asked.to_query()
        user = request.user
        panel = shown.context(
            visit.slice_,
            user,  # type: ignore[arg-type]
            get_token(request),
            query,
            error=error,
            whole=whole,
        )
    if is_part and request.method == "POST":
        return render(request, PART, {"panel": panel}, status=422 if error else 200)
    answer = pages.plain(request, "insights/today.html", {"title": "Today", "panel": panel})
    answer.status_code = 422 if error else 200
    return answer


def _do(request: HttpRequest) -> str | HttpResponse:
    """Do what was asked for; "" where that went well, else why not."""
    given, user = request.POST, request.user
    deed = given.get("do", "")
    if deed == "take back":
        actions.take_back(user=user, at=clock.now())  # type: ignore[arg-type]
        return ""
    with sharing():
        waiting = shown.items(pages.look(request, overview.PAGE).slice_, user)  # type: ignore[arg-type]
    wanted = (given.get("deal"), given.get("kind"))
    item = next((one for one in waiting if (one.deal_id, one.kind) == wanted), None)
    if item is None:
        raise Http404("Nothing of the kind waits.")
    if deed == "done":
        actions.done(user=user, item=item, at=clock.now())  # type: ignore[arg-type]
        return ""
    if deed != "put off":
        return HttpResponseBadRequest("There is nothing of that name to do.")
    try:
        until = date.fromisoformat(given.get("until", ""))
        actions.put_off(
            user=user,  # type: ignore[arg-type]
            item=item,
            until=until,
            today=clock.today(),
            at=clock.now(),
        )
    except actions.RefusedError as why:
        return str(why)
    except ValueError:
        return "Choose the day on which it should wait again."
    return ""
