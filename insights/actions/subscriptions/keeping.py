"""Makes, pauses and ends subscriptions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from django.db import transaction

from insights.actions.files.asking import LONGEST_ADDRESS
from insights.models import Subscription
from insights.queries import subscriptions as kept
from revops_site.kernel import audit, clock, freshness
from revops_site.kernel.models import User

FORMATS = ("pdf", "xlsx")


class RefusedError(ValueError):
    """Why nothing is mailed so, in a sentence for who asked."""


@transaction.atomic
def subscribe(
    *,
    user: User,
    title: str,
    address: str,
    suffix: str,
    rhythm: str,
    hour: int,
    to: Collection[int],
    sees: Callable[[User], bool],
    at: datetime,
) -> Subscription:
    """Have the page at an address mailed in a rhythm to people, by the keys of their accounts.

    It goes from an hour of the workspace's day on, 0 to 23.

    Each is sent what they may see on that day; who asks is a recipient where none is named.
    ``sees`` tells who may see the page at all: nobody else is told even its title.
    """
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    if rhythm not in Subscription.Rhythm.values or suffix not in FORMATS:
        raise RefusedError("Choose how often it is sent, and as what.")
    if hour not in kept.HOURS:
        raise RefusedError("Choose the hour from which it is sent.")
    if len(address) > LONGEST_ADDRESS:
        raise RefusedError("Too many filters are chosen to have it sent. Take some away.")
    recipients = list(kept.addressees(user).filter(pk__in=to or [user.pk]))
    if not to and not recipients:
        raise RefusedError("Your account has no e-mail address to send it to.")
    if len(recipients) != len(set(to or [user.pk])):
        raise RefusedError("Choose people who can log in and have an e-mail address.")
    blind = [str(person) for person in recipients if not sees(person)]
    if blind:
        raise RefusedError(f"Nothing of it may be seen by {' and '.join(blind)}.")
    alive = Subscription.objects.filter(owner=user).exclude(state=Subscription.State.ENDED)
    if alive.count() >= kept.MOST:
        raise RefusedError(f"You have {kept.MOST} subscriptions. End one first.")
    workspace = freshness.workspace()
    day = clock.today(workspace.time_zone)
    one = Subscription.objects.create(
        owner=user,
        title=title[:200],
        address=address,
        suffix=suffix,
        rhythm=rhythm,
        hour=hour,
        made_at=at,
        next_on=kept.following(rhythm, day, workspace.fiscal_year_start_month),
    )
    one.recipients.set(recipients)
    names = [person.username for person in recipients]
    audit.record("subscribed", user=user, target=str(one), address=address, to=names)
    return one


@transaction.atomic
def pause(*, user: User, subscription_id: int) -> None:
    """Send it no more until it is resumed."""
    one = _own(user, subscription_id)
    _put(one, Subscription.State.PAUSED, user)


@transaction.atomic
def resume(*, user: User, subscription_id: int) -> None:
    """Send it again, from the next day of its rhythm on."""
    one = _own(user, subscription_id)
    workspace = freshness.workspace()
    day = clock.today(workspace.time_zone)
    one.next_on = kept.following(one.rhythm, day, workspace.fiscal_year_start_month)
    one.told_at = None
    _put(one, Subscription.State.ON, user)


@transaction.atomic
def end(*, user: User, subscription_id: int) -> None:
    """Send it to nobody any more."""
    _put(_own(user, subscription_id), Subscription.State.ENDED, user)


@transaction.atomic
def leave(*, user: User, subscription_id: int) -> None:
    """Be sent no more of what somebody else has mailed; it ends where nobody is left."""
    found = Subscription.objects.select_for_update().filter(recipients=user)
    one = found.exclude(state=Subscription.State.ENDED).get(pk=subscription_id)
    one.recipients.remove(user)
    audit.record("subscription left", user=user, target=str(one))
    if not one.recipients.exists():
        _put(one, Subscription.State.ENDED, user)


def _own(user: User, subscription_id: int) -> Subscription:
    found = Subscription.objects.select_for_update().exclude(state=Subscription.State.ENDED)
    return found.get(pk=subscription_id, owner=user)


def _put(one: Subscription, state: str, user: User) -> None:
    one.state, one.why = state, ""
    one.save()
    audit.record(f"subscription {state}", user=user, target=str(one), address=one.address)
