"""What reps did, by day."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pipeline.rollups.past import PAST
from pipeline.rollups.stays import STAYS
from revops_site.kernel.rollups import RollUp

LOCAL_DAY = "(done_at AT TIME ZONE (SELECT time_zone FROM kernel_workspace))::date"
SELECT = f"""
    SELECT date, COALESCE(rep_id, '') AS rep_id, type, count(*) AS done
    FROM (
        SELECT {LOCAL_DAY} AS date, rep_id, type
        FROM pipeline_activity
        WHERE is_done AND done_at {{reach}}
    ) AS activity
    WHERE date {{among}}
    GROUP BY 1, 2, 3
"""  # noqa: S608

ACTIVITY_DAYS = RollUp(
    name="activity_days",
    model="pipeline.ActivityDay",
    bucket="date",
    select=SELECT,
    days=1,
)


def rezone(created: bool, update_fields: Collection[str] | None = None, **_: Any) -> None:
    """Count all activities, walk all deals back, and count stays by the days of another time zone.

    Listens to the workspace's ``post_save``; runs in the transaction that changed it.
    """
    if not created and (update_fields is None or "time_zone" in update_fields):
        PAST.rebuild()
        STAYS.rebuild()
        ACTIVITY_DAYS.rebuild()
