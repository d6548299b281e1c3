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

app_name = "pipeline"
urlpatterns = [
    path("", dashboards.dashboard, name="dashboard"),
    path("panels/<slug:slug>/", dashboards.panel, name="panel"),
    path("panels/<slug:slug>.<str:kind>", dashboards.export, name="export"),
    path("bridge/", dashboards.bridge, name="bridge"),
    path("bridge/panels/<slug:slug>/", dashboards.bridge_panel, name="bridge_panel"),
    path("bridge/panels/<slug:slug>.<str:kind>", dashboards.bridge_file, name="bridge_file"),
    path("bridge/<slug:scope>/<slug:step>/", dashboards.step, name="step"),
    path(
        "bridge/<slug:scope>/<slug:step>/panels/<slug:slug>.<str:kind>",
        dashboards.step_file,
        name="step_file",
    ),
    path("forecast/", dashboards.forecast, name="forecast"),
    path("forecast/panels/<slug:slug>/", dashboards.forecast_panel, name="forecast_panel"),
    path("forecast/panels/<slug:slug>.<str:kind>", dashboards.forecast_file, name="forecast_file"),
    path("calls/", calls.calls, name="calls"),
    path("calls/panels/<slug:slug>/", calls.calls_panel, name="calls_panel"),
    path("calls/panels/<slug:slug>.<str:kind>", calls.calls_file, name="calls_file"),
    path("what-if/", whatif.what_if, name="what_if"),
    path("what-if/panels/<slug:slug>.<str:kind>", whatif.what_if_file, name="what_if_file"),
    path("what-if/scenarios/", whatif.scenarios, name="scenarios"),
    path("what-if/scenarios/<int:scenario_id>/", whatif.scenario, name="scenario"),
    # An id may hold slashes and end in any word: what is beside the page has its word before it.
    path("flags/<path:deal_id>/", flags.flags, name="flags"),
    path("category/<path:deal_id>/", categories.category, name="category"),
    path("account-notes/", account_notes.notes, name="account_notes"),
    path("deals/<path:deal_id>.json", deal.told, name="deal_json"),
    path("deals/<path:deal_id>/", deal.deal, name="deal"),
    path("health/", dashboards.health, name="health"),
    path("health/settings/", scorecard.scorecard, name="scorecard"),
    path("health/panels/<slug:slug>/", dashboards.health_panel, name="health_panel"),
    path("health/panels/<slug:slug>.<str:kind>", dashboards.health_file, name="health_file"),
    path("lists/", lists.first, name="lists"),
    path("lists/<slug:which>/", lists.shown, name="list"),
    path("lists/<slug:which>/panels/<slug:slug>/", lists.panel, name="list_panel"),
    path("lists/<slug:which>/panels/<slug:slug>.<str:kind>", lists.file, name="list_file"),
    path("velocity/", dashboards.velocity, name="velocity"),
    path("velocity/panels/<slug:slug>/", dashboards.velocity_panel, name="velocity_panel"),
    path("velocity/panels/<slug:slug>.<str:kind>", dashboards.velocity_file, name="velocity_file"),
    path(
        "velocity/<path:stage>/<str:ages>/panels/<slug:slug>.<str:kind>",
        dashboards.waiting_file,
        name="waiting_file",
    ),
    path("velocity/<path:stage>/<str:ages>/", dashboards.waiting, name="waiting"),
    path("<slug:page>/<slug:widget>.json", dashboards.widget, name="widget"),
]
