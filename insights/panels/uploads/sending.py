"""Where a file is sent, what was sent before, and what a file has to hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from insights.panels.data.asked import Asked
from insights.panels.data.look import Look, Part, look, part
from insights.panels.data.tables import Column, number, pager, table
from insights.queries import uploads as queries
from revops_site.kernel import receiving
from revops_site.kernel.fragments.tables import Cell

if TYPE_CHECKING:
    from insights.models import Upload
    from revops_site.kernel.datasets import Dataset

SLUG = "uploads"
TITLE = "Upload a file"
COLUMNS = (
    Column("file", "File", sorts=False),
    Column("state", "State", sorts=False),
    Column("when", "When and by whom", sorts=False),
    Column("size", "Size", numeric=True, sorts=False),
    Column("ok", "Rows ok", numeric=True, sorts=False),
    Column("refused", "Refused", numeric=True, sorts=False),
)
TONES: Mapping[str, tuple[str, str]] = {
    "done": ("good", "ok"),
    "failed": ("bad", "bad"),
    "ready": ("muted", "info"),
    "undone": ("muted", "info"),
}
WORKING = ("muted", "clock")
SILENT = ("warn", "warn")


def sending(
    query: str, request_id: str, datasets: Sequence[Dataset], error: str = ""
) -> dict[str, Any]:
    """The page where a file is sent; ``error`` says why the last one was not taken."""
    here = look(reverse("insights:uploads"), Asked.parse(query), request_id)
    return {
        "title": TITLE,
        "address": here.address(),
        "error": error,
        "most": f"{settings.UPLOAD_MAX_BYTES // receiving.MEBIBYTE:,} MB",
        "uploads": lambda: _the_uploads(here),
        "contracts": [{"name": one.name, "meaning": one.meaning} for one in datasets],
    }


def state_cell(look: Look, one: Upload) -> Cell:
    """The state that an upload is in, in colour, sign and word."""
    if queries.is_stalled(one, look.now):
        return Cell("Stopped half-way", tone=SILENT[0], icon=SILENT[1])
    tone, icon = TONES.get(one.state, WORKING)
    if one.state == "done" and one.report.get("refused"):
        tone, icon = "warn", "warn"
    return Cell(one.get_state_display(), tone=tone, icon=icon)


def size(one: Upload) -> str:
    """How large its file is."""
    return str(filesizeformat(one.size))


def _the_uploads(look: Look) -> Part:
    return part(look, SLUG, "What was sent?", lambda: _made(look))


def _made(look: Look) -> Part:
    page = queries.uploads(look.asked.page)
    if not page.total:
        return {"state": "empty", "why": "Files that are sent here are listed with their state."}
    says = f"Files {page.first:,} to {page.last:,} of {page.total:,}."
    rows = [
        [
            Cell(one.file_name, href=reverse("insights:upload", args=[one.pk])),
            state_cell(look, one),
            look.moment(one.uploaded_at, more=f"by {one.uploaded_by}" if one.uploaded_by else ""),
            Cell(size(one), numeric=True),
            _count(one, "accepted"),
            _count(one, "refused"),
        ]
        for one in page.rows
    ]
    return {
        "table": table(look, SLUG, says, COLUMNS, rows, whole=True),
        "pager": pager(look, SLUG, "files", page, before="Newer", after="Older"),
        "announce": says,
    }


def _count(one: Upload, name: str) -> Cell:
    if name not in one.report:
        return Cell("—", numeric=True, tone="muted")
    count = one.report[name]
    bad = name == "refused" and count
    return number(count, tone="bad" if bad else "", icon="bad" if bad else "")
