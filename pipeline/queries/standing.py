"""The open deals of a day with all that their health and their chance are judged by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from django.db import connection
from django.db.models import Case, ExpressionWrapper, F, QuerySet, Value, When
from django.db.models.functions import Lower, Trim

from pipeline.models import Stage
from pipeline.queries import deals, past
from revops_site.kernel import freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY, RateOn, rates
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import Columns, cut, shared, to_frame

DATASETS = ("pipeline_deals",)
TOLD: Columns = {
    **dict.fromkeys(("deal_id", "owner_id", "segment", "region", "source_channel"), "str"),
    **dict.fromkeys(("pipeline_id", "stage_name", "forecast_category", "currency"), "str"),
    **dict.fromkeys(("amount", "probability", "discount_pct"), "float64"),
    **dict.fromkeys(("created_at", "close_date", "last_stage_change"), "datetime64[s]"),
    **dict.fromkeys(("has_champion", "has_economic_buyer"), "object"),
}
WORK: Columns = {"deal_id": "str", "last_activity_at": "datetime64[s]", "planned": "datetime64[s]"}
PLACES: Columns = {
    **dict.fromkeys(("pipeline_id", "stage_name"), "str"),
    **dict.fromkeys(("stage_probability", "expected_days", "rotten_days"), "float64"),
    "stage_order": "int64",
    "is_closed": "bool",
}
OF_STAGE = ("stage_probability", "expected_days", "rotten_days", "later_days")
# What happened after the day is not looked at: ``end`` is the first instant of the next one.
ACTIVITIES = """
    SELECT deal_id,
        (max(done_at) FILTER (WHERE is_done AND done_at < %(end)s AND direction <> 'inbound')
            AT TIME ZONE %(zone)s)::date,
        min(due_date) FILTER (WHERE NOT is_done AND due_date >= %(day)s)
    FROM pipeline_activity WHERE deal_id = ANY(%(ids)s) GROUP BY deal_id
"""
ENGAGED = """
    SELECT deal_id, count(*) FROM (
        SELECT deal_id, contact_id FROM pipeline_contact
        WHERE deal_id = ANY(%(ids)s) AND last_engaged_at <= %(day)s
            AND last_engaged_at > %(first)s
        UNION
        SELECT deal_id, contact_id FROM pipeline_activity
        WHERE deal_id = ANY(%(ids)s) AND is_done AND contact_id <> ''
            AND done_at >= %(since)s AND done_at < %(end)s
    ) AS engaged GROUP BY deal_id
"""
ENGAGED_DAYS = 90
PUSHES = r"""
    SELECT deal_id, count(*) FROM pipeline_dealchange
    WHERE deal_id = ANY(%(ids)s) AND field = 'close_date' AND changed_at < %(end)s
        AND old ~ '^\d{4}-\d\d' AND new ~ '^\d{4}-\d\d' AND left(new, 7) > left(old, 7)
    GROUP BY deal_id
"""
AMOUNTS = """
    SELECT DISTINCT ON (deal_id) deal_id, old FROM pipeline_dealchange
    WHERE deal_id = ANY(%(ids)s) AND field = 'amount'
        AND changed_at >= %(since)s AND changed_at < %(end)s
    ORDER BY deal_id, changed_at
"""
AMOUNT_DAYS = 30


@shared
def open_deals(slice_: Slice, until: date | None) -> pd.DataFrame:
    """One row per open deal of the slice's day, expected before ``until`` where that is given.

    Columns: those of ``TOLD`` as they were then, the amount as own_amount; value in the reporting
    currency; chance, the deal's own probability, else its stage's (on past days the stage's first,
    since no history tells of a deal's own); days_in_stage;
    stage_probability, expected_days; last_activity_at (out to the customer or with him),
    next_activity_at, next_is_known, engaged_contacts (of 90 days), push_count, amount_30d_ago.
    What was planned is known of the newest day alone.
    """
    rows = open_on(slice_)
    if until is not None:
        rows = rows.filter(close_date__lt=until)
    return told(rows, slice_)


@shared
def some_open_deals(slice_: Slice, ids: tuple[str, ...]) -> pd.DataFrame:
    """The same of these deals alone, as far as they are open and in the slice."""
    return told(open_on(slice_).filter(deal_id__in=ids), slice_)


def told(rows: QuerySet[Any], slice_: Slice, columns: Columns = TOLD) -> pd.DataFrame:
    """What is judged of these open deals; ``columns`` are those of ``TOLD``, and more if needed."""
    found = to_frame(rows.order_by("deal_id").values_list(*columns), columns)
    for name in ("owner_id", "pipeline_id"):
        found[name] = found[name].fillna("").replace("None", "")
    known = _placed(found.rename(columns={"amount": "own_amount"}))
    return _judged(_weighed(known, slice_), slice_.as_of)


def open_on(slice_: Slice) -> QuerySet[Any]:
    """The deals that are open at the end of the slice's day, as they stood then."""
    if is_now(slice_.as_of):
        return deals.open_(slice_)
    rows = past.at(slice_.as_of).filter(status="open")
    rows = rows.alias(category=Lower(Trim("forecast_category"))).exclude(category="omitted")
    return cut(rows, slice_, when=None, dimensions=deals.OPEN)


def won_on(slice_: Slice, quarter: Period) -> QuerySet[Any]:
    """The deals that count as won in a quarter at the end of the slice's day, each with ``value``.

    A deal that was opened again before that day does not count, one that was later does.
    """
    rows = past.at(slice_.as_of).filter(
        status="won", closed_at__gte=quarter.start, closed_at__lt=quarter.end
    )
    own = Value(slice_.currency)
    rate = Case(
        When(currency=slice_.currency, then=Value(Decimal(1))),
        default=RateOn(F("currency"), own, F("closed_at")),
        output_field=MONEY,
    )
    rows = cut(rows, slice_, when=None, dimensions=deals.CLOSED)
    return rows.annotate(value=ExpressionWrapper(F("amount") * rate, MONEY))


def lost_on(slice_: Slice, quarter: Period) -> QuerySet[Any]:
    """The deals that count as lost in a quarter at the end of the slice's day."""
    rows = past.at(slice_.as_of).filter(
        status="lost", closed_at__gte=quarter.start, closed_at__lt=quarter.end
    )
    rows = rows.alias(lost_as=Lower(Trim("lost_reason"))).exclude(lost_as__in=deals.NEVER_REAL)
    return cut(rows, slice_, when=None, dimensions=deals.CLOSED)


def is_now(day: date) -> bool:
    """Whether deals stand on a day as they do today: the data tell of none after it."""
    last = last_day()
    return last is None or day >= last


def is_newest(day: date) -> bool:
    """Whether a day is the last one of the data, or the one before: its plans are those of now."""
    last = last_day()
    return last is None or day >= last - timedelta(days=1)


def _placed(found: pd.DataFrame) -> pd.DataFrame:
    """With what the deal's stage tells: that of its own pipeline, else of any of that name.

    ``later_days`` are the benchmarks of the open stages after it, together.
    """
    stages = _stages()
    own = stages.drop_duplicates(["pipeline_id", "stage_name"])
    named = stages.drop_duplicates("stage_name")
    known = found.merge(own, how="left", on=["pipeline_id", "stage_name"], indicator=True)
    free = (known["_merge"] == "left_only") & known["stage_name"].isin(
        named.loc[named["pipeline_id"] == "", "stage_name"]
    ) | (known["pipeline_id"] == "")
    by_name = found[["stage_name"]].merge(named, how="left", on="stage_name")
    for column in OF_STAGE:
        known[column] = known[column].mask(free, by_name[column])
    return known.drop(columns="_merge")


def _weighed(known: pd.DataFrame, slice_: Slice) -> pd.DataFrame:
    of_day = {code: float(rate) for code, rate in rates(slice_.currency, slice_.as_of).items()}
    since = known["last_stage_change"].fillna(known["created_at"])
    own, usual = known["probability"], known["stage_probability"]
    if not is_now(slice_.as_of):
        # A deal's own probability is that of today: of one that has closed it tells how it ended.
        own, usual = usual, own.where((own > 0) & (own < 1))
    chance = own.fillna(usual).clip(0, 1)
    return known.assign(
        value=known["own_amount"] * known["currency"].map(of_day),
        chance=chance,
        days_in_stage=(pd.Timestamp(slice_.as_of) - since).dt.days,
        # A stage that no plan names is as likely as its deals say.
        stage_probability=known["stage_probability"].fillna(chance),
    )


def _judged(found: pd.DataFrame, day: date) -> pd.DataFrame:
    ids = found["deal_id"].tolist()
    work = asked(ACTIVITIES, WORK, ids, day)
    engaged = asked(ENGAGED, {"deal_id": "str", "n": "int64"}, ids, day, ENGAGED_DAYS)
    pushes = asked(PUSHES, {"deal_id": "str", "n": "int64"}, ids, day)
    amounts = asked(AMOUNTS, {"deal_id": "str", "old": "str"}, ids, day, AMOUNT_DAYS)
    known = found.merge(work, how="left", on="deal_id")
    newest = is_newest(day)
    before = pd.to_numeric(_of(known, amounts, "old"), errors="coerce")
    return known.assign(
        next_activity_at=known["planned"],
        next_is_known=newest,
        engaged_contacts=_of(known, engaged, "n").fillna(0),
        push_count=_of(known, pushes, "n").fillna(0),
        amount_30d_ago=before.fillna(known["own_amount"]),
    ).drop(columns="planned")


def _of(known: pd.DataFrame, told: pd.DataFrame, column: str) -> pd.Series[float]:
    return known["deal_id"].map(told.set_index("deal_id")[column])


def asked(
    sql: str, columns: Columns, ids: Collection[str], day: date, days: int = 0, **more: Any
) -> pd.DataFrame:
    """What a query says of some deals as of a day; ``days`` is how far it looks back.

    It is told ids, day, first and since (``days`` back), end, zone, and ``more``.
    """
    local, newest = zone(), last_day() or day
    params: dict[str, Any] = {
        "ids": list(ids),
        "day": day,
        "first": day - timedelta(days=days),
        "since": datetime.combine(day + timedelta(days=1 - days), time(), local),
        # A change that a load saw bears the load's moment, after the last day that it told of.
        "end": datetime.combine(day + timedelta(days=1), time(), local)
        if day < newest
        else datetime.max.replace(tzinfo=UTC),
        "zone": local.key,
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return to_frame(cursor.fetchall(), columns)


@shared
def zone() -> ZoneInfo:
    """The workspace's time zone."""
    return ZoneInfo(freshness.workspace().time_zone)


@shared
def last_day() -> date | None:
    """The last day of the deals' data; None where nothing was loaded."""
    return freshness.of(DATASETS, freshness.workspace()).last_day


@shared
def _stages() -> pd.DataFrame:
    rows = Stage.objects.order_by("pipeline_id", "stage_order", "stage_id")
    fields = ("pipeline_id", "stage_name", "probability", "expected_days", "rotten_days")
    found = to_frame(rows.values_list(*fields, "stage_order", "is_closed"), PLACES)
    found["pipeline_id"] = found["pipeline_id"].fillna("").replace("None", "")
    open_ = found[~found["is_closed"]]
    later = [
        open_.loc[
            (open_["pipeline_id"] == stage.pipeline_id)
            & (open_["stage_order"] > stage.stage_order),
            "expected_days",
        ].sum()
        for stage in found.itertuples()
    ]
    return found.assign(later_days=pd.Series(later, dtype="float64"))[
        ["pipeline_id", "stage_name", *OF_STAGE]
    ]
