"""The days that the times of stages are of."""

from __future__ import annotations

from datetime import date

from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period, plus

YEAR = 365
BEGINNING = date(1900, 1, 1)  # before any deal


def window(slice_: Slice) -> Period:
    """The days in which stages were left: the period's, or all up to the day."""
    return slice_.period or Period(BEGINNING, plus(slice_.as_of, 1))


def entered(slice_: Slice) -> Period:
    """The year in which deals entered a stage, up to the same last day."""
    end = window(slice_).end
    return Period(plus(end, -YEAR), end)
