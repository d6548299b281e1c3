"""HTTP in, HTML out: an owner is looked for among many, within the filters or on a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from revops_site.kernel import owners, pages, queries
from revops_site.kernel.filters import Filters
from revops_site.kernel.permissions import allowed

OPTIONS = "options-owner"
HOME = "/"


@require_safe
def found(request: HttpRequest) -> HttpResponse:
    """The owners whose name or id holds ``find``, of those that this reader may see.

    As a page, each leads ``back`` to where one looked, narrowed to that owner as well.
    """
    text = request.GET.get("find", "").strip()[: owners.LONGEST_TEXT]
    known = owners.people(allowed(request.user), queries.workspace().generation)["owner"]
    chosen = Filters.parse(request.META.get("QUERY_STRING", "")).owner
    offered = owners.offered(known, chosen, text)
    back = request.GET.get("back", "")
    back = back if url_has_allowed_host_and_scheme(back, None) else HOME
    context = {
        "title": "Find an owner",
        "find": text,
        "back": back,
        "options": [
            {"value": value, "label": label, "checked": value in chosen}
            for value, label in offered.options.items()
        ],
        "links": lambda: _links(back, offered),
        "says": _says(len(offered.options), offered.more),
    }
    return pages.plain(request, "owners.html", context, {OPTIONS: "_options.html"})


def _links(back: str, offered: owners.Offered) -> list[dict[str, Any]]:
    """Each owner, with the address that is narrowed to them too."""
    path, _, query = back.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [pair for pair in pairs if pair[0] != "page"]
    return [
        {"label": label, "url": f"{path}?{urlencode([*kept, ('owner', value)], errors='replace')}"}
        for value, label in offered.options.items()
    ]


def _says(shown: int, more: int) -> str:
    if not shown:
        return "No owner is called so."
    if more:
        return f"{shown:,} of {shown + more:,} owners. Type more of a name to find others."
    return f"{shown:,} owner{'' if shown == 1 else 's'}."
