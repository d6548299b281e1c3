"""Mails what alerts told: at once outside of quiet hours, or as a digest; each mail once.

A mail is claimed and committed before the mail server hears of it. Whoever dies in between leaves
it ``unknown``; nothing sends it again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from insights.analytics.alerting import is_quiet
from insights.models import Alert, AlertMail, Firing
from insights.queries import alerts as kept
from revops_site.kernel import audit, clock, freshness, locks, mail
from revops_site.kernel.mail import Answer, Outcome

LOCK = "alert-mail:{}"
HOUR = 6  # of the workspace's day, from which on digests go
FIRST_WAIT, MOST_TRIES = timedelta(minutes=5), 8
State = AlertMail.State
Mailing = Alert.Mailing
ENDS = {
    Outcome.ACCEPTED: State.SENT,
    Outcome.REFUSED: State.FAILED,
    Outcome.LATER: State.WAITING,
    Outcome.UNKNOWN: State.UNKNOWN,
}
DIED = "The worker ended before the mail server said whether it took the mail."
LOST = "Not sent: this person may not see what it is about any more, or has no address."
SUBJECTS: Mapping[str, str] = {
    Mailing.NOW: "Alert",
    Mailing.DAILY: "Alerts of the day",
    Mailing.WEEKLY: "Alerts of the week",
}


def send(seconds: float, at: datetime) -> int:
    """Send what is to be mailed by a moment, for so long; how many mails went out."""
    _take_stock()
    gather(at)
    ends, sent = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        waiting = AlertMail.objects.filter(state=State.WAITING)
        one = waiting.exclude(next_try_at__gt=at).order_by("pk").first()
        if one is None:
            break
        sent += _send(one, at)
    return sent


def gather(at: datetime) -> None:
    """Put what is to be told by now into mails, one for each person and rhythm."""
    there = at.astimezone(ZoneInfo(freshness.workspace().time_zone))
    morning = there.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    monday = morning - timedelta(days=morning.weekday())
    _put_together(Mailing.NOW, None, at, there.hour)
    if there >= morning:
        _put_together(Mailing.DAILY, morning.date(), morning, there.hour)
    if there >= monday:
        _put_together(Mailing.WEEKLY, monday.date(), monday, there.hour)


@transaction.atomic
def _put_together(rhythm: str, due_on: date | None, before: datetime, hour: int) -> None:
    """Mails of a rhythm with what was told before a moment and stands in no mail yet.

    What is resolved by then is left out of mails at once: nothing is to be done about it.
    """
    found = Firing.objects.select_for_update(of=("self",), skip_locked=True)
    found = found.filter(mail=None, alert__mailing=rhythm, fired_at__lte=before)
    by_owner: dict[int, list[Firing]] = {}
    for one in found.select_related("alert").order_by("pk"):
        alert = one.alert
        if rhythm == Mailing.NOW and (
            one.resolved_at or is_quiet(hour, alert.quiet_from, alert.quiet_until)
        ):
            continue
        by_owner.setdefault(one.owner_id, []).append(one)
    for owner_id, some in by_owner.items():
        defaults = {"changed_at": clock.now()}
        if due_on is None:
            made = AlertMail.objects.create(recipient_id=owner_id, rhythm=rhythm, **defaults)
        else:
            made, is_new = AlertMail.objects.get_or_create(
                recipient_id=owner_id, rhythm=rhythm, due_on=due_on, defaults=defaults
            )
            if not is_new:
                continue  # it has gone; what came since waits for the next one
        Firing.objects.filter(pk__in=[one.pk for one in some]).update(mail=made)


def _take_stock() -> None:
    """Say of mails that somebody was sending who has died that nobody knows."""
    for one in AlertMail.objects.filter(state=State.SENDING):
        if not locks.is_held(LOCK.format(one.pk)):
            _settle(one.pk, Answer(Outcome.UNKNOWN, DIED))


def _send(one: AlertMail, at: datetime) -> bool:
    """Claim the mail, hand it over; whether it went out."""
    person = one.recipient
    shown = list(kept.inbox(person).filter(mail=one))
    if not person.is_active or not person.email or not shown:
        AlertMail.objects.filter(pk=one.pk, state=State.WAITING).update(
            state=State.SKIPPED, why=LOST, changed_at=at
        )
        return False
    if not _claim(one.pk):
        return False
    try:
        answer = mail.note(person.email, subject(one, shown), text(one, shown))
        _settle(one.pk, answer)
    finally:
        locks.let_go(LOCK.format(one.pk))
    return answer.outcome == Outcome.ACCEPTED


@transaction.atomic
def _claim(mail_id: int) -> bool:
    """The mail as one's own to send, the lock held before anybody can see the claim."""
    found = AlertMail.objects.select_for_update().filter(pk=mail_id, state=State.WAITING).first()
    if found is None or not locks.take(LOCK.format(mail_id)):
        return False
    found.state, found.changed_at = State.SENDING, clock.now()
    found.tries += 1
    found.save()
    return True


@transaction.atomic
def _settle(mail_id: int, answer: Answer) -> None:
    """Write down how a dialogue ended, where that is not known already."""
    one = AlertMail.objects.select_for_update().get(pk=mail_id)
    if one.state not in {State.SENDING, State.UNKNOWN}:
        return
    now = clock.now()
    one.state, one.changed_at, one.next_try_at = ENDS[answer.outcome], now, None
    one.why = f"{answer.reason} {answer.said}".strip()
    if one.state == State.WAITING:
        if one.tries >= MOST_TRIES:
            one.state = State.FAILED
        else:
            one.next_try_at = now + FIRST_WAIT * 2 ** (one.tries - 1)
    one.save()
    audit.record(f"alert mail {one.state}", target=str(one), mail=one.pk)


def subject(one: AlertMail, shown: list[Firing]) -> str:
    """The alert's name, or how many there are."""
    first = " ".join(shown[0].alert.name.split())
    if len(shown) == 1:
        return f"{SUBJECTS[one.rhythm]}: {first}"
    return f"{SUBJECTS[one.rhythm]}: {first} and {len(shown) - 1} more"


def text(one: AlertMail, shown: list[Firing]) -> str:
    """What each says, since when, whether it is so still, and where the inbox is."""
    base = str(settings.PUBLIC_URL).rstrip("/")
    lines = []
    for firing in shown:
        lines += [firing.alert.name, f"  {firing.text}"]
        if firing.resolved_at:
            lines.append(f"  Resolved since, on {firing.resolved_at:%Y-%m-%d %H:%M} UTC.")
        lines.append("")
    lines.append("Acknowledge, resolve, change or end it in your inbox of alerts:")
    lines.append(f"{base}{reverse('insights:alerts')}" if base else "Alerts, in the rail.")
    return "\n".join(lines)
