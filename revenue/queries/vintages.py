"""What customers of a year ago pay now, by the year in which they first paid."""

from __future__ import annotations

import pandas as pd
from django.db.models import Count, F, Sum
from django.db.models.functions import ExtractYear, Least

from revenue.queries.customers import of_a_year_ago
from revenue.queries.known import knows_history
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.queries import shared, to_frame

COLUMNS = {
    "year": "int64",
    "year_ago_customers": "int64",
    **dict.fromkeys(("year_ago", "year_ago_now", "year_ago_kept"), "float64"),
}


@shared
def vintages(slice_: Slice) -> pd.DataFrame:
    """A row for each year: ``COLUMNS``, money in the reporting currency at the month's rate."""
    if not knows_history(slice_):
        return to_frame((), COLUMNS)
    rows = of_a_year_ago(slice_).annotate(first_year=ExtractYear("cohort"))
    kept = Least(F("value"), F("year_ago_value"), output_field=MONEY)
    found = (
        rows.annotate(kept_value=kept)
        .values("first_year")
        .annotate(
            n=Count("customer_id"),
            then=Sum("year_ago_value"),
            now=Sum("value"),
            still=Sum("kept_value"),
        )
        .order_by("first_year")
        .values_list("first_year", "n", "then", "now", "still")
    )
    return to_frame(found, COLUMNS)
