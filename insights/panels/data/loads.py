"""The record of loads: what came in, from where, by whom, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from django.urls import reverse

from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, Row, number, pager, table
from insights.queries import loads
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.models import DataLoad

if TYPE_CHECKING:
    from revops_site.kernel.datasets import Dataset

SLUG = "data-loads"
COLUMNS = (
    Column("dataset", "Dataset and file"),
    Column("when", "When and by whom", largest_first=True),
    Column("kind", "Kind", sorts=False),
    Column("status", "Status", sorts=False),
    Column("ok", "Rows ok", numeric=True),
    Column("refused", "Refused", numeric=True),
    Column("inserted", "New", numeric=True),
    Column("changed", "Changed", numeric=True),
    Column("unchanged", "Same", numeric=True),
    Column("seconds", "Seconds", numeric=True),
)
STATUSES: Mapping[str, tuple[str, str]] = {
    "loaded": ("good", "ok"),
    "unchanged": ("muted", "info"),
    "refused": ("bad", "bad"),
    "undone": ("muted", "info"),
}
BRING = "Upload a file, or load a folder with manage.py ingest; manage.py generate makes some up."
LONGEST_REMARK = 48


def the_loads(look: Look, datasets: Sequence[Dataset]) -> Part:
    """The record of loads, the newest first, with the choices that narrow it."""
    return part(
        look,
        SLUG,
        "What was loaded?",
        lambda: _made(look, datasets),
        subtitle="One row for each file of a run, each edit and each sync.",
    )


def status(one: DataLoad) -> Cell:
    """What became of a load, in colour, sign and word."""
    tone, icon = STATUSES.get(one.status, ("muted", "info"))
    says = remark(one)
    short = says if len(says) <= LONGEST_REMARK else f"{says[: LONGEST_REMARK - 1]}…"
    return Cell(one.get_status_display(), tone=tone, icon=icon, more=short, title=says)


def remark(one: DataLoad) -> str:
    """The first thing to know of a load beyond its numbers and its status."""
    if one.status == DataLoad.Status.UNCHANGED:
        return ""
    if one.message or not one.warnings:
        return str(one.message)
    says, rows = next(iter(one.warnings.items()))
    others = len(one.warnings) - 1
    more = f", and {others} more {'warning' if others == 1 else 'warnings'}" if others else ""
    return f"{rows:,} × {says}{more}"


def refused(one: DataLoad) -> Cell:
    """How many rows were refused; in the colour of bad news where there are any."""
    if not one.refused:
        return number(0)
    return Cell(f"{one.refused:,}", tone="bad", icon="bad", numeric=True)


def by_whom(one: DataLoad) -> str:
    """Who loaded it; empty for commands and jobs."""
    return f"by {one.loaded_by}" if one.loaded_by else ""


def _made(look: Look, datasets: Sequence[Dataset]) -> Part:
    asked = look.asked
    page = loads.loads(
        dataset=asked.dataset,
        kind=asked.kind,
        refused=asked.refused,
        sort=asked.sort,
        page=asked.page,
    )
    form = _form(look, datasets)
    if not page.total:
        state = "filtered" if asked.narrows else "empty"
        empty: dict[str, Any] = {"state": state, "why": "" if asked.narrows else BRING}
        if not asked.narrows:
            empty["action"] = {"url": reverse("insights:uploads"), "label": "Upload a file"}
        return {**empty, "form": form if asked.narrows else None, "reset_url": _reset(look)}
    says = f"Loads {page.first:,} to {page.last:,} of {page.total:,}."
    rows = [_row(look, one) for one in page.rows]
    return {
        "form": form,
        "table": table(look, SLUG, says, COLUMNS, rows, default="-when", whole=True),
        "pager": pager(look, SLUG, "loads", page, before="Newer", after="Older"),
        "announce": says,
        "reset_url": _reset(look),
        "notices": asked.notices,
    }


def _row(look: Look, one: DataLoad) -> Row:
    return [
        Cell(one.dataset, href=reverse("insights:load", args=[one.pk]), more=one.file_name),
        look.moment(one.finished_at, more=by_whom(one)),
        Cell(one.get_kind_display()),
        status(one),
        number(one.accepted),
        refused(one),
        number(one.inserted),
        number(one.updated),
        number(one.unchanged),
        Cell(f"{one.seconds:,.1f}", numeric=True),
    ]


def _reset(look: Look) -> str:
    return look.address(dataset="", kind="", refused=False)


def _form(look: Look, datasets: Sequence[Dataset]) -> dict[str, Any]:
    asked = look.asked
    names = [(one.name, one.name) for one in datasets]
    return {
        "action": look.url,
        "hidden": _hidden(asked.carried, asked.sort),
        "selects": [
            _select("dataset", "Dataset", "All datasets", names, asked.dataset),
            _select("kind", "Kind", "All kinds", DataLoad.Kind.choices, asked.kind),
        ],
        "refused": asked.refused,
    }


def _hidden(carried: str, sort: str) -> list[tuple[str, str]]:
    return [*parse_qsl(carried), *([("sort", sort)] if sort else [])]


def _select(
    name: str, label: str, everything: str, choices: Sequence[tuple[Any, Any]], chosen: str
) -> dict[str, Any]:
    options = [("", everything), *choices]
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": says, "selected": value == chosen} for value, says in options
        ],
    }
