"""From channel to campaign to day: sums where a campaign or a day is named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from django.db.models import QuerySet, Sum

from marketing.models import CampaignMonth
from marketing.queries import DIMENSIONS, OPERANDS, first_day, row_sums, rows
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import pooled
from revops_site.kernel.periods import Period, month, plus
from revops_site.kernel.queries import cut, shared, to_frame

BY_CAMPAIGN = {"channel": "str", "campaign": "str", **OPERANDS}
BY_DAY = {"date": "datetime64[s]", **OPERANDS}


@shared
def by_campaign(slice_: Slice) -> pd.DataFrame:
    """Operands per channel and campaign; ``campaign`` is empty for days without one.

    Whole months come from their roll-up, the days at the ends of the period from the rows.
    """
    inner, edges = _whole_months(slice_)
    parts = [_summed(rows(replace(slice_, period=edge)), row_sums()) for edge in edges]
    if inner is not None:
        months = CampaignMonth.objects.filter(month__gte=inner.start, month__lt=inner.end)
        months = cut(months, slice_, when=None, dimensions=DIMENSIONS)
        parts.append(_summed(months, {name: Sum(name) for name in OPERANDS}))
    return pooled(parts or [to_frame((), BY_CAMPAIGN)], ("channel", "campaign"), OPERANDS)


@shared
def by_day(slice_: Slice) -> pd.DataFrame:
    """Operands per day that has a row, the first first; ``date`` is datetime64."""
    found = rows(slice_).values("date").annotate(**row_sums()).order_by("date")
    return to_frame(found.values_list(*BY_DAY), BY_DAY)


def _summed(facts: QuerySet[Any], sums: dict[str, Any]) -> pd.DataFrame:
    found = facts.values("channel", "campaign").annotate(**sums).order_by("channel", "campaign")
    return to_frame(found.values_list(*BY_CAMPAIGN), BY_CAMPAIGN)


def _whole_months(slice_: Slice) -> tuple[Period | None, list[Period]]:
    """The whole months within the period, None where there is none; the days beside them."""
    first = first_day()
    if first is None:
        return None, []
    last = plus(slice_.as_of, 1)
    start = slice_.period.start if slice_.period else first
    end = min(slice_.period.end, last) if slice_.period else last
    if end <= start:
        return None, []
    around, after = month(start), month(end).start
    begin = start if start == around.start else around.end
    if begin >= after:
        return None, [Period(start, end)]
    edges = [Period(start, begin), Period(after, end)]
    return Period(begin, after), [edge for edge in edges if edge.days]
