"""Files to take away: refused rows to mend, what a dataset's file holds, and one to begin with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from insights.analytics.uploads import examples
from insights.panels.data.files import File
from insights.queries import uploads as queries
from revops_site.kernel import contracts, exports, loading
from revops_site.kernel.reading import guarded

if TYPE_CHECKING:
    from insights.models import Upload
    from revops_site.kernel.datasets import Dataset

__all__ = ["File", "contract_file", "example_file", "refused_file"]

CSV = exports.KINDS["csv"].content_type
MARKDOWN = "text/markdown; charset=utf-8"
LINES = 500


def refused_file(upload_id: int) -> File | None:
    """The refused rows of an upload as they stand in it, with the reasons; None without any."""
    one = queries.upload(upload_id)
    if one is None or one.load is None or not one.report.get("refused"):
        return None
    if not queries.kept(one.sha256).exists():
        return None
    return File(f"refused-rows-{one.pk}.csv", CSV, _lines(_rows(one)))


def example_file(name: str, datasets: Sequence[Dataset]) -> File | None:
    """A file of the dataset to begin with; None where there is no such."""
    found = _called(name, datasets)
    if found is None:
        return None
    return File(f"{found.name}.csv", CSV, _lines(examples.rows(found)))


def contract_file(name: str, datasets: Sequence[Dataset]) -> File | None:
    """What the dataset's files promise, as text; None where there is no such."""
    found = _called(name, datasets)
    if found is None:
        return None
    return File(f"contract-{found.name}.md", MARKDOWN, [contracts.document([found]).encode()])


def _called(name: str, datasets: Sequence[Dataset]) -> Dataset | None:
    return next((one for one in datasets if one.name == name), None)


def _rows(one: Upload) -> Iterator[list[str]]:
    assert one.load is not None
    with queries.opened(one) as (path, profile):
        yield from loading.refused_rows(one.load, path, profile)


def _lines(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    for nth, row in enumerate(rows, 1):
        writer.writerow([guarded(cell) for cell in row])
        if nth % LINES == 0:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()
