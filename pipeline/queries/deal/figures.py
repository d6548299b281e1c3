"""One deal with what its figures rest on, as of a slice's day."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.db.models import (
    Case,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from pipeline.models import Deal
from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY, RateOn
from revops_site.kernel.queries import cut, shared, written

OPERANDS = ("amount", "rate", "age_days", "days_before_stage", "days_until_close")


def itself(deal_id: str, slice_: Slice) -> QuerySet[Any]:
    """The deal, if the slice may show it, with ``rate``, ``value`` (reporting currency) and days.

    ``age_days`` end at the slice's day or its close, as ``days_in_stage`` do; ``days_before_stage``
    lie between its creation and its stage.
    """
    day = Value(slice_.as_of, output_field=DateField())
    at_close = RateOn(F("currency"), Value(slice_.currency), F("closed_at"))
    rate = Case(
        When(status=Deal.Status.OPEN, then=deals.rate_of_day(slice_)),
        default=at_close,
        output_field=MONEY,
    )
    end, since = Coalesce("closed_at", day), Coalesce("last_stage_change", "created_at")
    rows = Deal.objects.filter(pk=deal_id, is_deleted=False)
    found: QuerySet[Any] = cut(rows, slice_, when=None, dimensions={"rep": "owner_id"}).annotate(
        rate=rate,
        age_days=_days(end, F("created_at")),
        days_before_stage=_days(since, F("created_at")),
        days_in_stage=_days(end, since),
        days_until_close=_days(F("close_date"), day),
        value=ExpressionWrapper(F("amount") * F("rate"), MONEY),
    )
    return found


@shared
def operands(deal_id: str, slice_: Slice) -> Mapping[str, float]:
    """``OPERANDS`` by name, NaN where one is not known; money in the deal's own currency."""
    found = itself(deal_id, slice_).values(*OPERANDS).first() or {}
    return {name: math.nan if found.get(name) is None else float(found[name]) for name in OPERANDS}


def operands_sql(deal_id: str, slice_: Slice) -> str:
    """The SQL of the same."""
    return written(itself(deal_id, slice_).values_list(*OPERANDS))


def _days(end: Combinable, start: Combinable) -> Combinable:
    """A date less a date is a number of days to PostgreSQL."""
    return Func(
        end, start, template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )
