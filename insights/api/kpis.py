"""The headline figures now, what every figure was day by day, and what needs attention."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from insights.api.answers import codes, linked, part, whole
from insights.api.asked import Asked, Day, Part, Words, filters
from insights.api.panels import page_of
from insights.panels import cards
from insights.queries import kpis
from insights.rules import rules
from revops_site.kernel import pages
from revops_site.kernel.permissions import allowed, sees_all

if TYPE_CHECKING:
    from revops_site.kernel.models import User

router = Router()

SUMMED = ("overview", "marketing", "pipeline", "revenue")
OF_ALL = "These are kept of the whole company, which your role does not see."


class Figure(Schema):
    """A headline figure: now, in the compared period, and the change between them."""

    page: str
    panel: str
    slug: str
    label: str
    field: str
    value: float | None
    previous: float | None
    change: float | None
    low: float | None
    high: float | None
    n: int | None
    as_of: date
    currency: str


class Kept(Schema):
    """What a figure was as of a day of the data; its period has both days inside."""

    day: date
    metric_slug: str
    field: str
    value: float | None
    operands: dict[str, Any]
    currency: str
    period_start: date | None
    period_end: date | None


class Days(Part):
    """Which days, both inside, and which figures; all where none is named."""

    start: Day | None = None
    end: Day | None = None
    metric: Words = Field(description="A figure's slug, such as pipeline-win-rate.")


class Insight(Schema):
    """What needs attention, why, and what is at stake."""

    severity: Literal["high", "medium", "low", "good"]
    category: str
    rule: str
    version: int | str
    subject: str
    headline: str
    explanation: str
    suggested_action: str
    value: float | None
    threshold: float | None
    n: int | None
    confidence: float | None
    money_at_stake: float | None
    currency: str
    evidence: str
    as_of: date
    data_hash: str


@router.get("/kpis/summary", response=codes(list[Figure], 400))
def kpis_summary(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """The headline figures of the overview, of marketing, pipeline and revenue, as pages have them.

    Each page takes of the filters what it knows.
    """
    user: User = request.user  # type: ignore[assignment]
    query, found = filters(request), []
    for slug in SUMMED:
        found += pages.figures(request, page_of(slug, user), query)
    return part(request, asked, found)


@router.get("/kpis/daily", response=codes(list[Kept], 403))
def kpis_daily(request: HttpRequest, asked: Query[Days]) -> HttpResponse:
    """What every figure of the company was, day by day, the newest first."""
    if not sees_all(request.user):
        raise PermissionDenied(OF_ALL)
    found = kpis.daily(asked.start, asked.end, asked.metric)
    first = (asked.page - 1) * asked.size
    rows = [*found[first : first + asked.size]]
    return linked(request, asked, whole(rows), found.count())


@router.get("/insights", response=codes(list[Insight], 400), url_name="insights")
def insights(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """What needs attention, the gravest first, with what each rests on."""
    return part(request, asked, cards.rows(filters(request), allowed(request.user), rules()))
