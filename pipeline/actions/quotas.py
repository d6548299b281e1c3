"""Moves quotas into another fiscal calendar: what was Q1 stays Q1, on the days it has there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from pipeline.datasets import QUOTAS
from pipeline.datasets.plan import LABEL, PERIOD_END, PERIOD_START
from pipeline.models import Quota
from revops_site.kernel import clock
from revops_site.kernel.datasets import hash_of
from revops_site.kernel.loading import rows
from revops_site.kernel.signals import RefusedError

KEY = hash_of("rep_id", "to_char(period_start, 'YYYY-MM-DD')")
PLACES = f"""
    SELECT was, rep_id, quarter, period_start, period_end, {KEY} AS key
    FROM (
        SELECT was, rep_id, {LABEL} AS quarter,
            {PERIOD_START} AS period_start, {PERIOD_END} AS period_end
        FROM (SELECT key AS was, rep_id, quarter AS period FROM pipeline_quota OFFSET 0) AS stored
    ) AS placed
    ORDER BY rep_id, period_start, period_end
"""  # noqa: S608
OVERLAP = (
    "The fiscal year cannot begin in another month: {} and {} of {} would overlap. "
    "Delete one of these quotas first."
)


class Place(NamedTuple):
    """Where a quota lies in the fiscal calendar that holds; ``was`` is the key that it has."""

    was: UUID
    rep_id: str
    quarter: str
    period_start: date
    period_end: date
    key: UUID


def follow(created: bool, update_fields: Collection[str] | None = None, **_: Any) -> None:
    """Put all quotas on the days that their quarters and years have in another fiscal calendar.

    Listens to the workspace's ``post_save``; runs in the transaction that changed it. Raises
    RefusedError where two of one rep's would overlap, BusyError while quotas are loaded.
    """
    if not created and (update_fields is None or "fiscal_year_start_month" in update_fields):
        _move()


@transaction.atomic
def _move() -> None:
    rows.hold(QUOTAS)
    places = _places()
    for one, other in pairwise(places):
        if one.rep_id == other.rep_id and other.period_start < one.period_end:
            raise RefusedError(OVERLAP.format(one.quarter, other.quarter, one.rep_id))
    quotas = Quota.objects.in_bulk()
    moved = [place for place in places if _differs(quotas[place.was], place)]
    # All leave before any comes back: the days of one may have been another's.
    Quota.objects.filter(pk__in=[place.was for place in moved]).delete()
    Quota.objects.bulk_create([_at(quotas[place.was], place) for place in moved])


def _places() -> Sequence[Place]:
    with connection.cursor() as cursor:
        cursor.execute(PLACES)
        return [Place(*found) for found in cursor.fetchall()]


def _differs(quota: Quota, place: Place) -> bool:
    return (quota.key, quota.quarter, quota.period_end) != (
        place.key,
        place.quarter,
        place.period_end,
    )


def _at(quota: Quota, place: Place) -> Quota:
    quota.key, quota.quarter = place.key, place.quarter
    quota.period_start, quota.period_end = place.period_start, place.period_end
    quota.row_updated_at = clock.now()
    return quota
