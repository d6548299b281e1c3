"""Which currencies customers pay in, and on which days their money is converted."""

from __future__ import annotations

from revenue.models import RevenueMonth
from revenue.queries.known import month, window
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import Span
from revops_site.kernel.queries import shared


@shared
def money(slice_: Slice) -> tuple[Span, ...]:
    """The currencies of the slice's months, each on the last days of these months."""
    at = month(slice_)
    if at is None:
        return ()
    first, last = window(slice_) or (at, at)
    found = RevenueMonth.objects.filter(month__gte=first, month__lte=last, customers__gt=0)
    pairs = found.order_by("currency", "month").values_list("currency", "month").distinct()
    ends = {each: min(periods.month(each).last_day, slice_.as_of) for _, each in pairs}
    return tuple(Span(code, ends[each], ends[each]) for code, each in pairs)
