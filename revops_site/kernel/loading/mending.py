"""A load's refused rows as they stand in their file, to be mended and sent again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from revops_site.kernel.loading.opening import ANYTHING
from revops_site.kernel.loading.previews import records
from revops_site.kernel.models import DataLoad
from revops_site.kernel.profiles import Profile
from revops_site.kernel.reading import REASONS, Layout, Stream


def refused_rows(
    load: DataLoad, path: Path, profile: Profile | None = None, layout: Layout = ANYTHING
) -> Iterator[list[str]]:
    """The header and the rows of a load's file that were refused, with the reasons beside.

    The reasons stand in a last column, which a later load leaves aside. Of a row that could not be
    taken apart there is how it begins. Raises UnreadableError.
    """
    reasons: dict[int, str] = {}
    cells = load.rejected_rows.order_by("id").values_list("line", "column", "reason")
    for line, column, reason in cells.iterator():
        says = f"{column}: {reason}" if column else reason
        reasons[line] = f"{reasons[line]}; {says}" if line in reasons else says
    told = Layout.of({**(profile.layout.plain() if profile else {}), **layout.plain()})
    with Stream(path, told, only=reasons) as stream:
        # What was sent again already has such a column from the time before.
        kept = [at for at, header in enumerate(stream.headers) if header != REASONS]
        yield [*(stream.headers[at] for at in kept), REASONS]
        for number, trouble, begins, *fields in records(stream):
            own = [begins, *[""] * (len(kept) - 1)] if trouble else [fields[at] for at in kept]
            yield [*own, reasons[int(number)]]
