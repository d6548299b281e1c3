"""The months that MRR is forecast from: all that are over, as they were."""

from __future__ import annotations

import pandas as pd

from revenue.queries.known import complete, ends
from revenue.queries.months import months
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared

LONGEST = 36  # months


@shared
def past(slice_: Slice) -> pd.DataFrame | None:
    """Operands by month and segment of the months that are over; None where there are none.

    The ledger's first month is not among them: nobody knows what was paid before it. Columns:
    those of ``months``.
    """
    known, last = ends(), complete(slice_)
    if known is None or last is None:
        return None
    first = periods.month(known[0]).end
    earliest = (last.year * 12 + last.month - LONGEST) // 12, (last.month - LONGEST) % 12 + 1
    first = max(first, last.replace(year=earliest[0], month=earliest[1]))
    return months(slice_, first, last, "month", "segment") if first <= last else None
