"""The open deals of a day with all that their health and their chance are judged by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from django.db.models import Case, ExpressionWrapper, F, QuerySet, Value, When
from django.db.models.functions import Lower, Trim

from pipeline.models import Stage
from pipeline.queries import deals, evidence, past
from revops_site.kernel import freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY, RateOn, rates
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import Columns, cut, lasting, shared, to_frame, workspace

DATASETS = ("pipeline_deals",)
TOLD: Columns = {
    **dict.fromkeys(("deal_id", "owner_id", "segment", "region", "source_channel"), "str"),
    **dict.fromkeys(("pipeline_id", "stage_name", "forecast_category", "currency"), "str"),
    **dict.fromkeys(("amount", "probability", "discount_pct"), "float64"),
    **dict.fromkeys(("created_at", "close_date", "last_stage_change"), "datetime64[s]"),
    **dict.fromkeys(("has_champion", "has_economic_buyer"), "object"),
}
PLACES: Columns = {
    **dict.fromkeys(("pipeline_id", "stage_name"), "str"),
    **dict.fromkeys(("stage_probability", "expected_days", "rotten_days"), "float64"),
    "stage_order": "int64",
    "is_closed": "bool",
}
OF_STAGE = ("stage_probability", "expected_days", "rotten_days", "later_days")


@shared
def open_deals(slice_: Slice, until: date | None) -> pd.DataFrame:
    """One row per open deal of the slice's day, expected before ``until`` where that is given.

    Columns: those of ``TOLD`` as they were then, the amount as own_amount; value in the reporting
    currency; chance, the deal's own probability, else its stage's (on past days the stage's first,
    since no history tells of a deal's own); days_in_stage;
    stage_probability, expected_days; last_activity_at (out to the customer or with him),
    next_activity_at, next_is_known, engaged_contacts (of 90 days), push_count, amount_30d_ago.
    What was planned is known of the newest day alone. Of a deal without a recorded activity, the
    days that its own file gives count.
    """
    rows = open_on(slice_)
    if until is not None:
        rows = rows.filter(close_date__lt=until)
    return told(rows, slice_)


@shared
def some_open_deals(slice_: Slice, ids: tuple[str, ...]) -> pd.DataFrame:
    """The same of these deals alone, as far as they are open and in the slice."""
    return told(open_on(slice_).filter(deal_id__in=ids), slice_)


def told(
    rows: QuerySet[Any], slice_: Slice, columns: Columns = TOLD, *, risks: bool = False
) -> pd.DataFrame:
    """What is judged of these open deals; ``columns`` are those of ``TOLD``, and more if needed.

    With ``risks`` also has_slipped (out of the running fiscal quarter within it), champion, buyer
    and contact (who was engaged last), names or "".
    """
    found = to_frame(rows.order_by("deal_id").values_list(*columns), columns)
    for name in ("owner_id", "pipeline_id"):
        found[name] = found[name].fillna("").replace("None", "")
    known = _placed(found.rename(columns={"amount": "own_amount"}))
    return _judged(_weighed(known, slice_), slice_, risks=risks)


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


def _judged(found: pd.DataFrame, slice_: Slice, *, risks: bool) -> pd.DataFrame:
    day = slice_.as_of
    told = evidence.known(
        found["deal_id"].tolist(),
        day,
        is_newest=day >= (last_day() or day),
        zone=zone(),
        first_month=slice_.first_month,
    )
    parts = evidence.frames({**evidence.PARTS, **(evidence.OF_RISK if risks else {})}, told)
    known = _worked(found, parts, day)
    before = pd.to_numeric(_of(known, parts["amounts"], "old"), errors="coerce")
    known = known.assign(
        next_activity_at=known["planned"],
        next_is_known=is_newest(day),
        engaged_contacts=_of(known, parts["engaged"], "n").fillna(0),
        push_count=_of(known, parts["pushes"], "n").fillna(0),
        amount_30d_ago=before.fillna(known["own_amount"]),
    ).drop(columns="planned")
    return _with_risks(known, parts) if risks else known


def _worked(found: pd.DataFrame, parts: Mapping[str, pd.DataFrame], day: date) -> pd.DataFrame:
    """With last_activity_at and planned; of a deal without any work, its own days."""
    both = found.merge(parts["work"], how="left", on="deal_id")
    both = both.merge(parts["own"], how="left", on="deal_id")
    idle = ~both["is_worked"].eq(True)
    last = both["last_activity_at"].fillna(both["own_last"].where(idle))
    planned = both["planned"].fillna(both["own_next"]) if is_newest(day) else both["planned"]
    told = both.assign(last_activity_at=last, planned=planned)
    return told.drop(columns=["own_last", "own_next", "is_worked"])


def _with_risks(known: pd.DataFrame, parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    named = known.merge(parts["people"], how="left", on="deal_id")
    for name in ("champion", "buyer", "contact"):
        named[name] = named[name].fillna("").replace("None", "")
    return named.assign(has_slipped=named["deal_id"].isin(parts["slipped"]["deal_id"]))


def _of(known: pd.DataFrame, told: pd.DataFrame, column: str) -> pd.Series[float]:
    return known["deal_id"].map(told.set_index("deal_id")[column])


@shared
def zone() -> ZoneInfo:
    """The workspace's time zone."""
    return ZoneInfo(workspace().time_zone)


@shared
def last_day() -> date | None:
    """The last day of the deals' data; None where nothing was loaded."""
    return freshness.of(DATASETS, workspace()).last_day


@lasting
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
