"""The rows that one check found, each with the way to where it can be mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.utils import quote
from django.db.models import DecimalField, Field, ForeignKey, IntegerField
from django.urls import reverse
from django.utils.text import capfirst

from insights.panels.data.look import Look, Part, part
from insights.panels.data.quality import NOT_YET, SEVERITIES, change, counted_at, counts, results
from insights.panels.data.tables import Column, Row, pager, table, unknown
from insights.queries import quality
from insights.queries.quality import Check, Counts, FoundRow
from revops_site.kernel import formats
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.desk import desk
from revops_site.kernel.fragments.tables import Cell

SLUG = "data-found"
CLEAN = "This check finds nothing."
MENDED = "They were mended since they were counted."


def head(look: Look, check: Check, checks: Sequence[Check]) -> dict[str, Any]:
    """What the check is about, and what it found when it was counted."""
    word, tone, icon, _ = SEVERITIES[check.severity]
    about = {"title": check.label, "meaning": check.meaning}
    severity = Cell(word, tone=tone, icon=icon)
    known = counts(look, checks)
    found = results(look, [check], known) if known else []
    if not known or not found:
        return {**about, "severity": severity, "says": "", "counted": ""}
    count, week = found[0].count, change(found[0])
    share = formats.show(count.share, "percent_auto")
    says = f"{count.found:,} of {count.total:,} rows of {check.dataset.name}, {share}"
    return {
        **about,
        "severity": severity,
        "says": says,
        "change": week,
        "counted": counted_at(look, known),
    }


def the_found(look: Look, check: Check, checks: Sequence[Check]) -> Part:
    """The rows, in pages."""
    subtitle = "The first column leads to the row at the support desk."
    return part(
        look,
        SLUG,
        "Which rows are these?",
        lambda: _made(look, check, counts(look, checks)),
        subtitle=subtitle,
    )


def columns(check: Check, *, sorts: bool = True) -> tuple[Column, ...]:
    """The columns of the table that the check shows, and the load that brought the row."""
    shown = [_column(check.dataset, name, sorts) for name in check.columns]
    return (*shown, Column("load_id", "Load", sorts=False))


def _made(look: Look, check: Check, known: Counts | None) -> Part:
    count = known.by_slug.get(check.slug) if known else None
    if known is None:
        return {"state": "empty", "why": NOT_YET}
    if count is None:
        needs = " and ".join(one.name for one in check.datasets)
        return {"state": "empty", "why": f"It says nothing without rows of {needs}."}
    if not count.found:
        return {"state": "empty", "headline": CLEAN}
    asked = look.asked
    page = quality.rows(check, look.workspace, total=count.found, sort=asked.sort, page=asked.page)
    if not page.rows:
        return {"state": "empty", "headline": CLEAN, "why": MENDED}
    says = f"Rows {page.first:,} to {page.last:,} of {page.total:,}."
    shown = columns(check, sorts=count.found <= quality.SORTABLE)
    rows = [_row(look, check, one) for one in page.rows]
    return {
        "table": table(look, SLUG, says, shown, rows, whole=True),
        "pager": pager(look, SLUG, "rows", page, reach=quality.REACH),
        "exports": [{"label": "CSV", "url": reverse("insights:found", args=[check.slug])}],
        "notices": asked.notices,
        "announce": says,
    }


def _column(dataset: Dataset, name: str, sorts: bool) -> Column:
    field: Field[Any, Any] = dataset.fields[name]
    numeric = isinstance(field, DecimalField | IntegerField) and not isinstance(field, ForeignKey)
    label = capfirst(str(field.verbose_name)).replace("_", " ")
    return Column(name, label, numeric=numeric, sorts=sorts)


def _row(look: Look, check: Check, found: FoundRow) -> Row:
    fields = [check.dataset.fields[name] for name in check.columns]
    cells = [_cell(look, value, field) for value, field in zip(found.values, fields, strict=True)]
    first = Cell(cells[0].text, href=_desk(check.dataset, found), numeric=cells[0].numeric)
    return [first, *cells[1:], _load(found.load_id)]


def _cell(look: Look, value: Any, field: Field[Any, Any]) -> Cell:
    numeric = isinstance(field, DecimalField | IntegerField)
    if value is None or value == "":
        return unknown(numeric=numeric)
    if isinstance(value, datetime):
        return look.moment(value)
    if isinstance(value, date):
        return Cell(formats.show(value, "date"), iso=value.isoformat())
    if isinstance(value, Decimal):
        return Cell(formats.screen(_plain(value)), numeric=True)
    return Cell(str(value), numeric=numeric)


def _plain(value: Decimal) -> str:
    """A stored amount with its two decimals; a rate with as many as it has."""
    short = value.normalize()
    places = max(2, -int(short.as_tuple().exponent))
    return f"{value:,.{places}f}"


def _desk(dataset: Dataset, found: FoundRow) -> str:
    """The form of the row; where its table has none, the list of what goes by the first column."""
    if not desk.is_registered(dataset.table):
        return ""
    name = f"admin:{dataset.table._meta.label_lower.replace('.', '_')}"
    if desk.get_model_admin(dataset.table).list_display_links is None:
        return f"{reverse(f'{name}_changelist')}?{urlencode({'q': found.values[0]})}"
    return reverse(f"{name}_change", args=[quote(found.pk)])


def _load(load_id: int | None) -> Cell:
    if load_id is None:
        return unknown()
    return Cell(f"{load_id}", href=reverse("insights:load", args=[load_id]))
