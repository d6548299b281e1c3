"""What only the won deals themselves can tell, one by one."""

from __future__ import annotations

import pandas as pd
from django.db.models import Aggregate, FloatField, Value

from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import to_frame, written


class Median(Aggregate):
    """The middle value, between the two middle ones of an even number."""

    template = "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def median_cycle(slice_: Slice) -> pd.DataFrame:
    """``median_cycle_days`` of the deals won in the period, NaN where none was; in one row."""
    found = deals.won(slice_).aggregate(median_cycle_days=Median("cycle_days"))
    return to_frame([[found["median_cycle_days"]]], {"median_cycle_days": "float64"})


def median_cycle_sql(slice_: Slice) -> str:
    """The SQL that gives it."""
    rows = deals.won(slice_).values(everything=Value(1))
    found = rows.annotate(median_cycle_days=Median("cycle_days")).filter(
        median_cycle_days__isnull=False
    )
    return written(found.order_by())
