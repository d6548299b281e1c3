"""When in the week and the day work is done, and how a moment stands in a frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from revops_site.kernel.world.frame import Days, dates
from revops_site.kernel.world.seasons import SATURDAY, THURSDAY

# The hours of UTC, half-open, in which an office of the geo is open. None crosses midnight, so
# that the moment's day is the business day wherever one counts in UTC.
OFFICE = {"US": (14, 23), "Canada": (13, 22), "EMEA": (7, 17), "APAC": (1, 10)}


def workdays(days: Days) -> Days:
    """The days, those on a weekend moved to the Monday after it."""
    weekday = (days + THURSDAY) % 7
    return days + np.where(weekday >= SATURDAY, 7 - weekday, 0)


def before_weekend(days: Days) -> Days:
    """The days, those on a weekend moved to the Friday before it."""
    weekday = (days + THURSDAY) % 7
    return days - np.where(weekday >= SATURDAY, weekday - SATURDAY + 1, 0)


def office_seconds(dice: np.random.Generator, geo: NDArray[Any] | pd.Series[Any]) -> Days:
    """A second of the UTC day for each geo, within its office hours, to the minute."""
    codes, names = pd.factorize(np.asarray(geo, dtype=object))
    hours = np.array([OFFICE[name] for name in names], dtype=np.int64).reshape(-1, 2)
    start, end = hours[codes, 0] * 60, hours[codes, 1] * 60
    minutes: Days = start + np.floor(dice.random(len(codes)) * (end - start)).astype(np.int64)
    return minutes * 60


def instants(days: NDArray[Any], seconds: NDArray[Any]) -> pd.DatetimeIndex:
    """Moments of UTC from numbered days and seconds into them; files say 2026-05-12T14:05:00Z."""
    return pd.DatetimeIndex(dates(days) + seconds.astype("timedelta64[s]")).tz_localize("UTC")
