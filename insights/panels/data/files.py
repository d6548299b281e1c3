"""What a load refused and what a check found, as files that hold all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from insights.panels.data.one_load import HEADER, MOST_IN_A_WORKBOOK
from insights.queries import loads, quality
from insights.queries.quality import Check
from revops_site.kernel import exports, freshness
from revops_site.kernel.loading import place
from revops_site.kernel.models import DataLoad


@dataclass(frozen=True)
class File:
    """A file on its way out, a piece at a time."""

    name: str
    content_type: str
    pieces: Iterable[bytes]


def refused_file(one: DataLoad, kind: str) -> File | None:
    """The cells that a load refused; None where there is no such kind of file of so many."""
    name = f"refused-{one.dataset}-{one.pk}.{kind}"
    if kind == "csv":
        lines = exports.csv_lines(HEADER, _cells(one))
        return File(name, exports.KINDS["csv"].content_type, lines)
    if kind != "xlsx" or one.refused > MOST_IN_A_WORKBOOK:
        return None
    cells = list(_cells(one))
    sheet = exports.Sheet(
        f"Refused rows of {one.file_name}",
        pd.DataFrame(cells, columns=list(HEADER)),
        {"dataset": one.dataset, "load": str(one.pk), "loaded": one.finished_at.isoformat()},
    )
    return File(name, exports.KINDS["xlsx"].content_type, [exports.to_xlsx(sheet)])


def _cells(one: DataLoad) -> Iterator[tuple[Any, ...]]:
    """What a load refused; the line is that of the file, or with its sheet where several are."""
    for cell in loads.all_refused_cells(one.pk):
        yield (place(cell.line, one.appended), *cell[1:]) if one.appended else tuple(cell)


def found_file(check: Check) -> File:
    """The rows that a check finds now."""
    rows = quality.all_rows(check, freshness.workspace())
    lines = exports.csv_lines(check.columns, rows)
    return File(f"{check.slug}.csv", exports.KINDS["csv"].content_type, lines)
