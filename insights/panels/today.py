"""What waits for the reader today: deals to decide on, in the order of their reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from math import ceil
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from coaching.panels.meetings import promised
from insights.queries import today as queries
from pipeline.panels.deal import address
from pipeline.panels.known import DEAL_LINK
from pipeline.queries import today
from pipeline.queries.today import Waiting
from revops_site.kernel import clock, formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.models import User
from revops_site.kernel.panels import Panel, Shown

SLUG = "today"
URL, OVERVIEW = "/today/", "/"
SHOWN = 6
FIRST = ("rep", "manager")  # who decides on deals sees this before the figures
PUT_OFF_DAYS = 7
MOST_MARKS = 2000  # beyond these nobody looks for more
LISTS = {
    "compliance": ("Papers missing", "compliance", "bad"),
    "very_late": ("No update", "overdue", "bad"),
    "invoice": ("Invoice due", "cashflow", "warn"),
    "very_stuck": ("Stuck", "stuck", "warn"),
    "late": ("No update", "overdue", "muted"),
    "stuck": ("Stuck", "stuck", "muted"),
}


def items(slice_: Slice, user: User) -> Sequence[Waiting]:
    """What waits for this reader, without what they have done or put off."""
    return _items(slice_, user)[0]


def rows(slice_: Slice, user: User) -> list[dict[str, Any]]:
    """The same for programs: why each deal waits, in a word and a sentence."""
    return [
        {
            "kind": one.kind,
            "label": LISTS[one.kind][0],
            "reason": _why(one, slice_),
            "deal_id": one.deal_id,
            "deal_name": one.deal_name,
            "account_name": one.account_name,
            "owner_name": one.owner_name,
            "value": one.value,
            "days": one.days,
            "since": one.since,
        }
        for one in items(slice_, user)
    ]


def _items(slice_: Slice, user: User) -> tuple[Sequence[Waiting], bool]:
    """The same, and whether there is more of it: as many more are looked for as are marked."""
    now = clock.today()
    marks = queries.marks(user)
    in_force = sum(mark.until is None or mark.until > now for mark in marks.values())
    most = today.MOST * (1 + ceil(min(in_force, MOST_MARKS) / today.MOST))
    found = today.waiting(slice_, most)
    shown = [one for one in found if not _is_hidden(one, marks.get((one.deal_id, one.kind)), now)]
    return shown, most in Counter(one.kind for one in found).values()


def panel(user: User, dimensions: Collection[str]) -> Panel:
    """The same as a table, through whose deals one steps on from the page of one of them."""
    about = (user.pk, clock.today(), sorted(queries.marks(user).items()))
    return Panel(
        slug=SLUG,
        title="What waits for you today?",
        question="Deals that wait for a decision, the gravest reason first, then the most money.",
        frame=lambda slice_: pd.DataFrame(
            [(one.deal_id, one.deal_name, one.kind) for one in items(slice_, user)],
            columns=["deal_id", "deal_name", "kind"],
        ),
        columns=(Shown("deal_name", "Deal", link=DEAL_LINK, steps=SLUG), Shown("kind", "Why")),
        dimensions=dimensions,
        about=repr(about),
    )


def _is_hidden(one: Waiting, mark: queries.Mark | None, now: date) -> bool:
    if mark is None or mark.since != one.since:
        return False
    return mark.until is None or mark.until > now


def context(
    slice_: Slice, user: User, token: str, query: str, *, error: str = "", whole: bool = False
) -> dict[str, Any]:
    """What ``insights/_today.html`` prints: the first few, or the ``whole`` of it."""
    found, is_more = _items(slice_, user)
    shown = found if whole else found[:SHOWN]
    listed = urlencode([("list", SLUG), ("at", URL if whole else OVERVIEW)])
    state = f"{query}&{listed}" if query else listed
    return {
        "template": "insights/_today.html",
        "above": user.role in FIRST,
        "items": [_item(one, slice_, state) for one in shown],
        "promised": promised.due(user),
        "here": URL if whole else OVERVIEW,
        "count": len(found),
        "is_more": is_more,
        "is_cut": len(shown) < len(found),
        "all_url": f"{URL}?{query}" if query else URL,
        "token": token,
        "query": query,
        "later": (clock.today() + timedelta(days=PUT_OFF_DAYS)).isoformat(),
        "error": error,
        "whole": whole,
    }


def _item(one: Waiting, slice_: Slice, state: str) -> Mapping[str, Any]:
    label, page, tone = LISTS[one.kind]
    return {
        "deal_id": one.deal_id,
        "kind": one.kind,
        "label": label,
        "tone": tone,
        "why": _why(one, slice_),
        "name": one.deal_name or one.deal_id,
        "account": one.account_name if one.account_name != one.deal_name else "",
        "owner": one.owner_name,
        "value": formats.screen(formats.show(one.value, "amount_auto", slice_.currency)),
        "url": f"{address(one.deal_id)}?{state}",
        "list": f"/pipeline/lists/{page}/",
    }


def _why(one: Waiting, slice_: Slice) -> str:
    days = f"{one.days:,} {'day' if one.days == 1 else 'days'}" if one.days is not None else ""
    if one.kind == "compliance":
        return "A required paper of its order is missing."
    if one.kind == "invoice":
        day = slice_.as_of + timedelta(days=one.days or 0)
        return f"Invoice expected on {formats.show(day, 'date')}."
    if one.kind.endswith("stuck"):
        return f"{days} in the same stage."
    return f"No update for {days}."
