"""The five figures that matter to a reader, by role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from typing import Any

import pandas as pd

from insights.analytics import overview as sums
from pipeline import metrics, queries
from pipeline.queries import done, quotas
from revops_site.kernel import formats, periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric, Operands, change, measure, number
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame
from revops_site.kernel.periods import Period

KNOWN = ("segment", "region", "team", "owner")


def company(slice_: Slice) -> Sequence[Tile]:
    """Closed won and the gap of the quarter, what is open, what came in since Monday."""
    if _is_empty(slice_):
        return []
    return [won(slice_), gap(slice_), pipeline(slice_), created(slice_)]


def team(slice_: Slice) -> Sequence[Tile]:
    """The same with attainment, which reps answer for."""
    if _is_empty(slice_):
        return []
    return [won(slice_), attainment(slice_), gap(slice_), pipeline(slice_), created(slice_)]


def day(slice_: Slice) -> Sequence[Tile]:
    """A rep's day: attainment and gap, what is open, what was done, what is late."""
    if _is_empty(slice_):
        return []
    return [
        attainment(slice_),
        gap(slice_),
        pipeline(slice_),
        activities(slice_),
        past_due(slice_),
    ]


def won(slice_: Slice) -> Tile:
    """Closed won of the fiscal quarter, beside as many days of the one before."""
    quarter = _quarter(slice_)
    before = None
    first = queries.first_close()
    if slice_.compare is not None and first is not None and first <= slice_.compare.start:
        before = measure(metrics.WON_VALUE, _within(slice_, slice_.compare)).value
    now = measure(metrics.WON_VALUE, _within(slice_, quarter))
    return _tile(
        metrics.WON_VALUE,
        now,
        before,
        sums.weekly(_days(slice_), "won_amount", slice_.as_of),
        note=f"{_named(slice_)} so far, {_deals(_within(slice_, quarter), 'won')}.",
        base=_against(slice_, quarter),
        against=slice_.compare,
    )


def gap(slice_: Slice) -> Tile:
    """What is still to be won in the quarter, week by week."""
    quarter = _quarter(slice_)
    operands = _planned(slice_, quarter)
    whole = operands["quota"]
    reached = sums.so_far(_days(slice_), "won_amount", quarter)
    value = formats.show(None if isnan(whole) else whole, "amount_auto", slice_.currency)
    return _tile(
        metrics.QUOTA_GAP,
        measure(metrics.QUOTA_GAP, operands),
        None,
        [] if isnan(whole) or _apart(slice_) else [whole - one for one in reached],
        note=f"Of a quota of {value}." if not isnan(whole) else "No quota is known.",
    )


def attainment(slice_: Slice) -> Tile:
    """Won since the fiscal year began, of the quota of the days passed (K01)."""
    year = periods.fiscal_year(slice_.as_of, slice_.first_month).until(slice_.as_of)
    return _tile(
        metrics.ATTAINMENT,
        measure(metrics.ATTAINMENT, _planned(slice_, year)),
        None,
        [],
        note="This fiscal year to date.",
        narrows={"period": "this_year"},
    )


def pipeline(slice_: Slice) -> Tile:
    """What is open."""
    totals = queries.open_totals(slice_)
    count = int(totals["open_deals"])
    return _tile(
        metrics.TOTAL,
        measure(metrics.TOTAL, totals),
        None,
        [],
        note=f"{count:,} open {'deal' if count == 1 else 'deals'}.",
    )


def created(slice_: Slice) -> Tile:
    """What came in since Monday, beside the same days of the week before."""
    since = since_monday(slice_)
    days = _within(slice_, since)
    before = measure(metrics.CREATED_VALUE, _within(slice_, since.shifted(-7))).value
    return _tile(
        metrics.CREATED_VALUE,
        measure(metrics.CREATED_VALUE, days),
        before,
        sums.weekly(_days(slice_), "created_amount", slice_.as_of),
        note=f"{_deals(days, 'created')} since {_day(since)}.",
        base="vs the week before",
        against=since.shifted(-7),
        narrows=_custom(since),
    )


def activities(slice_: Slice) -> Tile:
    """What was completed since Monday, beside the same days of the week before."""
    since = since_monday(slice_)
    window = Period(sums.complete_weeks(slice_.as_of)[0].start, since.end)
    days = done.completed_by(replace(slice_, period=window), "date")
    now = measure(metrics.ACTIVITIES, sums.within(days, since))
    before = measure(metrics.ACTIVITIES, sums.within(days, since.shifted(-7))).value
    return _tile(
        metrics.ACTIVITIES,
        now,
        before,
        sums.weekly(days, "activities", slice_.as_of),
        note=f"Since {_day(since)}.",
        base="vs the week before",
        against=since.shifted(-7),
        narrows=_custom(since),
    )


def past_due(slice_: Slice) -> Tile:
    """Open deals past their expected close."""
    found = queries.watched(slice_)
    worth = found["past_due_amount"]
    return _tile(
        metrics.PAST_DUE,
        measure(metrics.PAST_DUE, found),
        None,
        [],
        note=f"Worth {formats.show(worth, 'amount_auto', slice_.currency)}.",
    )


def since_monday(slice_: Slice) -> Period:
    """From the Monday before the day up to the day."""
    return Period(sums.last_monday(slice_.as_of), periods.plus(slice_.as_of, 1))


def _tile(
    metric: Metric, now: Measured, before: float | None, weeks: Sequence[float | None], **said: Any
) -> Tile:
    moved = change(metric, now.value, before)
    return Tile(metric=metric, now=now, before=before, change=moved, weeks=weeks, **said)


def _days(slice_: Slice) -> pd.DataFrame:
    """What each day saw, far enough back for all figures: one question to the database."""
    starts = [sums.complete_weeks(slice_.as_of)[0].start, _quarter(slice_).start]
    if slice_.compare is not None:
        starts.append(slice_.compare.start)
    if slice_.is_scoped:
        starts.append(periods.fiscal_year(slice_.as_of, slice_.first_month).start)
    window = Period(min(starts), periods.plus(slice_.as_of, 1))
    return queries.flows(replace(slice_, period=window), "date")


def _within(slice_: Slice, period: Period) -> pd.DataFrame:
    return sums.within(_days(slice_), period)


def _planned(slice_: Slice, period: Period) -> Operands:
    """Quota and what was won of it; quotas know no segment, so neither do these deals."""
    asked = replace(slice_, period=period)
    if _apart(slice_):
        return quotas.attainment(asked)
    return {**quotas.planned(asked), "won_amount": number(_within(slice_, period), "won_amount")}


def _apart(slice_: Slice) -> bool:
    """Whether the slice is narrowed by what quotas do not know."""
    return bool(slice_.not_applied(quotas.DIMENSIONS))


def _quarter(slice_: Slice) -> Period:
    return periods.fiscal_quarter(slice_.as_of, slice_.first_month).until(slice_.as_of)


def _against(slice_: Slice, quarter: Period) -> str:
    """What a quarter so far is measured against; "" where the page says it."""
    before = slice_.compare
    is_year = before is not None and before.start.month == quarter.start.month
    return "" if is_year else "vs the quarter before"


def _named(slice_: Slice) -> str:
    return f"Fiscal {periods.quarter_label(slice_.as_of, slice_.first_month)}"


def _deals(days: pd.DataFrame, event: str) -> str:
    count = int(days[event].iloc[0])
    return f"{count:,} {'deal' if count == 1 else 'deals'}"


def _day(period: Period) -> str:
    return f"{period.start:%A}, {formats.show(period.start, 'date')}"


def _custom(period: Period) -> dict[str, Any]:
    return {"period": "custom", "start": period.start, "end": period.last_day}


def _is_empty(slice_: Slice) -> bool:
    """No deal is open, and none was created or closed of late."""
    return _days(slice_).empty and not queries.open_totals(slice_)["open_deals"]


def _panel(slug: str, question: str, tiles: Any) -> Panel:
    return Panel(
        slug=slug,
        title="Headline figures",
        question=question,
        frame=lambda slice_: tile_frame(tiles(slice_)),
        tiles=tiles,
        columns=TILE_COLUMNS,
        dimensions=KNOWN,
        width="col-12",
    )


COMPANY = _panel("overview-company", "Will the quarter be made?", company)
TEAM = _panel("overview-team", "Will the team make its quota?", team)
DAY = _panel("overview-day", "Where do I stand, and what is late?", day)
