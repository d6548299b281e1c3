"""HTTP in, HTML out: what every number means."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from insights import catalog
from insights.panels import book
from insights.panels import glossary as shown
from revops_site.kernel import pages
from revops_site.kernel.permissions import may
from revops_site.kernel.queries import sharing, workspace


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The definition of every number on the pages, or of those with the words looked for."""
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[: shown.LONGEST]
    chapters = shown.searched(catalog.GLOSSARY, text)
    context = {
        "title": "Glossary",
        "chapters": chapters,
        "q": text,
        "count": sum(len(one["metrics"]) + len(one["told"]) for one in chapters),
    }
    parts = {"glossary-found": "insights/_glossary.html"}
    return pages.plain(request, "insights/glossary.html", context, parts)


@require_safe
def definition(request: HttpRequest, slug: str) -> HttpResponse:
    """One number: what it means, who keeps it, where it is shown and where it comes from."""
    known = shown.Registered(book.EXPLAINED, catalog.PAGES, catalog.DATASETS, catalog.ROLLUPS)
    with sharing():
        context = shown.definition(
            slug, known, workspace(), sees_data=may(request.user, "see data")
        )
    if context is None:
        raise Http404(f"No number is called {slug}.")
    return pages.plain(request, "insights/definition.html", context)
