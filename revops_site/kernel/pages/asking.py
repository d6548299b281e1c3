"""A look without a browser: what somebody would be shown at an address of ours."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from revops_site.kernel.models import User
from revops_site.kernel.pages.addressed import at
from revops_site.kernel.pages.head import age, chips, notices, quarter, window
from revops_site.kernel.pages.visits import Visit, look
from revops_site.kernel.panels import Page

__all__ = ["age", "chips", "notices", "page_at", "quarter", "request_of", "visit_of", "window"]


def request_of(user: User, address: str) -> HttpRequest:
    """What a browser of this person would ask for at the address, path and query."""
    path, _, query = address.partition("?")
    request = HttpRequest()
    request.method = "GET"
    request.user = user
    request.path = request.path_info = path
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)
    return request


def page_at(user: User, address: str) -> Page | None:
    """The page of panels at the address for this person; None where none is, or not theirs."""
    return at(request_of(user, address), address.partition("?")[0])


def visit_of(user: User, shown: Page, query: str) -> Visit:
    """What this person would see of the page under the query."""
    return look(request_of(user, f"{shown.address}?{query}"), shown)
