"""The health of a slice's customers at its month: who is in doubt, what renews, what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from revenue.metrics.health import AT_RISK, FACTORS, SIGNS
from revenue.models import Customer, CustomerHealth
from revenue.queries.known import DIMENSIONS, OWNER, month
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY, rates
from revops_site.kernel.queries import cut, shared, to_frame, written

RENEWS_WITHIN = 180  # days
GROUPS = {"band": "str", "customers": "int64", "mrr": "float64"}
TOTALS = {
    **dict.fromkeys(("judged", "at_risk", "renewing", "renewing_at_risk"), "int64"),
    **dict.fromkeys(("mrr_judged", "mrr_at_risk", "mrr_renewing", "mrr_renewing_risk"), "float64"),
}
DUE = {
    "customers": "int64",
    "mrr": "float64",
    "at_risk": "int64",
    "mrr_at_risk": "float64",
    "leaving": "int64",
    "mrr_leaving": "float64",
}
SOON = 90
DAY = DateField()


def history(slice_: Slice) -> QuerySet[CustomerHealth]:
    """All months' rows that the slice lets through, whatever its period."""
    rows = cut(CustomerHealth.objects.all(), slice_, when=None, dimensions=DIMENSIONS)
    if slice_.is_scoped:
        owned = cut(Customer.objects.all(), slice_, when=None, dimensions=OWNER)
        rows = rows.filter(customer_id__in=owned.values("customer_id"))
    return rows


def now(slice_: Slice) -> QuerySet[CustomerHealth]:
    """Who pays at the slice's month, each with ``rate``, ``value``, ``renewing_value``,
    ``days_left``, ``because``, and what the list of customers tells (``account_name`` …,
    ``leaves_on``).
    """
    at = month(slice_)
    rows = history(slice_)
    return with_facts(rows.filter(month=at) if at else rows.none(), slice_)


def with_facts(rows: QuerySet[CustomerHealth], slice_: Slice) -> QuerySet[CustomerHealth]:
    """Rows of any months with all that ``now`` gives; money at the rates of the slice's month."""
    known = rates(slice_.currency, day_of(slice_))
    pairs = [
        When(currency=code, then=Value(rate, output_field=MONEY))
        for code, rate in sorted(known.items())
    ]
    left = f"(%(expressions)s - DATE '{day_of(slice_)}')"
    rows = rows.annotate(rate=Case(*pairs, default=None, output_field=MONEY), **listed_facts())
    return rows.annotate(
        because=_because(slice_),
        value=ExpressionWrapper(F("mrr") * F("rate"), MONEY),
        renewing_value=ExpressionWrapper(F("renewing_mrr") * F("rate"), MONEY),
        days_left=Func(F("renews_on"), template=left, output_field=IntegerField()),
    )


def _because(slice_: Slice) -> Func:
    """Why a customer is in doubt: that it is known to leave comes before what lowers its score."""
    said = Concat(Value("leaves "), Cast("leaves_on", CharField()))
    known = Case(When(leaving(slice_), then=said), default=None, output_field=CharField())
    found = NullIf("why", Value(""))
    return Func(Value(" · "), known, found, function="concat_ws", output_field=CharField())


def listed_facts() -> dict[str, Any]:
    """What the list of customers tells of each: whose it is, when it leaves."""
    return {
        "account_name": Coalesce(F("listed__account_name"), F("customer_id")),
        "owner_name": F("listed__owner__name"),
        "owner_id": F("listed__owner_id"),
        "leaves_on": F("listed__churn_date"),
    }


def at_risk(slice_: Slice) -> QuerySet[CustomerHealth]:
    """Those of them whose health is At Risk or Critical, or whose leaving is known."""
    return now(slice_).filter(in_doubt(slice_))


def in_doubt(slice_: Slice) -> Q:
    """What makes a customer one at risk."""
    return Q(band__in=AT_RISK) | leaving(slice_)


def renewing(slice_: Slice, days: int = RENEWS_WITHIN) -> QuerySet[CustomerHealth]:
    """Those of them with something that renews within so many days."""
    rows = now(slice_).filter(renewing_mrr__gt=0)
    day = day_of(slice_)
    return rows.filter(renews_on__gt=day, renews_on__lte=periods.plus(day, days))


@shared
def totals(slice_: Slice) -> pd.DataFrame:
    """``TOTALS`` in one row: of customers whose health is known, and of what renews in 90 days."""
    found = dict.fromkeys(TOTALS, 0.0)
    # By currency: a rate for each sum costs less than one for each customer.
    for row in _by_currency(slice_, _totals(slice_, "mrr", "renewing_mrr")):
        for name in TOTALS:
            rate = row["rate"] if name.startswith("mrr") else 1
            found[name] += float((row[name] or 0) * rate)
    if not found["judged"] and not found["renewing"]:
        return pd.DataFrame([dict.fromkeys(TOTALS, float("nan"))])
    return to_frame([[found[name] for name in TOTALS]], TOTALS)


def listed_totals(slice_: Slice) -> dict[str, float | int]:
    """The same of the list of those at risk: how many rows, what they pay."""
    found = totals(slice_).fillna(0).iloc[0]
    return {"rows": int(found["at_risk"]), "value": float(found["mrr_at_risk"])}


def _by_currency(slice_: Slice, sums: dict[str, Count | Sum], *by: str) -> list[dict[str, Any]]:
    """The sums per currency, with its ``rate``; 0 where none is known, as of no known value."""
    known = rates(slice_.currency, day_of(slice_))
    rows = now(slice_).order_by().values("currency", *by).annotate(**sums)
    return [{**row, "rate": known.get(row["currency"]) or 0} for row in rows]


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives them."""
    rows = (
        now(slice_)
        .order_by()
        .values(everything=Value(1))
        .annotate(**_totals(slice_, "value", "renewing_value"))
    )
    return written(rows)


def _totals(slice_: Slice, paid: str, due_: str) -> dict[str, Count | Sum]:
    day = day_of(slice_)
    due = Q(renews_on__gt=day, renews_on__lte=periods.plus(day, SOON), renewing_mrr__gt=0)
    known, risk = ~Q(band=""), in_doubt(slice_)
    return {
        "judged": Count("customer_id", filter=known),
        "at_risk": Count("customer_id", filter=risk),
        "renewing": Count("customer_id", filter=due),
        "renewing_at_risk": Count("customer_id", filter=due & risk),
        "mrr_judged": Sum(paid, filter=known),
        "mrr_at_risk": Sum(paid, filter=risk),
        "mrr_renewing": Sum(due_, filter=due),
        "mrr_renewing_risk": Sum(due_, filter=due & risk),
    }


@shared
def bands(slice_: Slice) -> pd.DataFrame:
    """How many customers each band holds at the slice's month, and what they pay: ``GROUPS``."""
    rows = now(slice_).order_by().values("band").annotate(n=Count("customer_id"), paid=Sum("value"))
    return to_frame(rows.values_list("band", "n", "paid"), GROUPS)


@shared
def having(slice_: Slice) -> dict[str, int]:
    """How many customers have each sign at the slice's month, by what it is called."""
    counts = {one.name: Count("customer_id", filter=Q(**{one.name: True})) for one in SIGNS}
    found = now(slice_).aggregate(**{f"n_{name}": count for name, count in counts.items()})
    return {one.label: int(found[f"n_{one.name}"] or 0) for one in SIGNS}


@shared
def factors(slice_: Slice) -> pd.DataFrame:
    """Per factor at the slice's month: ``known`` of how many customers, ``low`` of how many it
    gives fewer points, and the mean ``points`` of those it is known of.
    """
    rows = now(slice_)
    sums: dict[str, Count | Sum] = {}
    for one in FACTORS:
        sums[f"{one.name}_known"] = Count(one.name)
        sums[f"{one.name}_low"] = Count(one.name, filter=Q(**{f"{one.name}__lt": one.most}))
        sums[f"{one.name}_points"] = Sum(one.name)
    found = rows.aggregate(whole=Count("customer_id"), **sums)
    table = [
        (
            one.name,
            found["whole"],
            found[f"{one.name}_known"],
            found[f"{one.name}_low"],
            float(found[f"{one.name}_points"] or 0) / found[f"{one.name}_known"]
            if found[f"{one.name}_known"]
            else None,
        )
        for one in FACTORS
        if found["whole"]
    ]
    kinds = {"name": "str", "customers": "int64", "known": "int64", "low": "int64"}
    return to_frame(table, {**kinds, "points": "float64"})


def months_before(day: date, back: int) -> date:
    """The first day of the month so many months before that of the day."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def day_of(slice_: Slice) -> date:
    """The day of the slice's month at which its customers are looked at."""
    at = month(slice_)
    return min(periods.month(at).last_day, slice_.as_of) if at else slice_.as_of


@shared
def by_window(slice_: Slice, windows: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Per window of days from the slice's day (after the first, up to the second): ``DUE``.

    No row at all where nothing renews in any of them.
    """
    day, rows = day_of(slice_), renewing(slice_, windows[-1][1])
    sums: dict[str, Count | Sum] = {}
    for nth, (first, last) in enumerate(windows):
        within = Q(renews_on__gt=periods.plus(day, first), renews_on__lte=periods.plus(day, last))
        for name, more in (("", Q()), ("risk_", in_doubt(slice_)), ("gone_", leaving(slice_))):
            sums[f"{name}n{nth}"] = Count("customer_id", filter=within & more)
            sums[f"{name}mrr{nth}"] = Sum("renewing_value", filter=within & more)
    found = rows.aggregate(**sums)
    table = [
        [
            found[f"{name}{what}{nth}"] or 0
            for name in ("", "risk_", "gone_")
            for what in ("n", "mrr")
        ]
        for nth in range(len(windows))
    ]
    return to_frame(table if any(row[0] for row in table) else [], DUE)


def leaving(slice_: Slice) -> Q:
    """What makes a customer one whose leaving is known."""
    return Q(leaves_on__gt=day_of(slice_))
