"""Deals, what waits for its reader, and follow-ups: drafted and approved, never just sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from coaching.actions import drafting
from coaching.actions import mails as actions
from coaching.panels import mails as shown
from coaching.queries import mails
from insights.api.answers import codes, part, whole
from insights.api.asked import Asked, Part, filters
from insights.api.failures import RefusedError
from insights.panels import overview, palette, today
from pipeline.actions.work import ConflictError
from pipeline.actions.work import RefusedError as NotDoneError
from pipeline.panels.deal.contract import detail
from pipeline.panels.widgets import contract_words
from revops_site.kernel import clock, pages
from revops_site.kernel.permissions import allowed, may

if TYPE_CHECKING:
    from revops_site.kernel.models import User

router = Router()

NONE = "There is no such deal, or it is not yours to see."
MAY_NOT = "Your role does not include writing follow-ups."
MOST_AT_ONCE = 100
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class DashboardItem(Schema):
    """A deal that waits for its reader, and why; ``value`` is in the reporting currency."""

    kind: str
    label: str
    reason: str
    deal_id: str
    deal_name: str | None
    account_name: str | None
    owner_name: str | None
    value: float | None
    days: int | None
    since: date


class Found(Part):
    """What is looked for."""

    q: Name = Field(description="Words that begin in the deal's name, its account's or its id.")


class DealHit(Schema):
    """A deal that was found."""

    deal_id: str
    name: str
    account: str
    stage: str
    status: str


class DealDetail(Schema):
    """All that is known of a deal."""

    model_config = ConfigDict(extra="allow")

    opportunity_id: str
    account_name: str | None
    opportunity_name: str | None
    owner_name: str | None
    amount: float | None
    amount_display: str | None
    reporting_currency: str
    stage_name: str | None
    status: str
    close_date: date | None
    health_score: int | None
    risk_flags: list[str]
    notes: list[dict[str, Any]]
    as_of: date


class Followup(Schema):
    """A follow-up that is not at its end; whoever approves it names the ``version`` they read."""

    id: int
    version: str
    deal_id: str
    deal_title: str | None
    owner: str | None
    issue: str
    days: int | None
    to_name: str
    to_email: str
    subject: str
    body: str
    wording: str
    status: str
    note: str | None
    created_at: datetime
    approved_at: datetime | None
    next_try_at: datetime | None


class Generate(Schema):
    """A deal to be followed up; none for all that wait."""

    model_config = ConfigDict(extra="forbid")

    deal_id: Name | None = None


class Drafted(Schema):
    """How many drafts were made, or the one of the deal."""

    drafted: int
    followups: list[Followup]


class Chosen(Schema):
    """A draft as it was read."""

    model_config = ConfigDict(extra="forbid")

    id: Id
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}$")]


class Send(Schema):
    """The drafts that are to be sent."""

    model_config = ConfigDict(extra="forbid")

    mails: list[Chosen] = Field(min_length=1, max_length=MOST_AT_ONCE)


class NotApproved(Schema):
    """A draft that was not approved, and why."""

    id: int
    reason: str


class Approved(Schema):
    """What will be sent as soon as the worker comes to it, and what will not."""

    approved: list[int]
    refused: list[NotApproved]


@router.get("/dashboard/today", response=codes(list[DashboardItem], 400))
def dashboard_today(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """What waits for you today, the gravest reason first, without what you have done or put off."""
    user: User = request.user  # type: ignore[assignment]
    found: Any = pages.reckoned(
        request,
        overview.PAGE,
        lambda slice_: today.rows(slice_, user),
        contract_words(),
        filters(request),
    )
    return part(request, asked, found)


@router.get("/deals/search", response=codes(list[DealHit]))
def deals_search(request: HttpRequest, asked: Query[Found]) -> HttpResponse:
    """The deals that begin so, then those that hold it, then those that are spelled nearly so."""
    found = palette.deals(asked.q, allowed(request.user), palette.MOST_ON_PAGE)
    return part(request, asked, [one._asdict() for one in found])


@router.get("/deals/{path:deal_id}/detail", response=codes(DealDetail, 404))
def deal_detail(request: HttpRequest, deal_id: str) -> HttpResponse:
    """All that is known of a deal: health, risks, contacts, notes, similar deals."""
    found = detail(deal_id, request.user)
    if found is None:
        raise Http404(NONE)
    return whole(found)


@router.get("/emails/followups", response=codes(list[Followup]))
def followups(request: HttpRequest, asked: Query[Part]) -> HttpResponse:
    """The follow-ups that are not at their end, the oldest first."""
    return part(request, asked, _followups(request.user))


@router.post("/emails/followups/generate", response=codes(Drafted, 404))
def followups_generate(request: HttpRequest, asked: Generate) -> HttpResponse:
    """Draft a follow-up of a deal, or of all deals that wait: nothing is sent unapproved."""
    user = _writer(request)
    try:
        if asked.deal_id is None:
            made = drafting.waiting(by=user, at=clock.now())
            return whole({"drafted": made, "followups": _followups(user)})
        one = drafting.one(by=user, deal_id=asked.deal_id, at=clock.now())
    except NotDoneError as why:
        raise RefusedError(409, str(why)) from why
    if one is None:
        raise Http404(NONE)
    own = [each for each in _followups(user) if each["id"] == one.pk]
    return whole({"drafted": len(own), "followups": own})


@router.post("/emails/followups/send", response=codes(Approved))
def followups_send(request: HttpRequest, asked: Send) -> HttpResponse:
    """Approve drafts, each as it was read: they are sent as soon as the worker comes to them."""
    user = _writer(request)
    approved, refused = [], []
    for one in asked.mails:
        try:
            found = actions.approve(by=user, mail_id=one.id, seen=one.version, at=clock.now())
        except (ConflictError, NotDoneError) as why:
            refused.append({"id": one.id, "reason": str(why)})
            continue
        if found is None:
            refused.append({"id": one.id, "reason": "There is no such mail, or it is not yours."})
        else:
            approved.append(one.id)
    return whole({"approved": approved, "refused": refused})


def _writer(request: HttpRequest) -> User:
    if not may(request.user, "work deals"):
        raise PermissionDenied(MAY_NOT)
    return request.user  # type: ignore[return-value]


def _followups(by: Any) -> list[dict[str, Any]]:
    versions = mails.versions(by)
    found = [(str(versions.get(one["id"], "")), one) for one in shown.followups(by)]
    return [{**one, "version": version} for version, one in found if version]
