"""HTTP in, HTML out: what a customer costs and is worth, beside the pages of revenue."""

from __future__ import annotations

from insights.panels.economics import PAGE
from revenue.panels import tabs
from revops_site.kernel import pages

economics, panel, export = pages.views(PAGE, "insights/economics.html", tabs.beside)
