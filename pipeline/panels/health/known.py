"""What the panels of health rest on: scored deals of the slice's day, and days kept before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
from django.db.models import QuerySet

from pipeline.analytics import bands
from pipeline.panels.health.kept import ready
from pipeline.panels.known import left_out_of_open
from pipeline.queries import health, standing
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared

DATASETS = ("pipeline_deals",)
WEEK = timedelta(days=7)
WEEKS = 13


def by_band(slice_: Slice) -> pd.DataFrame:
    """The scored deals as sums by band."""
    ready(slice_)
    return health.by_band(slice_)


def week_ago(slice_: Slice) -> pd.DataFrame | None:
    """The same as kept a week before; None where nothing was kept of that very day."""
    return health.kept_by_band(slice_, slice_.as_of - WEEK)


@shared
def totals(slice_: Slice) -> dict[str, Any]:
    """The operands of every figure of health, by name; NaN where one is not known."""
    known = bands.operands(by_band(slice_), week_ago(slice_))
    return {**known, **health.counted(slice_)}


def weeks(slice_: Slice) -> dict[pd.Timestamp, dict[str, float]]:
    """The operands of what was kept of the last Mondays, by day, the oldest first."""
    kept = health.kept_weeks(slice_, WEEKS)
    days = kept["snapshot_date"].drop_duplicates()
    return {day: bands.operands(kept[kept["snapshot_date"] == day], None) for day in days}


def scored(slice_: Slice) -> QuerySet[Any]:
    """The scored open deals, one by one."""
    ready(slice_)
    return health.scored(slice_)


def stuck(slice_: Slice) -> QuerySet[Any]:
    """Those that are stuck or urgent."""
    ready(slice_)
    return health.stuck(slice_)


def notes(slice_: Slice) -> Sequence[str]:
    """What the scores do not know, and whether they are on their way."""
    found = []
    if not ready(slice_):
        found.append(
            "The deals are being scored anew in the background: until that is done, these are the "
            "scores of before."
        )
    if not standing.is_newest(slice_.as_of):
        found.append(
            "What was planned on a past day is not recorded: each deal has half of the points for "
            "its next step, and none is flagged for lacking one. Contacts are those of today."
        )
    return [*found, *left_out_of_open(slice_)]
