"""Follow-up mails: whose they are, who sees them, which are due, and whom nobody mails."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from coaching.models import Mail, MailTry, Unsubscribed
from pipeline.queries import followups
from revops_site.kernel import mail as post
from revops_site.kernel.models import User
from revops_site.kernel.permissions import EVERYBODY, allowed, may

State, Reason, Wording = Mail.State, Mail.Reason, Mail.Wording
LIVE = Mail.LIVE
NEEDS_A_PERSON = (State.UNKNOWN, State.FAILED, State.DRAFT)
COOL_DOWN = timedelta(days=14)
MOST_TO_WORD = 200
SALT = "coaching.mails.stop"
# What may have reached somebody: it counts for the limit of its day.
COUNTED = (MailTry.Outcome.UNDER_WAY, MailTry.Outcome.ACCEPTED, MailTry.Outcome.UNKNOWN)


class CannotSendError(Exception):
    """Why no mail can be sent at all, in a sentence."""


def may_write(by: User) -> bool:
    """Whether somebody may draft and approve mails where they may see: all but viewers."""
    return may(by, "work deals")


def seen(by: User) -> QuerySet[Mail]:
    """The mails of the deals that somebody may see now, whosever they were before."""
    rows = Mail.objects.select_related("rep", "made_by", "changed_by", "approved_by")
    may_see = allowed(by)
    if may_see == EVERYBODY:
        return rows
    return rows.filter(Exists(followups.seen(may_see).filter(pk=OuterRef("deal_id"))))


def versions(by: User) -> dict[int, int]:
    """The version of each mail that is not at its end, as far as somebody may see it."""
    return dict(seen(by).filter(state__in=LIVE).values_list("pk", "version"))


def one(by: User, mail_id: int) -> Mail | None:
    """The mail, as far as somebody may see it."""
    return seen(by).filter(pk=mail_id).first()


def listed(by: User, state: str) -> QuerySet[Mail]:
    """Those of a state: drafts the oldest first, what ended the newest first."""
    rows = seen(by).filter(state=state)
    if state in {State.DRAFT, State.UNKNOWN}:
        return rows.order_by("id")
    if state in {State.APPROVED, State.SENDING}:
        return rows.order_by("next_try_at", "id")
    return rows.order_by("-ended_at", "-id")


def counts(by: User) -> Mapping[str, int]:
    """How many there are of each state."""
    rows = seen(by).order_by().values("state").annotate(n=Count("pk"))
    return {**dict.fromkeys(State.values, 0), **{row["state"]: row["n"] for row in rows}}


def of_deal(deal_id: str) -> Sequence[Mail]:
    """A deal's mails, the newest first."""
    return list(Mail.objects.filter(deal_id=deal_id).order_by("-id")[:50])


def tries(mail: Mail) -> Sequence[MailTry]:
    """The dialogues about a mail, the newest first."""
    return list(mail.tries.order_by("-id")[:50])


def live(deal_ids: Collection[str]) -> frozenset[str]:
    """Those of the deals that have a mail which is not at its end."""
    rows = Mail.objects.filter(deal_id__in=list(deal_ids), state__in=LIVE)
    return frozenset(rows.values_list("deal_id", flat=True))


def rested(deal_ids: Collection[str], at: datetime) -> frozenset[str]:
    """Those of the deals of which no mail came to an end a short while ago."""
    rows = Mail.objects.filter(deal_id__in=list(deal_ids), ended_at__gt=at - COOL_DOWN)
    return frozenset(deal_ids) - frozenset(rows.values_list("deal_id", flat=True))


def drafts_of_reps() -> Mapping[str, int]:
    """How many drafts wait for a word, by the id of the rep."""
    rows = Mail.objects.filter(state=State.DRAFT, rep__isnull=False).order_by()
    found = rows.values("rep_id").annotate(n=Count("pk")).values_list("rep_id", "n")
    return dict(found)


def unworded() -> Sequence[Mail]:
    """Drafts that the product made, as it made them, of which no model was asked for words."""
    rows = Mail.objects.filter(state=State.DRAFT, version=1, wording=Wording.TEMPLATE)
    return list(rows.filter(made_by=None, model_asked_at=None).order_by("id")[:MOST_TO_WORD])


def unsubscribed(addresses: Collection[str]) -> frozenset[str]:
    """Those of the addresses, as they are compared, that get no follow-ups."""
    wanted = {post.plain(each) or each.lower() for each in addresses}
    rows = Unsubscribed.objects.annotate(plain=Lower("address")).filter(plain__in=wanted)
    return frozenset(rows.values_list("plain", flat=True))


def is_unsubscribed(address: str) -> bool:
    """Whether an address gets no follow-ups."""
    return bool(unsubscribed([address]))


def sent_on(rep_id: str | None, day: date) -> int:
    """How many mails of a rep may have reached somebody on a day."""
    rows = MailTry.objects.filter(rep=rep_id, day=day, outcome__in=COUNTED)
    return rows.count()


def under_way() -> Sequence[MailTry]:
    """The dialogues of which nobody has said how they ended."""
    return list(MailTry.objects.filter(outcome=MailTry.Outcome.UNDER_WAY))


def due(at: datetime) -> QuerySet[Mail]:
    """What is approved and may be sent by now, what waits longest first."""
    rows = Mail.objects.filter(state=State.APPROVED, next_try_at__lte=at)
    return rows.order_by("next_try_at", "id")


def next_due() -> datetime | None:
    """When the next approved mail may be tried."""
    rows = Mail.objects.filter(state=State.APPROVED).order_by("next_try_at")
    return rows.values_list("next_try_at", flat=True).first()


def stop_token(mail: Mail) -> str:
    """What stands in the link by which a mail's recipient gets no more of them; it never ends."""
    return signing.Signer(salt=SALT).sign(str(mail.pk))


def by_stop_token(token: str) -> Mail | None:
    """The mail of such a link; None of one that we never made."""
    try:
        key = signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None
    return Mail.objects.filter(pk=int(key)).first() if key.isdecimal() else None


def author_of(mail: Mail) -> User | None:
    """Whom answers go to: whoever sells as the mail's rep, else who approved it."""
    whose = Q(rep=mail.rep_id, rep__isnull=False)
    found = User.objects.filter(whose, is_active=True).exclude(email="").order_by(F("pk")).first()
    return found or mail.approved_by


def sender() -> str:
    """The address that mails come from; CannotSendError where settings name none."""
    try:
        return post.sender()
    except post.BadAddressError as why:
        raise CannotSendError(f"DEFAULT_FROM_EMAIL names no sender. {why}") from why


def stop_link(found: Mail) -> str:
    """Where the recipient gets no more of them; "" where the product has no address outside."""
    site = settings.PUBLIC_URL.rstrip("/")
    path = reverse("coaching:mail_stop", kwargs={"token": stop_token(found)})
    return f"{site}{path}" if site else ""


def states(now: datetime) -> Sequence[tuple[str, int, float]]:
    """How many follow-ups are in each state, and for how many seconds the first has been in it."""
    found = Mail.objects.values("state").annotate(n=Count("id"), first=Min("changed_at"))
    return [
        (one["state"], one["n"], (now - one["first"]).total_seconds())
        for one in found.order_by("state")
    ]
