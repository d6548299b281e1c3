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
]
