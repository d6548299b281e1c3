"""The only reader of revenue's tables: a slice in, frames of operands or rows out."""

from revenue.queries import customers
from revenue.queries.balances import MOST as MOST_BALANCES
from revenue.queries.balances import balances
from revenue.queries.cohorts import cohorts, is_gone, later
from revenue.queries.cohorts import rates as cohort_rates
from revenue.queries.dates import by_dates, by_dates_sql
from revenue.queries.known import choices, complete, ends, knows_history, month, window, yardsticks
from revenue.queries.lives import lives, undated
from revenue.queries.lost import lost, lost_sql, lost_totals
from revenue.queries.months import OPERANDS, cohort_sql, months, sums, sums_sql, totals, totals_sql
from revenue.queries.notices import (
    by_month,
    by_notice,
    by_notice_sql,
    unnoticed,
)
from revenue.queries.notices import leaving as to_leave
from revenue.queries.still import still, still_sql
from revenue.queries.vintages import vintages

__all__ = [
    "MOST_BALANCES",
    "OPERANDS",
    "balances",
    "by_dates",
    "by_dates_sql",
    "by_month",
    "by_notice",
    "by_notice_sql",
    "choices",
    "cohort_rates",
    "cohort_sql",
    "cohorts",
    "complete",
    "customers",
    "ends",
    "is_gone",
    "knows_history",
    "later",
    "lives",
    "lost",
    "lost_sql",
    "lost_totals",
    "month",
    "months",
    "still",
    "still_sql",
    "sums",
    "sums_sql",
    "to_leave",
    "totals",
    "totals_sql",
    "undated",
    "unnoticed",
    "vintages",
    "window",
    "yardsticks",
]
