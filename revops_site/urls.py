"""The addresses of the product, each app's under its own name."""

from django.urls import include, path

from revops_site.kernel import choosing_views, health
from revops_site.kernel.desk import desk

urlpatterns = [
    path("livez", health.alive, name="livez"),
    path("readyz", health.ready, name="readyz"),
    path("health", health.ready, name="health"),
    path("admin/", desk.urls),
    path("choices/<slug:name>/", choosing_views.found, name="choices"),
    path("accounts/", include("revops_site.kernel.accounts_urls")),
    path("marketing/", include("marketing.urls")),
    path("pipeline/", include("pipeline.urls")),
    path("tasks/", include("pipeline.urls.tasks")),
    path("revenue/", include("revenue.urls")),
    path("coaching/", include("coaching.urls")),
    path("api/", include("insights.urls.api")),
    path("", include("insights.urls")),
]

handler400 = "revops_site.kernel.errors.bad_request"
handler404 = "revops_site.kernel.errors.not_found"
handler500 = "revops_site.kernel.errors.server_error"
