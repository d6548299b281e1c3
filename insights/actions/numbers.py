"""Checks that numbers stand still between loads, and keeps what it read for the next check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from insights.analytics.standing import judged
from insights.models import CheckedNumber, NumberAlarm
from insights.queries import numbers
from insights.queries.numbers import Reading
from revops_site.kernel import audit, locks

__all__ = ["NumberAlarm", "Outcome", "keep"]

LOCK = "check-numbers"
KEPT = timedelta(days=400)


@dataclass(frozen=True)
class Outcome:
    """How many numbers were compared, how many changed with a load, and which without one."""

    compared: int
    loaded: int
    new: int
    alarms: Sequence[NumberAlarm]


@transaction.atomic
def keep(*, readings: Sequence[Reading], generation: int, at: datetime) -> Outcome:
    """Compare these readings with those of the check before, and keep them in their place."""
    locks.queue_for(LOCK)
    known = numbers.before()
    stamps = dict(CheckedNumber.objects.values_list("metric_slug", "checked_at"))
    verdicts, alarms, rows = [], [], []
    for one in readings:
        was = known.get((one.slug, one.slice_name))
        verdict = judged(one, was, generation)
        verdicts.append(verdict)
        comparable = was is not None and verdict != "new"
        rows.append(
            CheckedNumber(
                metric_slug=one.slug,
                slice_name=one.slice_name,
                slice_key=one.key,
                value=was.value if was and verdict == "same" else one.value,
                before=was.value if was and comparable else None,
                generation=generation,
                generation_before=was.generation if was and comparable else None,
                checked_at=at,
            )
        )
        if was is not None and verdict == "alarm":
            alarms.append(
                NumberAlarm(
                    metric_slug=one.slug,
                    slice_name=one.slice_name,
                    before=was.value,
                    after=one.value,
                    generation=generation,
                    checked_before_at=stamps[one.slug],
                    found_at=at,
                )
            )
    CheckedNumber.objects.all().delete()
    CheckedNumber.objects.bulk_create(rows)
    NumberAlarm.objects.bulk_create(alarms)
    NumberAlarm.objects.filter(found_at__lt=at - KEPT).delete()
    if alarms:
        named = [f"{one.metric_slug}, {one.slice_name}" for one in alarms[:20]]
        audit.record("numbers changed without a load", target="", numbers=named, count=len(alarms))
    return Outcome(
        compared=sum(one != "new" for one in verdicts),
        loaded=sum(one == "loaded" for one in verdicts),
        new=sum(one == "new" for one in verdicts),
        alarms=alarms,
    )
