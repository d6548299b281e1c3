"""What stands above a page's panels: its age, its filters, what of the address was not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from revops_site.kernel import filterform, formats, freshness, periods, quarters, steps
from revops_site.kernel.filters import DIMENSIONS
from revops_site.kernel.freshness import Freshness
from revops_site.kernel.pages import addressed
from revops_site.kernel.pages.visits import Visit


def context(visit: Visit, drawn: Sequence[Any]) -> dict[str, Any]:
    """What ``_main.html`` and ``_panels.html`` print."""
    asked, shown = visit.asked, visit.page
    is_dated = shown.dated and bool(asked.period or shown.default_period)
    return {
        "title": shown.title,
        "fresh": age(visit),
        "form": filterform.form(
            *(asked, shown, visit.choices, visit.url, visit.slice_.period, quarter(visit)),
            searched=DIMENSIONS if addressed.stands(visit.url) else ("owner",),
        ),
        "reset_url": visit.url,
        "notices": notices(visit),
        "chips": chips(visit),
        "panels": drawn,
        "announce": f"{shown.title} updated: {window(visit)}.",
        "window": window(visit) if is_dated else "",
        "steps": _steps(visit) if is_dated else {},
        "generation": visit.workspace.generation,
        "take_url": _taken(visit),
    }


def _taken(visit: Visit) -> str:
    """Where this state can be had as a file, now or from time to time."""
    asked = urlencode({"address": visit.frame.address()}, errors="replace")
    return f"{settings.FILES_ASKED_FOR_AT}?{asked}"


def quarter(visit: Visit) -> Sequence[Mapping[str, Any]]:
    """The choice of a quarter, where the page is of one."""
    last, first_month = visit.fresh.last_day, visit.workspace.fiscal_year_start_month
    if not visit.page.quarterly or last is None:
        return ()
    known = quarters.offered(visit.fresh, first_month)
    day = min(visit.asked.as_of or last, last)
    return (quarters.select(visit.asked, known, day, first_month),)


def notices(visit: Visit) -> Sequence[str]:
    """What of the address could not be used, in sentences."""
    return [*visit.asked.notices, *visit.unsorted, *_reach(visit)]


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


def window(visit: Visit) -> str:
    """The days that the page is of, in words."""
    period = visit.slice_.period
    if period is None or not visit.page.dated:
        return f"all data to {formats.show(visit.slice_.as_of, 'date')}"
    return f"{formats.show(period.start, 'date')} to {formats.show(period.last_day, 'date')}"


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


def chips(visit: Visit) -> Sequence[Mapping[str, str]]:
    """The filters in force; a filter that goes leaves the search and the order of a long table."""
    found = filterform.chips(visit.asked, visit.page, visit.choices, visit.url)
    own = urlencode([pair for pair in visit.frame.kept if pair[0] != "page"], errors="replace")
    if not own:
        return found
    joined = ("&" if "?" in chip["remove_url"] else "?" for chip in found)
    return [
        {**chip, "remove_url": f"{chip['remove_url']}{mark}{own}"}
        for chip, mark in zip(found, joined, strict=True)
    ]


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


def _detail(fresh: Freshness, days_old: int) -> str:
    parts = [
        f"{days_old:,} days old" if days_old else "",
        f"loaded {fresh.loaded_at:%Y-%m-%d %H:%M} UTC" if fresh.loaded_at else "",
        f"{fresh.refused:,} rows refused" if fresh.refused else "",
    ]
    text = " · ".join(filter(None, parts))
    return text[:1].upper() + text[1:]
