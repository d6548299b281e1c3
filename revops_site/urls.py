"""The addresses of the product, each app's under its own name."""

from django.urls import include, path

from revops_site.kernel.desk import desk

urlpatterns = [
    path("admin/", desk.urls),
    path("accounts/", include("revops_site.kernel.accounts_urls")),
    path("marketing/", include("marketing.urls")),
    path("", include("insights.urls")),
]
