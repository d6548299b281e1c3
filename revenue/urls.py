"""Revenue's addresses."""

from django.urls import path

from revenue import views

app_name = "revenue"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("panels/<slug:slug>/", views.panel, name="panel"),
    path("panels/<slug:slug>.<str:kind>", views.export, name="export"),
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
]
