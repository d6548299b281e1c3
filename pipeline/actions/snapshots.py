"""Keeps what was known on a day: every open deal, and the forecasts made of them. Once for good."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from django.db import connection, transaction

from pipeline.analytics import bands, reckoned
from pipeline.analytics.reckoned import Reckoned, Taught
from pipeline.analytics.scorecard import Rules
from pipeline.models import DealSnapshot, ForecastSnapshot, HealthSnapshot
from pipeline.models.snapshots import WHOLE, Snapshot
from pipeline.queries import forecast, quotas, risks, snapshots, standing
from revops_site.kernel import freshness
from revops_site.kernel.filters import Filters, Slice, narrow
from revops_site.kernel.models import Workspace
from revops_site.kernel.periods import plus
from revops_site.kernel.permissions import EVERYBODY
from revops_site.kernel.queries import shared, sharing

MONDAYS_BACK = 9 * 13 + 1  # eight closed quarters and the running one
WEEK = timedelta(days=7)
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('pipeline snapshots', 0))"
NEARLY = 1e-6
AT_ONCE = 2000
HISTORY = Snapshot.MadeFrom.HISTORY
# What of a forecast does not rest on the deals' health.
FIRM = (
    *("quarter_target", "closed_won_amount", "commit_amount", "open_deals"),
    *("pipeline_commit", "pipeline_best_case", "pipeline_total"),
)
OPEN_FIELDS = (
    *("deal_id", "owner_id", "segment", "region", "source_channel", "pipeline_id"),
    *("stage_name", "category", "value", "created_at", "close_date", "days_in_stage"),
    *("stage_probability", "chance", "health_score", "next_step_points", "p"),
)
WON_FIELDS = tuple(forecast.WON)


@dataclass(frozen=True)
class Difference:
    """Where a snapshot is not what the history gives: what of which deal or team, both values."""

    what: str
    field: str
    kept: Any
    rebuilt: Any


def due(slice_day: date, first_day: date | None, today: date) -> list[date]:
    """The days that a snapshot is to be kept of and is not, the oldest first.

    Every Monday since the data begin, nine quarters back at the most, the last day of the data,
    and for the change of a week the day a week before it; a day that is not over is not kept.
    """
    newest = min(slice_day, plus(today, -1))
    monday = plus(newest, -newest.weekday())
    mondays = [plus(monday, -7 * back) for back in range(MONDAYS_BACK)]
    if first_day is None:
        return []
    wanted = {day for day in (*mondays, plus(newest, -7)) if day >= first_day} | {newest}
    return sorted(wanted - snapshots.days_kept())


def keep(days: Sequence[date], *, at: datetime) -> int:
    """Keep the deals and the forecasts of these days; how many were not kept before.

    Call it as often as you like: a day that was kept is left as it is. Deals are kept of Mondays.
    All of it is one transaction: give a few days at a time.
    """
    with transaction.atomic(), sharing():
        with connection.cursor() as cursor:
            cursor.execute(LOCK)
        missing = [day for day in days if day not in snapshots.days_kept()]
        stamps = {"made_at": at, "data_freshness": forecast.stamps()["data_freshness"]}
        for day in sorted(missing):
            # Of another day nobody knows any more what was planned on it.
            made_from = Snapshot.MadeFrom.DAY if standing.is_newest(day) else HISTORY
            _keep(day, made_from, stamps)
        if missing:
            freshness.bump()
        return len(missing)


def _keep(day: date, made_from: str, stamps: Mapping[str, Any]) -> None:
    slice_ = whole(day)
    taught = Taught(**forecast.taught(slice_))
    deals, won = _judged(slice_, taught), forecast.won(slice_)
    of_day = {"snapshot_date": day, "made_from": made_from, "currency": slice_.currency}
    if day.weekday() == 0:
        DealSnapshot.objects.bulk_create(
            (DealSnapshot(**row, **of_day) for row in _deal_rows(deals, won)), AT_ONCE
        )
    kept = bands.kept(deals)
    HealthSnapshot.objects.bulk_create((HealthSnapshot(**row, **of_day) for row in kept), AT_ONCE)
    ForecastSnapshot.objects.bulk_create(
        ForecastSnapshot(**row, **of_day, **stamps)
        for row in _forecast_rows(slice_, deals, won, taught)
    )


def forget_made_from_history() -> int:
    """Take away what was made from the history of changes, to be made anew; how many days."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        made_later = {"made_from": HISTORY}
        days = ForecastSnapshot.objects.filter(**made_later, team=WHOLE).count()
        DealSnapshot.objects.filter(**made_later)._raw_delete(DealSnapshot.objects.db)
        HealthSnapshot.objects.filter(**made_later)._raw_delete(HealthSnapshot.objects.db)
        ForecastSnapshot.objects.filter(**made_later)._raw_delete(ForecastSnapshot.objects.db)
        return days


def made(
    slice_: Slice,
    taught: Taught,
    steps: Mapping[str, int] | None = None,
    at: datetime | None = None,
) -> tuple[Iterator[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the deals and of the forecasts of the slice's day, for all and for each team.

    ``steps`` are the points for next steps that were kept on the day, by deal; health is judged by
    the scorecard that holds, or held ``at`` a moment.
    """
    deals, won = _judged(slice_, taught, steps, at), forecast.won(slice_)
    return _deal_rows(deals, won), list(_forecast_rows(slice_, deals, won, taught))


def _judged(
    slice_: Slice,
    taught: Taught,
    steps: Mapping[str, int] | None = None,
    at: datetime | None = None,
) -> pd.DataFrame:
    """The open deals of the slice's day with their health and their chances.

    By the scorecard that holds, or held at a moment.
    """
    open_ = standing.open_deals(slice_, None)
    if steps is not None:
        open_ = open_.assign(next_step_kept=open_["deal_id"].map(steps).astype("float64"))
    rules = Rules.of(risks.scorecard(at))
    return reckoned.scored(open_, slice_.as_of, slice_.first_month, taught, rules=rules)


def differences(day: date) -> list[Difference]:
    """Where what was kept of a day is not what the history of changes gives today.

    What was planned then is taken as kept: no history tells of it. A forecast that was made on its
    day, without its deals being kept, is held to what does not rest on that.
    """
    kept = {one.team: one for one in ForecastSnapshot.objects.filter(snapshot_date=day)}
    deals_of_day = {one.deal_id: one for one in snapshots.deals_kept(day)}
    steps = {
        deal_id: one.next_step_points
        for deal_id, one in deals_of_day.items()
        if one.next_step_points is not None
    }
    slice_ = whole(day)
    with sharing():
        taught = _as_taught(slice_, kept.get(WHOLE))
        made_at = kept[WHOLE].made_at if WHOLE in kept else None
        deals, forecasts = made(slice_, taught, steps, made_at)
        on_the_day = bool(kept) and next(iter(kept.values())).made_from == Snapshot.MadeFrom.DAY
        firm = FIRM if on_the_day and not deals_of_day else None
        unknown = {"chance"} if on_the_day else set()
        found = list(_differing(kept, {row["team"]: row for row in forecasts}, "ai_forecast", firm))
        if day.weekday() == 0:
            rebuilt = {
                row["deal_id"]: {name: row[name] for name in row.keys() - unknown} for row in deals
            }
            found += _differing(deals_of_day, rebuilt, "status")
    return found


def _as_taught(slice_: Slice, kept: ForecastSnapshot | None) -> Taught:
    """What past quarters teach, by the method that was used on the day."""
    taught = Taught(**forecast.taught(slice_))
    if kept is None:
        return taught
    return replace(taught, method=kept.method, interval_inflation=kept.interval_inflation)


def whole(day: date) -> Slice:
    """The whole company as of a day."""
    at = _workspace()
    return narrow(
        Filters(),
        EVERYBODY,
        day,
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
    )


@shared
def _workspace() -> Workspace:
    return freshness.workspace()


def _deal_rows(deals: pd.DataFrame, won: pd.DataFrame) -> Iterator[dict[str, Any]]:
    open_ = deals[list(OPEN_FIELDS)]
    for row in open_.to_dict("records"):
        yield {str(name): _plain(value) for name, value in row.items()} | {"status": "open"}
    for row in won[list(WON_FIELDS)].to_dict("records"):
        yield {str(name): _plain(value) for name, value in row.items()} | {"status": "won"}


def _forecast_rows(
    slice_: Slice, deals: pd.DataFrame, won: pd.DataFrame, taught: Taught
) -> Iterator[dict[str, Any]]:
    teams, targets = forecast.teams(), quotas.of_quarter_by_team(slice_)
    team_of, won_by = deals["owner_id"].map(teams), won["owner_id"].map(teams)
    for team in (WHOLE, *sorted(set(teams.values()))):
        of_team = slice_ if team == WHOLE else replace(slice_, team=(team,))
        mine = deals if team == WHOLE else deals[team_of == team]
        closed = won if team == WHOLE else won[won_by == team]
        new = forecast.new_by_quarter(of_team) if taught.method == reckoned.LEARNED else []
        found = reckoned.reckon(
            mine,
            day=slice_.as_of,
            first_month=slice_.first_month,
            closed=float(closed["value"].sum()),
            target=forecast.target(slice_) if team == WHOLE else targets.get(team),
            new=new,
            team=team,
            taught=taught,
        )
        yield _row(found, team, snapshots.week_ago(of_team))


def _row(found: Reckoned, team: str, before: dict[str, float] | None) -> dict[str, Any]:
    figures = found.figures()
    return {
        **figures,
        "risk_level": figures["risk_level"] or "",
        **reckoned.changes(found, before),
        "cumulative_target": None
        if found.target is None
        else found.target * figures["week_number"] / 13,
        "team": team,
    }


def _differing(
    kept: Mapping[str, Any],
    rebuilt: Mapping[str, Mapping[str, Any]],
    main: str,
    only: Collection[str] | None = None,
) -> Iterator[Difference]:
    for key in sorted({*kept, *rebuilt}):
        one, row = kept.get(key), rebuilt.get(key)
        if one is None or row is None:
            yield Difference(key, main, one and getattr(one, main), row and row[main])
            continue
        for name, value in row.items():
            if (only is None or name in only) and not _same(getattr(one, name), value):
                yield Difference(key, name, getattr(one, name), value)


def _same(kept: Any, rebuilt: Any) -> bool:
    if kept is None or rebuilt is None or isinstance(kept, str | date):
        return bool(kept == rebuilt)
    return math.isclose(float(kept), float(rebuilt), rel_tol=1e-9, abs_tol=NEARLY)


def _plain(value: Any) -> Any:
    """A cell as a column takes it: nothing for what is not known."""
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if pd.isna(value) else value
