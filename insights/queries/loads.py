"""What came in and what was refused, in pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from django.db.models import Count, F, QuerySet
from django.db.models.expressions import Combinable

from revops_site.kernel.freshness import remembered
from revops_site.kernel.models import DataLoad, RejectedRow

if TYPE_CHECKING:
    from django.db.models.expressions import OrderBy

T = TypeVar("T")

SIZE = 25
MOST_REASONS = 10
CHUNK = 2_000
SORTS: Mapping[str, Combinable] = {
    "dataset": F("dataset"),
    "when": F("id"),
    "ok": F("accepted"),
    "refused": F("refused"),
    "inserted": F("inserted"),
    "changed": F("updated"),
    "unchanged": F("unchanged"),
    "seconds": F("finished_at") - F("started_at"),
}


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows out of ``total``; ``number`` counts pages from 1."""

    rows: Sequence[T]
    number: int
    total: int
    size: int = SIZE

    @property
    def first(self) -> int:
        """The number of the first row, from 1; 0 where there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


class RefusedCell(NamedTuple):
    """A cell that a row was refused for; ``line`` as the file counts."""

    line: int
    column: str
    value: str
    reason: str


class Reason(NamedTuple):
    """How many cells of a column were refused for the same reason."""

    column: str
    reason: str
    cells: int


def loads(
    *, dataset: str = "", kind: str = "", refused: bool = False, sort: str = "", page: int = 1
) -> Page[DataLoad]:
    """A page of the record of loads, the newest first or as a key of ``SORTS`` says.

    ``dataset`` and ``kind`` narrow it where given, ``refused`` to those that refused rows. A page
    beyond the last one is the last one.
    """
    found = DataLoad.objects.select_related("loaded_by")
    found = found.filter(dataset=dataset) if dataset else found
    found = found.filter(kind=kind) if kind else found
    found = found.filter(refused__gt=0) if refused else found
    return paged(found.order_by(*_order(sort)), page)


def load(load_id: int) -> DataLoad | None:
    """One load; None where there is no such."""
    return DataLoad.objects.select_related("loaded_by").filter(pk=load_id).first()


def run_of(one: DataLoad) -> Sequence[DataLoad]:
    """The other files of the same run, in the order that they were loaded in."""
    others = DataLoad.objects.filter(run=one.run).exclude(pk=one.pk)
    return list(others.order_by("id")[:SIZE])


def refused_cells(load_id: int, page: int = 1) -> Page[RefusedCell]:
    """A page of what a load refused, in the order of the file's lines."""
    found = paged(_refused(load_id), page)
    cells = [RefusedCell(*cell) for cell in found.rows]
    return Page(cells, found.number, found.total)


def all_refused_cells(load_id: int) -> Iterator[RefusedCell]:
    """Everything that a load refused, a few at a time."""
    return (RefusedCell(*cell) for cell in _refused(load_id).iterator(chunk_size=CHUNK))


def reasons(load_id: int) -> Sequence[Reason]:
    """Why rows of a load were refused, the most frequent reasons first."""
    return remembered(f"refused-reasons:{load_id}", lambda: _reasons(load_id))


def paged(found: QuerySet[Any, T], page: int, size: int = SIZE) -> Page[T]:
    """A page of a query; one beyond the last one is the last one."""
    total = found.count()
    number = within(page, total, size)
    return Page(list(found[(number - 1) * size : number * size]), number, total, size)


def within(page: int, total: int, size: int = SIZE) -> int:
    """The number of the page itself, or of the last one that there is."""
    return max(1, min(page, -(-total // size)))


def _order(sort: str) -> Sequence[OrderBy]:
    """Rows that tie come newest first."""
    by, newest = SORTS.get(sort.removeprefix("-")), F("id").desc()
    if by is None:
        return (newest,)
    return (by.desc() if sort.startswith("-") else by.asc(), newest)  # type: ignore[attr-defined]


def _refused(load_id: int) -> QuerySet[RejectedRow, tuple[int, str, str, str]]:
    cells = RejectedRow.objects.filter(load=load_id).order_by("line", "id")
    return cells.values_list("line", "column", "value", "reason")


def _reasons(load_id: int) -> Sequence[Reason]:
    cells = RejectedRow.objects.filter(load=load_id).values_list("column", "reason")
    counted = cells.annotate(cells=Count("id")).order_by("-cells", "column", "reason")
    return [Reason(*row) for row in counted[:MOST_REASONS]]
