"""Lets a deal's stage visits follow its stage: one ends as another begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from pipeline.datasets import STAGE_HISTORY
from pipeline.models import Deal, StageVisit
from revops_site.kernel import clock, freshness
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User


def today() -> date:
    """The business day on which a stage that is changed now is entered."""
    return freshness.stamp(freshness.workspace())


def follow(*, deal: Deal, on: date, kind: rows.Kind, source: str, by: User | None) -> None:
    """End the deal's open visits of other stages on that day, and begin one of its own.

    A closed deal is in no stage any more. Call it in the transaction that changed the deal; a day
    before the last visit began ends that one where it began. Raises BusyError while stage
    histories are loaded.
    """
    rows.hold(STAGE_HISTORY)
    at = _moment(on)
    stays = list(StageVisit.objects.filter(deal_id=deal.pk, exited_at=None).order_by("entered_at"))
    is_open = deal.status == Deal.Status.OPEN
    kept = [stay for stay in stays if is_open and stay.stage_name == deal.stage_name]
    left = [stay for stay in stays if stay not in kept]
    at = max([at, *(stay.entered_at for stay in left)])
    changes = [row | {"exited_at": at.isoformat()} for row in rows.texts(STAGE_HISTORY, left)]
    if is_open and not kept:
        changes.append(
            {
                "deal_id": deal.pk,
                "pipeline_id": deal.pipeline_id,
                "stage_name": deal.stage_name,
                "entered_at": at.isoformat(),
            }
        )
    if changes:
        rows.put(STAGE_HISTORY, changes, kind=kind, source=source, by=by)


def _moment(on: date) -> datetime:
    """Now where the day is today, else the day's beginning."""
    if on == today():
        return clock.now().replace(microsecond=0)
    zone = ZoneInfo(freshness.workspace().time_zone)
    return datetime.combine(on, time(), zone).astimezone(UTC)
