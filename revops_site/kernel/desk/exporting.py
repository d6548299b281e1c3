"""The chosen rows of a table as a file: what a dataset's file would say of them, or all fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from revops_site.kernel import audit, exports
from revops_site.kernel.datasets import Dataset

if TYPE_CHECKING:
    from revops_site.kernel.desk.tables import Watched

MOST = 100_000
"""Rows that one file may have."""


@admin.action(description="Export selected %(verbose_name_plural)s as CSV", permissions=["view"])
def export(desk: Watched, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
    """A CSV file of the chosen rows, safe to open in a spreadsheet."""
    if rows.order_by()[: MOST + 1].count() > MOST:
        says = f"A file holds {MOST:,} rows at most: filter the list, then export again."
        desk.message_user(request, says, messages.ERROR)
        return None
    columns = _columns(desk)
    named = str(desk.opts.verbose_name_plural)
    frame = _frame(rows.iterator(chunk_size=2_000), columns)
    answer = HttpResponse(
        exports.to_csv(exports.Sheet(named, frame, {})),
        content_type=exports.KINDS["csv"].content_type,
    )
    name = f"{named.replace(' ', '-').lower()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _columns(desk: Watched) -> Mapping[str, str]:
    """Header → attribute of a row: a dataset's columns as its files name them, else the fields."""
    dataset: Dataset | None = getattr(desk, "dataset", None)
    if dataset is None:
        names = [field.attname for field in desk.opts.concrete_fields]
        return {name: name for name in names if not audit.SECRET.search(name)}
    named = {"team_id": "team.name"} if "team_id" in dataset.fields else {}
    return {
        column.title: named.get(column.name, column.name if column.stored else column.reads)
        for column in dataset.columns
        if column.stored or column.reads
    }


def _frame(rows: Iterable[Any], columns: Mapping[str, str]) -> pd.DataFrame:
    values: Sequence[Sequence[Any]] = [
        [_plain(row, path) for path in columns.values()] for row in rows
    ]
    return pd.DataFrame(values, columns=list(columns), dtype=object)


def _plain(row: Any, path: str) -> Any:
    if "." in path and getattr(row, f"{path.partition('.')[0]}_id") is None:
        return None
    value = attrgetter(path)(row)
    return value.isoformat() if isinstance(value, datetime) else value
