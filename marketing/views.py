"""HTTP in, HTML out: marketing's page, its panels, their files."""

from __future__ import annotations

from marketing.panels import PAGE, tabs
from revops_site.kernel import pages

dashboard, panel, export = pages.views(PAGE, "marketing/dashboard.html", tabs.beside)
