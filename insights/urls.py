"""The addresses that belong to no single domain."""

from django.urls import path

from insights import views

app_name = "insights"
urlpatterns = [
    path("", views.home, name="home"),
    path("glossary/", views.glossary, name="glossary"),
    path("data/", views.data, name="data"),
    path("data/loads/<int:load_id>/", views.load, name="load"),
    path("data/loads/<int:load_id>/refused.<str:kind>", views.refused, name="refused"),
    path("data/quality/<slug:slug>/", views.check, name="check"),
    path("data/quality/<slug:slug>.csv", views.found, name="found"),
    path("data/datasets/<slug:name>/", views.dataset, name="dataset"),
]
