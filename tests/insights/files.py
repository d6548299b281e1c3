"""Small files of any dataset, and what loads them as ops would."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from insights.catalog import DATASETS
from revops_site.kernel import loading
from revops_site.kernel.models import User

Rows = Sequence[Mapping[str, str]]


def write(folder: Path, files: Mapping[str, Rows]) -> Path:
    """One file a dataset, with every column that it may have; what a row does not give is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = {one.name: [column.title for column in one.columns] for one in DATASETS}
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", newline="") as stream:
            writer = csv.DictWriter(stream, columns[name], restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def load(
    folder: Path, files: Mapping[str, Rows], *, by: User | None = None, strict: bool = True
) -> loading.Report:
    """Load them in one run; where it is strict no row may be refused."""
    said = loading.load([write(folder, files)], DATASETS, strict=strict, by=by)
    assert not said.stopped, [(file.file, file.message, file.sample) for file in said.files]
    return said
