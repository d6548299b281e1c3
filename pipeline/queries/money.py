"""Which currencies deals are in, and on which days their money is converted."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Max, Min

from pipeline.models import Deal, OpenDealStock
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.fx import Span
from revops_site.kernel.queries import generation, shared


@shared
def money_of_open(slice_: Slice) -> tuple[Span, ...]:
    """The currencies that deals are open in: all are converted on the slice's day."""
    day = slice_.as_of
    return tuple(Span(code, day, day) for code, opened, *_ in _currencies() if opened)


@shared
def money_of_won(slice_: Slice) -> tuple[Span, ...]:
    """The currencies that deals were won in, each with the days of the slice's period."""
    spans = []
    for code, _, first, last in _currencies():
        if first is None or last is None:
            continue
        if slice_.period:
            first, last = max(first, slice_.period.start), min(last, slice_.period.last_day)
        spans.append(Span(code, first, min(last, slice_.as_of)))
    return tuple(spans)


def _currencies() -> list[tuple[str, bool, date | None, date | None]]:
    """Each currency, whether deals are open in it, and the first and last day of a won one."""
    return remembered(f"pipeline-money:{generation()}", _read)


def _read() -> list[tuple[str, bool, date | None, date | None]]:
    priced = OpenDealStock.objects.filter(deals__gt=F("missing_amount"))
    opened = frozenset(priced.values_list("currency", flat=True).distinct())
    won = Deal.objects.filter(status=Deal.Status.WON, is_deleted=False, amount__isnull=False)
    ends = won.values("currency").annotate(first=Min("closed_at"), last=Max("closed_at"))
    days = {
        code: (first, last) for code, first, last in ends.values_list("currency", "first", "last")
    }
    nothing = (None, None)
    return [(code, code in opened, *days.get(code, nothing)) for code in sorted({*opened, *days})]
