"""Revenue's addresses."""

from django.urls import path

from revenue import views

app_name = "revenue"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("panels/<slug:slug>/", views.panel, name="panel"),
    path("panels/<slug:slug>.<str:kind>", views.export, name="export"),
    path("cohorts/", views.cohorts, name="cohorts"),
    path("cohorts/of/<slug:unit>/<str:code>/<int:age>/", views.cohort, name="cohort"),
    path(
        "cohorts/of/<slug:unit>/<str:code>/<int:age>/panels/<slug:slug>.<str:kind>",
        views.cohort_file,
        name="cohort_file",
    ),
    path("cohorts/panels/<slug:slug>/", views.cohorts_panel, name="cohorts_panel"),
    path("cohorts/panels/<slug:slug>.<str:kind>", views.cohorts_file, name="cohorts_file"),
    path("cohorts/<slug:measure>/<slug:unit>/", views.cohorts, name="cohorts_of"),
    path(
        "cohorts/<slug:measure>/<slug:unit>/panels/<slug:slug>/",
        views.cohorts_panel,
        name="cohorts_of_panel",
    ),
    path(
        "cohorts/<slug:measure>/<slug:unit>/panels/<slug:slug>.<str:kind>",
        views.cohorts_file,
        name="cohorts_of_file",
    ),
    path("lifetimes/", views.lifetimes, name="lifetimes"),
    path("lifetimes/panels/<slug:slug>/", views.lifetimes_panel, name="lifetimes_panel"),
    path("lifetimes/panels/<slug:slug>.<str:kind>", views.lifetimes_file, name="lifetimes_file"),
    path("retention/", views.retention, name="retention"),
    path("retention/panels/<slug:slug>/", views.retention_panel, name="retention_panel"),
    path("retention/panels/<slug:slug>.<str:kind>", views.retention_file, name="retention_file"),
    path("churn/", views.churn, name="churn"),
    path("churn/panels/<slug:slug>/", views.churn_panel, name="churn_panel"),
    path("churn/panels/<slug:slug>.<str:kind>", views.churn_file, name="churn_file"),
    path("forecast/", views.forecast, name="forecast"),
    path("forecast/panels/<slug:slug>/", views.forecast_panel, name="forecast_panel"),
    path("forecast/panels/<slug:slug>.<str:kind>", views.forecast_file, name="forecast_file"),
    path("renewals/", views.renewals, name="renewals"),
    path("renewals/panels/<slug:slug>/", views.renewals_panel, name="renewals_panel"),
    path("renewals/panels/<slug:slug>.<str:kind>", views.renewals_file, name="renewals_file"),
    path("retention/<slug:by>/", views.retention, name="retention_by"),
    path(
        "retention/<slug:by>/panels/<slug:slug>/", views.retention_panel, name="retention_by_panel"
    ),
    path(
        "retention/<slug:by>/panels/<slug:slug>.<str:kind>",
        views.retention_file,
        name="retention_by_file",
    ),
    path("definitions/", views.definitions, name="definitions"),
    path("definitions/panels/<slug:slug>/", views.definitions_panel, name="definitions_panel"),
    path(
        "definitions/panels/<slug:slug>.<str:kind>",
        views.definitions_file,
        name="definitions_file",
    ),
    path("definitions/<slug:counting>/", views.definitions, name="definitions_of"),
    path(
        "definitions/<slug:counting>/panels/<slug:slug>/",
        views.definitions_panel,
        name="definitions_of_panel",
    ),
    path(
        "definitions/<slug:counting>/panels/<slug:slug>.<str:kind>",
        views.definitions_file,
        name="definitions_of_file",
    ),
    path("waterfall/", views.waterfall, name="waterfall"),
    path("waterfall/panels/<slug:slug>/", views.waterfall_panel, name="waterfall_panel"),
    path("waterfall/panels/<slug:slug>.<str:kind>", views.waterfall_file, name="waterfall_file"),
    path("waterfall/<slug:by>/", views.waterfall, name="waterfall_by"),
    path(
        "waterfall/<slug:by>/panels/<slug:slug>/", views.waterfall_panel, name="waterfall_by_panel"
    ),
    path(
        "waterfall/<slug:by>/panels/<slug:slug>.<str:kind>",
        views.waterfall_file,
        name="waterfall_by_file",
    ),
]
