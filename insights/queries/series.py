"""The rows that series are made of, each of the whole company and of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from marketing.queries import daily, first_day
from pipeline import queries as deals
from pipeline.queries import done
from revenue import queries as customers
from revops_site.kernel import freshness
from revops_site.kernel.filters import Filters, Slice, narrow
from revops_site.kernel.models import Team, Workspace
from revops_site.kernel.permissions import EVERYBODY

MARKETING = ("marketing_channels",)
DEALS, ACTIVITIES = ("pipeline_deals",), ("activities",)
LEDGER = ("customer_mrr",)


@dataclass(frozen=True)
class Rows:
    """Rows of days, weeks or months: ``start``, measures, and ``by`` where they are of parts.

    ``of`` are the measures that are made of them; they are complete from ``first`` (None where
    the rows tell) to ``last``.
    """

    of: tuple[str, ...]
    by: str
    frame: pd.DataFrame
    first: date | None
    last: date


def rows(at: Workspace) -> Iterator[Rows]:
    """All that is looked at, of all days that are over."""
    yield from _marketing(at)
    yield from _created(at)
    yield from _activities(at)
    yield from _ledger(at)


def _marketing(at: Workspace) -> Iterator[Rows]:
    slice_ = _whole(MARKETING, at)
    if slice_ is None:
        return
    measures = ("spend", "leads", "cpl", "ctr", "mqls", "conversions")
    for by in ("", "channel", "region", "segment"):
        frame = daily.days(slice_, *([by] if by else []))
        yield Rows(measures, by, frame, first_day(), slice_.as_of)


def _created(at: Workspace) -> Iterator[Rows]:
    slice_ = _whole(DEALS, at)
    if slice_ is None:
        return
    for by in ("", "segment", "region"):
        found = deals.flows(slice_, *([by] if by else []), "week")
        yield Rows(("created",), by, _starting(found, "week"), None, slice_.as_of)
    teams = [
        _starting(deals.flows(replace(slice_, team=(name,)), "week"), "week").assign(team=name)
        for name in _teams()
    ]
    if teams:
        yield Rows(("created",), "team", pd.concat(teams), None, slice_.as_of)


def _activities(at: Workspace) -> Iterator[Rows]:
    slice_ = _whole(ACTIVITIES, at)
    if slice_ is None:
        return
    found = _starting(done.completed_by(slice_, "week"), "week")
    yield Rows(("activities",), "", found, None, slice_.as_of)
    teams = [
        _starting(done.completed_by(replace(slice_, team=(name,)), "week"), "week").assign(
            team=name
        )
        for name in _teams()
    ]
    if teams:
        yield Rows(("activities",), "team", pd.concat(teams), None, slice_.as_of)


def _ledger(at: Workspace) -> Iterator[Rows]:
    slice_ = _whole(LEDGER, at)
    months = customers.window(slice_) if slice_ is not None else None
    if slice_ is None or months is None:
        return
    for by in ("", "segment"):
        found = customers.months(slice_, *months, "month", *([by] if by else []))
        grown = found.assign(net_new_mrr=found["mrr"] - found["started"])
        yield Rows(("net_new_mrr",), by, _starting(grown, "month"), None, slice_.as_of)


def _whole(datasets: tuple[str, ...], at: Workspace) -> Slice | None:
    """Everybody's, up to the last day that is over; None where there are no data."""
    last = freshness.of(datasets, at).last_day
    if last is None:
        return None
    yesterday = freshness.stamp(at) - timedelta(days=1)
    return narrow(
        Filters(),
        EVERYBODY,
        min(last, yesterday),
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
        default_period="all",
    )


def _teams() -> list[str]:
    return list(Team.objects.order_by("name").values_list("name", flat=True))


def _starting(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame.rename(columns={name: "start"})
