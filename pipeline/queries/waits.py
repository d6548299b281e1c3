"""The open deals that wait for somebody: without an update, long in a stage, without an activity.

``KINDS`` says of each list which days it counts and from which limit of the deal's pipeline on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
from django.db.models import DateField, F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from pipeline.models import Activity, Deal, DealChange, StageStay
from pipeline.queries import deals, listed, standing, terms
from pipeline.queries.changes import days_of, local_day
from pipeline.queries.stock import GROUPS
from revops_site.kernel import lapses
from revops_site.kernel.filters import Slice
from revops_site.kernel.parted import of_rows
from revops_site.kernel.queries import cut, filled, shared, to_frame
from revops_site.kernel.summing import asked, over, sums_over

KINDS: Mapping[str, tuple[str, terms.Limit]] = {
    "overdue": ("overdue_days", "overdue_days"),
    "stuck": ("days_in_stage", "stuck_days"),
    "inactive": ("idle_days", "inactive_days"),
}
SUMS = {
    "deals": "count(waited)",
    "amount": "COALESCE(sum(value), 0)::float8",
    "missing": "count(waited) FILTER (WHERE value IS NULL)",
    "waited": "COALESCE(sum(waited), 0)::bigint",
    "oldest": "COALESCE(max(waited), 0)::bigint",
}
OPERANDS = {
    **dict.fromkeys(("deals", "missing", "waited", "oldest"), "int64"),
    "amount": "float64",
}
OWNER = {name: f"COALESCE({name}, '')" for name in ("owner_id", "owner_name")}
BY_OWNER = sums_over(SUMS, OWNER, ("owner_name", "owner_id"))
OWNERS = {**dict.fromkeys(OWNER, "str"), **{name: OPERANDS[name] for name in SUMS}}
RECOVERY_DAYS = 180
RECOVERED = {
    **dict.fromkeys(("owner_id", "owner_name"), "str"),
    **dict.fromkeys(("left", "moved_on", "dropped"), "int64"),
}
RECOVERY = """
    SELECT COALESCE(stay.owner_id, ''), COALESCE(rep.name, ''),
        count(*),
        count(*) FILTER (WHERE passed_on <= {day} OR ended = 'won'),
        count(*) FILTER (WHERE (passed_on <= {day}) IS NOT TRUE AND ended = 'lost')
    FROM (
        SELECT *, CASE WHEN closed_at <= {day} THEN status END AS ended FROM ({rows}) AS own
    ) AS stay LEFT JOIN kernel_rep AS rep ON rep.rep_id = stay.owner_id
    GROUP BY 1, 2 ORDER BY 1, 2
"""


def waiting(slice_: Slice, kind: str) -> QuerySet[Any]:
    """The open deals of a list, as ``listed.open_deals`` gives them, with the days it counts."""
    return _long(counted(listed.open_deals(slice_), slice_), kind)


def counted(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    """Open deals with ``overdue_days`` since their last update, ``idle_days`` since the last
    activity; of a deal without either since it was created.

    No history tells of updates: on past days those are its recorded changes and activities.
    """
    is_now = standing.is_now(slice_.as_of) and rows.model is Deal
    newest = local_day("update_time"), F("last_activity_at")
    updated, worked = newest if is_now else _then(slice_)
    found: QuerySet[Any] = rows.annotate(
        overdue_days=_since(slice_, updated), idle_days=_since(slice_, worked)
    )
    return found


@shared
def by_owner(slice_: Slice, kind: str) -> pd.DataFrame:
    """The sums of a list per owner, in the order of their names: ``OWNERS``.

    ``waited`` are the days that all its deals wait, ``missing`` those without a known value.
    """
    return to_frame(asked(BY_OWNER, _of_owners(slice_, kind)), OWNERS)


def totals(slice_: Slice, kind: str) -> dict[str, float]:
    """The operands of a list by name."""
    found = by_owner(slice_, kind)
    sums = {name: float(found[name].sum()) for name in SUMS}
    return {**sums, "oldest": float(found["oldest"].max()) if len(found) else 0.0}


def totals_sql(slice_: Slice, kind: str) -> str:
    """The SQL that gives the operands of a list, in one row."""
    return filled(*over(sums_over(SUMS), _of_owners(slice_, kind)))


def by_dimension(slice_: Slice, kind: str) -> Mapping[str, pd.DataFrame]:
    """The sums of a list by each of ``stock.GROUPS``: how many, what they are worth, how long."""
    more = [name for name in GROUPS.values() if name != "owner_id"]
    wanted = {name: SUMS[name] for name in ("deals", "amount", "waited")}
    return of_rows(_of_owners(slice_, kind, more), GROUPS, wanted)


@shared
def recovered(slice_: Slice) -> pd.DataFrame:
    """Of the stays that lasted as long as a stuck deal's and ended in the last half year, per owner
    how many there were, moved on to a later stage (or were won), and were lost: ``RECOVERED``.
    """
    first = slice_.as_of - timedelta(days=RECOVERY_DAYS)
    rows = StageStay.objects.filter(left_on__gt=first, left_on__lte=slice_.as_of)
    long = rows.filter(stay_days__gte=terms.limit("stuck_days"))
    known = cut(long, slice_, when=None, dimensions={**deals.CLOSED, "stage": "stage_name"})
    told = known.values("owner_id", "passed_on", "status", "closed_at")
    return to_frame(asked(RECOVERY, told, day=slice_.as_of), RECOVERED)


def is_long(kind: str, at_least: int = 0) -> Mapping[str, Combinable]:
    """What a deal of a list fulfils, as a filter of rows that are ``counted``."""
    days, limit = KINDS[kind]
    return {f"{days}__gte": Greatest(terms.limit(limit), Value(at_least))}


def _long(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
    return rows.filter(**is_long(kind))


def _of_owners(slice_: Slice, kind: str, more: Sequence[str] = ()) -> QuerySet[Any, Any]:
    days, _ = KINDS[kind]
    rows = _long(counted(deals.open_(slice_), slice_), kind)
    named = rows.annotate(owner_name=F("owner__name"), waited=F(days))
    found: QuerySet[Any, Any] = named.values("owner_id", "owner_name", "value", "waited", *more)
    return found


def _since(slice_: Slice, day: Combinable) -> Combinable:
    """Whole days since a day, else since the deal was created; never below 0."""
    last = Coalesce(day, F("created_at"), output_field=DateField())
    return Greatest(Value(0), lapses.days(last, lapses.on(slice_.as_of)))


def _then(slice_: Slice) -> tuple[Combinable, Combinable]:
    """The last day on which a deal was changed or worked on, and on which it was worked on."""
    until = replace(slice_, period=None)
    own = OuterRef("deal_id")
    changes = days_of(DealChange.objects.filter(deal_id=own).order_by(), until, "changed_at")
    work = Activity.objects.filter(deal_id=own, is_done=True).order_by()
    changed, worked = (
        Subquery(
            rows.values("deal_id").annotate(day=Max(local_day(moment))).values("day"),
            output_field=DateField(),
        )
        for rows, moment in (
            (changes, "changed_at"),
            (days_of(work, until, "done_at"), "done_at"),
        )
    )
    return Greatest(changed, worked), worked
