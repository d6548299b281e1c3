"""The list of next best actions with what can be said of each: what ``_actions.html`` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from coaching import metrics
from coaching.analytics import marks as spans
from coaching.analytics.priority import FACTORS, MOST
from coaching.panels.actions import why, words
from coaching.panels.priorities import Action, Aside, actions, aside
from coaching.queries import marks
from coaching.queries.people import person
from pipeline.panels.deal import address
from pipeline.queries import standing
from revops_site.kernel import formats
from revops_site.kernel.filters import Filters, Slice
from revops_site.kernel.models import User
from revops_site.kernel.permissions import EVERYBODY, may

URL = "/coaching/actions/"
TABLE = "coaching-actions"
TEMPLATE = "coaching/_actions.html"
SNOOZE_DAYS = 7
MOST_ASIDE = 20
NOTHING = "Nothing needs to be done: no open deal is known whose actions you may see."


@dataclass(frozen=True)
class Kept:
    """What a reader has just said of an action: kept, or not for the reason in ``error``."""

    deal_id: str = ""
    said: str = ""
    until: str = ""
    reason: str = ""
    error: str = ""


def section(
    slice_: Slice,
    asked: Filters,
    user: User,
    token: str,
    back: str,
    *,
    first: int = MOST,
    just: Kept | None = None,
    above: bool = True,
) -> dict[str, Any]:
    """The ``first`` actions of those whom the slice shows, the most pressing first.

    ``asked`` are the filters that the slice came of, and ``back`` the address of the page that the
    list stands on: who works without scripts comes back to it.
    """
    just = just or Kept()
    found = sorted(actions(slice_), key=lambda one: one.ranked.order)
    shown, away = found[:first], aside(slice_)
    query = asked.to_query()
    can = may(user, "work deals") and standing.is_now(slice_.as_of)
    many = len({one.ranked.deal.rep_id for one in found}) > 1
    listed = _address(URL, query, list=TABLE, at=URL).partition("?")[2]
    return {
        "template": TEMPLATE,
        "above": above,
        "url": _address(URL, query, first=str(first) if first < MOST else ""),
        "all_url": _address(URL, query) if first < MOST else "",
        "back": back,
        "token": token,
        "may": can,
        "actions": [
            _action(nth, one, slice_, listed, just, named=many) for nth, one in enumerate(shown, 1)
        ],
        "count": len(found),
        "is_cut": len(shown) < len(found),
        "aside": [_aside(one, just) for one in away[:MOST_ASIDE]],
        "aside_count": len(away),
        "first_day": (slice_.as_of + timedelta(days=1)).isoformat(),
        "last_day": (slice_.as_of + timedelta(days=marks.LATEST)).isoformat(),
        "longest": marks.LONGEST_REASON,
        "glossary": f"/glossary/#{metrics.PRIORITY.slug}",
        "error": just.error if just.deal_id not in _ids(shown) else "",
        "done": _done(just, away),
        "announce": _announced(just, away, len(found)),
        "nothing": NOTHING,
    }


def _address(url: str, query: str, **more: str) -> str:
    """The address with the query, and with these further parts that are not empty."""
    extra = urlencode([(name, value) for name, value in more.items() if value])
    whole = "&".join(part for part in (query, extra) if part)
    return f"{url}?{whole}" if whole else url


def _ids(shown: Sequence[Action]) -> set[str]:
    return {one.ranked.deal.opportunity_id for one in shown}


def _action(
    nth: int, one: Action, slice_: Slice, listed: str, just: Kept, *, named: bool
) -> dict[str, Any]:
    deal, row = one.ranked.deal, one.row
    own = just if just.deal_id == deal.opportunity_id and just.error else Kept()
    whose = person(deal.rep_id, EVERYBODY) if named else None
    return {
        "id": f"action-{nth}",
        "deal_id": deal.opportunity_id,
        "place": one.ranked.priority_rank,
        "name": row["deal_name"],
        "account": row["account_name"] if row["account_name"] != row["deal_name"] else "",
        "url": f"{address(deal.opportunity_id)}?{listed}",
        "value": formats.screen(formats.show(row["value"], "amount_auto", slice_.currency)),
        "rep": {"name": whose.name, "url": f"/coaching/reps/{quote(whose.rep_id, safe='')}/"}
        if whose
        else None,
        "what": words.doing(row),
        "role": one.contact_role,
        "why": row["action_reason"],
        "urgency": words.URGENCIES[one.ranked.urgency],
        "tone": words.TONES[one.ranked.urgency],
        "best": words.best(one),
        "risk": formats.screen(words.delay(row, slice_.currency)),
        "score": f"{one.ranked.priority_score:.1f}",
        "math": why.address(deal.opportunity_id),
        "parts": _parts(one.ranked.factors),
        "again": words.said(one.mark) if one.mark and one.mark.cause == one.cause else "",
        "seen": str(one.mark.pk) if one.mark else "",
        "until": own.until or (slice_.as_of + timedelta(days=SNOOZE_DAYS)).isoformat(),
        "reason": own.reason,
        "error": own.error,
        "said": own.said,
    }


def _parts(factors: Mapping[str, float]) -> list[dict[str, Any]]:
    """The parts of the score in their order, each with where its piece of the bar begins."""
    found, start = [], 0.0
    for name, most in FACTORS.items():
        found.append(
            {
                "name": name,
                "label": words.PARTS[name],
                "points": f"{factors[name]:.1f}",
                "most": most,
                "start": f"{start:.2f}",
                "size": f"{factors[name]:.2f}",
            }
        )
        start += factors[name]
    return found


def _aside(one: Aside, just: Kept) -> dict[str, Any]:
    return {
        "deal_id": one.mark.deal_id,
        "name": one.row["deal_name"],
        "url": address(one.mark.deal_id),
        "what": words.doing(one.row),
        "said": words.said(one.mark),
        "seen": str(one.mark.pk),
        "error": just.error if just.deal_id == one.mark.deal_id else "",
    }


def _done(just: Kept, away: Sequence[Aside]) -> dict[str, Any] | None:
    """What was just taken from the list, to be undone."""
    if just.error or just.said in {"", spans.TAKEN_BACK}:
        return None
    return next((_aside(one, just) for one in away if one.mark.deal_id == just.deal_id), None)


def _announced(just: Kept, away: Sequence[Aside], left: int) -> str:
    if just.error or not just.said:
        return just.error
    if just.said == spans.TAKEN_BACK:
        return "Brought back."
    name = next((one.row["deal_name"] for one in away if one.mark.deal_id == just.deal_id), "")
    count = "1 action is" if left == 1 else f"{left} actions are"
    return f"{just.said.capitalize()}: {name}. {count} left."
