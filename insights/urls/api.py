"""The addresses for programs."""

from django.urls import path

from insights.api import api
from insights.api.docs import document, page

app_name = "api"
urlpatterns = [
    path("", page(api), name="docs"),
    path("openapi.json", document(api), name="document"),
    *api.urls[0],
]
