"""The datasets of the published contract, each by its name, with exactly its fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from coaching.panels import actions as next_actions
from coaching.panels import rep as of_rep
from coaching.panels import team
from coaching.panels.team.contract import performance
from insights.api.answers import codes, part, whole
from insights.api.asked import Asked, Narrowed, filters
from insights.api.shapes import contracts as shapes
from pipeline.panels.widgets import WIDGETS, contract_words
from revops_site.kernel import pages
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import allowed

if TYPE_CHECKING:
    from revops_site.kernel.models import User

router = Router()


class OfARep(Asked):
    """The filters, and whose figures."""

    rep_id: Annotated[
        str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
    ] = Field(description="The rep, whose deals you may see.")


@router.get("/contracts/dashboard_kpis", response=codes(shapes.DashboardKPIs, 400))
def dashboard_kpis(request: HttpRequest, asked: Query[Narrowed]) -> HttpResponse:
    """The quarter's forecast against its target."""
    return whole(_told(request, *WIDGETS["forecast", "kpis"]))


@router.get("/contracts/forecast_history", response=codes(list[shapes.ForecastHistory], 400))
def forecast_history(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """The weeks of the quarter, as each was known."""
    return part(request, asked, _told(request, *WIDGETS["forecast", "history"]))


@router.get("/contracts/stage_velocity", response=codes(list[shapes.StageVelocity], 400))
def stage_velocity(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """How long deals stay in each stage."""
    return part(request, asked, _told(request, *WIDGETS["velocity", "stages"]))


@router.get("/contracts/stuck_deals_view", response=codes(list[shapes.StuckDealView], 400))
def stuck_deals_view(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """Deals that are stuck or urgent, the most urgent first."""
    return part(request, asked, _told(request, *WIDGETS["health", "stuck"]))


@router.get("/contracts/health_distribution", response=codes(shapes.HealthDistribution, 400))
def health_distribution(request: HttpRequest, asked: Query[Narrowed]) -> HttpResponse:
    """Open deals by how healthy they are."""
    return whole(_told(request, *WIDGETS["health", "distribution"]))


@router.get("/contracts/rep_performance_view", response=codes(list[shapes.RepPerformanceView], 400))
def rep_performance_view(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """The reps whom you may see, beside the team."""
    user: User = request.user  # type: ignore[assignment]
    shown = team.page(is_rep=user.role == "rep")
    return part(request, asked, _told(request, shown, performance))


@router.get("/contracts/next_best_actions", response=codes(list[shapes.NextBestAction], 400))
def next_best_actions(request: HttpRequest, asked: Query[Asked]) -> HttpResponse:
    """What to do next: the first ten of each rep."""
    found = _told(request, next_actions.PAGE, next_actions.next_best_actions)
    return part(request, asked, found)


@router.get(
    "/contracts/rep_driver_comparison", response=codes(list[shapes.RepDriverComparison], 400, 404)
)
def rep_driver_comparison(request: HttpRequest, asked: Query[OfARep]) -> HttpResponse:
    """What drives a rep's win rate, beside top performers and the team."""
    return _of_rep(request, asked, "drivers")


@router.get(
    "/contracts/rep_activity_metrics", response=codes(list[shapes.RepActivityMetrics], 400, 404)
)
def rep_activity_metrics(request: HttpRequest, asked: Query[OfARep]) -> HttpResponse:
    """What a rep did: in 30 days, in 7, and on the day."""
    return _of_rep(request, asked, "activity")


@router.get(
    "/contracts/rep_coaching_insights", response=codes(list[shapes.RepCoachingInsights], 400, 404)
)
def rep_coaching_insights(request: HttpRequest, asked: Query[OfARep]) -> HttpResponse:
    """What was written of a rep last; none where nothing was."""
    return _of_rep(request, asked, "insights")


def _told(request: HttpRequest, shown: Page, give: Callable[[Slice], Any]) -> Any:
    return pages.reckoned(request, shown, give, contract_words(), filters(request))


def _of_rep(request: HttpRequest, asked: OfARep, widget: str) -> HttpResponse:
    may_see = allowed(request.user)
    shown = of_rep.page(asked.rep_id, may_see)
    whose = of_rep.person(asked.rep_id, may_see)
    give = of_rep.widget(widget, whose) if whose else None
    if shown is None or give is None:
        raise Http404("There is no such rep, or it is not yours to see.")
    return part(request, asked, _told(request, shown, give))
