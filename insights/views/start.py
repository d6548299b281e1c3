"""HTTP in, HTML out: where a visit starts, and what every number means."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from insights import catalog
from revops_site.kernel import pages


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the rail."""
    return redirect("marketing:dashboard")


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The definition of every number on the pages."""
    context = {"title": "Glossary", "chapters": catalog.GLOSSARY}
    return pages.plain(request, "insights/glossary.html", context)
