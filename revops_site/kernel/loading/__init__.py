"""Files into tables: scanned, copied, checked in SQL against the dataset's promise, and merged."""

from revops_site.kernel.loading.mending import refused_rows
from revops_site.kernel.loading.previews import Preview, PreviewRow, preview
from revops_site.kernel.loading.reports import (
    FileReport,
    Lines,
    Progress,
    RefusedRow,
    Report,
    Step,
)
from revops_site.kernel.loading.run import load

__all__ = [
    "FileReport",
    "Lines",
    "Preview",
    "PreviewRow",
    "Progress",
    "RefusedRow",
    "Report",
    "Step",
    "load",
    "preview",
    "refused_rows",
]
