"""Tasks on deals and accounts: whose they are, who sees them, and who is to be reminded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from pipeline.models import Deal, Task
from revops_site.kernel.filters import Allowed
from revops_site.kernel.models import Account, User
from revops_site.kernel.permissions import EVERYBODY, SEES_ALL, allowed, may

LONGEST = 200
MOST = 200
PRIORITIES: Mapping[str, str] = {str(value): str(label) for value, label in Task.Priority.choices}
WORKERS = ("admin", "revops", "manager", "rep")


@dataclass(frozen=True)
class Subject:
    """What a task is about, a deal or an account, the other one being ""; and its ``name``.

    Both are "" of a task about something that the product said.
    """

    deal_id: str = ""
    account_id: str = ""
    name: str = ""


def subject(deal_id: str, account_id: str, by: User) -> Subject | None:
    """The deal or account, as far as somebody may see it; None of both or neither."""
    if bool(deal_id) == bool(account_id):
        return None
    may_see = allowed(by)
    if deal_id:
        deal = _deals(may_see).filter(pk=deal_id).first()
        return Subject(deal_id=deal_id, name=str(deal)) if deal else None
    account = _accounts(may_see).filter(pk=account_id).first()
    if account is not None:
        return Subject(account_id=account_id, name=str(account))
    deal = _deals(may_see).filter(account_id=account_id).order_by("-created_at").first()
    return Subject(account_id=account_id, name=deal.account_name) if deal else None


def may_work(by: User) -> bool:
    """Whether somebody may write tasks where they may see: all but viewers."""
    return may(by, "work deals")


def assignees(of: Subject) -> Sequence[User]:
    """Who may be given a task: those that see what it is about and may do something, by name."""
    if of.deal_id:
        owners = Deal.objects.filter(pk=of.deal_id).values("owner")
        whose = Q(rep__in=owners) | Q(team__reps__in=owners)
    else:
        owned = Account.objects.filter(pk=of.account_id).values("owner")
        sold = Deal.objects.filter(account_id=of.account_id, is_deleted=False).values("owner")
        whose = Q(rep__in=owned) | Q(rep__in=sold) | Q(team__reps__in=owned)
        whose |= Q(team__reps__in=sold)
    everybody = Q(role__in=[role for role in WORKERS if role in SEES_ALL])
    some = Q(role="rep", rep__isnull=False) | Q(role="manager", team__isnull=False)
    people = User.objects.filter(is_active=True).filter(everybody | (some & whose)).distinct()
    return sorted(people, key=lambda one: (str(one).casefold(), one.pk))


def of_subject(of: Subject) -> Sequence[Task]:
    """The open tasks of a deal or an account, then the newest done ones."""
    rows = Task.objects.filter(deal_id=of.deal_id, account_id=of.account_id)
    rows = rows.select_related("assignee", "by", "changed_by")
    return list(rows.order_by(F("done_at").desc(nulls_first=True), *ORDER)[:MOST])


def mine(by: User) -> QuerySet[Task]:
    """The open tasks that somebody is to do, of what they may see, the most pressing first."""
    return seen(by).filter(assignee=by, done_at=None).order_by(*ORDER)


def given(by: User) -> QuerySet[Task]:
    """The open tasks that somebody has given others."""
    return seen(by).filter(by=by, done_at=None).exclude(assignee=by).order_by(*ORDER)


def done(by: User) -> QuerySet[Task]:
    """What somebody did, the newest first."""
    return seen(by).filter(assignee=by, done_at__isnull=False).order_by("-done_at", "id")


def seen(by: User) -> QuerySet[Task]:
    """The tasks of the deals and accounts that somebody may see, and their own of neither."""
    rows = Task.objects.select_related("assignee", "by", "changed_by")
    may_see = allowed(by)
    if may_see == EVERYBODY:
        return rows
    deals = _deals(may_see)
    return rows.filter(
        (~Q(about="") & (Q(assignee=by) | Q(by=by)))
        | Exists(deals.filter(pk=OuterRef("deal_id")))
        | Exists(_accounts(may_see).filter(pk=OuterRef("account_id")))
        | (~Q(account_id="") & Exists(deals.filter(account_id=OuterRef("account_id"))))
    )


def pressing(by: User, today: date) -> int:
    """How many open tasks of somebody are due, or to be thought of, by now."""
    day = Coalesce("remind_on", "due_date")
    return mine(by).order_by().annotate(day=day).filter(day__lte=today).count()


def to_remind(today: date) -> Sequence[Task]:
    """The open tasks whose day of reminding has come and of which no mail was sent."""
    rows = Task.objects.filter(done_at=None, reminded_at=None, remind_on__lte=today)
    rows = rows.filter(assignee__is_active=True).exclude(assignee__email="")
    return list(rows.select_related("assignee").order_by("assignee_id", *ORDER))


def names(found: Sequence[Task]) -> Mapping[str, str]:
    """What the deals and accounts of tasks are called, by ``deal <id>`` and ``account <id>``."""
    deals = Deal.objects.filter(pk__in={one.deal_id for one in found if one.deal_id})
    accounts = Account.objects.filter(pk__in={one.account_id for one in found if one.account_id})
    return {
        **{f"deal {one.pk}": str(one) for one in deals},
        **{f"account {one.pk}": str(one) for one in accounts},
    }


ORDER = (F("due_date").asc(nulls_last=True), "priority", "id")


def _deals(may_see: Allowed) -> QuerySet[Deal]:
    rows, reps = Deal.objects.filter(is_deleted=False), may_see.reps
    return rows if reps is None else rows.filter(owner__in=reps)


def _accounts(may_see: Allowed) -> QuerySet[Account]:
    rows, reps = Account.objects.all(), may_see.reps
    return rows if reps is None else rows.filter(owner__in=reps)
