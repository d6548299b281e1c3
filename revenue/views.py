"""HTTP in, HTML out: the pages of revenue, their panels, their files."""

from __future__ import annotations

from revenue.panels import CHURN, OUTLOOK, PAGE, RENEWALS, RETENTION_PAGE, tabs
from revops_site.kernel import pages

DASHBOARD = "revenue/dashboard.html"

dashboard, panel, export = pages.views(PAGE, DASHBOARD, tabs.beside)
retention, retention_panel, retention_file = pages.views(RETENTION_PAGE, DASHBOARD, tabs.beside)
churn, churn_panel, churn_file = pages.views(CHURN, DASHBOARD, tabs.beside)
forecast, forecast_panel, forecast_file = pages.views(OUTLOOK, DASHBOARD, tabs.beside)
renewals, renewals_panel, renewals_file = pages.views(RENEWALS, DASHBOARD, tabs.beside)
