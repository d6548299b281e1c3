"""Reads kept scenarios, and the open deals that one can assume something of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pandas as pd
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from pipeline.models import Deal, Scenario
from pipeline.queries import called, deals, standing
from revops_site.kernel.filters import DIMENSIONS, Slice
from revops_site.kernel.models import User
from revops_site.kernel.periods import fiscal_quarter
from revops_site.kernel.permissions import CAPABILITIES, SEES_ALL
from revops_site.kernel.queries import cut

SHARERS = CAPABILITIES["share scenarios"]
MOST_FOUND = 200


@dataclass(frozen=True)
class Kept:
    """A scenario as a reader gets it; ``figures`` are of its owner's deals, and for nobody else."""

    id: int
    name: str
    owner: str
    is_mine: bool
    is_shared: bool
    quarter: str
    assumptions: Mapping[str, Mapping[str, str]]
    filters: str
    as_of: date
    figures: Mapping[str, float | None]
    currency: str
    updated_at: datetime


def kept_for(reader: User | AnonymousUser) -> list[Kept]:
    """The scenarios that this person may open: the own ones first, by name."""
    if not reader.is_authenticated:
        return []
    rows = _open_to(reader).select_related("user").order_by("name", "id")
    found = [_kept(row, reader) for row in rows]
    return sorted(found, key=lambda one: not one.is_mine)


def base(slice_: Slice) -> pd.DataFrame:
    """The open deals expected in the slice's quarter or in the next one.

    Columns as ``standing.open_deals`` gives them.
    """
    quarter = slice_.quarter
    after = fiscal_quarter(quarter.end, slice_.first_month)
    found = standing.open_deals(slice_, after.end)
    return found[found["close_date"] >= pd.Timestamp(quarter.start)].reset_index(drop=True)


def matching(slice_: Slice, text: str) -> list[str]:
    """Ids of open deals of the slice whose name, account or id holds a text."""
    named = Q(opportunity_name__icontains=text) | Q(account_name__icontains=text)
    known = Deal.objects.filter(named | Q(deal_id__icontains=text)).values("deal_id")
    rows = standing.open_on(slice_).filter(deal_id__in=known).order_by("deal_id")
    return list(rows.values_list("deal_id", flat=True)[:MOST_FOUND])


def open_elsewhere(slice_: Slice, ids: Collection[str]) -> set[str]:
    """Which of these deals are open and the reader's to see, whatever the filters."""
    if not ids:
        return set()
    rows = standing.open_on(_whole(slice_)).filter(deal_id__in=list(ids))
    return set(rows.values_list("deal_id", flat=True))


def seen(slice_: Slice, ids: Collection[str]) -> dict[str, tuple[str, date | None, bool]]:
    """Of these deals, those that are the reader's to see: status, day it closed, deleted or not."""
    rows: QuerySet[Any] = Deal.objects.filter(deal_id__in=list(ids))
    rows = cut(rows, _whole(slice_), when=None, dimensions=deals.CLOSED)
    told = rows.values_list("deal_id", "status", "closed_at", "is_deleted")
    return {deal: (status, closed, gone) for deal, status, closed, gone in told}


def names(ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """What some deals, their accounts and owners are called, by deal id: ``called.NAMES``."""
    rows = called.deals(ids).to_dict("records")
    return {str(row["deal_id"]): {str(k): str(v) for k, v in row.items()} for row in rows}


def _whole(slice_: Slice) -> Slice:
    """The slice without its filters; what may be seen still narrows it."""
    bare: dict[str, Any] = dict.fromkeys(DIMENSIONS, ())
    return replace(slice_, **bare)


def _open_to(reader: User) -> QuerySet[Scenario]:
    """One's own; those shared with one's team by its manager, or with all by who sees all."""
    own = Q(user_id=reader.pk)
    sharing = Q(is_shared=True, user__role__in=SHARERS, user__is_active=True)
    if reader.role in SEES_ALL:
        return Scenario.objects.filter(own | sharing)
    team = reader.team_id if reader.role == "manager" else _team_of_rep(reader)
    by_all = Q(user__role__in=SEES_ALL)
    by_manager = Q(user__role="manager", user__team_id=team) if team else Q(pk__in=[])
    return Scenario.objects.filter(own | (sharing & (by_all | by_manager)))


def _team_of_rep(reader: User) -> int | None:
    return reader.rep.team_id if reader.rep else None


def _kept(row: Scenario, reader: User) -> Kept:
    is_mine = row.user_id == reader.pk
    return Kept(
        id=row.pk,
        name=row.name,
        owner=str(row.user),
        is_mine=is_mine,
        is_shared=row.is_shared,
        quarter=row.quarter,
        assumptions=row.assumptions,
        filters=row.filters,
        as_of=row.as_of,
        figures=row.figures if is_mine else {},
        currency=row.currency,
        updated_at=row.updated_at,
    )


def some(slice_: Slice, ids: tuple[str, ...]) -> pd.DataFrame:
    """These open deals of the slice, as ``base`` gives its own."""
    return standing.some_open_deals(slice_, ids)
