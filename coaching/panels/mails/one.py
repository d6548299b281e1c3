"""One follow-up: how it will arrive, what may be done with it, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coaching.analytics.followups import with_way_out
from coaching.panels.mails.listed import ROOT, SHOWN, notices, row
from coaching.queries import mails
from coaching.queries.mails import State, Wording
from pipeline.panels.deal import words
from pipeline.queries import followups
from revops_site.kernel import mail as post

WORDED: Mapping[str, str] = {
    Wording.TEMPLATE: "Worded by a template, of the deal’s figures.",
    Wording.MODEL: "Worded by a language model; every number is one of the deal’s figures.",
    Wording.PERSON: "Worded by a person.",
}
TELLS: Mapping[str, str] = {
    State.DRAFT: "It is sent to nobody before somebody approves it.",
    State.APPROVED: "It is sent as soon as the worker comes to it.",
    State.SENDING: "It is being sent at this moment.",
    State.SENT: "The mail server took it.",
    State.FAILED: "It was not sent.",
    State.UNKNOWN: "Nobody knows whether it was sent. Ask the recipient, or look into the mail "
    "server’s log, then decide.",
    State.DISCARDED: "It was let go, and is not sent.",
}


def page(by: Any, mail_id: int, said: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
    """What ``mail.html`` prints; None of no such mail. ``said`` is what could not be kept."""
    found, said = mails.one(by, mail_id), said or {}
    if found is None:
        return None
    deal = followups.told([found.deal_id]).get(found.deal_id)
    state, may = found.state, mails.may_write(by)
    return {
        "title": found.subject,
        "mail": row(found, deal),
        "tells": TELLS[state],
        "worded": WORDED[found.wording],
        "back": _back(state),
        "letter": _letter(found),
        "edits": may and state == State.DRAFT,
        "sends_back": may and state in {State.APPROVED, State.FAILED},
        "discards": may and state in {State.DRAFT, State.APPROVED, State.FAILED},
        "decides": may and state == State.UNKNOWN,
        "people": lambda: _people(found),
        "form": _form(found, said),
        "error": said.get("error", ""),
        "opens": bool(said.get("error")) and said.get("do") in {"save", "save and approve"},
        "conflict": _conflict(found, said) if said.get("is_conflict") else None,
        "longest": {"subject": post.LONGEST_SUBJECT, "body": post.LONGEST_TEXT},
        "events": _events(found),
        "tries": [_try(one) for one in mails.tries(found)],
        "notices": notices(dict.fromkeys(State.values, 0)),
        "address": f"{ROOT}{found.pk}/",
    }


def stop_page(token: str) -> Mapping[str, Any] | None:
    """What the recipient of a mail is asked; None of a link that is none of ours."""
    found = mails.by_stop_token(token)
    if found is None:
        return None
    return {"to": found.to_address, "stopped": mails.is_unsubscribed(found.to_address)}


def _letter(found: Any) -> Mapping[str, str]:
    """The mail as its recipient will see it."""
    author = mails.author_of(found)
    try:
        sender = mails.sender()
    except mails.CannotSendError:
        sender = "no sender"
    return {
        "from_name": f"{found.rep.name if found.rep else ''} <{sender}>".strip(),
        "reply": author.email if author else "",
        "to": f"{found.to_name} <{found.to_address}>",
        "text": with_way_out(found.body, mails.stop_link(found)),
    }


def _form(found: Any, said: Mapping[str, Any]) -> Mapping[str, str]:
    now = {"subject": found.subject, "body": found.body, "contact": found.contact_id}
    typed = {name: str(said[name]) for name in now if name in said}
    return {**now, **typed, "why": str(said.get("why", ""))}


def _back(state: str) -> Mapping[str, str]:
    show, label = next((show, kept[1]) for show, kept in SHOWN.items() if kept[0] == state)
    return {"label": f"Follow-ups: {label}", "url": f"{ROOT}?show={show}" if show else ROOT}


def _people(found: Any) -> list[Mapping[str, str]]:
    people = followups.recipients([found.deal_id]).get(found.deal_id, ())
    return [
        {"id": one.contact_id, "label": f"{one.name} <{one.email}>"}
        for one in people
        if post.plain(one.email)
    ]


def _conflict(found: Any, said: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        "who": str(found.changed_by or "The product"),
        "state": found.get_state_display(),
        "subject": found.subject,
        "body": found.body,
        "mine": str(said.get("body", "")),
    }


def _events(found: Any) -> list[Mapping[str, Any]]:
    made = str(found.made_by) if found.made_by else "the product"
    events: list[Mapping[str, Any]] = [
        {"what": f"Drafted by {made}", "at": words.moment(found.made_at)}
    ]
    if found.approved_at:
        who = found.approved_by or "somebody who is gone"
        events.append({"what": f"Approved by {who}", "at": words.moment(found.approved_at)})
    if found.next_try_at:
        events.append({"what": "To be sent from", "at": words.moment(found.next_try_at)})
    if found.ended_at:
        events.append({"what": found.get_state_display(), "at": words.moment(found.ended_at)})
    return events


def _try(one: Any) -> Mapping[str, Any]:
    return {
        "at": words.moment(one.at),
        "outcome": one.get_outcome_display(),
        "reason": one.reason,
        "said": one.said,
    }
