"""Files into tables: scanned, copied, checked in SQL against the dataset's promise, and merged."""

from revops_site.kernel.loading.mending import refused_rows
from revops_site.kernel.loading.previews import Preview, PreviewRow, preview
from revops_site.kernel.loading.records import recalled
from revops_site.kernel.loading.reports import (
    FileReport,
    Lines,
    Progress,
    RefusedRow,
    Report,
    Step,
    Why,
    place,
    some,
)
from revops_site.kernel.loading.run import load
from revops_site.kernel.loading.undoing import NotNewestError, can_undo, undo

__all__ = [
    "FileReport",
    "Lines",
    "NotNewestError",
    "Preview",
    "PreviewRow",
    "Progress",
    "RefusedRow",
    "Report",
    "Step",
    "Why",
    "can_undo",
    "load",
    "place",
    "preview",
    "recalled",
    "refused_rows",
    "some",
    "undo",
]
