"""The page of one rep: figures, drivers, work, quarters, reasons, stages, calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from django.utils.text import slugify

from coaching.panels.actions import next_best_actions, section
from coaching.panels.rep import activity, drivers, headline, insights, past, why
from coaching.panels.rep.known import KNOWN, of
from coaching.panels.team import choices
from coaching.panels.team.contract import views
from coaching.panels.team.known import DATASETS
from coaching.queries.people import Person, person, team_of
from pipeline.queries.widgets import stamps
from revops_site.kernel import formats
from revops_site.kernel.filters import Allowed, Slice
from revops_site.kernel.models import User
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Page, Panel
from revops_site.kernel.permissions import may

ROOT = "/coaching/reps/"
FIRST_ACTIONS = 3


def page(rep_id: str, allowed: Allowed) -> Page | None:
    """The page of a rep; None where there is none, or the reader may not see this one's deals."""
    whose = person(rep_id, allowed)
    if whose is None:
        return None
    return Page(
        slug=f"coaching-{slugify(rep_id)}",
        title=whose.name,
        url=address(rep_id),
        panels=_panels(whose),
        datasets=DATASETS,
        dimensions=KNOWN,
        choices=choices,
        default_period="this_year",
        always={"owner": (rep_id,), "team": ()},
    )


def address(rep_id: str) -> str:
    """Where a rep's page is; an id may hold any character."""
    return f"{ROOT}{quote(rep_id, safe='')}/"


def _panels(whose: Person) -> tuple[Panel, ...]:
    published = partial(_published, whose.rep_id)
    return (
        headline.panel(whose, published("performance")),
        of(
            drivers.PANEL,
            drivers.frame,
            whose,
            note=lambda slice_: drivers.notes(slice_, whose),
            contract=published("drivers"),
        ),
        of(activity.PANEL, activity.frame, whose, contract=published("activity")),
        of(
            activity.PATTERN,
            activity.weekdays,
            whose,
            note=lambda slice_: activity.notes(slice_, whose),
        ),
        of(past.PANEL, past.frame, whose),
        of(why.PASSAGE, why.stages, whose),
        of(
            past.CALLED,
            past.calls,
            whose,
            note=lambda slice_: past.call_notes(slice_, whose),
        ),
        of(why.LOST, why.lost, whose),
        of(why.WON, why.traits, whose),
    )


def _published(rep_id: str, widget: str) -> str:
    return f"{address(rep_id)}{widget}.json"


def performance(slice_: Slice, whose: Person) -> list[dict[str, Any]]:
    """RepPerformanceView of the rep beside the team."""
    found = team_of(slice_, whose.rep_id)
    return views(slice_, found) if found.shown else []


def _stamped(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    common = stamps(DATASETS)
    return [{**row, **common} for row in rows]


def widget(name: str, whose: Person) -> Callable[[Slice], list[dict[str, Any]]] | None:
    """What gives a widget of the contract for the rep; None where there is no such."""
    found: Mapping[str, Callable[[Slice], list[dict[str, Any]]]] = {
        "performance": lambda slice_: performance(slice_, whose),
        "drivers": lambda slice_: _stamped(drivers.contract(slice_, whose)),
        "activity": lambda slice_: _stamped(activity.contract(slice_, whose)),
        "actions": next_best_actions,
        "insights": lambda _: _stamped(insights.contract(whose)),
    }
    return found.get(name)


def tabs(visit: Visit, whose: Person) -> Mapping[str, Any]:
    """The pages of the rep, and the way to the reps before and after, as far as one may see."""
    query = visit.asked.replace(owner=(), team=()).to_query()
    return tabs_of(visit.slice_, whose, query, visit.page.address)


def tabs_of(slice_: Slice, whose: Person, query: str, here: str) -> Mapping[str, Any]:
    """The same for the page at ``here``, which is narrowed by ``query``.

    Who sees everybody has no 1:1s: they are of a rep and a manager.
    """
    tail = f"?{query}" if query else ""
    quoted = quote(whose.rep_id, safe="")
    pages = [("Coaching", address(whose.rep_id)), ("Deals", f"/reps/{quoted}/")]
    talks = "" if slice_.reps is None else f"{address(whose.rep_id)}one-on-one/"
    before, after = _neighbours(slice_, whose)
    to = address
    if talks and here == talks:
        tail, to = "", lambda rep_id: f"{address(rep_id)}one-on-one/"
    ways = [(label, f"{url}{tail}", url) for label, url in pages]
    ways += [("1:1", talks, talks)] if talks else []
    return {
        "template": "coaching/_rep_tabs.html",
        "above": True,
        "name": whose.name,
        "tabs": [{"label": label, "url": way, "current": url == here} for label, way, url in ways],
        "earlier": before and {"name": before.name, "url": f"{to(before.rep_id)}{tail}"},
        "later": after and {"name": after.name, "url": f"{to(after.rep_id)}{tail}"},
    }


def _neighbours(slice_: Slice, whose: Person) -> tuple[Person | None, Person | None]:
    """Those before and after the rep in the team, by name, whom the reader may see."""
    found = team_of(slice_, whose.rep_id)
    seen = [one for one in found.people if one.rep_id in found.seen]
    if whose not in seen:
        return None, None
    place = seen.index(whose)
    before = seen[place - 1] if place else None
    return before, seen[place + 1] if place + 1 < len(seen) else None


def facts(whose: Person) -> Mapping[str, Any]:
    """Who the rep is."""
    since = formats.show(whose.start_date, "date") if whose.start_date else ""
    lines = (
        ("Team", whose.team),
        ("Manager", whose.manager_name),
        ("Region", whose.region),
        ("Since", since),
        ("State", "" if whose.is_active else "No longer active"),
    )
    shown = [{"label": label, "text": text, "url": ""} for label, text in lines if text]
    return {"template": "insights/_facts.html", "facts": shown, "above": True}


def beside(visit: Visit, whose: Person, user: User, token: str) -> Sequence[Mapping[str, Any]]:
    """The tabs of the rep, who it is, what to do first, and what the figures mean."""
    known = facts(whose)
    asked = visit.asked.replace(owner=(whose.rep_id,), team=())
    back = visit.frame.address()
    first = section(visit.slice_, asked, user, token, back, first=FIRST_ACTIONS)
    may_ask = may(user, "work deals")
    said = insights.drawn(visit, whose, address(whose.rep_id), token if may_ask else "")
    return [
        tabs(visit, whose),
        *([known] if known["facts"] else []),
        {**said, "above": True},
        first,
    ]


__all__ = ["address", "beside", "page", "performance", "person", "tabs", "tabs_of", "widget"]
