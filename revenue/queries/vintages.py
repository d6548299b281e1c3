"""What customers of a year ago pay now, by the year in which they first paid."""

from __future__ import annotations

import pandas as pd
from psycopg.sql import Literal

from revenue.queries.known import knows_history, month
from revenue.queries.months import movements
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared, to_frame
from revops_site.kernel.summing import asked

COLUMNS = {
    "year": "int64",
    "year_ago_customers": "int64",
    **dict.fromkeys(("year_ago", "year_ago_now", "year_ago_kept"), "float64"),
}
# Few years and currencies: converted when they are summed.
VINTAGES = """
    WITH summed AS MATERIALIZED (
        SELECT extract(year FROM cohort)::int AS year, currency, count(*) AS customers,
            sum(year_ago) AS paid, sum(mrr) AS pays, sum(LEAST(mrr, year_ago)) AS kept
        FROM ({rows}) AS movement
        GROUP BY 1, 2
    ), rated AS (
        SELECT currency, found.rate FROM (SELECT DISTINCT currency FROM summed) AS known
        LEFT JOIN LATERAL kernel_fx_rate(currency, {own}, {day}) AS found ON true
    )
    SELECT year, sum(customers), sum(paid * rate), sum(pays * rate), sum(kept * rate)
    FROM summed JOIN rated USING (currency)
    GROUP BY year
    ORDER BY year
"""


@shared
def vintages(slice_: Slice) -> pd.DataFrame:
    """A row for each year: ``COLUMNS``, money in the reporting currency at the month's rate."""
    at = month(slice_)
    if at is None or not knows_history(slice_):
        return to_frame((), COLUMNS)
    day = min(periods.month(at).last_day, slice_.as_of)
    rows = movements(slice_, at, at).filter(year_ago__gt=0)
    found = asked(VINTAGES, rows, own=Literal(slice_.currency), day=Literal(day))
    return to_frame(found, COLUMNS)
