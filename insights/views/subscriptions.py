"""HTTP in, HTML out: pages and reports that are mailed from time to time."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from insights.actions import subscriptions as actions
from insights.actions.subscriptions import RefusedError
from insights.panels import subscriptions as shown
from insights.reports.gathering import may_see
from insights.views.reports import context, taken_of
from revops_site.kernel import clock, pages

DEEDS: dict[str, Callable[..., None]] = {
    "pause": actions.pause,
    "resume": actions.resume,
    "end": actions.end,
    "leave": actions.leave,
}


@require_POST
def subscribe(request: HttpRequest) -> HttpResponseBase:
    """Have the page at an address mailed from time to time."""
    given, reader = request.POST, request.user
    address = given.get("address", "")
    taken = taken_of(reader, address)
    to = [int(one[:12]) for one in given.getlist("to") if one.isascii() and one.isdigit()]
    hour = given.get("hour", "")
    said: dict[str, Any] = {
        "suffix": given.get("format", ""),
        "rhythm": given.get("rhythm", ""),
        "hour": int(hour) if re.fullmatch("[0-9]{1,2}", hour) else -1,
    }
    try:
        if said["suffix"] not in taken["kinds"]:
            raise RefusedError("Choose as what it is sent.")
        actions.subscribe(
            user=reader,  # type: ignore[arg-type]
            title=taken["name"],
            address=address,
            to=to,
            sees=lambda person: may_see(person, address),
            at=clock.now(),
            **said,
        )
    except RefusedError as why:
        typed = {**said, "format": said["suffix"], "to": to}
        told = {**context(taken, error=str(why)), **shown.form(reader, taken, typed)}  # type: ignore[arg-type]
        answer = pages.plain(request, "insights/new_file.html", told)
        answer.status_code = 422
        return answer
    return redirect(f"{reverse('insights:reports')}#subscriptions")


@require_POST
def change(request: HttpRequest, subscription_id: int) -> HttpResponseBase:
    """Pause, resume or end one of the reader's own; or leave another's."""
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        return HttpResponseBadRequest("There is nothing of that name to do with a subscription.")
    try:
        deed(user=request.user, subscription_id=subscription_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    return redirect(f"{reverse('insights:reports')}#subscriptions")
