"""What happened to deals in a period: created, won, lost, and what of them was changed.

Each kind is a query of its own with the same columns, so that they can be put one below the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pandas as pd
from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Abs, Cast, Coalesce, Concat, NullIf
from psycopg.sql import SQL

from pipeline.models import Deal, DealChange, Stage
from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.queries import cut, shared, to_frame, workspace
from revops_site.kernel.replica import connection

M = TypeVar("M", bound=Model)
TEXT, DATE = CharField(), DateField()
KINDS: Mapping[str, str] = {
    "created": "Created",
    "won": "Won",
    "lost": "Lost",
    "grown": "Amount up",
    "shrunk": "Amount down",
    "pushed": "Close pushed",
    "pulled": "Close pulled in",
    "moved": "Stage moved",
}
MOVED: Mapping[str, str] = {
    **dict.fromkeys(("kind", "told"), "str"),
    "worth": "float64",
    "size": "float64",
    "day": "datetime64[s]",
    "id_of_deal": "str",
}
NAMES: Mapping[str, str] = dict.fromkeys(
    ("name_of_deal", "name_of_account", "id_of_account", "whose", "id_of_owner"), "str"
)
COLUMNS: Mapping[str, str] = {**MOVED, **NAMES}
COUNT = "SELECT kind, count(*) FROM ({rows}) AS happened GROUP BY kind"
NUMBER = r"^-?[0-9]{1,15}(\.[0-9]+)?$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"


def of(slice_: Slice, kind: str) -> QuerySet[Any]:
    """What of one kind happened in the slice's period, each with ``COLUMNS``.

    ``worth`` is what the deal gained or lost in the reporting currency: its amount where it was
    created or won, less its amount where it was lost, else what its amount changed by. Where no
    money changed it is what the deal is worth. ``size`` is the same without a sign.
    """
    if kind == "created":
        return _of_deals(deals.created(slice_), "created_at", F("value"))
    if kind in {"won", "lost"}:
        rows = deals.decided(slice_).filter(status=kind)
        return _of_deals(rows, "closed_at", F("value") if kind == "won" else -F("value"))
    return _of_changes(slice_, kind)


def everything(slice_: Slice) -> QuerySet[Any]:
    """All that happened in the slice's period, one kind below the other.

    Of a row nothing but ``COLUMNS`` can be read: ask for ``values``.
    """
    first, *others = (of(slice_, kind).order_by() for kind in KINDS)
    return first.union(*others, all=True)


@shared
def largest(slice_: Slice, most: int) -> pd.DataFrame:
    """What of all that happened moved the most money, ``most`` of it: ``COLUMNS``."""
    rows = everything(slice_).order_by(F("size").desc(nulls_last=True), "day", "id_of_deal", "kind")
    found = to_frame(rows.values_list(*MOVED)[:most], MOVED)
    # What a deal is called is looked up of these alone.
    deals_ = Deal.objects.filter(pk__in=found["id_of_deal"].tolist()).annotate(**_named())
    names = to_frame(deals_.values_list("pk", *NAMES), {"id_of_deal": "str", **NAMES})
    return found.merge(names, how="left", on="id_of_deal")[list(COLUMNS)]


@shared
def counts(slice_: Slice) -> Mapping[str, int]:
    """How often each kind happened in the slice's period, of those that did."""
    rows, params = everything(slice_).values("kind").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SQL(COUNT).format(rows=SQL(rows)), params)
        return dict(cursor.fetchall())


def _of_deals(rows: QuerySet[Deal], day: str, worth: Combinable) -> QuerySet[Deal]:
    is_new = day == "created_at"
    return rows.annotate(
        kind=_text("created") if is_new else Cast("status", TEXT),
        told=_text("") if is_new else F("lost_reason"),
        worth=ExpressionWrapper(worth, MONEY),
        size=Abs("value"),
        day=F(day),
        id_of_deal=Cast("deal_id", TEXT),
        **_named(),
    )


def _named(deal: str = "") -> dict[str, Combinable]:
    """What a deal shows of itself, ``NAMES``; ``deal`` leads to it."""
    names = (f"{deal}opportunity_name", f"{deal}account_name")
    called = (NullIf(F(name), Value("")) for name in names)
    return {
        "name_of_deal": Coalesce(*called, Cast(f"{deal}deal_id", TEXT)),
        "name_of_account": Cast(f"{deal}account_name", TEXT),
        "id_of_account": Coalesce(Cast(f"{deal}account_id", TEXT), Value("")),
        "whose": Coalesce(F(f"{deal}owner__name"), Value("")),
        "id_of_owner": Coalesce(Cast(f"{deal}owner_id", TEXT), Value("")),
    }


def _of_changes(slice_: Slice, kind: str) -> QuerySet[DealChange]:
    known = cut(deals.real(), slice_, when=None, dimensions=deals.CLOSED)
    if kind in {"pushed", "pulled", "moved"}:
        known = known.filter(status=Deal.Status.OPEN)  # of a closed deal its end says it all
    rows = days_of(DealChange.objects.all(), slice_, "changed_at")
    rows = rows.filter(Exists(known.filter(pk=OuterRef("deal_id"))))
    worth: Combinable = F("deal__amount")
    told = Concat("old", Value(" → "), "new")
    if kind in {"grown", "shrunk"}:
        by = ExpressionWrapper(_number("new") - _number("old"), MONEY)
        rows = rows.filter(field="amount").annotate(by=by)
        rows = rows.filter(by__gt=0) if kind == "grown" else rows.filter(by__lt=0)
        worth = F("by")
    elif kind in {"pushed", "pulled"}:
        rows = rows.filter(field="close_date", old__regex=DAY, new__regex=DAY)
        later = Q(new__gt=F("old")) if kind == "pushed" else Q(new__lt=F("old"))
        rows = rows.filter(later)
    else:
        ends = Stage.objects.filter(is_closed=True).values("stage_name")
        moved = rows.filter(field="stage_name").exclude(new__in=ends)
        rows = moved.exclude(old="").exclude(old=F("new"))
    value = ExpressionWrapper(worth * deals.rate_of_day(slice_, "deal__"), MONEY)
    return rows.annotate(
        kind=_text(kind),
        told=Cast(told, TEXT),
        worth=value,
        size=Abs(value),
        day=local_day("changed_at"),
        id_of_deal=Cast("deal_id", TEXT),
        **_named("deal__"),
    )


def days_of(rows: QuerySet[M], slice_: Slice, moment: str) -> QuerySet[M]:
    """The rows whose ``moment`` lies in the period's days, as the workspace's clock counts them."""
    zone = _zone()
    end = slice_.as_of + timedelta(days=1)
    if slice_.period is not None:
        end = min(end, slice_.period.end)
        start = datetime.combine(slice_.period.start, time(), zone)
        rows = rows.filter(**{f"{moment}__gte": start})
    return rows.filter(**{f"{moment}__lt": datetime.combine(end, time(), zone)})


def after(day: date) -> datetime:
    """The moment at which a day is over, as the workspace's clock counts it."""
    return datetime.combine(day + timedelta(days=1), time(), _zone())


def _number(name: str) -> Combinable:
    """The text as a number; null where it is none, which no cast may meet."""
    is_one = When(**{f"{name}__regex": NUMBER}, then=Cast(name, MONEY))
    return Case(is_one, default=None, output_field=MONEY)


def _zone() -> ZoneInfo:
    return ZoneInfo(workspace().time_zone)


def local_day(moment: str) -> Combinable:
    """The day of a moment in the workspace's zone."""
    template = "((%(expressions)s AT TIME ZONE (SELECT time_zone FROM kernel_workspace))::date)"
    return Func(F(moment), template=template, output_field=DATE)


def _text(words: str) -> Value:
    return Value(words, output_field=TEXT)
