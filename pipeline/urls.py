"""The pipeline's addresses."""

from django.urls import path

from pipeline import views

app_name = "pipeline"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("panels/<slug:slug>/", views.panel, name="panel"),
    path("panels/<slug:slug>.<str:kind>", views.export, name="export"),
    path("bridge/", views.bridge, name="bridge"),
    path("bridge/panels/<slug:slug>/", views.bridge_panel, name="bridge_panel"),
    path("bridge/panels/<slug:slug>.<str:kind>", views.bridge_file, name="bridge_file"),
    path("bridge/<slug:scope>/<slug:step>/", views.step, name="step"),
    path(
        "bridge/<slug:scope>/<slug:step>/panels/<slug:slug>.<str:kind>",
        views.step_file,
        name="step_file",
    ),
    path("forecast/", views.forecast, name="forecast"),
    path("forecast/panels/<slug:slug>/", views.forecast_panel, name="forecast_panel"),
    path("forecast/panels/<slug:slug>.<str:kind>", views.forecast_file, name="forecast_file"),
    path("calls/", views.calls, name="calls"),
    path("calls/panels/<slug:slug>/", views.calls_panel, name="calls_panel"),
    path("calls/panels/<slug:slug>.<str:kind>", views.calls_file, name="calls_file"),
    path("what-if/", views.what_if, name="what_if"),
    path("what-if/panels/<slug:slug>.<str:kind>", views.what_if_file, name="what_if_file"),
    path("what-if/scenarios/", views.scenarios, name="scenarios"),
    path("what-if/scenarios/<int:scenario_id>/", views.scenario, name="scenario"),
    path("deals/<path:deal_id>/category/", views.category, name="category"),
    path("velocity/", views.velocity, name="velocity"),
    path("velocity/panels/<slug:slug>/", views.velocity_panel, name="velocity_panel"),
    path("velocity/panels/<slug:slug>.<str:kind>", views.velocity_file, name="velocity_file"),
    path(
        "velocity/<path:stage>/<str:ages>/panels/<slug:slug>.<str:kind>",
        views.waiting_file,
        name="waiting_file",
    ),
    path("velocity/<path:stage>/<str:ages>/", views.waiting, name="waiting"),
    path("<slug:page>/<slug:widget>.json", views.widget, name="widget"),
]
