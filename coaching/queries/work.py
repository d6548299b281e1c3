"""What reps complete day by day, and on which days they are off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from coaching.queries.people import Person, of_all
from pipeline.queries import activity, daily
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import shared, to_frame

Done = Mapping[tuple[date, str], int]


@shared
def done(slice_: Slice, rep_id: str, days: Period) -> Done:
    """What one rep completed in some days, by day and type."""
    found = daily.daily(of_all(slice_, (rep_id,), days))
    return {
        (on.date(), kind): int(n)
        for on, kind, n in zip(found["date"], found["type"], found["done"], strict=True)
    }


@shared
def spread(slice_: Slice, ids: tuple[str, ...], days: Period) -> pd.DataFrame:
    """What each of these reps completed in some days: ``daily.SPREAD``."""
    if not ids:
        return to_frame((), daily.SPREAD)
    return daily.spread(of_all(slice_, ids, days))


def worked_by(people: Sequence[Person], days: Period) -> dict[str, int]:
    """How many of the days each of these reps works on."""
    first, end = np.datetime64(days.start, "D"), np.datetime64(days.end, "D")
    free = {region: _days(off(days, region)) for region in {one.region for one in people}}
    found = {}
    for one in people:
        since = np.datetime64(one.start_date, "D") if one.start_date else first
        begun = min(max(first, since), end)
        found[one.rep_id] = int(np.busday_count(begun, end, holidays=free[one.region]))
    return found


def off(days: Period, region: str) -> set[date]:
    """The holidays of everywhere and of a region."""
    found = activity.days_off(days)
    own = found[found["region"].isin(("", region))]
    return {on.date() for on in own["date"]}


def _days(days: set[date]) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.array(sorted(days), dtype="datetime64[D]")
