"""The only reader of revenue's tables: a slice in, frames of operands or rows out."""

from revenue.queries import customers
from revenue.queries.dates import by_dates, by_dates_sql
from revenue.queries.known import choices, complete, ends, knows_history, month, window, yardsticks
from revenue.queries.lost import lost, lost_sql, lost_totals
from revenue.queries.months import OPERANDS, cohort_sql, months, sums, sums_sql, totals, totals_sql
from revenue.queries.still import still, still_sql

__all__ = [
    "OPERANDS",
    "by_dates",
    "by_dates_sql",
    "choices",
    "cohort_sql",
    "complete",
    "customers",
    "ends",
    "knows_history",
    "lost",
    "lost_sql",
    "lost_totals",
    "month",
    "months",
    "still",
    "still_sql",
    "sums",
    "sums_sql",
    "totals",
    "totals_sql",
    "window",
    "yardsticks",
]
