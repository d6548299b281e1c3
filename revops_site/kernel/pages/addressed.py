"""Which addresses a page has, and which page stands at an address, as the view there says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import unquote

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, URLPattern, path, resolve

from revops_site.kernel.panels import Page

View: TypeAlias = Callable[..., HttpResponseBase]
Finds: TypeAlias = Callable[..., Page]

_shown: dict[Any, Finds] = {}


def addresses(
    address: str, name: str, whole: View, panel: View | None = None, file: View | None = None
) -> list[URLPattern]:
    """A page's own address, and those of one panel and of its file below it.

    They are called ``name``, ``name_panel`` and ``name_file``. The page's comes last: its
    address may end in a part that takes slashes, and would take the others' for its own.
    """
    found = []
    if file:
        found.append(path(f"{address}panels/<slug:slug>.<str:kind>", file, name=f"{name}_file"))
    if panel:
        found.append(path(f"{address}panels/<slug:slug>/", panel, name=f"{name}_panel"))
    return [*found, path(address, whole, name=name)]


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


def stands(address: str) -> bool:
    """Whether a page of panels stands at an address for those who may see it."""
    try:
        return resolve(unquote(address)).func in _shown
    except Resolver404:
        return False
