"""One page, two sizes: whole, or the fragment that HTMX asked for.

``request`` stops here: panels get a slice, and permission is only a narrower slice.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from revops_site.kernel import exports, filterform, formats, freshness, periods, steps
from revops_site.kernel.filters import Filters, Slice, narrow
from revops_site.kernel.fragments import Drawn, Frame, draw
from revops_site.kernel.freshness import Freshness
from revops_site.kernel.models import Workspace
from revops_site.kernel.panels import Page, Panel, content, table
from revops_site.kernel.permissions import allowed
from revops_site.kernel.queries import sharing

logger = logging.getLogger(__name__)

VARY = ("HX-Request", "HX-Target", "HX-History-Restore-Request", "Cookie")


@dataclass(frozen=True)
class Visit:
    """One look at a page: who asked for what, what they may see of it, and how new it is."""

    page: Page
    asked: Filters
    slice_: Slice
    workspace: Workspace
    fresh: Freshness
    choices: filterform.Choices
    url: str
    sort: str
    unsorted: Sequence[str]
    request_id: str

    @property
    def frame(self) -> Frame:
        """What its panels are drawn in."""
        return Frame(
            page=self.page,
            asked=self.asked,
            slice_=self.slice_,
            url=self.url,
            sort=self.sort,
            empty=self.fresh.is_empty,
            request_id=self.request_id,
        )


def page(request: HttpRequest, template: str, shown: Page) -> HttpResponse:
    """The page for this reader and these filters: whole, or the part that HTMX asked for."""
    target = _target(request)
    part, _, slug = target.partition("-")
    if part in {"panel", "table"} and slug:
        return panel(request, shown, slug, only_table=part == "table")
    visit = look(request, shown)
    with sharing():
        drawn = _together([_drawn(one, visit) for one in shown.panels])
    name = "_panels.html" if target == "panels" else template
    return _answer(request, name, _context(visit, drawn), visit)


def plain(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    parts: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A page without filters: whole, its main part, or the part that was asked for.

    ``parts`` names the template of each part by its id. What the context gives as a function is
    computed only where the template in use shows it; its ``address`` is the state's one address.
    """
    part = (parts or {}).get(_target(request), template)
    response = render(request, part, {**context, "layout": _layout(request)})
    if _target(request) and "address" in context:
        response["HX-Push-Url"] = context["address"]
    patch_vary_headers(response, VARY)
    return response


def panel(
    request: HttpRequest, shown: Page, slug: str, *, only_table: bool = False
) -> HttpResponse:
    """One panel, or its table alone, as a fragment; 404 for a slug that the page does not have."""
    asked_for = _found(shown, slug)
    visit = look(request, shown)
    with sharing():
        drawn = _drawn(asked_for, visit)
    if only_table and drawn.state == "ok":
        return _answer(request, "_table.html", {"table": drawn.table}, visit)
    return _answer(request, drawn.template, {"panel": drawn}, visit)


def export(request: HttpRequest, shown: Page, slug: str, kind: str) -> HttpResponse:
    """The numbers of one panel as a file of exactly this filter."""
    asked_for = _found(shown, slug)
    if kind not in exports.KINDS:
        raise Http404(f"There are no {kind} files.")
    visit = look(request, shown)
    with sharing():
        frame = table(asked_for, visit.slice_, visit.sort or asked_for.sort)
    about = {
        "page": shown.title,
        "question": asked_for.question,
        "as_of": visit.slice_.as_of.isoformat(),
        "filters": visit.asked.to_query() or "none",
        "currency": visit.slice_.currency,
    }
    written = exports.KINDS[kind]
    response = HttpResponse(
        written.write(exports.Sheet(asked_for.title, frame, about)),
        content_type=written.content_type,
    )
    name = f"{shown.slug}-{slug}-{visit.slice_.as_of:%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def look(request: HttpRequest, shown: Page) -> Visit:
    """What this reader asked of the page, and may see of it."""
    workspace = freshness.workspace()
    fresh = freshness.of(shown.datasets, workspace)
    may_see = allowed(request.user)
    choices = filterform.choices(shown, may_see, workspace.generation)
    asked = filterform.kept(Filters.parse(request.META.get("QUERY_STRING", "")), shown, choices)
    slice_ = narrow(
        asked,
        may_see,
        fresh.last_day or freshness.stamp(workspace),
        first_month=workspace.fiscal_year_start_month,
        currency=workspace.reporting_currency,
        default_period=shown.default_period,
    )
    sort = _sort(request, shown)
    return Visit(
        page=shown,
        asked=asked,
        slice_=slice_,
        workspace=workspace,
        fresh=fresh,
        choices=choices,
        url=f"/{shown.slug}/",
        sort=sort,
        unsorted=_unsorted(request.GET.get("sort", ""), sort),
        request_id=getattr(request, "request_id", ""),
    )


def _found(shown: Page, slug: str) -> Panel:
    found = shown.panel(slug)
    if found is None:
        raise Http404(f"{shown.title} has no panel {slug}.")
    return found


def _drawn(one: Panel, visit: Visit) -> Drawn:
    """A panel that fails says so in its place; only a database that is away ends the page."""
    try:
        made = content(one, visit.slice_, visit.workspace.generation)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("panel %s failed", one.slug)
        return draw(one, None, visit.frame)
    return draw(one, made, visit.frame)


def _together(drawn: Sequence[Drawn]) -> Sequence[Drawn]:
    """One word for the whole page where no panel has anything to show, for the same reason."""
    states = {one.state for one in drawn}
    if states not in ({"empty"}, {"filtered"}):
        return drawn
    first, title = drawn[0], "Nothing to show"
    return [replace(first, template="_panel.html", width="col-12", title=title, subtitle="")]


def _context(visit: Visit, drawn: Sequence[Drawn]) -> dict[str, Any]:
    asked, shown = visit.asked, visit.page
    return {
        "title": shown.title,
        "fresh": age(visit),
        "form": filterform.form(asked, shown, visit.choices, visit.url, visit.slice_.period),
        "reset_url": visit.url,
        "notices": notices(visit),
        "chips": filterform.chips(asked, shown, visit.choices, visit.url),
        "panels": drawn,
        "announce": f"{shown.title} updated: {_window(visit)}.",
        "window": _window(visit),
        "steps": _steps(visit),
        "generation": visit.workspace.generation,
    }


def _steps(visit: Visit) -> dict[str, str]:
    """The addresses of the period before and the one after, "" where the data know none."""
    code = visit.asked.period or visit.page.default_period
    first_month, fresh = visit.workspace.fiscal_year_start_month, visit.fresh
    found = {}
    for name, later in (("earlier", False), ("later", True)):
        to = steps.stepped(visit.asked, code, visit.slice_.as_of, first_month, later=later)
        ends_before = to and to["end"] and fresh.first_day and to["end"] < fresh.first_day
        if to and to["period"] == visit.page.default_period:
            to["period"] = None
        found[name] = visit.frame.address(**to) if to and not ends_before else ""
    return found


def notices(visit: Visit) -> Sequence[str]:
    """What of the address could not be used, in sentences."""
    return [*visit.asked.notices, *visit.unsorted, *_reach(visit)]


def _reach(visit: Visit) -> Sequence[str]:
    """Says so where the asked day lies outside of what the data know."""
    asked, fresh = visit.asked.as_of, visit.fresh
    if asked is None or fresh.first_day is None or fresh.last_day is None:
        return ()
    if asked > fresh.last_day:
        return (f"The data end on {formats.show(fresh.last_day, 'date')}; showing that day.",)
    if asked < fresh.first_day:
        return (f"The data start on {formats.show(fresh.first_day, 'date')}.",)
    return ()


def age(visit: Visit) -> dict[str, str]:
    """How new the data are, as ``_page_head.html`` prints it."""
    fresh, first_month = visit.fresh, visit.workspace.fiscal_year_start_month
    if fresh.is_empty:
        return {"state": "empty", "as_of_text": "", "as_of_iso": "", "calendar": "", "detail": ""}
    day = visit.slice_.as_of
    quarter = periods.quarter_label(day, first_month)
    today = freshness.stamp(visit.workspace)
    stale = fresh.is_stale(today)
    return {
        "state": "stale" if stale else "fresh",
        "as_of_text": formats.show(day, "date"),
        "as_of_iso": day.isoformat(),
        "calendar": f"fiscal {quarter}, week {periods.week_of_quarter(day, first_month)} of 13",
        "detail": _detail(fresh, (today - day).days if stale else 0),
    }


def _detail(fresh: Freshness, days_old: int) -> str:
    parts = [
        f"{days_old:,} days old" if days_old else "",
        f"loaded {fresh.loaded_at:%Y-%m-%d %H:%M} UTC" if fresh.loaded_at else "",
        f"{fresh.refused:,} rows refused" if fresh.refused else "",
    ]
    text = " · ".join(filter(None, parts))
    return text[:1].upper() + text[1:]


def _window(visit: Visit) -> str:
    period = visit.slice_.period
    if period is None:
        return f"all data to {formats.show(visit.slice_.as_of, 'date')}"
    return f"{formats.show(period.start, 'date')} to {formats.show(period.last_day, 'date')}"


def _sort(request: HttpRequest, shown: Page) -> str:
    """The asked sort order where some panel has that column, else none."""
    sort = request.GET.get("sort", "")
    names = {name for one in shown.panels if one.sort for name in one.names}
    return sort if sort.removeprefix("-") in names else ""


def _unsorted(asked: str, sort: str) -> Sequence[str]:
    """Says so where no table has the asked order."""
    return () if asked == sort else (f"Order “{asked[:40]}” is unknown; showing the default.",)


def _target(request: HttpRequest) -> str:
    """The element that HTMX will put the answer into; empty where a whole page is wanted."""
    headers = request.headers
    if headers.get("HX-Request") != "true" or "HX-History-Restore-Request" in headers:
        return ""
    return headers.get("HX-Target", "")


def _layout(request: HttpRequest) -> str:
    """What a page extends: the whole document, or its main element alone."""
    return "_bare.html" if _target(request) == "main" else "base.html"


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any], visit: Visit
) -> HttpResponse:
    response = render(request, template, {**context, "layout": _layout(request)})
    if _target(request):
        response["HX-Push-Url"] = visit.frame.address()
    patch_vary_headers(response, VARY)
    return response
