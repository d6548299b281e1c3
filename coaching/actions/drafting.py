"""Drafts follow-up mails: for deals that wait, and for one that somebody asks for; each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from coaching.analytics.followups import REASONS, Facts, line, worded
from coaching.models import Mail
from coaching.queries import mails
from pipeline.actions.work import RefusedError
from pipeline.panels.deal import day
from pipeline.queries import followups
from pipeline.queries.followups import Recipient, Told
from revops_site.kernel import audit, freshness
from revops_site.kernel import mail as post
from revops_site.kernel.models import User
from revops_site.kernel.permissions import EVERYBODY, allowed

State = Mail.State
MOST_A_REP = 10  # drafts that wait for a rep's word before the product makes no more
ONE_LIVE = "coaching_mail_one_live"
NOBODY = "No contact of this deal has an address that mail may go to."


def waiting(*, by: User | None, at: datetime) -> int:
    """Draft a mail for each deal that waits, the most money first; how many.

    Of the deals that ``by`` may see, or of all. A deal that has a mail already, or had one until a
    short while ago, gets none; nor does a rep who has drafts enough to read.
    """
    if not freshness.workspace().mails_a_day:
        return 0
    if by is not None and not mails.may_write(by):
        raise RefusedError("You may read these mails, but not write them.")
    slice_ = day.newest(EVERYBODY if by is None else allowed(by))
    why: dict[str, tuple[str, int]] = {}
    for reason in REASONS:
        for deal_id, days in followups.waiting(slice_, reason).items():
            why.setdefault(deal_id, (reason, days))
    ids = mails.rested(why, at) - mails.live(why)
    told, people = followups.told(ids), followups.recipients(ids)
    drafts = dict(mails.drafts_of_reps())
    made = 0
    for deal_id in filter(ids.__contains__, why):
        deal, to = told.get(deal_id), _reachable(people.get(deal_id, ()))
        if deal is None or to is None or drafts.get(deal.owner_id, 0) >= MOST_A_REP:
            continue
        reason, days = why[deal_id]
        if _made(deal, to, reason, days, by, at) is not None:
            drafts[deal.owner_id] = drafts.get(deal.owner_id, 0) + 1
            made += 1
    return made


def one(*, by: User, deal_id: str, at: datetime) -> Mail | None:
    """Draft a mail on a deal that somebody asks for; None of no such deal.

    The one that waits already, where one does. RefusedError says what is in the way.
    """
    if not mails.may_write(by):
        raise RefusedError("You may read these mails, but not write them.")
    if "\x00" in deal_id or not followups.seen(allowed(by)).filter(pk=deal_id).exists():
        return None
    deal = followups.told([deal_id]).get(deal_id)
    if deal is None or not deal.is_open:
        raise RefusedError("Only an open deal is followed up.")
    to = _reachable(followups.recipients([deal_id]).get(deal_id, ()))
    if to is None:
        raise RefusedError(NOBODY)
    made = _made(deal, to, Mail.Reason.ASKED, None, by, at)
    waits = Mail.objects.filter(deal_id=deal_id, reason=Mail.Reason.ASKED, state__in=Mail.LIVE)
    return made or waits.first()


def tidy(at: datetime) -> int:
    """Let go of drafts that nobody touched and whose deal is open no more; how many."""
    by_model = Q(version=2, wording=Mail.Wording.MODEL)
    rows = Mail.objects.filter(Q(version=1) | by_model, state=State.DRAFT)
    kept: Mapping[int, str] = dict(rows.values_list("pk", "deal_id"))
    told = followups.told(set(kept.values()))
    gone = [key for key, deal in kept.items() if deal not in told or not told[deal].is_open]
    why = "The deal is not open any more."
    over = rows.filter(pk__in=gone)
    later = F("version") + 1
    return over.update(state=State.DISCARDED, ended_at=at, changed_at=at, why=why, version=later)


def _reachable(people: Sequence[Recipient]) -> Recipient | None:
    """The first one that mail may go to, with the address as servers take it."""
    for person in people:
        try:
            address = post.checked(person.email)
        except post.BadAddressError:
            continue
        if post.is_allowed(address) and not mails.is_unsubscribed(address):
            return Recipient(person.contact_id, person.name, address, person.role)
    return None


def _made(
    deal: Told, to: Recipient, reason: str, days: int | None, by: User | None, at: datetime
) -> Mail | None:
    """The draft; None where one of the deal and the reason waits already."""
    facts = Facts(
        reason=reason,
        deal=line(deal.name, 200),
        account=line(deal.account_name, 200),
        contact=line(to.name, 200),
        rep=line(deal.owner_name, 200),
        stage=line(deal.stage_name, 200),
        days=days,
        close_date=deal.close_date,
        last_activity_at=deal.last_activity_at,
        today=freshness.stamp(freshness.workspace()),
    )
    subject, body = worded(facts)
    try:
        with transaction.atomic():
            found = Mail.objects.create(
                deal_id=deal.deal_id,
                rep_id=deal.owner_id or None,
                reason=reason,
                contact_id=to.contact_id,
                to_name=to.name,
                to_address=to.email,
                subject=subject,
                body=body,
                facts=facts.as_json(),
                message_id=post.message_id(),
                made_at=at,
                made_by=by,
                changed_at=at,
            )
            audit.record(
                "follow-up drafted", user=by, target=deal.deal_id, mail=found.pk, reason=reason
            )
    except IntegrityError as error:
        if ONE_LIVE not in str(error):
            raise
        return None
    return found
