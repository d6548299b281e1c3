"""What reps completed, beside those who completed nothing: one row a rep."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from django.db.models import Sum

from pipeline.models import ActivityDay
from revops_site.kernel.filters import Slice
from revops_site.kernel.models import Holiday, Rep
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import cut, shared, to_frame

REPS = {"team": "rep_id", "owner": "rep_id", "region": "region", "rep": "rep_id"}
DONE = {"team": "rep_id", "owner": "rep_id", "rep": "rep_id"}


@shared
def activity(slice_: Slice, window: Period) -> pd.DataFrame:
    """The reps of a slice who sell now, with what they completed in a window.

    Columns ``rep_id``, ``name``, ``team``, ``region`` (text), ``start_date`` (datetime64, NaT
    where unknown), ``done`` (int). Reps that only other rows have named are left out.
    """
    reps = Rep.objects.filter(is_active=True, is_placeholder=False).order_by("name", "rep_id")
    columns = {
        **dict.fromkeys(("rep_id", "name", "team__name", "region"), "str"),
        "start_date": "datetime64[s]",
    }
    among = cut(reps, slice_, when=None, dimensions=REPS)
    people = to_frame(
        [
            (rep_id, name, team or "", region, start)
            for rep_id, name, team, region, start in among.values_list(*columns)
        ],
        columns,
    ).rename(columns={"team__name": "team"})
    days = cut(
        ActivityDay.objects.all(), replace(slice_, period=window), when="date", dimensions=DONE
    )
    done = to_frame(
        days.values_list("rep_id").annotate(Sum("done")).order_by("rep_id"),
        {"rep_id": "str", "done": "int64"},
    )
    joined = people.merge(done, how="left", on="rep_id")
    return joined.assign(done=joined["done"].fillna(0).astype("int64"))


@shared
def days_off(window: Period) -> pd.DataFrame:
    """The holidays of a window: ``date`` (datetime64), ``region`` (text, empty for everywhere)."""
    found = Holiday.objects.filter(date__gte=window.start, date__lt=window.end).order_by("date")
    return to_frame(found.values_list("date", "region"), {"date": "datetime64[s]", "region": "str"})
