"""What checks of the data's quality find: how many rows, which, and how many there were before."""

from insights.queries.quality.check import EVERYTHING, Check, Severity
from insights.queries.quality.counts import Count, Counts, counted, counted_at_once, takes_long
from insights.queries.quality.rows import REACH, SORTABLE, FoundRow, all_rows, rows
from insights.queries.quality.stored import History, histories, newest

__all__ = [
    "EVERYTHING",
    "REACH",
    "SORTABLE",
    "Check",
    "Count",
    "Counts",
    "FoundRow",
    "History",
    "Severity",
    "all_rows",
    "counted",
    "counted_at_once",
    "histories",
    "newest",
    "rows",
    "takes_long",
]
