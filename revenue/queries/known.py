"""Which months a slice speaks of, and what customers can be narrowed by and held against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
from django.db.models import Max, Min

from revenue.models import Customer, RevenueMonth
from revops_site.kernel import freshness, periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.models import Benchmark
from revops_site.kernel.queries import lasting, shared, to_frame, workspace

DATASETS = ("revenue_customers", "customer_mrr", "subscriptions")
DIMENSIONS = {"segment": "segment", "plan": "plan", "region": "region"}
OWNER = {"team": "owner_id", "owner": "owner_id", "rep": "owner_id"}


@lasting
def ends() -> tuple[date, date] | None:
    """The first and the last month of the ledger; None where there is none."""
    found = RevenueMonth.objects.aggregate(first=Min("month"), last=Max("month"))
    return (found["first"], found["last"]) if found["first"] else None


def month(slice_: Slice) -> date | None:
    """The month at whose end the slice looks: the last one that had ended by then.

    The last month of the data counts as it stands on their last day, ended or not. None where the
    ledger starts later.
    """
    known = ends()
    if known is None:
        return None
    first, last = known
    day = _last_day(slice_)
    around = periods.month(day)
    found = around.start
    if day < around.last_day and (found < last or day < _reach()):
        found = periods.month(periods.plus(found, -1)).start
    return min(found, last) if found >= first else None


def complete(slice_: Slice) -> date | None:
    """As ``month``, but the one before where that has not ended yet."""
    found = month(slice_)
    if found is None or periods.month(found).last_day <= _last_day(slice_):
        return found
    return periods.month(periods.plus(found, -1)).start


def last_whole(slice_: Slice) -> date | None:
    """The last month that had ended by the slice's last day, also before the ledger starts."""
    known = ends()
    if known is None:
        return None
    around = periods.month(_last_day(slice_))
    ended = around.last_day <= _last_day(slice_)
    found = around.start if ended else periods.month(periods.plus(around.start, -1)).start
    return min(found, known[1])


def window(slice_: Slice) -> tuple[date, date] | None:
    """The first and the last of the slice's months: those that begin in its period, or the last.

    The ledger's very first month is not among them: nobody knows what was paid before it.
    """
    known, last = ends(), month(slice_)
    if known is None or last is None:
        return None
    earliest = periods.month(known[0]).end
    if slice_.period is None:
        first = earliest
    else:
        around = periods.month(slice_.period.start)
        first = around.start if slice_.period.start == around.start else around.end
    first = max(min(first, last), earliest)
    return (first, last) if first <= last else None


def knows_history(slice_: Slice) -> bool:
    """Whether the ledger goes back twelve months from the slice's month."""
    known, last = ends(), month(slice_)
    return bool(known and last and known[0] <= date(last.year - 1, last.month, 1))


@lasting
def yardsticks(metric_type: str) -> pd.DataFrame:
    """The target and range of one type of benchmark per segment.

    Columns ``segment`` (text), ``target_value``, ``min_value``, ``max_value`` (float, NaN where
    not given).
    """
    numbers = dict.fromkeys(("target_value", "min_value", "max_value"), "float64")
    found = Benchmark.objects.filter(metric_type=metric_type).order_by("benchmark_id")
    rows = found.values_list("category", *numbers)
    return to_frame(rows, {"segment": "str", **numbers}).drop_duplicates("segment")


def choices(generation: int) -> Mapping[str, list[str]]:
    """What each filter that revenue knows can be set to, as of this generation of the data."""
    return remembered(f"revenue-choices:{generation}", _choices)


def _choices() -> dict[str, list[str]]:
    found = {}
    for name, column in DIMENSIONS.items():
        values = RevenueMonth.objects.order_by(column).values_list(column, flat=True).distinct()
        found[name] = [value for value in values if value]
    gone = Customer.objects.filter(churn_date__isnull=False).order_by("churn_reason")
    reasons = gone.values_list("churn_reason", flat=True).distinct()
    found["reason"] = [reason for reason in reasons if reason]
    return found


@shared
def _reach() -> date:
    """The last day of the data."""
    return freshness.of(DATASETS, workspace()).last_day or date.min


def _last_day(slice_: Slice) -> date:
    return min(slice_.period.last_day, slice_.as_of) if slice_.period else slice_.as_of
