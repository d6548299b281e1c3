"""Marketing's addresses."""

from marketing import views
from revops_site.kernel import pages

app_name = "marketing"
urlpatterns = [
    *pages.addresses("", "dashboard", views.dashboard, views.panel, views.export),
]
