"""Sends what is due: each mail once, claimed and committed before the mail server hears of it.

Each is made for its recipient, of what that person may see at that moment. Whoever dies in between
leaves a mail ``unknown``; nothing sends it again.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from insights.actions import files as making
from insights.actions.subscriptions.wording import broken_text, subject, text
from insights.models import Delivery, MadeFile, Subscription
from insights.queries import subscriptions as kept
from insights.queries.files import kept as bytes_of
from revops_site.kernel import audit, clock, freshness, locks, mail
from revops_site.kernel.mail import Answer, Outcome
from revops_site.kernel.permissions import NOBODY, allowed

if TYPE_CHECKING:
    from insights.actions.files.making import Produce

TASK = "send-subscriptions"
LOCK = "delivery:{}"
FIRST_WAIT, MOST_TRIES = timedelta(minutes=5), 8
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS = {"pdf": MadeFile.Kind.REPORT, "xlsx": MadeFile.Kind.WORKBOOK}
State = Delivery.State
ENDS = {
    Outcome.ACCEPTED: State.SENT,
    Outcome.REFUSED: State.FAILED,
    Outcome.LATER: State.WAITING,
    Outcome.UNKNOWN: State.UNKNOWN,
}
DIED = "The worker ended before the mail server said whether it took the mail."
LOST = "Not sent: this person may not see anything of it any more."


def send_due(produce: Produce, seconds: float, at: datetime) -> int:
    """Send what is due by a moment, for so long; how many mails went out."""
    take_stock()
    day, hour = kept.now_at(freshness.workspace(), at)
    while _fall_due(day, hour):
        pass
    ends, sent = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        one = _next(clock.now())
        if one is None:
            break
        sent += _send(one, produce)
    tell_owners()
    return sent


def take_stock() -> int:
    """Say of mails that somebody was sending who has died that nobody knows; how many."""
    lost = 0
    for one in Delivery.objects.filter(state=State.SENDING):
        if not locks.is_held(LOCK.format(one.pk)):
            lost += _settle(one.pk, Answer(Outcome.UNKNOWN, DIED))
    return lost


@transaction.atomic
def _fall_due(day: date, hour: int) -> bool:
    """Write down the mails of one subscription that is due; False where none is.

    One that was due several times while nothing ran is sent once.
    """
    one = kept.due(day, hour).select_for_update(skip_locked=True).first()
    if one is None:
        return False
    for person_id in one.recipients.values_list("pk", flat=True):
        Delivery.objects.get_or_create(
            subscription=one,
            recipient_id=person_id,
            due_on=day,
            defaults={"changed_at": clock.now()},
        )
    first_month = freshness.workspace().fiscal_year_start_month
    one.next_on = kept.following(one.rhythm, day, first_month)
    one.save(update_fields=["next_on"])
    return True


def _next(now: datetime) -> Delivery | None:
    waiting = Delivery.objects.filter(state=State.WAITING).exclude(next_try_at__gt=now)
    alive = waiting.filter(subscription__state=Subscription.State.ON)
    found = alive.select_related("subscription", "recipient__rep", "recipient__team")
    return found.order_by("pk").first()


def _send(one: Delivery, produce: Produce) -> bool:
    """Make the file for its recipient, claim the mail, hand it over; whether it went out."""
    person = one.recipient
    if not person.is_active or not person.email or allowed(person) == NOBODY:
        _skip(one, LOST)
        return False
    file = _made(one, produce)
    if file.state != MadeFile.State.DONE:
        _skip(one, file.message)
        if file.state == MadeFile.State.FAILED:
            _break(one, file.message)
        return False
    if not _claim(one.pk, file):
        return False
    try:
        one.refresh_from_db()
        attached = (file.file_name, bytes_of(file.sha256).read_bytes(), TYPES[file.suffix])
        said = text(one, file, kept.before(one), kept.staleness(one))
        answer = mail.note(person.email, subject(one, file), said, attached)
        _settle(one.pk, answer)
    finally:
        locks.let_go(LOCK.format(one.pk))
    return answer.outcome == Outcome.ACCEPTED


def _made(one: Delivery, produce: Produce) -> MadeFile:
    """The file, as its recipient may see it now; nobody is told in the frame that it is there."""
    subscription, now = one.subscription, clock.now()
    file = MadeFile.objects.create(
        owner=one.recipient,
        kind=KINDS[subscription.suffix],
        title=subscription.title,
        address=subscription.address,
        suffix=subscription.suffix,
        asked_at=now,
        seen_at=now,
    )
    making.make(file.pk, produce)
    file.refresh_from_db()
    return file


@transaction.atomic
def _claim(delivery_id: int, file: MadeFile) -> bool:
    """The mail as one's own to send, the lock held before anybody can see the claim."""
    found = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id)
    one = found.filter(state=State.WAITING).select_related("recipient").first()
    if one is None or not one.recipient.is_active:
        return False
    if not locks.take(LOCK.format(one.pk)):
        return False
    one.state, one.file, one.changed_at = State.SENDING, file, clock.now()
    one.tries += 1
    one.save()
    return True


@transaction.atomic
def _settle(delivery_id: int, answer: Answer) -> bool:
    """Write down how a dialogue ended; False where that is known already."""
    one = Delivery.objects.select_for_update().get(pk=delivery_id)
    if one.state not in {State.SENDING, State.UNKNOWN}:
        return False
    now = clock.now()
    one.state, one.changed_at = ENDS[answer.outcome], now
    one.why = f"{answer.reason} {answer.said}".strip()
    one.next_try_at = None
    if one.state == State.WAITING:
        if one.tries >= MOST_TRIES:
            one.state = State.FAILED
        else:
            one.next_try_at = now + FIRST_WAIT * 2 ** (one.tries - 1)
    one.save()
    audit.record(f"subscription mail {one.state}", target=str(one), delivery=one.pk)
    return True


@transaction.atomic
def _skip(one: Delivery, why: str) -> None:
    found = Delivery.objects.select_for_update().get(pk=one.pk)
    if found.state == State.WAITING:
        found.state, found.why, found.changed_at = State.SKIPPED, why, clock.now()
        found.save()
        audit.record("subscription mail skipped", target=str(found), delivery=found.pk, why=why)


def _break(one: Delivery, why: str) -> None:
    """What cannot be made for its owner, or for its only recipient, is broken."""
    whole = one.subscription
    if one.recipient_id == whole.owner_id or whole.recipients.count() == 1:
        Subscription.objects.filter(pk=whole.pk, state=Subscription.State.ON).update(
            state=Subscription.State.BROKEN, why=why
        )
        audit.record("subscription broken", target=str(whole), why=why)


def tell_owners() -> None:
    """Tell the owners of broken subscriptions, each once: noted before the mail goes."""
    for one in Subscription.objects.filter(state=Subscription.State.BROKEN, told_at=None):
        if not Subscription.objects.filter(pk=one.pk, told_at=None).update(told_at=clock.now()):
            continue
        if one.owner.is_active and one.owner.email:
            mail.note(one.owner.email, f"Not sent any more: {one.title}", broken_text(one))
