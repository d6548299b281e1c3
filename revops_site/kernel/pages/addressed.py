"""Which page stands at an address of this site, as the view there says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import unquote

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from revops_site.kernel.panels import Page

View: TypeAlias = Callable[..., HttpResponseBase]
Finds: TypeAlias = Callable[..., Page]

_shown: dict[Any, Finds] = {}


def shows(finds: Finds) -> Callable[[View], View]:
    """Says of a view which page it shows; to stand above all that wraps the view.

    ``finds`` is told the request and the parts of the address, and raises Http404 where there is
    no such page for this reader.
    """

    def told(view: View) -> View:
        _shown[view] = finds
        return view

    return told


def at(request: HttpRequest, address: str) -> Page | None:
    """The page of panels at an address, for this reader; None where none stands there."""
    try:
        found = resolve(unquote(address))
        finds = _shown.get(found.func)
        return finds(request, *found.args, **found.kwargs) if finds else None
    except (Resolver404, Http404):
        return None
