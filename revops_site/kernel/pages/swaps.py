"""One page, many sizes: what HTMX asked for, and the answer that it may keep."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from revops_site.kernel.pages.visits import Visit

VARY = ("HX-Request", "HX-Target", "HX-History-Restore-Request", "Cookie")


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], visit: Visit
) -> HttpResponse:
    """A part of the page, or all of it, with the one address of what it shows."""
    response = render(request, template, {**context, "layout": layout(request)})
    if target(request):
        response["HX-Push-Url"] = visit.frame.address()
    patch_vary_headers(response, VARY)
    return response


def target(request: HttpRequest) -> str:
    """The element that HTMX will put the answer into; empty where a whole page is wanted."""
    headers = request.headers
    if headers.get("HX-Request") != "true" or "HX-History-Restore-Request" in headers:
        return ""
    return headers.get("HX-Target", "")


def layout(request: HttpRequest) -> str:
    """What a page extends: the whole document, or its main element alone."""
    return "_bare.html" if target(request) == "main" else "base.html"
