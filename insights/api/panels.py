"""Every panel and long table of the catalog, by its page and its slug."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from coaching.panels import actions as coaching_actions
from coaching.panels import team
from insights.api.answers import codes, linked, part, whole
from insights.api.asked import OfAPanel, Part, filters
from insights.catalog import PAGES
from insights.panels import overview
from revops_site.kernel import pages
from revops_site.kernel.listings import Listing
from revops_site.kernel.panels import Page, Panel

if TYPE_CHECKING:
    from revops_site.kernel.models import User

router = Router()

# Pages that are not the same for everybody.
OF_READER: Mapping[str, Callable[[User], Page]] = {
    overview.PAGE.slug: lambda user: overview.of(user.role),
    team.PAGE.slug: lambda user: team.page(is_rep=user.role == "rep"),
    coaching_actions.PAGE.slug: lambda user: coaching_actions.page(),
}


class Column(Schema):
    """A column: its name in files and here, what people read, how pages print it."""

    name: str
    label: str
    show: str


class PanelAbout(Schema):
    """A panel or a long table, and where its numbers are."""

    page: str
    panel: str
    title: str
    question: str
    columns: list[Column]
    filters: list[str]
    url: str


class PanelRows(Schema):
    """Rows by column; ``not_applied`` are filters that were asked for and that it does not know."""

    title: str
    about: dict[str, str]
    not_applied: list[str]
    columns: list[str]
    rows: list[dict[str, Any]]
    total: int


def page_of(slug: str, user: User) -> Page:
    """The page of that slug, as this reader has it; Http404 where there is none."""
    if slug in OF_READER:
        return OF_READER[slug](user)
    found = next((one for one in PAGES if one.slug == slug), None)
    if found is None:
        raise Http404("There is no such page.")
    return found


@router.get("/panels/", response=codes(list[PanelAbout]), url_name="panels")
def panels(request: HttpRequest, asked: Query[Part]) -> HttpResponse:
    """All panels and long tables that there are for you, page by page."""
    user: User = request.user  # type: ignore[assignment]
    found = [one for known in PAGES for one in _of(page_of(known.slug, user))]
    return part(request, asked, found)


@router.get("/panels/{page}/{panel}", response=codes(PanelRows, 400, 404), url_name="panel")
def panel(request: HttpRequest, page: str, panel: str, asked: Query[OfAPanel]) -> HttpResponse:
    """The numbers of a panel or a long table: what its JSON file holds, in parts.

    A filter that cannot be used is answered by 400.
    """
    shown = page_of(page, request.user)  # type: ignore[arg-type]
    told = pages.rows(request, shown, panel, filters(request), asked.page, asked.size)
    return linked(request, asked, whole(told), told.total)


def _of(shown: Page) -> Iterator[Mapping[str, Any]]:
    parts: Sequence[Panel | Listing] = (*shown.panels, *shown.listings)
    for one in parts:
        yield {
            "page": shown.slug,
            "panel": one.slug,
            "title": one.title,
            "question": one.question,
            "columns": [
                {"name": each.name, "label": each.label, "show": each.show} for each in one.columns
            ],
            "filters": [*one.dimensions],
            "url": f"/api/panels/{shown.slug}/{one.slug}",
        }
