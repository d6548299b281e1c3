"""HTTP in, HTML out: the pipeline's page, its panels, their files."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from pipeline.panels import BRIDGE, FORECAST, PAGE, STAGE_VELOCITY, tabs
from pipeline.panels import bridge as of_bridge
from pipeline.panels import waiting as of_age
from revops_site.kernel import pages
from revops_site.kernel.panels import Page

DASHBOARD = "pipeline/dashboard.html"


@require_safe
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """The Pipeline page, whole or the part that was asked for."""
    return pages.page(request, DASHBOARD, PAGE, tabs.beside)


@require_safe
def panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel as a fragment."""
    return pages.panel(request, PAGE, slug)


@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, PAGE, slug, kind)


@require_safe
def forecast(request: HttpRequest) -> HttpResponseBase:
    """Whether the quarter will be made, whole or the part that was asked for."""
    return pages.page(request, DASHBOARD, FORECAST, tabs.beside)


@require_safe
def forecast_panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it as a fragment."""
    return pages.panel(request, FORECAST, slug)


@require_safe
def forecast_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, FORECAST, slug, kind)


@require_safe
def velocity(request: HttpRequest) -> HttpResponseBase:
    """How long stages take, whole or the part that was asked for."""
    return pages.page(request, DASHBOARD, STAGE_VELOCITY, tabs.beside)


@require_safe
def velocity_panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it as a fragment."""
    return pages.panel(request, STAGE_VELOCITY, slug)


@require_safe
def velocity_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, STAGE_VELOCITY, slug, kind)


@require_safe
def waiting(request: HttpRequest, stage: str, ages: str) -> HttpResponseBase:
    """The open deals of a stage that have been in it for so long."""
    return pages.page(request, DASHBOARD, _found(of_age.page(stage, ages)), tabs.beside)


@require_safe
def waiting_file(
    request: HttpRequest, stage: str, ages: str, slug: str, kind: str
) -> HttpResponseBase:
    """The same deals as a file."""
    return pages.export(request, _found(of_age.page(stage, ages)), slug, kind)


@require_safe
def bridge(request: HttpRequest) -> HttpResponseBase:
    """What changed the open pipeline, whole or the part that was asked for."""
    return pages.page(request, DASHBOARD, BRIDGE, tabs.beside)


@require_safe
def bridge_panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it as a fragment."""
    return pages.panel(request, BRIDGE, slug)


@require_safe
def bridge_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, BRIDGE, slug, kind)


@require_safe
def step(request: HttpRequest, scope: str, step: str) -> HttpResponseBase:
    """The deals of one step of a bridge."""
    return pages.page(request, DASHBOARD, _found(of_bridge.step(scope, step)), tabs.beside)


@require_safe
def step_file(
    request: HttpRequest, scope: str, step: str, slug: str, kind: str
) -> HttpResponseBase:
    """The same deals as a file."""
    return pages.export(request, _found(of_bridge.step(scope, step)), slug, kind)


def _found(page: Page | None) -> Page:
    if page is None:
        raise Http404("There is no such page.")
    return page
