"""What a report holds for a reader: the very panels of the pages, drawn as the pages draw them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from insights.actions.files import NotMadeError, Tell
from insights.reports.kinds import REPORTS, ROOT, Report, Section
from revops_site.kernel import filterform, pages
from revops_site.kernel.filters import Filters
from revops_site.kernel.fragments import Drawn
from revops_site.kernel.metrics import Metric
from revops_site.kernel.models import User
from revops_site.kernel.pages import asking, listings
from revops_site.kernel.pages.visits import Visit
from revops_site.kernel.panels import Page, Panel, content
from revops_site.kernel.permissions import allowed
from revops_site.kernel.queries import sharing

GONE = "There is no page at this address any more, or it is not yours to see."
NO_REP = "This report is of one rep: choose one with the filter Owner."
REPORT = re.compile(rf"{ROOT}([a-z-]+)/")


@dataclass(frozen=True)
class Part:
    """A panel or a long table as it was drawn, and the metrics that it shows."""

    drawn: Drawn
    metrics: Sequence[Metric]


@dataclass(frozen=True)
class Chapter:
    """A page of the report: the look that it was taken by, and its parts."""

    title: str
    visit: Visit
    parts: Sequence[Part]


def report_at(address: str) -> Report | None:
    """The report of an address; any page of panels is one of its own panels; None for others."""
    path = address.partition("?")[0]
    found = REPORT.fullmatch(path)
    if found:
        return REPORTS.get(found[1])
    return None


def sections(report: Report, user: User, asked: Filters) -> Sequence[tuple[Section, Page]]:
    """The sections that this person may see, each with its page; NotMadeError where none."""
    found = []
    for section in report.sections:
        address = section.address
        if "{rep}" in address:
            address = address.replace("{rep}", quote(_rep(user, asked), safe=""))
        page = asking.page_at(user, address)
        if page is not None:
            found.append((section, page))
    if not found:
        raise NotMadeError(GONE)
    return found


def chapters(report: Report, user: User, query: str, tell: Tell) -> Iterator[Chapter]:
    """The chapters of a report as this person may see them under the query."""
    asked = Filters.parse(query)
    found = sections(report, user, asked)
    if report.of_a_rep:
        asked = asked.replace(owner=(), team=())
    for nth, (section, page) in enumerate(found):
        tell(nth, len(found), f"{page.title} is being computed")
        yield chapter(section, page, user, asked.to_query())


def chapter(section: Section, page: Page, user: User, query: str) -> Chapter:
    """One page's panels under a query, drawn as the page draws them."""
    with sharing():
        visit = asking.visit_of(user, page, query)
        wanted = section.panels or {one.slug for one in page.panels} - {*section.do}
        parts = [_part(one, visit) for one in page.panels if one.slug in wanted]
        if not section.panels:
            drawn = partial(listings.drawn_listing, visit=visit)
            parts += [Part(drawn(one), ()) for one in page.listings]
    return Chapter(section.title or page.title, visit, parts)


def whole_page(user: User, address: str) -> Report:
    """A page of panels as a report of its own; NotMadeError where there is none for this person."""
    page = asking.page_at(user, address)
    if page is None:
        raise NotMadeError(GONE)
    section = Section(address.partition("?")[0])
    return Report(page.slug, page.title, "", (section,))


def may_see(user: User, address: str) -> bool:
    """Whether this person is shown anything at an address of a page or a report."""
    report = report_at(address)
    try:
        if report is None:
            whole_page(user, address)
        else:
            sections(report, user, Filters.parse(address.partition("?")[2]))
    except NotMadeError:
        return False
    return True


def said(visit: Visit) -> list[str]:
    """The filters in force on a page, in words; those too that it does not know."""
    chips = filterform.chips(visit.asked, visit.page, visit.choices, visit.url)
    return [f"{one['label']}: {one['value']}" for one in chips]


def _rep(user: User, asked: Filters) -> str:
    may_see = allowed(user)
    if len(asked.owner) == 1:
        return asked.owner[0]
    if not asked.owner and may_see.reps is not None and len(may_see.reps) == 1:
        return may_see.reps[0]
    raise NotMadeError(NO_REP)


def _part(panel: Panel, visit: Visit) -> Part:
    drawn = pages.drawn_panel(panel, visit)
    if drawn.state != "ok":
        return Part(drawn, ())
    tiles = content(panel, visit.on(panel).slice_, visit.workspace.generation).tiles
    found = [tile.metric for tile in tiles]
    for shown in panel.tabled:
        if isinstance(shown.metric, Metric):
            found.append(shown.metric)
        elif shown.metric:
            found += shown.metric.values()
    return Part(drawn, found)
