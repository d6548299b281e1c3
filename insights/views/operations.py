"""HTTP in, HTML out: what the service is doing, for admins, and as numbers for machines."""

from __future__ import annotations

import secrets
from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from insights import catalog
from insights.panels.operations import exposition, shown
from insights.queries.syncs import standings
from revops_site.kernel import pages
from revops_site.kernel.errors import request_id
from revops_site.kernel.permissions import may, needs


@require_safe
@needs("see operations")
def operations(request: HttpRequest) -> HttpResponseBase:
    """The Operations page, whole or the part that was asked for."""
    systems = partial(standings, catalog.SOURCES)
    query, named = request.META.get("QUERY_STRING", ""), request_id(request)["request_id"]
    context = shown.page(query, named, systems)
    return pages.plain(request, "insights/operations.html", context, shown.PARTS)


@login_not_required  # a machine has no session: this view looks at who asks itself
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics for Prometheus: to its token, and to an admin who is signed in."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        if not _is_token(given.strip()):
            return _unauthorised()
    elif not request.user.is_authenticated:
        return _unauthorised()
    elif not may(request.user, "see operations"):
        raise PermissionDenied
    return HttpResponse(exposition.page(catalog.SOURCES), content_type=exposition.CONTENT_TYPE)


def _is_token(given: str) -> bool:
    """In the same time whatever it is; nothing fits where settings name no token."""
    known = settings.METRICS_TOKEN
    same = secrets.compare_digest(given.encode(), known.encode())
    return same and bool(known)


def _unauthorised() -> HttpResponse:
    told = {"WWW-Authenticate": 'Bearer realm="RevOps Control Center metrics"'}
    return HttpResponse("Send the token of METRICS_TOKEN.\n", status=401, headers=told)
