"""Everything that a deal's page prints, each part made where a template shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

from pipeline.panels import categories as of_category
from pipeline.panels import notes as of_notes
from pipeline.panels import tasks as of_tasks
from pipeline.panels.deal import alike, day, facts, health, reading, timeline, words
from pipeline.panels.deal import next as next_
from pipeline.panels.deal.places import address
from pipeline.panels.deal.stepping import State
from pipeline.panels.health import deal as of_deal
from pipeline.panels.health import flags as of_flags
from pipeline.panels.notes import Form
from pipeline.queries import categories
from pipeline.queries.deal import found, notes
from pipeline.queries.deal.found import Told
from pipeline.queries.tasks import Subject
from revops_site.kernel.permissions import allowed, may

READING = "deal-reading"
PARTS: Mapping[str, str] = {
    "timeline": "pipeline/_timeline.html",
    READING: "pipeline/_deal_reading.html",
}
NONE = "There is no such deal, or it is not yours to see."
LATEST = 4  # changes of the category that are shown at once


def page(
    deal_id: str,
    by: Any,
    asked: Mapping[str, str],
    state: State,
    steps: Mapping[str, Any] | None,
    said: Mapping[str, Any],
    token: str,
) -> dict[str, Any] | None:
    """The page of a deal; None where there is none, or it is not this reader's to see.

    ``asked`` are the parts of the address: ``entries`` and ``part`` of the timeline. ``steps`` says
    where it stands in the list that its reader came from, ``state`` which list that is; ``said`` is
    what was sent and could not be kept, with ``about``, the part that it is of.
    ``token`` is that of its forms.
    """
    may_see = allowed(by)
    known = found.whole(deal_id, may_see)
    if known is None:
        return None
    deal, told = known
    is_own = may_see.reps is None or deal.owner_id in may_see.reps
    may_work, may_set = (is_own and may(by, what) for what in ("work deals", "call forecast"))
    slice_ = day.newest(may_see)
    last = slice_.as_of
    nth = [("nth", steps["nth"])] if steps and steps["nth"] else []
    way = _way(deal_id, [*(pair for pair in state if pair[0] != "nth"), *nth])
    here = way(**{name: asked.get(name, "") for name in ("entries", "part")})
    judged = cache(lambda: of_deal.of_deal(deal_id) if deal.status == "open" else None)
    return {
        "title": str(deal),
        "deal": {"id": deal_id, "url": address(deal_id), "is_open": deal.status == "open"},
        "steps": steps,
        "as_of": words.day(last),
        "facts": facts.drawn(deal, slice_),
        "health": lambda: health.drawn(judged(), deal_id),
        "flags": lambda: of_flags.drawn(deal_id, judged(), may=may_set),
        "next": lambda: next_.drawn(deal, told, last, _of_part(said, "next"), may=may_work),
        "written": lambda: of_notes.drawn(
            notes.listed(told, by),
            last,
            _of_part(said, "notes"),
            Form("deal-notes", here, "#main", here, token),
            may=may_work,
        ),
        "reading": lambda: reading.drawn(deal_id, told, way),
        "timeline": lambda: timeline.drawn(deal_id, deal.currency, asked, last, way),
        "contacts": lambda: _contacts(told),
        "mail": lambda: _mail(deal, told, may_work),
        "category": lambda: _category(deal, told, may_set),
        "tasks": lambda: of_tasks.section(
            Subject(deal_id=deal_id, name=str(deal)), by, address(deal_id), token
        ),
        "alike": lambda: alike.drawn(deal, slice_),
        "address": here,
    }


def is_seen(deal_id: str, by: Any) -> bool:
    """Whether somebody may see the deal."""
    return found.deal(deal_id, allowed(by)) is not None


def _of_part(said: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    return said if said.get("about") == part else {}


def _way(deal_id: str, state: State) -> Callable[..., str]:
    """Gives the page's address with these parts, those that are "" left out, and its list."""

    def way(**parts: str) -> str:
        pairs = [*((name, value) for name, value in parts.items() if value), *state]
        query = urlencode(pairs, errors="replace")
        return f"{address(deal_id)}?{query}" if query else address(deal_id)

    return way


def _contacts(told: Told) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "name": one.name,
            "about": " · ".join(filter(None, (one.title, one.role))),
            "email": one.email,
            "is_champion": bool(one.is_champion),
            "is_buyer": bool(one.is_economic_buyer),
            "engaged": words.day(one.last_engaged_at),
        }
        for one in found.contacts(told)
    ]


def _mail(deal: Any, told: Told, may: bool) -> Mapping[str, Any]:
    """Whom a follow-up may be drafted to, who is a champion first."""
    people = sorted(found.contacts(told), key=lambda one: not one.is_champion)
    return {
        "may": may and deal.status == "open",
        "to": next((one.name for one in people if one.email), ""),
        "deal": deal.pk,
    }


def _category(deal: Any, told: Told, may_set: bool) -> Mapping[str, Any]:
    """The category, whether the reader may set it, and how it came to be what it is."""
    set_, happened = categories.read(told)
    events = [of_category.event(one) for one in happened]
    return {
        "deal": of_category.drawn(deal, set_, may_set),
        "events": events[:LATEST],
        "more": len(events) - LATEST,
        "next": address(deal.pk),
    }
