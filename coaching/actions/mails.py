"""Changes follow-up mails by a person's word: text, recipient, approval, and their end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from coaching.actions import posting
from coaching.actions.drafting import ONE_LIVE
from coaching.models import Mail, Unsubscribed
from coaching.queries import mails
from pipeline.actions.work import ConflictError, RefusedError, line, lines
from pipeline.queries import followups
from revops_site.kernel import audit
from revops_site.kernel import mail as post
from revops_site.kernel.models import User

State = Mail.State
MAY_NOT = "You may read these mails, but not write them."
OTHERS = "Another follow-up of this deal for the same reason waits already."
GONE = "The deal is not open any more."
CHANGED = "Somebody has changed this mail since you opened it."


@transaction.atomic
def change(
    *, by: User, mail_id: int, given: Mapping[str, str], seen: str, at: datetime
) -> Mail | None:
    """Change a draft's recipient, subject and text, as they were typed; None of no such mail.

    ConflictError where it was changed since its form was opened; RefusedError says what is wrong.
    """
    found = _held(by, mail_id)
    if found is None:
        return None
    values = _values(found, given)
    if values == {name: getattr(found, name) for name in values}:
        return found  # the same was sent twice
    _insist(found, seen, State.DRAFT)
    if values["body"] != found.body or values["subject"] != found.subject:
        values["wording"] = Mail.Wording.PERSON
    return _kept(found, by, at, "follow-up changed", **values)


@transaction.atomic
def approve(*, by: User, mail_id: int, seen: str, at: datetime) -> Mail | None:
    """Let a draft be sent, as it is; None of no such mail. As ``change`` otherwise."""
    found = _held(by, mail_id)
    if found is None or found.state == State.APPROVED:
        return found
    _insist(found, seen, State.DRAFT)
    _insist_on_recipient(found)
    deal = followups.told([found.deal_id]).get(found.deal_id)
    if deal is None or not deal.is_open:
        raise RefusedError(f"{GONE} Discard the mail.")
    values = {"state": State.APPROVED, "approved_at": at, "approved_by": by, "next_try_at": at}
    values |= {"rep_id": deal.owner_id or None, "why": ""}
    posting.wake()
    return _kept(found, by, at, "follow-up approved", **values)


@transaction.atomic
def send_back(*, by: User, mail_id: int, seen: str, at: datetime) -> Mail | None:
    """Make a draft again of what is approved or failed, and surely did not reach anybody."""
    found = _held(by, mail_id)
    if found is None or found.state == State.DRAFT:
        return found
    _insist(found, seen, State.APPROVED, State.FAILED)
    values = {"state": State.DRAFT, "next_try_at": None, "ended_at": None, "why": ""}
    try:
        with transaction.atomic():
            return _kept(found, by, at, "follow-up sent back", **values)
    except IntegrityError as error:
        if ONE_LIVE not in str(error):
            raise
        raise RefusedError(OTHERS) from None


@transaction.atomic
def discard(*, by: User, mail_id: int, why: str, seen: str, at: datetime) -> Mail | None:
    """Let a mail go that shall not be sent; ``why`` is the person's reason."""
    found = _held(by, mail_id)
    if found is None or found.state == State.DISCARDED:
        return found
    _insist(found, seen, State.DRAFT, State.APPROVED, State.FAILED)
    said = line(why, 200, "why it is discarded")
    values = {"state": State.DISCARDED, "next_try_at": None, "ended_at": at, "why": said}
    return _kept(found, by, at, "follow-up discarded", **values)


@transaction.atomic
def decide(*, by: User, mail_id: int, what: str, seen: str, at: datetime) -> Mail | None:
    """Say what became of a mail of which nobody knows: ``sent``, ``again`` or ``discard``.

    Only here is a mail sent again that somebody may have; it keeps its name, by which mail programs
    know it again.
    """
    found = _held(by, mail_id)
    if found is None:
        return None
    _insist(found, seen, State.UNKNOWN)
    if what == "sent":
        values: dict[str, Any] = {"state": State.SENT, "why": "Somebody made sure that it came."}
    elif what == "again":
        _insist_on_recipient(found)
        values = {"state": State.APPROVED, "next_try_at": at, "ended_at": None, "why": ""}
        values |= {"approved_by": by, "approved_at": at}
        posting.wake()
    elif what == "discard":
        values = {"state": State.DISCARDED, "why": "It was not to be sent again."}
    else:
        raise RefusedError("Say whether it came, is to be sent again, or is to be left.")
    return _kept(found, by, at, f"follow-up decided: {what}", **values)


@transaction.atomic
def stop(*, token: str, one_click: bool, at: datetime) -> bool:
    """Let the recipient of a mail get no more of them; False of a link that is none of ours."""
    found = mails.by_stop_token(token)
    if found is None:
        return False
    address = post.plain(found.to_address) or found.to_address.lower()
    if not mails.is_unsubscribed(address):
        how = Unsubscribed.How.ONE_CLICK if one_click else Unsubscribed.How.LINK
        Unsubscribed.objects.create(address=address, how=how, at=at)
        audit.record("unsubscribed", target=found.deal_id, mail=found.pk, how=how)
    return True


def _held(by: User, mail_id: int) -> Mail | None:
    """The mail, which nobody else changes until the transaction ends."""
    if not mails.may_write(by):
        raise RefusedError(MAY_NOT)
    if not mails.seen(by).filter(pk=mail_id).exists():
        return None
    return Mail.objects.select_for_update().filter(pk=mail_id).first()


def _insist(found: Mail, seen: str, *states: str) -> None:
    if seen != str(found.version):
        raise ConflictError(CHANGED)
    if found.state not in states:
        raise RefusedError(f"That cannot be done with a mail that is {found.get_state_display()}.")


def _insist_on_recipient(found: Mail) -> None:
    try:
        address = post.checked(found.to_address)
    except post.BadAddressError as why:
        raise RefusedError(str(why)) from None
    if not post.is_allowed(address):
        domain = address.rpartition("@")[2]
        raise RefusedError(f"No mail may go to {domain}: it is not among MAIL_DOMAINS.")
    if mails.is_unsubscribed(address):
        raise RefusedError("This person has unsubscribed from our mails. Discard the mail.")


def _values(found: Mail, given: Mapping[str, str]) -> dict[str, Any]:
    people = followups.recipients([found.deal_id]).get(found.deal_id, ())
    chosen = given.get("contact", found.contact_id)
    to = next((one for one in people if one.contact_id == chosen), None)
    if to is None and chosen != found.contact_id:
        raise RefusedError("Choose one of the deal's contacts who have an address.")
    values = {
        "subject": line(given.get("subject", ""), post.LONGEST_SUBJECT, "a subject"),
        "body": lines(given.get("body", ""), post.LONGEST_TEXT, "the text"),
    }
    if to is None:
        return values
    try:
        address = post.checked(to.email)
    except post.BadAddressError as why:
        raise RefusedError(f"{to.name}: {why}") from None
    return {**values, "contact_id": to.contact_id, "to_name": to.name, "to_address": address}


def _kept(found: Mail, by: User, at: datetime, action: str, **values: Any) -> Mail:
    for name, value in values.items():
        setattr(found, name, value)
    found.version += 1
    found.changed_by, found.changed_at = by, at
    found.save(update_fields=[*values, "version", "changed_by", "changed_at"])
    audit.record(action, user=by, target=found.deal_id, mail=found.pk, state=found.state)
    return found
