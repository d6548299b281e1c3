"""HTTP in, HTML out: cohorts of leads, and the way from a lead to the money."""

from __future__ import annotations

from insights.panels import cash
from insights.panels.cash.cohorts import PAGE as COHORTS
from marketing.panels import tabs
from revops_site.kernel import pages

TEMPLATE = "marketing/dashboard.html"

cohorts, cohorts_panel, cohorts_file = pages.views(COHORTS, TEMPLATE, tabs.beside)
lead_to_cash, cash_panel, cash_file = pages.views(cash.PAGE, TEMPLATE, tabs.beside)
