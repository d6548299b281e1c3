"""Tries all methods of forecasting on closed quarters, and keeps which one to use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
from django.db import transaction

from pipeline.analytics import forecast as sums
from pipeline.analytics import judged as judging
from pipeline.analytics import seasons
from pipeline.analytics.trial import ClosedQuarter, Trial, mondays, trial
from pipeline.models import Backtest, BacktestRow, BacktestScore
from pipeline.queries import forecast, trials
from revops_site.kernel import freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period, quarter_label

AT_ONCE = 1000


def run(slice_: Slice, *, at: datetime, generation: int) -> Backtest:
    """Try the quarters that closed before the slice's day on what was kept of them.

    What was kept of the trial before goes; its verdict and scores stay.
    """
    quarters = [_closed(slice_, quarter) for quarter in forecast.closed_quarters(slice_)]
    tried = [one for one in quarters if one.closed]
    start = tried[0].period.start if tried else slice_.as_of
    before = forecast.quarters_before(slice_, start, seasons.MOST)
    earlier = [trials.won_amount(slice_, quarter) for quarter in before] if tried else []
    found = trial(tried, slice_.first_month, earlier)
    return _kept(found, judging.judged(found), slice_, at=at, generation=generation)


def is_of(as_of: date, currency: str, first_month: int) -> bool:
    """Whether the newest trial knew the last quarter that is closed on a day."""
    newest = forecast.newest_backtest()
    if newest is None or newest.currency != currency:
        return False
    return quarter_label(newest.as_of, first_month) == quarter_label(as_of, first_month)


def _closed(slice_: Slice, quarter: Period) -> ClosedQuarter:
    days = mondays(quarter, slice_.first_month)
    until = sums.next_quarter(quarter, slice_.first_month).end
    won, decided = trials.ended(slice_, quarter)
    return ClosedQuarter(
        label=quarter_label(quarter.start, slice_.first_month),
        period=quarter,
        deals=trials.kept(quarter, until, days, slice_.currency),
        closed=trials.closed_by_day(days, slice_.currency),
        won=won,
        decided=decided,
    )


@transaction.atomic
def _kept(
    found: Trial, judged: judging.Judged, slice_: Slice, *, at: datetime, generation: int
) -> Backtest:
    BacktestRow.objects.all().delete()
    made = Backtest.objects.create(
        as_of=slice_.as_of,
        made_at=at,
        generation=generation,
        currency=slice_.currency,
        quarters=judged.quarters,
        method=judged.method,
        reason=judged.reason,
        interval_inflation=judged.interval_inflation,
        shown_coverage=judged.shown_coverage,
        cells=_records(found.cells),
        early=_records(found.early),
        calibration=judged.calibration,
    )
    BacktestScore.objects.bulk_create(
        BacktestScore(backtest=made, **score) for score in judged.scores
    )
    BacktestRow.objects.bulk_create(
        (BacktestRow(backtest=made, **row) for row in found.rows), batch_size=AT_ONCE
    )
    freshness.bump()
    return made


def _records(parts: list[pd.DataFrame]) -> list[dict[str, Any]]:
    whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return [{str(name): value for name, value in row.items()} for row in whole.to_dict("records")]
