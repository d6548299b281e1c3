"""HTTP in, HTML out: the pages of revenue, their panels, their files."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from revenue.panels import CHURN, LIFETIMES_PAGE, OUTLOOK, PAGE, RENEWALS, switches, tabs
from revenue.panels import cohort as of_cohort
from revenue.panels import cohorts as of_cohorts
from revenue.panels import definitions as of_definitions
from revenue.panels import retention as of_retention
from revenue.panels import waterfall as of_waterfall
from revops_site.kernel import pages
from revops_site.kernel.panels import Page

DASHBOARD = "revenue/dashboard.html"

dashboard, panel, export = pages.views(PAGE, DASHBOARD, tabs.beside)
churn, churn_panel, churn_file = pages.views(CHURN, DASHBOARD, tabs.beside)
forecast, forecast_panel, forecast_file = pages.views(OUTLOOK, DASHBOARD, tabs.beside)
renewals, renewals_panel, renewals_file = pages.views(RENEWALS, DASHBOARD, tabs.beside)
lifetimes, lifetimes_panel, lifetimes_file = pages.views(LIFETIMES_PAGE, DASHBOARD, tabs.beside)


@pages.shows(lambda request, by="month": _found(of_waterfall.page(by)))
@require_safe
def waterfall(request: HttpRequest, by: str = "month") -> HttpResponseBase:
    """What moved MRR, by month, quarter, segment or customer."""
    beside = switches.beside(*of_waterfall.switches(by))
    return pages.page(request, DASHBOARD, _found(of_waterfall.page(by)), beside)


@require_safe
def waterfall_panel(request: HttpRequest, slug: str, by: str = "month") -> HttpResponseBase:
    """The balances alone."""
    return pages.panel(request, _found(of_waterfall.page(by)), slug)


@require_safe
def waterfall_file(
    request: HttpRequest, slug: str, kind: str, by: str = "month"
) -> HttpResponseBase:
    """The balances as a file."""
    return pages.export(request, _found(of_waterfall.page(by)), slug, kind)


@pages.shows(lambda request, by="segment": _found(of_retention.page(by)))
@require_safe
def retention(request: HttpRequest, by: str = "segment") -> HttpResponseBase:
    """Whether customers and what they pay last."""
    beside = switches.beside(*of_retention.switches(by))
    return pages.page(request, DASHBOARD, _found(of_retention.page(by)), beside)


@require_safe
def retention_panel(request: HttpRequest, slug: str, by: str = "segment") -> HttpResponseBase:
    """One of its panels alone."""
    return pages.panel(request, _found(of_retention.page(by)), slug)


@require_safe
def retention_file(
    request: HttpRequest, slug: str, kind: str, by: str = "segment"
) -> HttpResponseBase:
    """One of them as a file."""
    return pages.export(request, _found(of_retention.page(by)), slug, kind)


@pages.shows(lambda request, counting="returns": _found(of_definitions.page(counting)))
@require_safe
def definitions(request: HttpRequest, counting: str = "returns") -> HttpResponseBase:
    """The same measures by another definition."""
    beside = switches.beside(*of_definitions.switches(counting))
    return pages.page(request, DASHBOARD, _found(of_definitions.page(counting)), beside)


@require_safe
def definitions_panel(
    request: HttpRequest, slug: str, counting: str = "returns"
) -> HttpResponseBase:
    """One of its panels alone."""
    return pages.panel(request, _found(of_definitions.page(counting)), slug)


@require_safe
def definitions_file(
    request: HttpRequest, slug: str, kind: str, counting: str = "returns"
) -> HttpResponseBase:
    """One of them as a file."""
    return pages.export(request, _found(of_definitions.page(counting)), slug, kind)


@pages.shows(lambda request, **given: _found(of_cohorts.page(*_triangle(**given))))
@require_safe
def cohorts(request: HttpRequest, **given: str) -> HttpResponseBase:
    """What is left of those who came together."""
    measure, unit = _triangle(**given)
    beside = switches.beside(*of_cohorts.switches(measure, unit))
    return pages.page(request, DASHBOARD, _found(of_cohorts.page(measure, unit)), beside)


@require_safe
def cohorts_panel(request: HttpRequest, slug: str, **given: str) -> HttpResponseBase:
    """The triangle alone."""
    return pages.panel(request, _found(of_cohorts.page(*_triangle(**given))), slug)


@require_safe
def cohorts_file(request: HttpRequest, slug: str, kind: str, **given: str) -> HttpResponseBase:
    """The triangle as a file."""
    return pages.export(request, _found(of_cohorts.page(*_triangle(**given))), slug, kind)


@pages.shows(lambda request, unit, code, age: _found(of_cohort.page(unit, code, age)))
@require_safe
def cohort(request: HttpRequest, unit: str, code: str, age: int) -> HttpResponseBase:
    """The customers of one cell."""
    return pages.page(request, DASHBOARD, _found(of_cohort.page(unit, code, age)), tabs.beside)


@require_safe
def cohort_file(
    request: HttpRequest, unit: str, code: str, age: int, slug: str, kind: str
) -> HttpResponseBase:
    """The same customers as a file."""
    return pages.export(request, _found(of_cohort.page(unit, code, age)), slug, kind)


def _triangle(measure: str = of_cohorts.MEASURE, unit: str = of_cohorts.UNIT) -> tuple[str, str]:
    return measure, unit


def _found(page: Page | None) -> Page:
    if page is None:
        raise Http404("There is no such page.")
    return page
