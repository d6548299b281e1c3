"""HTTP in, HTML out: what every number means."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from insights import catalog
from revops_site.kernel import pages


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The definition of every number on the pages."""
    context = {"title": "Glossary", "chapters": catalog.GLOSSARY}
    return pages.plain(request, "insights/glossary.html", context)
