"""The deals that wait for a decision today, each for the first reason that there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, QuerySet, Value

from pipeline.queries import called, cashflow, deals, orders, waits
from revops_site.kernel import lapses
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.queries import generation

VERY_LATE, VERY_STUCK, SOON = 14, 60, 7  # days
MOST = 40  # deals of each reason that are looked for at once
# The order of reasons: the first that a deal has is told.
KINDS = ("compliance", "very_late", "invoice", "very_stuck", "late", "stuck")


@dataclass(frozen=True)
class Waiting:
    """A deal and why it waits: ``days`` of the reason, ``since`` the day from which it holds.

    ``value`` is in the reporting currency, None where unknown; ``days`` of an invoice are those
    until it is expected, and None of missing papers.
    """

    kind: str
    deal_id: str
    value: float | None
    days: int | None
    since: date
    deal_name: str
    account_name: str
    owner_name: str


def waiting(slice_: Slice, most: int = MOST) -> tuple[Waiting, ...]:
    """What waits of the slice's open deals, ``most`` of each reason; the gravest reason first.

    A deal stands once, by its first reason; of the same reason the most money comes first. Asked
    once for each state of the data.
    """
    key = f"today:{most}:{slice_.cache_key}:{generation()}"
    return remembered(key, lambda: _waiting(slice_, most))


def _waiting(slice_: Slice, most: int) -> tuple[Waiting, ...]:
    found: dict[str, tuple[str, Any, int | None, date]] = {}
    for kind, rows, days in _reasons(slice_):
        others = rows.exclude(deal_id__in=list(found)) if found else rows
        ranked = others.order_by(F("value").desc(nulls_last=True), "deal_id")
        told = ranked.values_list("deal_id", "value", days, "since")[:most]
        for deal_id, value, count, since in told:
            found[deal_id] = (kind, value, count, since)
    named = called.deals(list(found)).to_dict("records")
    names = {str(one["deal_id"]): one for one in named}
    return tuple(
        Waiting(
            kind=kind,
            deal_id=deal_id,
            value=None if value is None else float(value),
            days=days,
            since=since,
            **{
                name: str(names.get(deal_id, {}).get(name, ""))
                for name in ("deal_name", "account_name", "owner_name")
            },
        )
        for deal_id, (kind, value, days, since) in found.items()
    )


def _reasons(slice_: Slice) -> Iterator[tuple[str, QuerySet[Any], str]]:
    """Each reason with the deals that have it, and the column of its days."""
    judged = waits.counted(deals.open_(slice_), slice_)
    papers = orders.ordered(slice_).filter(compliance=orders.MISSING)
    day = lapses.on(slice_.as_of)
    entered, touched = lapses.ago(day, F("days_in_stage")), lapses.ago(day, F("overdue_days"))
    soon = cashflow.projected(slice_).filter(days_left__lte=SOON)
    untold = Value(None, output_field=IntegerField())
    yield "compliance", papers.annotate(since=entered, untold=untold), "untold"
    late = judged.annotate(since=touched).filter(**waits.is_long("overdue"))
    long = judged.annotate(since=entered).filter(**waits.is_long("stuck"))
    yield "very_late", late.filter(overdue_days__gte=VERY_LATE), "overdue_days"
    yield "invoice", soon.annotate(since=entered), "days_left"
    yield "very_stuck", long.filter(days_in_stage__gte=VERY_STUCK), "days_in_stage"
    yield "late", late.filter(overdue_days__lt=VERY_LATE), "overdue_days"
    yield "stuck", long.filter(days_in_stage__lt=VERY_STUCK), "days_in_stage"
