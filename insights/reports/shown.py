"""The pages of reports: which there are, and the filters that one can be made under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from insights.actions.files import NotMadeError
from insights.panels import files as shown
from insights.queries import files
from insights.reports.gathering import sections
from insights.reports.kinds import REPORTS, Report, Section
from revops_site.kernel import filterform
from revops_site.kernel.filters import DIMENSIONS, Filters
from revops_site.kernel.models import User
from revops_site.kernel.pages import asking, look, notices
from revops_site.kernel.panels import Page

TEAM = "/coaching/"
AS_THERE = {"value": "", "label": "As on each page"}


def listed(query: str = "") -> list[dict[str, str]]:
    """The reports, each with the way to it."""
    return [
        {"slug": one.slug, "title": one.title, "lede": one.lede, "url": one.address(query)}
        for one in REPORTS.values()
    ]


def page_of(report: Report, user: User) -> Page:
    """The filters of all pages that the report is made of, as a page of its own."""
    if report.of_a_rep:
        found = [page for page in [asking.page_at(user, TEAM)] if page is not None]
    else:
        found = [page for _, page in _known(report, user)]

    def choices(generation: int) -> Mapping[str, Any]:
        return {name: one for page in found for name, one in page.choices(generation).items()}

    return Page(
        slug=report.slug,
        title=report.title,
        url=report.address(),
        panels=(),
        datasets=tuple(dict.fromkeys(name for page in found for name in page.datasets)),
        dimensions=tuple(
            name for name in DIMENSIONS if any(name in page.dimensions for page in found)
        ),
        choices=choices,
        default_period="",
        options={name: one for page in found for name, one in page.options.items()},
        quarterly=any(page.quarterly for page in found),
    )


def context(request: HttpRequest, report: Report, user: User, error: str = "") -> dict[str, Any]:
    """A report's page: its filters, the button, and the newest file of exactly this state."""
    page = page_of(report, user)
    visit = look(request, page)
    query = visit.asked.to_query()
    address = report.address(query)
    more = asking.quarter(visit)
    form = filterform.form(visit.asked, page, visit.choices, page.address, None, more)
    for select in form["selects"]:
        if select["name"] == "period":
            first = {**AS_THERE, "selected": visit.asked.period is None}
            select["options"] = [first, *select["options"]]
    newest = files.newest_of(user, address)
    return {
        "title": report.title,
        "lede": report.lede,
        "form": form,
        "chips": filterform.chips(visit.asked, page, visit.choices, page.address),
        "notices": notices(visit),
        "address": address,
        "error": error,
        "back": reverse("insights:reports"),
        "file": shown.told(newest, user) if newest else None,
        "is_older": bool(newest and newest.generation != visit.workspace.generation),
        "take_url": f"{reverse('insights:new_file')}?{_quoted(address)}",
    }


def asked(request: HttpRequest, report: Report, user: User) -> str:
    """The address of what was asked, in its one form."""
    query = look(request, page_of(report, user)).asked.to_query()
    return report.address(query)


def _known(report: Report, user: User) -> Sequence[tuple[Section, Page]]:
    try:
        return sections(report, user, Filters())
    except NotMadeError:
        return ()


def _quoted(address: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"address": address})
