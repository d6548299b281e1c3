"""The pages of panels: deals, forecast, times of stages, what changed; and what leads from them."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from pipeline.panels import BRIDGE, FORECAST, HEALTH, PAGE, STAGE_VELOCITY, tabs
from pipeline.panels import bridge as of_bridge
from pipeline.panels import waiting as of_age
from pipeline.panels.health import settings as of_health
from pipeline.panels.widgets import WIDGETS, contract_words
from revops_site.kernel import pages
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import may

DASHBOARD = "pipeline/dashboard.html"

dashboard, panel, export = pages.views(PAGE, DASHBOARD, tabs.beside)
forecast, forecast_panel, forecast_file = pages.views(FORECAST, DASHBOARD, tabs.beside)
velocity, velocity_panel, velocity_file = pages.views(STAGE_VELOCITY, DASHBOARD, tabs.beside)
bridge, bridge_panel, bridge_file = pages.views(BRIDGE, DASHBOARD, tabs.beside)
_, health_panel, health_file = pages.views(HEALTH, DASHBOARD)


@pages.shows(lambda request: HEALTH)
@require_safe
def health(request: HttpRequest) -> HttpResponseBase:
    """How healthy the open deals are; who may change by what they are judged is led there."""
    beside = partial(of_health.beside, may_change=may(request.user, "edit data"))
    return pages.page(request, DASHBOARD, HEALTH, beside)


@pages.shows(lambda request, stage, ages: _found(of_age.page(stage, ages)))
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


@pages.shows(lambda request, scope, step: _found(of_bridge.step(scope, step)))
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


@require_safe
def widget(request: HttpRequest, page: str, widget: str) -> HttpResponseBase:
    """One widget by the names and types of its published contract."""
    found = WIDGETS.get((page, widget))
    if found is None:
        raise Http404("There is no such widget.")
    return pages.widget(request, *found, words=contract_words())


def _found(page: Page | None) -> Page:
    if page is None:
        raise Http404("There is no such page.")
    return page
