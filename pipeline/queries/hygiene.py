"""What open deals lack: rules that each deal keeps or breaks, by owner, and over the weeks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from psycopg.sql import SQL

from pipeline.models import Contact, DealSnapshot
from pipeline.queries import deals, listed, standing, terms, waits
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, filled, shared, to_frame

# Each rule by the name of what breaks it. No history tells of contacts and plans of past days.
RULES: Mapping[str, str] = {
    "no_next_step": "No next step",
    "past_close": "Past its expected close",
    "no_close_date": "No expected close",
    "no_amount": "No amount",
    "no_contact": "No contact",
    "no_owner": "No owner",
    "not_updated": "Not updated",
}
OF_NOW = ("no_next_step", "no_contact")
TREND_WEEKS = 13
TRENDED = ("past_close", "no_close_date", "no_amount", "no_owner")
OWNERS = {
    **dict.fromkeys(("owner_id", "owner_name"), "str"),
    **dict.fromkeys(("deals", "clean", *RULES), "int64"),
}
TREND = {"snapshot_date": "datetime64[s]", **dict.fromkeys(("deals", *TRENDED), "int64")}


def rules(slice_: Slice) -> tuple[str, ...]:
    """The rules that can be judged on the slice's day."""
    is_newest = standing.is_newest(slice_.as_of)
    return tuple(name for name in RULES if is_newest or name not in OF_NOW)


def breaks(slice_: Slice, rule: str) -> Q:
    """What a deal that breaks a rule fulfils, of rows as ``judged`` gives them."""
    if rule not in rules(slice_):
        return Q(pk__in=[])
    conditions: Mapping[str, Q] = {
        "no_next_step": Q(next_activity_at=None) | Q(next_activity_at__lt=slice_.as_of),
        "past_close": Q(close_date__lt=slice_.as_of),
        "no_close_date": Q(close_date=None),
        "no_amount": Q(amount=None),
        "no_contact": ~Q(Exists(Contact.objects.filter(deal_id=OuterRef("deal_id")))),
        "no_owner": Q(owner_id=None) | Q(owner_id=""),
        "not_updated": Q(overdue_days__gte=terms.limit("overdue_days")),
    }
    return conditions[rule]


def broken(slice_: Slice) -> QuerySet[Any]:
    """The open deals that break any rule, as ``listed.open_deals`` gives them."""
    found = Q()
    for rule in rules(slice_):
        found |= breaks(slice_, rule)
    return judged(listed.open_deals(slice_), slice_).filter(found)


def all_judged(slice_: Slice) -> QuerySet[Any]:
    """All open deals, each with ``is_…`` of every rule: whether it breaks it, None where nobody
    knows.
    """
    known = rules(slice_)
    unknown = Value(None, output_field=BooleanField(null=True))
    flags: dict[str, Any] = {
        f"is_{name}": Case(When(breaks(slice_, name), then=True), default=False)
        if name in known
        else unknown
        for name in RULES
    }
    found: QuerySet[Any] = judged(listed.open_deals(slice_), slice_).annotate(**flags)
    return found


def judged(rows: QuerySet[Any], slice_: Slice) -> QuerySet[Any]:
    """Open deals with what the rules look at."""
    return waits.counted(rows, slice_)


@shared
def by_owner(slice_: Slice) -> pd.DataFrame:
    """How many open deals each owner has, how many break no rule, and how many break each:
    ``OWNERS``, in the order of names; 0 of a rule that cannot be judged on the day.
    """
    try:
        text, params = _summed(slice_, "owner_id, owner_name")
    except EmptyResultSet:
        return to_frame((), OWNERS)
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return to_frame(cursor.fetchall(), OWNERS)


@shared
def totals(slice_: Slice) -> dict[str, float]:
    """The operands of hygiene by name: deals, clean, each rule, checks and passed."""
    found = by_owner(slice_)
    sums = {name: float(found[name].sum()) for name in ("deals", "clean", *RULES)}
    checks = sums["deals"] * len(rules(slice_))
    return {**sums, "checks": checks, "passed": checks - sum(sums[name] for name in RULES)}


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives the operands of hygiene."""
    return filled(*_summed(slice_))


@shared
def trend(slice_: Slice) -> pd.DataFrame:
    """What deals lacked on the kept days of the last weeks: ``TREND``, in the order of days."""
    first = slice_.as_of - timedelta(weeks=TREND_WEEKS)
    kept = DealSnapshot.objects.filter(
        status="open", snapshot_date__gt=first, snapshot_date__lte=slice_.as_of
    )
    rows = cut(kept, slice_, when=None, dimensions=deals.OPEN).order_by()
    broken_by = {
        "past_close": Q(close_date__lt=F("snapshot_date")),
        "no_close_date": Q(close_date=None),
        "no_amount": Q(value=None),
        "no_owner": Q(owner_id=""),
    }
    sums = rows.values("snapshot_date").annotate(
        deals=Count("deal_id"),
        **{name: Count("deal_id", filter=condition) for name, condition in broken_by.items()},
    )
    return to_frame(sums.order_by("snapshot_date").values_list(*TREND), TREND)


def _summed(slice_: Slice, by: str = "") -> tuple[str, Any]:
    judged_by = rules(slice_)
    flags = {f"is_{name}": breaks(slice_, name) for name in judged_by}
    rows = judged(deals.open_(slice_), slice_).annotate(owner_name=F("owner__name"), **flags)
    inner, params = rows.values("owner_id", "owner_name", *flags).query.sql_with_params()
    kept = " AND ".join(f"is_{name} IS NOT TRUE" for name in judged_by)
    sums = {"deals": "count(*)", "clean": f"count(*) FILTER (WHERE {kept})"}
    sums |= {
        name: f"count(*) FILTER (WHERE is_{name})" if name in judged_by else "0::bigint"
        for name in RULES
    }
    keys = ["COALESCE(owner_id, '') AS owner_id, COALESCE(owner_name, '') AS owner_name"]
    extra = [] if by else [f"count(*) * {len(judged_by)} AS checks", _passed(judged_by)]
    chosen = ", ".join(
        [*(keys if by else ()), *(f"{sql} AS {name}" for name, sql in sums.items()), *extra]
    )
    order = " GROUP BY 1, 2 ORDER BY 2, 1" if by else ""
    text = SQL("SELECT {chosen} FROM ({inner}) AS judged{order}").format(
        chosen=SQL(chosen), inner=SQL(inner), order=SQL(order)
    )
    return text.as_string(), params


def _passed(judged_by: tuple[str, ...]) -> str:
    parts = " + ".join(f"count(*) FILTER (WHERE is_{name} IS NOT TRUE)" for name in judged_by)
    return f"{parts} AS passed"
