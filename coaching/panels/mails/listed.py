"""The page of follow-ups by state, and the few that somebody is to approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from coaching.panels.tabs import without_filters
from coaching.queries import mails
from coaching.queries.mails import State
from pipeline.panels.deal import words
from pipeline.panels.deal.places import address
from pipeline.queries import followups
from revops_site.kernel.queries import workspace

ROOT = "/coaching/mails/"
MOST = 25
FEW = 5
NO_DRAFT = (
    "No draft waits for a word. The product drafts follow-ups for deals that are overdue, stuck or "
    "inactive and have a contact with an address; on a deal’s page you ask for one yourself."
)
# What is shown under one word, by the word in the address; the first is shown without one.
SHOWN: Mapping[str, tuple[str, str, str]] = {
    "": (State.DRAFT, "To approve", NO_DRAFT),
    "unknown": (State.UNKNOWN, "To decide", "Of every mail it is known what became of it."),
    "failed": (State.FAILED, "Failed", "No mail has failed."),
    "approved": (State.APPROVED, "Approved", "No approved mail waits to be sent."),
    "sending": (State.SENDING, "Sending", "No mail is being sent at this moment."),
    "sent": (State.SENT, "Sent", "No follow-up was sent yet: approve a draft first."),
    "discarded": (State.DISCARDED, "Discarded", "No follow-up was discarded."),
}
ALWAYS = ("", "approved", "sent")
TONES: Mapping[str, str] = {State.UNKNOWN: "bad", State.FAILED: "bad", State.SENT: "good"}
WHY = {
    "overdue": "No update for {}",
    "stuck": "In its stage for {}",
    "inactive": "No activity for {}",
    "asked": "Asked for",
}


def page(by: Any, show: str, nth: int) -> dict[str, Any]:
    """What ``mails.html`` prints to somebody: a part of the mails of a state."""
    show = show if show in SHOWN else ""
    state, title, nothing = SHOWN[show]
    counts = mails.counts(by)
    nth = max(1, min(nth, 1 + max(0, counts[state] - 1) // MOST))
    found = list(mails.listed(by, state)[(nth - 1) * MOST : nth * MOST])
    may = mails.may_write(by)
    return {
        "title": "Follow-ups",
        "tabs": without_filters(ROOT),
        "chips": [
            {
                "label": label,
                "count": f"{counts[one]:,}",
                "url": _address(slug),
                "chosen": slug == show,
            }
            for slug, (one, label, _) in SHOWN.items()
            if slug in ALWAYS or slug == show or counts[one]
        ],
        "notices": notices(counts),
        "heading": title,
        "mails": rows(found),
        "may": may,
        "chooses": may and state == State.DRAFT and bool(found),
        "nothing": nothing,
        "pager": _pager(show, nth, counts[state]),
        "address": _address(show, nth),
    }


def notices(counts: Mapping[str, int]) -> Sequence[str]:
    """What is in the way of sending, and what somebody has to decide."""
    found = []
    if counts[State.UNKNOWN]:
        n = counts[State.UNKNOWN]
        many = "1 mail was" if n == 1 else f"{n:,} mails were"
        found.append(
            f"{many} being sent when something broke: nobody knows whether it came. Decide under "
            "“To decide”; nothing is sent again by itself."
        )
    if not workspace().mails_a_day:
        found.append("Follow-ups are switched off: the workspace allows none a day.")
    try:
        mails.sender()
    except mails.CannotSendError as why:
        found.append(f"Nothing can be sent: {why}")
    return found


def to_approve(by: Any) -> Mapping[str, Any]:
    """The drafts that wait for somebody's word, for ``_mails_to_approve.html``.

    ``count`` of them, ``mails`` the oldest few as ``row`` gives them, ``url`` to all; ``to_decide``
    counts the mails of which nobody knows, and ``decide_url`` leads there.
    """
    counts = mails.counts(by)
    return {
        "count": counts[State.DRAFT],
        "to_decide": counts[State.UNKNOWN],
        "mails": rows(list(mails.listed(by, State.DRAFT)[:FEW])),
        "url": ROOT,
        "decide_url": _address("unknown"),
    }


def rows(found: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
    """Mails as lists print them."""
    deals = followups.told({one.deal_id for one in found})
    return [row(one, deals.get(one.deal_id)) for one in found]


def row(one: Any, deal: followups.Told | None) -> dict[str, Any]:
    """What is printed of a mail everywhere."""
    days = one.facts.get("days")
    count = "1 day" if days == 1 else f"{days:,} days" if isinstance(days, int) else ""
    return {
        "id": one.pk,
        "url": f"{ROOT}{one.pk}/",
        "version": str(one.version),
        "subject": one.subject,
        "to": one.to_name,
        "to_address": one.to_address,
        "deal": deal.name if deal else one.deal_id,
        "deal_url": address(one.deal_id),
        "rep": deal.owner_name if deal else "",
        "reason": WHY[one.reason].format(count),
        "state": one.get_state_display(),
        "tone": TONES.get(one.state, ""),
        "why": one.why,
        "made": words.moment(one.made_at),
        "ended": words.moment(one.ended_at) if one.ended_at else None,
        "next": words.moment(one.next_try_at) if one.next_try_at else None,
    }


def _address(show: str, nth: int = 1) -> str:
    asked = {"show": show, "page": "" if nth == 1 else str(nth)}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{ROOT}?{query}" if query else ROOT


def _pager(show: str, nth: int, count: int) -> Mapping[str, Any] | None:
    if count <= MOST:
        return None
    first, last = (nth - 1) * MOST + 1, min(nth * MOST, count)
    before = _address(show, nth - 1) if nth > 1 else ""
    after = _address(show, nth + 1) if last < count else ""
    return {
        "id": "mails-pager",
        "label": "Pages of mails",
        "says": f"{first:,} to {last:,} of {count:,}",
        "target": "main",
        "steps": [
            {"name": "before", "label": "Previous", "url": before},
            {"name": "after", "label": "Next", "url": after},
        ],
    }
