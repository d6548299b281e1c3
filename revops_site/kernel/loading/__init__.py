"""Files into tables: scanned, copied, checked in SQL against the dataset's promise, and merged."""

from revops_site.kernel.loading.reports import FileReport, Lines, Progress, RefusedRow, Report, Step
from revops_site.kernel.loading.run import load

__all__ = ["FileReport", "Lines", "Progress", "RefusedRow", "Report", "Step", "load"]
