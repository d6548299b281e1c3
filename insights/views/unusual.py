"""HTTP in, HTML out: anomalies and patterns."""

from __future__ import annotations

from insights.panels.unusual import PAGE
from revops_site.kernel import pages

anomalies, panel, file = pages.views(PAGE, "insights/drill.html")
