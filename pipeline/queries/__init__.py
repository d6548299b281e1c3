"""The only reader of the pipeline's tables: a slice in, frames of operands or rows out."""

from pipeline.queries import deals
from pipeline.queries.flows import first_close, flows, totals, totals_sql
from pipeline.queries.known import active_owners, choices, owners, stages, yardsticks
from pipeline.queries.states import moved_since, recorded_since
from pipeline.queries.stock import stock, watched, watched_sql
from pipeline.queries.stock import totals as open_totals
from pipeline.queries.stock import totals_sql as open_totals_sql
from pipeline.queries.won import median_cycle, median_cycle_sql
from pipeline.queries.written import beside

__all__ = [
    "active_owners",
    "beside",
    "choices",
    "deals",
    "first_close",
    "flows",
    "median_cycle",
    "median_cycle_sql",
    "moved_since",
    "open_totals",
    "open_totals_sql",
    "owners",
    "recorded_since",
    "stages",
    "stock",
    "totals",
    "totals_sql",
    "watched",
    "watched_sql",
    "yardsticks",
]
