"""HTTP in, HTML out: a value of a filter is looked for among many, in the filters or on a page."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from revops_site.kernel import choosing, filterform, owners, pages, queries
from revops_site.kernel.filters import Filters
from revops_site.kernel.permissions import allowed

HOME = "/"


@require_safe
def found(request: HttpRequest, name: str) -> HttpResponse:
    """The values of filter ``name`` that hold ``find``, of those that this reader may choose.

    They are those of the page at ``back``; owners are everybody's. As a page, each leads there,
    narrowed to that value as well. 404 where no such filter is.
    """
    text = request.GET.get("find", "").strip()[: choosing.LONGEST_TEXT]
    back = request.GET.get("back", "")
    back = back if url_has_allowed_host_and_scheme(back, None) else HOME
    known = _known(request, name, back)
    chosen = getattr(Filters.parse(request.META.get("QUERY_STRING", "")), name)
    offered = choosing.offered(known, chosen, text)
    noun = filterform.LABELS[name].lower()
    context = {
        "name": name,
        "noun": noun,
        "title": choosing.title(noun),
        "find": text,
        "back": back,
        "options": [
            {"value": value, "label": label, "checked": value in chosen}
            for value, label in offered.options.items()
        ],
        "links": lambda: _links(name, back, offered),
        "says": choosing.says(noun, offered),
    }
    return pages.plain(request, "choices.html", context, {f"options-{name}": "_options.html"})


def _known(request: HttpRequest, name: str, back: str) -> filterform.Labels:
    """What can be chosen, value → label."""
    generation, may_see = queries.workspace().generation, allowed(request.user)
    if name == "owner":
        return owners.people(may_see, generation)[name]
    page = pages.at(request, urlsplit(back).path) if name in filterform.LABELS else None
    if page is None:
        raise Http404(f"No {name} can be looked for there.")
    return filterform.choices(page, may_see, generation)[name]


def _links(name: str, back: str, offered: choosing.Offered) -> list[dict[str, Any]]:
    """Each value, with the address that is narrowed to it too."""
    path, _, query = back.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [pair for pair in pairs if pair[0] != "page"]
    return [
        {"label": label, "url": f"{path}?{urlencode([*kept, (name, value)], errors='replace')}"}
        for value, label in offered.options.items()
    ]
