"""The only reader of revenue's tables: a slice in, frames of operands or rows out."""

from revenue.queries import customers
from revenue.queries.known import choices, complete, ends, knows_history, month, window, yardsticks
from revenue.queries.lost import lost, lost_sql, lost_totals
from revenue.queries.months import OPERANDS, months, sums, sums_sql, totals, totals_sql
from revenue.queries.still import still, still_sql

__all__ = [
    "OPERANDS",
    "choices",
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
