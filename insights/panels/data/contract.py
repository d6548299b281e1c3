"""What a dataset's files promise, for those who write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, table
from revops_site.kernel import contracts
from revops_site.kernel.fragments.tables import Cell

if TYPE_CHECKING:
    from revops_site.kernel.datasets import Dataset

SLUG = "data-contract"
COLUMNS = (
    Column("header", "Header", sorts=False),
    Column("kind", "Kind", sorts=False),
    Column("needed", "Needed", sorts=False),
    Column("meaning", "Meaning", sorts=False),
)


def head(dataset: Dataset) -> dict[str, Any]:
    """What the dataset is, the first line of its file, and what loads one."""
    return {
        "title": dataset.name,
        "meaning": dataset.meaning,
        "header": ",".join(column.title for column in dataset.columns),
        "command": f"manage.py ingest {dataset.name}.csv",
        "loads_url": f"{reverse('insights:data')}?dataset={dataset.name}",
    }


def the_contract(look: Look, dataset: Dataset) -> Part:
    """Its columns, one a row, as docs/data-contracts.md has them."""
    rows = [[Cell(text, wraps=True) for text in cells] for cells in contracts.columns(dataset)]
    says = f"{len(rows)} columns."
    return part(
        look,
        SLUG,
        "What does its file hold?",
        lambda: {"table": table(look, SLUG, says, COLUMNS, rows, whole=True)},
        subtitle="Headers are found in any order. docs/data-contracts.md tells the rest.",
    )
