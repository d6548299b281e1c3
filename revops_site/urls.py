"""The addresses of the product, each app's under its own name."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("revops_site.kernel.accounts_urls")),
    path("marketing/", include("marketing.urls")),
    path("", include("insights.urls")),
]
