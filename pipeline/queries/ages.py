"""How many open deals have been in their stage for how long, and what they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from pipeline.models import Deal
from pipeline.queries import deals, listed, waits
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.queries import shared, to_frame

COLUMNS = {"stage_name": "str", "bucket": "int64", "open_deals": "int64", "amount": "float64"}


@shared
def ages(slice_: Slice, starts: Sequence[int]) -> pd.DataFrame:
    """The open deals by stage and by how many days they have been in it.

    ``starts`` are the days that the buckets begin with, the first 0. Columns ``COLUMNS``:
    ``bucket`` is the place of its start; what is worth nothing known adds nothing to ``amount``,
    which is in the reporting currency.
    """
    return _ages(deals.open_(slice_), starts)


@shared
def stuck_ages(slice_: Slice, starts: Sequence[int]) -> pd.DataFrame:
    """The same of the deals that are on the list of stuck ones, by the limit of their pipeline."""
    return _ages(deals.open_(slice_).filter(**waits.is_long("stuck")), starts)


def _ages(open_: QuerySet[Any], starts: Sequence[int]) -> pd.DataFrame:
    whens = [
        When(days_in_stage__gte=start, then=Value(at))
        for at, start in reversed(list(enumerate(starts)))
    ]
    bucket = Case(*whens, default=Value(0), output_field=IntegerField())
    rows = open_.annotate(bucket=bucket).values("stage_name", "bucket")
    sums = rows.annotate(
        open_deals=Count("created_at"), amount=Coalesce(Sum("value"), 0, output_field=MONEY)
    )
    return to_frame(sums.order_by("stage_name", "bucket").values_list(*COLUMNS), COLUMNS)


def of_age(slice_: Slice, start: int, end: int | None) -> QuerySet[Deal]:
    """The open deals that have been in their stage from ``start`` days on, to before ``end``."""
    older = Q(days_in_stage__gte=start) if start else Q()
    younger = Q() if end is None else Q(days_in_stage__lt=end)
    return listed.open_deals(slice_).filter(older & younger).order_by(F("days_in_stage").desc())
