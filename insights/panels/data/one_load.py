"""One load: its numbers, what it warned of, and which rows it refused for what reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from insights.panels.data.loads import by_whom, status
from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, number, pager, table
from insights.queries import loads, uploads
from revops_site.kernel import formats
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.loading import place

if TYPE_CHECKING:
    from revops_site.kernel.models import DataLoad

REFUSED = "data-refused"
CELLS = (
    Column("line", "Line", sorts=False),
    Column("column", "Column", sorts=False),
    Column("value", "Value", sorts=False),
    Column("reason", "Reason", sorts=False),
)
REASONS = (
    Column("why", "Reason", sorts=False),
    Column("column", "Column", sorts=False),
    Column("cells", "Cells", numeric=True, sorts=False),
)
WARNINGS = (
    Column("warning", "Warning", sorts=False),
    Column("rows", "Rows", numeric=True, sorts=False),
)
HEADER = ("line", "column", "value", "reason")
MOST_IN_A_WORKBOOK = 100_000


def head(look: Look, one: DataLoad) -> dict[str, Any]:
    """What the load was of, in a line."""
    when = " ".join(filter(None, (look.written(one.finished_at), by_whom(one))))
    return {
        "title": f"Load {one.pk}: {one.dataset}",
        "says": f"{one.get_kind_display()} {one.file_name}, {when}",
        "status": status(one),
        "message": one.message,
    }


def numbers(look: Look, one: DataLoad) -> list[dict[str, str]]:
    """Its figures in words, those without a value left out."""
    reach = [formats.show(day, "date") for day in (one.first_day, one.last_day) if day]
    facts = {
        "Rows in the file": f"{one.rows:,}",
        "Rows ok": f"{one.accepted:,}",
        "Refused": f"{one.refused:,}",
        "New": f"{one.inserted:,}",
        "Changed": f"{one.updated:,}",
        "Same as before": f"{one.unchanged:,}",
        "Deleted": f"{one.deleted:,}" if one.deleted else "",
        "Days": " to ".join(dict.fromkeys(reach)),
        "Began": look.written(one.started_at),
        "Took": f"{one.seconds:,.1f} seconds",
        "Raw file": _raw(look, one),
        "SHA-256": one.sha256,
    }
    return [{"name": name, "value": value} for name, value in facts.items() if value]


def _raw(look: Look, one: DataLoad) -> str:
    """What became of the bytes that were uploaded; empty where the file came otherwise."""
    sent = uploads.sent_as(one.pk)
    if sent is None:
        return ""
    if sent.bytes_deleted_at:
        return f"Deleted {look.written(sent.bytes_deleted_at)}"
    until = uploads.kept_until(sent)
    return f"Kept until {look.written(until)}" if until else "Kept"


def others(one: DataLoad) -> list[dict[str, Any]]:
    """The files of the same run, each with the way to it."""
    return [
        {"label": f"{other.dataset} ({other.file_name})", "url": url_of(other)}
        for other in loads.run_of(one)
    ]


def url_of(one: DataLoad) -> str:
    """The page of a load."""
    return reverse("insights:load", args=[one.pk])


def the_warnings(look: Look, one: DataLoad) -> Part | None:
    """What is odd about rows that were loaded all the same; None where nothing is."""
    if not one.warnings:
        return None
    rows = [[Cell(says), number(count)] for says, count in one.warnings.items()]
    says = f"{len(rows)} kinds of warnings."

    def made() -> Part:
        return {"table": table(look, "data-warnings", says, WARNINGS, rows)}

    subtitle = "These rows were loaded all the same."
    return part(look, "data-warnings", "What is odd about its rows?", made, subtitle=subtitle)


def the_refused(look: Look, one: DataLoad) -> Part | None:
    """Which cells rows were refused for, in the order of their lines; None where none was."""
    if not one.refused:
        return None
    return part(
        look,
        REFUSED,
        "Which rows were refused, and why?",
        lambda: _refused(look, one),
        subtitle="A row that was refused for several cells is listed once for each of them.",
    )


def _refused(look: Look, one: DataLoad) -> Part:
    page = loads.refused_cells(one.pk, look.asked.page)
    if not page.total:
        return {"state": "empty", "why": "Which rows these were was not kept."}
    says = f"Cells {page.first:,} to {page.last:,} of {page.total:,}."
    rows = [
        [
            Cell(place(cell.line, one.appended) if one.appended else f"{cell.line:,}"),
            Cell(cell.column or "the row"),
            Cell(cell.value, wraps=True),
            Cell(cell.reason, wraps=True),
        ]
        for cell in page.rows
    ]
    why = loads.reasons(one.pk)
    reasons = [[Cell(found.reason), Cell(found.column), number(found.cells)] for found in why]
    return {
        "reasons": table(look, "data-reasons", f"{len(why)} reasons.", REASONS, reasons)
        if len(why) > 1
        else None,
        "table": table(look, REFUSED, says, CELLS, rows, whole=True),
        "pager": pager(look, REFUSED, "refused cells", page),
        "exports": _exports(one, page.total),
        "announce": says,
    }


def _exports(one: DataLoad, total: int) -> list[dict[str, str]]:
    kinds = ["csv", "xlsx"] if total <= MOST_IN_A_WORKBOOK else ["csv"]
    return [
        {"label": kind.upper(), "url": reverse("insights:refused", args=[one.pk, kind])}
        for kind in kinds
    ]
