"""HTTP in, HTML out: the pages of revenue, their panels, their files."""

from __future__ import annotations

from revenue.panels import PAGE, RETENTION_PAGE, tabs
from revops_site.kernel import pages

DASHBOARD = "revenue/dashboard.html"

dashboard, panel, export = pages.views(PAGE, DASHBOARD, tabs.beside)
retention, retention_panel, retention_file = pages.views(RETENTION_PAGE, DASHBOARD, tabs.beside)
