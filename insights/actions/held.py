"""Holds mails of a backup that was put back: they may have gone out since it was made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from insights.models import Alert, AlertMail, Delivery, Firing, Subscription
from insights.queries import subscriptions as kept
from revops_site.kernel import audit, freshness

MAYBE = "Restored from a backup of {}: it may have been sent since."


@transaction.atomic
def hold(*, made_at: datetime, at: datetime, **_: Any) -> list[str]:
    """What waited, or fell due since, is unknown and never sent by the machine.

    Listens to ``restored``.
    """
    why = MAYBE.format(f"{made_at:%Y-%m-%d %H:%M} UTC")
    pages, alerts = _hold_deliveries(at, why), _hold_alerts(at, why)
    told = []
    if pages:
        told.append(f"{pages:,} × page by mail may have been sent since: its record says so.")
    if alerts:
        told.append(f"{alerts:,} × mail of alerts may have been sent since: the inbox has them.")
    return told


def _hold_deliveries(at: datetime, why: str) -> int:
    """The mails of pages and reports; each day that has come by now counts as sent, perhaps."""
    own = freshness.workspace()
    day, hour = kept.now_at(own, at)
    for one in kept.due(day, hour).select_for_update():
        for person in one.recipients.values_list("pk", flat=True):
            Delivery.objects.get_or_create(
                subscription=one, recipient_id=person, due_on=day, defaults={"changed_at": at}
            )
        one.next_on = kept.following(one.rhythm, day, own.fiscal_year_start_month)
        one.save(update_fields=["next_on"])
    Subscription.objects.filter(state=Subscription.State.BROKEN, told_at=None).update(told_at=at)
    open_ones = Delivery.objects.filter(state__in=[Delivery.State.WAITING, Delivery.State.SENDING])
    for waiting in open_ones.select_related("subscription", "recipient"):
        audit.record("subscription mail unknown", target=str(waiting), delivery=waiting.pk, why=why)
    return open_ones.update(state=Delivery.State.UNKNOWN, why=why, next_try_at=None, changed_at=at)


def _hold_alerts(at: datetime, why: str) -> int:
    """The mails of alerts, and of what had come true and stood in no mail yet."""
    untold = Firing.objects.filter(mail=None).exclude(alert__mailing=Alert.Mailing.NONE)
    untold = untold.exclude(alert__mailing=Alert.Mailing.NOW, resolved_at__isnull=False)
    by_person: dict[tuple[int, str], list[int]] = {}
    for pk, owner, rhythm in untold.values_list("pk", "owner_id", "alert__mailing"):
        by_person.setdefault((owner, rhythm), []).append(pk)
    for (owner, rhythm), firings in by_person.items():
        made = AlertMail.objects.create(recipient_id=owner, rhythm=rhythm, changed_at=at)
        Firing.objects.filter(pk__in=firings).update(mail=made)
    open_ones = AlertMail.objects.filter(
        state__in=[AlertMail.State.WAITING, AlertMail.State.SENDING]
    )
    for waiting in open_ones.select_related("recipient"):
        audit.record("alert mail unknown", target=str(waiting), mail=waiting.pk, why=why)
    return open_ones.update(state=AlertMail.State.UNKNOWN, why=why, next_try_at=None, changed_at=at)
