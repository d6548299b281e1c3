"""Why deals were lost, as their owners say."""

from __future__ import annotations

import pandas as pd
from django.db.models import Count, Sum, Value
from django.db.models.functions import Cast, Coalesce

from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.queries import Columns, lasting, to_frame

LOST: Columns = {"owner_id": "str", "reason": "str", "lost": "int64", "lost_amount": "float64"}


@lasting
def lost(slice_: Slice) -> pd.DataFrame:
    """The deals lost in the period by owner and reason: ``LOST``, "" where none is given.

    Money in the reporting currency at the rate of the day that each was lost.
    """
    rows = (
        deals.decided(slice_)
        .filter(status="lost")
        .annotate(whose=Coalesce("owner_id", Value("")), why=Coalesce("lost_reason", Value("")))
    )
    sums = (
        rows.order_by()
        .values("whose", "why")
        .annotate(
            lost=Count("deal_id"),
            lost_amount=Cast(Coalesce(Sum("value"), 0, output_field=MONEY), MONEY),
        )
    )
    return to_frame(
        sums.order_by("whose", "why").values_list("whose", "why", "lost", "lost_amount"), LOST
    )
