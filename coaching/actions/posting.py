"""Sends approved follow-ups, each once: claimed and committed before the mail server hears of it.

Whoever dies in between leaves a mail ``unknown``, for people to decide; nothing sends it again.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from coaching.analytics.followups import with_way_out
from coaching.models import Mail, MailTry
from coaching.queries import mails
from pipeline.queries import followups
from revops_site.kernel import audit, clock, freshness, locks
from revops_site.kernel import mail as post
from revops_site.kernel.mail import Answer, Outcome
from revops_site.kernel.models import User

State = Mail.State
TASK = "send-follow-ups"
LOCK = "mail-try:{}"
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=2), timedelta(hours=6)
MOST_TRIES = 10
DIED = "The worker ended before the mail server said whether it took the mail."
ENDS = {
    Outcome.ACCEPTED: State.SENT,
    Outcome.REFUSED: State.FAILED,
    Outcome.LATER: State.APPROVED,
    Outcome.UNKNOWN: State.UNKNOWN,
}


def wake() -> None:
    """Have the worker send what is due, once this transaction is written."""
    try:
        with transaction.atomic():
            app.configure_task(TASK, queueing_lock=TASK).defer()
    except AlreadyEnqueued:
        pass


def send_due(seconds: float) -> bool:
    """Send what is due, for so long; whether some is left that could be sent at once.

    A server that serves nobody ends it: what is left waits.
    """
    own = mails.sender()
    take_stock()
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        claimed = claim(clock.now())
        if claimed is None:
            return False
        if not isinstance(claimed, MailTry):
            continue
        try:
            answer = _handed_over(claimed.mail, own)
            settle(claimed, answer)
        finally:
            locks.let_go(LOCK.format(claimed.pk))
        if answer.is_down:
            return False
    return True


def take_stock() -> int:
    """Say of mails that somebody was sending who has died that nobody knows; how many."""
    lost = 0
    for one in mails.under_way():
        if not locks.is_held(LOCK.format(one.pk)):
            lost += settle(one, Answer(Outcome.UNKNOWN, DIED))
    return lost


@transaction.atomic
def settle(claimed: MailTry, answer: Answer) -> bool:
    """Write down how a dialogue ended; False where that is known already.

    Who had the dialogue knows better than who found it left.
    """
    found = Mail.objects.select_for_update().get(pk=claimed.mail_id)
    kept = MailTry.objects.select_for_update().get(pk=claimed.pk)
    is_left = kept.outcome == Outcome.UNKNOWN and answer.outcome != Outcome.UNKNOWN
    if kept.outcome and not is_left:
        return False
    at = clock.now()
    kept.outcome, kept.ended_at = answer.outcome, at
    kept.reason, kept.said = answer.reason[:300], answer.said[:300]
    kept.save(update_fields=["outcome", "ended_at", "reason", "said"])
    if found.state not in {State.SENDING, State.UNKNOWN} or found.tries.latest("id") != kept:
        return False  # somebody has decided meanwhile
    _end(found, answer, at)
    return True


def _end(found: Mail, answer: Answer, at: datetime) -> None:
    state = ENDS[answer.outcome]
    why = f"{answer.reason} It said: {answer.said}" if answer.said else answer.reason
    found.next_try_at = None
    if state == State.APPROVED:
        tries = found.tries.filter(outcome=Outcome.LATER).count()
        if tries >= MOST_TRIES:
            state, why = State.FAILED, f"Given up after {tries} tries. {why}"
        else:
            found.next_try_at = at + min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT)
    _put(found, state, why, at)
    audit.record(
        f"follow-up {state}",
        user=found.approved_by,
        target=found.deal_id,
        mail=found.pk,
        outcome=answer.outcome,
    )


def _put(found: Mail, state: str, why: str, at: datetime) -> None:
    is_over = state in {State.SENT, State.FAILED, State.UNKNOWN, State.DISCARDED}
    found.state, found.why, found.changed_at = state, why[:300], at
    found.ended_at = at if is_over else None
    found.version += 1
    names = ["state", "why", "changed_at", "ended_at", "next_try_at", "version"]
    found.save(update_fields=[*names, "rep_id"])


@transaction.atomic
def claim(at: datetime) -> MailTry | Mail | None:
    """The next mail as one's own to send; the mail itself where it is not to be sent now.

    None where nothing is due. The lock is held before anybody can see the claim.
    """
    found = mails.due(at).select_for_update(skip_locked=True, of=("self",)).first()
    if found is None:
        return None
    state, why = _in_the_way(found)
    if state:
        found.next_try_at = None
        _put(found, state, why, at)
        audit.record(f"follow-up {state}", target=found.deal_id, mail=found.pk)
        return found
    zone = ZoneInfo(freshness.workspace().time_zone)
    today = at.astimezone(zone).date()
    locks.queue_for(f"mail-limit:{found.rep_id}")
    limit = freshness.workspace().mails_a_day
    if mails.sent_on(found.rep_id, today) >= limit:
        midnight = datetime.combine(today + timedelta(days=1), datetime.min.time(), zone)
        found.next_try_at = midnight + timedelta(hours=8)
        says = f"Waits for tomorrow: {limit:,} mails of a rep are sent a day."
        _put(found, State.APPROVED, says, at)
        return found
    claimed = MailTry.objects.create(mail=found, rep_id=found.rep_id, day=today, at=at)
    if not locks.take(LOCK.format(claimed.pk)):
        raise RuntimeError("A dialogue that has just begun is somebody else's.")
    found.next_try_at = None
    _put(found, State.SENDING, "", at)
    return claimed


def _in_the_way(found: Mail) -> tuple[str, str]:
    """The state that a mail gets which is not to be sent, and why; "" where nothing is."""
    deal = followups.told([found.deal_id]).get(found.deal_id)
    if deal is None or not deal.is_open:
        return State.DISCARDED, "The deal is not open any more."
    if (deal.owner_id or None) != found.rep_id:
        found.rep_id = deal.owner_id or None
        return State.DRAFT, "The deal has another owner now: read the mail again."
    try:
        address = post.checked(found.to_address)
    except post.BadAddressError as why:
        return State.FAILED, str(why)
    if not post.is_allowed(address):
        return State.FAILED, "No mail may go to this domain."
    if mails.is_unsubscribed(address):
        return State.FAILED, "Not sent: this person has unsubscribed from our mails."
    return "", ""


def _handed_over(found: Mail, own: str) -> Answer:
    try:
        message = post.composed(letter(found))
    except (post.BadLetterError, post.BadAddressError) as why:
        return Answer(Outcome.REFUSED, str(why))
    return post.hand_over(message, own, post.checked(found.to_address))


def letter(found: Mail) -> post.Letter:
    """The mail as it goes out, with the way to get no more of them."""
    author: User | None = mails.author_of(found)
    link = mails.stop_link(found)
    more = {"List-Unsubscribe": f"<{link}>"} if link else {}
    if link.startswith("https://"):
        more["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return post.Letter(
        to=found.to_address,
        to_name=found.to_name,
        from_name=found.rep.name if found.rep else "",
        reply_to=author.email if author else "",
        subject=found.subject,
        text=with_way_out(found.body, link),
        message_id=found.message_id,
        at=clock.now(),
        more=more,
    )
