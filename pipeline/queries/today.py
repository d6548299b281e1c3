"""The deals that wait for a decision today, each for the first reason that there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet

from pipeline.queries import called, cashflow, deals, orders, waits
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
    for kind, rows, days, waited in _reasons(slice_):
        others = rows.exclude(deal_id__in=list(found)) if found else rows
        ranked = others.order_by(F("value").desc(nulls_last=True), "deal_id")
        told = ranked.values("deal_id", "value", waited, *([days] if days else []))[:most]
        for row in told:
            since = slice_.as_of - timedelta(days=row[waited])
            found[row["deal_id"]] = (kind, row["value"], row[days] if days else None, since)
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


def _reasons(slice_: Slice) -> Iterator[tuple[str, QuerySet[Any], str | None, str]]:
    """Each reason with the deals that have it, the column of its days and that of the days since
    it holds.
    """
    judged = waits.counted(deals.open_(slice_), slice_)
    papers = orders.ordered(slice_).filter(compliance=orders.MISSING)
    soon = cashflow.projected(slice_).filter(days_left__lte=SOON)
    very_late = judged.filter(**waits.is_long("overdue", VERY_LATE))
    very_stuck = judged.filter(**waits.is_long("stuck", VERY_STUCK))
    late = judged.filter(**waits.is_long("overdue"), overdue_days__lt=VERY_LATE)
    stuck = judged.filter(**waits.is_long("stuck"), days_in_stage__lt=VERY_STUCK)
    yield "compliance", papers, None, "days_in_stage"
    yield "very_late", very_late, "overdue_days", "overdue_days"
    yield "invoice", soon, "days_left", "days_in_stage"
    yield "very_stuck", very_stuck, "days_in_stage", "days_in_stage"
    yield "late", late, "overdue_days", "overdue_days"
    yield "stuck", stuck, "days_in_stage", "days_in_stage"
