"""The pipeline's addresses."""

from django.urls import path

from pipeline.views import (
    account_notes,
    calls,
    categories,
    dashboards,
    deal,
    flags,
    lists,
    scorecard,
    whatif,
)
from revops_site.kernel import pages

app_name = "pipeline"
urlpatterns = [
    *pages.addresses("", "dashboard", dashboards.dashboard, dashboards.panel, dashboards.export),
    *pages.addresses(
        "bridge/", "bridge", dashboards.bridge, dashboards.bridge_panel, dashboards.bridge_file
    ),
    *pages.addresses(
        "bridge/<slug:scope>/<slug:step>/", "step", dashboards.step, file=dashboards.step_file
    ),
    *pages.addresses(
        "forecast/",
        "forecast",
        dashboards.forecast,
        dashboards.forecast_panel,
        dashboards.forecast_file,
    ),
    *pages.addresses("calls/", "calls", calls.calls, calls.calls_panel, calls.calls_file),
    *pages.addresses("what-if/", "what_if", whatif.what_if, file=whatif.what_if_file),
    path("what-if/scenarios/", whatif.scenarios, name="scenarios"),
    path("what-if/scenarios/<int:scenario_id>/", whatif.scenario, name="scenario"),
    # An id may hold slashes and end in any word: what is beside the page has its word before it.
    path("flags/<path:deal_id>/", flags.flags, name="flags"),
    path("category/<path:deal_id>/", categories.category, name="category"),
    path("account-notes/", account_notes.notes, name="account_notes"),
    path("deals/<path:deal_id>.json", deal.told, name="deal_json"),
    path("deals/<path:deal_id>/", deal.deal, name="deal"),
    *pages.addresses(
        "health/", "health", dashboards.health, dashboards.health_panel, dashboards.health_file
    ),
    path("health/settings/", scorecard.scorecard, name="scorecard"),
    path("lists/", lists.first, name="lists"),
    *pages.addresses("lists/<slug:which>/", "list", lists.shown, lists.panel, lists.file),
    *pages.addresses(
        "velocity/",
        "velocity",
        dashboards.velocity,
        dashboards.velocity_panel,
        dashboards.velocity_file,
    ),
    *pages.addresses(
        "velocity/<path:stage>/<str:ages>/",
        "waiting",
        dashboards.waiting,
        file=dashboards.waiting_file,
    ),
    path("<slug:page>/<slug:widget>.json", dashboards.widget, name="widget"),
]
