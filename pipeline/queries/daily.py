"""What each rep completed day by day, and when their calls are answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractHour

from pipeline.models import Activity, ActivityDay
from pipeline.queries.changes import days_of
from pipeline.queries.done import KNOWN
from pipeline.queries.standing import zone
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period, plus
from revops_site.kernel.queries import Columns, cut, shared, to_frame
from revops_site.kernel.summing import asked

DAILY: Columns = {"rep_id": "str", "date": "datetime64[s]", "type": "str", "done": "int64"}
SPREAD: Columns = {"rep_id": "str", "done": "int64", "squares": "int64"}
SQUARED = """
    SELECT rep_id, sum(done)::bigint, sum(done * done)::bigint FROM ({rows}) AS day (rep_id, done)
    GROUP BY rep_id ORDER BY rep_id COLLATE "C"
"""
CALL_DAYS = 90


@shared
def daily(slice_: Slice) -> pd.DataFrame:
    """What was completed in the period by rep, day and type: ``DAILY``. For few reps or days."""
    rows = cut(ActivityDay.objects.all(), slice_, when="date", dimensions=KNOWN)
    return to_frame(rows.order_by("rep_id", "date", "type").values_list(*DAILY), DAILY)


@shared
def spread(slice_: Slice) -> pd.DataFrame:
    """What each rep completed in the period, and the squares of each day's count together."""
    days = (
        cut(ActivityDay.objects.all(), slice_, when="date", dimensions=KNOWN)
        .order_by()
        .values("rep_id", "date")
        .annotate(n=Sum("done"))
    )
    return to_frame(asked(SQUARED, days.values_list("rep_id", "n")), SPREAD)


@shared
def answered(slice_: Slice) -> Mapping[str, Mapping[int, tuple[int, int]]]:
    """By rep and hour of the workspace's day: calls of the last 90 days, and how many answered.

    Calls of which nobody knows whether they were answered are left out.
    """
    window = Period(plus(slice_.as_of, 1 - CALL_DAYS), plus(slice_.as_of, 1))
    calls = Activity.objects.filter(is_done=True, type="call", is_answered__isnull=False)
    rows = days_of(calls, replace(slice_, period=window), "done_at")
    sums = (
        cut(rows, slice_, when=None, dimensions=KNOWN)
        .exclude(rep=None)
        .order_by()
        .values("rep_id", hour=ExtractHour(F("done_at"), tzinfo=zone()))
        .annotate(made=Count("activity_id"), taken=Count("activity_id", filter=Q(is_answered=True)))
    )
    found: dict[str, dict[int, tuple[int, int]]] = {}
    for rep_id, hour, made, taken in sums.values_list("rep_id", "hour", "made", "taken"):
        found.setdefault(rep_id, {})[hour] = (made, taken)
    return found
