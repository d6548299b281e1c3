"""What channels spent and what pipeline came from them, week by week."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncWeek

from marketing import queries as marketing
from pipeline.queries import deals
from pipeline.queries.flows import flows
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import arrays, pooled
from revops_site.kernel.periods import Period, week
from revops_site.kernel.queries import shared, written

COLUMNS = {"spend": "float64", "pipeline": "float64"}


def weeks(slice_: Slice) -> Slice:
    """The slice with its whole weeks alone: half a week would look like a weak one."""
    if slice_.period is None:
        return slice_
    start, last = slice_.period.start, min(slice_.period.last_day, slice_.as_of)
    first = week(start).start if week(start).start == start else week(start).end
    end = week(last).end if week(last).last_day == last else week(last).start
    return replace(slice_, period=Period(min(first, end), end), compare=None)


@shared
def by_week(slice_: Slice) -> pd.DataFrame:
    """Per channel and week of spend: channel, week_start, spend, pipeline (first amounts)."""
    found = weeks(slice_)
    spent = marketing.channel_weeks(found)
    came = flows(found, "source_channel", "week")
    sources = came.rename(
        columns={"source_channel": "channel", "week": "week_start", "created_amount": "pipeline"}
    )
    sides = (
        spent[["channel", "week_start", "spend"]].assign(pipeline=0.0),
        sources[["channel", "week_start", "pipeline"]].assign(spend=0.0),
    )
    return pooled([arrays(one) for one in sides], ("channel", "week_start"), COLUMNS)


# The points that a curve is drawn through, of all channels of the slice together.
POINTS = """
SELECT COALESCE(spent.week, came.week) AS week, COALESCE(spent.spend, 0) AS spend,
    COALESCE(came.pipeline, 0) AS pipeline
FROM ({spent}) AS spent
FULL JOIN ({came}) AS came USING (week)
ORDER BY week
"""


def points_sql(slice_: Slice) -> str:
    """The SQL that gives the weeks of ``by_week``: week, spend, pipeline."""
    found = weeks(slice_)
    days = marketing.rows(found).order_by().annotate(week=TruncWeek("date")).values("week")
    came = deals.created(found).order_by().annotate(week=TruncWeek("created_at")).values("week")
    spent = days.annotate(spend=Sum(F("spend") * F("fx_rate")))
    return POINTS.format(spent=written(spent), came=written(came.annotate(pipeline=Sum("value"))))


def came(slice_: Slice) -> QuerySet[Any]:
    """The deals of these weeks, each with its first amount as ``value``, and ``owner_name``."""
    return deals.named(deals.created(weeks(slice_)))
