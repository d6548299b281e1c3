"""HTTP in, HTML out: the revenue page, its panels, their files."""

from __future__ import annotations

from revenue.panels import PAGE
from revops_site.kernel import pages

dashboard, panel, export = pages.views(PAGE, "revenue/dashboard.html")
