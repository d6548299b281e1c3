"""Tries all methods of forecasting MRR on months that are over, and keeps which one to use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from revenue.analytics import outlook, trials
from revenue.models import MrrTrial, MrrTrialRow, MrrTrialScore
from revenue.queries import forecast
from revops_site.kernel import freshness
from revops_site.kernel.filters import Filters, Slice, narrow
from revops_site.kernel.models import Workspace
from revops_site.kernel.permissions import EVERYBODY

AT_ONCE = 1000


def whole(at: Workspace) -> Slice:
    """The whole company as of the newest day."""
    return narrow(
        Filters(),
        EVERYBODY,
        freshness.stamp(at),
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
    )


@transaction.atomic
def run(slice_: Slice, *, at: datetime, generation: int) -> MrrTrial | None:
    """Try all methods; None where too few months are over. What was said before goes."""
    months = forecast.past(slice_)
    if months is None or months.empty or months["month"].nunique() <= outlook.FEWEST:
        return None
    known = outlook.past(months, "segment")
    found = trials.judged(known)
    MrrTrialRow.objects.all().delete()
    made = MrrTrial.objects.create(
        as_of=known.months[-1].date(),
        made_at=at,
        generation=generation,
        currency=slice_.currency,
        months=found.months,
        method=found.method,
        reason=found.reason,
        widened_80=found.widened[80],
        widened_95=found.widened[95],
        held_80=found.held[80],
        held_95=found.held[95],
    )
    MrrTrialScore.objects.bulk_create(MrrTrialScore(trial=made, **one) for one in found.scores)
    rows = found.rows.assign(origin=[day.date() for day in found.rows["origin"]])
    MrrTrialRow.objects.bulk_create(
        (MrrTrialRow(trial=made, **_named(row)) for row in rows.to_dict("records")),
        batch_size=AT_ONCE,
    )
    freshness.bump()
    return made


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}
