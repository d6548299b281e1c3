"""Revenue's addresses."""

from revenue import views
from revops_site.kernel import pages

app_name = "revenue"
urlpatterns = [
    *pages.addresses("", "dashboard", views.dashboard, views.panel, views.export),
    *pages.addresses("cohorts/", "cohorts", views.cohorts, views.cohorts_panel, views.cohorts_file),
    *pages.addresses(
        "cohorts/of/<slug:unit>/<str:code>/<int:age>/",
        "cohort",
        views.cohort,
        file=views.cohort_file,
    ),
    *pages.addresses(
        "cohorts/<slug:measure>/<slug:unit>/",
        "cohorts_of",
        views.cohorts,
        views.cohorts_panel,
        views.cohorts_file,
    ),
    *pages.addresses(
        "lifetimes/", "lifetimes", views.lifetimes, views.lifetimes_panel, views.lifetimes_file
    ),
    *pages.addresses(
        "retention/", "retention", views.retention, views.retention_panel, views.retention_file
    ),
    *pages.addresses("churn/", "churn", views.churn, views.churn_panel, views.churn_file),
    *pages.addresses(
        "forecast/", "forecast", views.forecast, views.forecast_panel, views.forecast_file
    ),
    *pages.addresses(
        "renewals/", "renewals", views.renewals, views.renewals_panel, views.renewals_file
    ),
    *pages.addresses(
        "retention/<slug:by>/",
        "retention_by",
        views.retention,
        views.retention_panel,
        views.retention_file,
    ),
    *pages.addresses(
        "definitions/",
        "definitions",
        views.definitions,
        views.definitions_panel,
        views.definitions_file,
    ),
    *pages.addresses(
        "definitions/<slug:counting>/",
        "definitions_of",
        views.definitions,
        views.definitions_panel,
        views.definitions_file,
    ),
    *pages.addresses(
        "waterfall/", "waterfall", views.waterfall, views.waterfall_panel, views.waterfall_file
    ),
    *pages.addresses(
        "waterfall/<slug:by>/",
        "waterfall_by",
        views.waterfall,
        views.waterfall_panel,
        views.waterfall_file,
    ),
]
