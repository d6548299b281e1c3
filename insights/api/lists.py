"""A pipeline's deals that wait, its orders and its money to come; and its owners."""

from __future__ import annotations

from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from insights.api.answers import codes, part, whole
from insights.api.asked import Asked, Narrowed, filters
from insights.api.shapes import lists as shapes
from pipeline import queries
from pipeline.panels.widgets import WIDGETS, contract_words
from revops_site.kernel import pages
from revops_site.kernel.queries import generation

router = Router()

NONE = "There is no such pipeline."


class ByTime(Asked):
    """The filters, and in what steps."""

    unit: Literal["week", "month"] = "week"


@router.get("/pipelines/{path:key}/overdue", response=codes(list[shapes.OverdueDeal], 400, 404))
def overdue(request: HttpRequest, key: str, asked: Query[Asked]) -> HttpResponse:
    """Open deals that nobody has updated for long, the longest first."""
    return part(request, asked, _told(request, key, "overdue"))


@router.get("/pipelines/{path:key}/stuck", response=codes(list[shapes.StuckDeal], 400, 404))
def stuck(request: HttpRequest, key: str, asked: Query[Asked]) -> HttpResponse:
    """Open deals that have been long in their stage, the longest first."""
    return part(request, asked, _told(request, key, "stuck"))


@router.get("/pipelines/{path:key}/inactive", response=codes(list[shapes.InactiveDeal], 400, 404))
def inactive(request: HttpRequest, key: str, asked: Query[Asked]) -> HttpResponse:
    """Open deals for which nothing was done for long, the longest first."""
    return part(request, asked, _told(request, key, "inactive"))


@router.get(
    "/pipelines/{path:key}/order_received", response=codes(shapes.OrderReceivedAnalysis, 400, 404)
)
def order_received(request: HttpRequest, key: str, asked: Query[Narrowed]) -> HttpResponse:
    """How received orders wait, and what each lacks."""
    return whole(_told(request, key, "order_received"))


@router.get("/pipelines/{path:key}/compliance", response=codes(shapes.ComplianceStatus, 400, 404))
def compliance(request: HttpRequest, key: str, asked: Query[Narrowed]) -> HttpResponse:
    """Which open deals with an order have the papers that they need."""
    return whole(_told(request, key, "compliance"))


@router.get(
    "/pipelines/{path:key}/cashflow_projection",
    response=codes(list[shapes.CashflowBucket], 400, 404),
)
def cashflow_projection(request: HttpRequest, key: str, asked: Query[ByTime]) -> HttpResponse:
    """What is expected to be invoiced and paid."""
    return part(request, asked, _told(request, key, f"cashflow_{asked.unit}s"))


@router.get(
    "/pipelines/{path:key}/recent_summary", response=codes(list[shapes.DealSummary], 400, 404)
)
def recent_summary(request: HttpRequest, key: str, asked: Query[Asked]) -> HttpResponse:
    """Open deals for which something happened in the last 14 days, the newest first."""
    return part(request, asked, _told(request, key, "recent_summary"))


@router.get("/owners/kpis", response=codes(list[shapes.OwnerKPI], 400))
def owner_kpis(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """What each owner has, does and leaves."""
    found: Any = pages.reckoned(
        request, *WIDGETS["lists", "owner_kpis"], contract_words(), filters(request)
    )
    return part(request, asked, found)


def _told(request: HttpRequest, key: str, name: str) -> Any:
    """The list of this one pipeline, whatever else the address says of pipelines."""
    if key not in queries.choices(generation())["pipeline"]:
        raise Http404(NONE)
    query = filters(request, pipeline=key)
    return pages.reckoned(request, *WIDGETS["lists", name], contract_words(), query)
