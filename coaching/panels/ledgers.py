"""Which quotas, deals and activities the figures of coaching are sums of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from coaching import metrics
from coaching.analytics.performance import Spans
from coaching.panels import figures
from coaching.queries import sums
from coaching.queries.people import group, may_tell
from pipeline import queries as pipeline
from pipeline.panels.known import CLOSED
from pipeline.panels.shown import CLOSED_COLUMNS, OPEN_COLUMNS
from pipeline.queries import deals, done, forecast, quotas
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import DIMENSIONS, Slice
from revops_site.kernel.metrics import Operands
from revops_site.kernel.panels import Shown
from revops_site.kernel.periods import Period

PEOPLE = ("team", "owner")
ONE = ("overall_rank", "rank_before")
UNKNOWN = float("nan")
PART_COLUMNS = (
    Shown("part", "Row"),
    Shown("whose", "Rep"),
    Shown("what", "Quarter or deal"),
    Shown("on", "From, or closed", "date"),
    Shown("own_amount", "Amount", "decimal"),
    Shown("money", "Currency"),
    Shown("fx", "Rate", "decimal", help="Into the reporting currency."),
    Shown("worth", "Value", "money2", help="The amount in the reporting currency."),
    Shown("so_far", "Of it so far", "money2", help="Of a quota: of the days passed."),
)


def of_people(slice_: Slice, days: Period | None) -> Slice:
    """The slice by what quotas know: who, and over which days."""
    nothing: dict[str, Any] = {name: () for name in DIMENSIONS if name not in PEOPLE}
    return replace(slice_, period=days, compare=None, chosen_quarter=None, **nothing)


def of_year(slice_: Slice) -> Slice:
    """The slice of the fiscal year so far."""
    return of_people(slice_, Spans.of(slice_.as_of, slice_.first_month).year)


def of_quarter(slice_: Slice) -> Slice:
    """The slice of the running quarter so far."""
    return of_people(slice_, Spans.of(slice_.as_of, slice_.first_month).quarter)


def last_quarter(slice_: Slice) -> Period:
    """The days of the quarter before the running one."""
    return Spans.of(slice_.as_of, slice_.first_month).last_quarter


def year(slice_: Slice) -> Operands:
    """What was won this fiscal year of the quota to date; of one rep also the rank."""
    placed = dict.fromkeys(ONE, UNKNOWN)
    found = group(slice_)
    if len(found.shown) == 1:
        row: Mapping[Any, Any] = figures.standing(slice_, found).loc[found.shown[0]].to_dict()
        now, gained = float(row["overall_rank"]), float(row["rank_change_qoq"])
        placed = {"overall_rank": now, "rank_before": now + gained}
    return {**quotas.attainment(of_year(slice_)), **placed}


def quarter(slice_: Slice) -> Operands:
    """What was won of the quota, in the running quarter so far and in the one before."""
    last = last_quarter(slice_)
    now = quotas.attainment(of_quarter(slice_))
    before = quotas.attainment(of_people(slice_, last))
    return {
        "quarter_won": now["won_amount"],
        "quarter_quota": now["quota_to_date"],
        "last_won": before["won_amount"],
        "last_quota": before["quota_to_date"],
        "rows": now["rows"],
    }


def cover(slice_: Slice) -> Operands:
    """The open deals of the running quarter, its quota, what was won of it, and what is left."""
    wide = of_people(slice_, None).at(slice_.as_of)
    quota, won = quotas.of_quarter(wide) or UNKNOWN, forecast.closed_won(wide)
    return {
        "pipeline_total": sums.expected(wide),
        "whole_quota": quota,
        "quarter_won": won,
        "left_to_win": quota - won if quota > won else UNKNOWN,
    }


def decided(slice_: Slice) -> Operands:
    """What was won and lost in the period, beside the team's rates."""
    found = group(slice_)
    team = dict.fromkeys(figures.TEAMS, UNKNOWN)
    if found.ids and may_tell(found.ids, found):
        row = figures.rates(slice_, found).iloc[0]
        team = {name: float(row[name]) for name in figures.TEAMS}
    win_rate, size, cycle = (team[name] for name in figures.TEAMS)
    named = {"team_win_rate": win_rate, "team_deal_size": size, "team_cycle": cycle}
    return {**pipeline.totals(slice_), **named}


def activities(slice_: Slice) -> Operands:
    """What was completed in the last 30 days, by how many working days; of one rep how evenly."""
    found, days = group(slice_), figures.last_days(slice_)
    rows = figures.activity(slice_, found, days).loc[[*found.shown]]
    even = figures.evenness(slice_, found.shown[0]) if len(found.shown) == 1 else None
    return {
        "activities": float(rows["done"].sum()),
        "working_days": float(rows["working_days"].sum()),
        "consistency": UNKNOWN if even is None else float(even),
    }


def _of_days(slice_: Slice) -> Slice:
    return of_people(slice_, figures.last_days(slice_))


def _whose(slice_: Slice) -> Sequence[str]:
    """Whose rates the team's are, or why they are not told."""
    found = group(slice_)
    if not may_tell(found.ids, found):
        return ("The team is two reps: its rates would give the other one's figures away.",)
    return (f"The team: {len(found.ids):,} active {'rep' if len(found.ids) == 1 else 'reps'}.",)


LEDGERS = (
    Ledger(
        slug="coaching-year",
        title="Quotas of the year, and deals won",
        metrics=metrics.YEAR_METRICS,
        totals=year,
        sql=lambda slice_: quotas.attainment_sql(of_year(slice_)),
        rows=lambda slice_: quotas.parts(of_year(slice_)),
        columns=PART_COLUMNS,
        order=("part", "whose", "on", "what"),
        datasets=("quotas", "pipeline_deals"),
        dimensions=PEOPLE,
        operands=(
            Shown("quota_to_date", "Quota of the days that have passed", "money2"),
            Shown("won_amount", "Won amount", "money2"),
            Shown("rank_before", "Rank when the last quarter closed", "integer"),
        ),
        dated=False,
        counts="rows",
    ),
    Ledger(
        slug="coaching-quarter",
        title="Quotas of the quarter, and deals won",
        metrics=metrics.QUARTER_METRICS,
        totals=quarter,
        sql=lambda slice_: quotas.attainment_sql(of_quarter(slice_)),
        rows=lambda slice_: quotas.parts(of_quarter(slice_)),
        columns=PART_COLUMNS,
        order=("part", "whose", "on", "what"),
        datasets=("quotas", "pipeline_deals"),
        dimensions=PEOPLE,
        operands=(
            Shown("quarter_won", "Won in the quarter", "money2"),
            Shown("quarter_quota", "Quota of its days so far", "money2"),
            Shown("last_won", "Won in the quarter before", "money2"),
            Shown("last_quota", "Quota of the quarter before", "money2"),
        ),
        dated=False,
        counts="rows",
    ),
    Ledger(
        slug="coaching-coverage",
        title="Open deals expected in the quarter",
        metrics=metrics.COVERAGE_METRICS,
        totals=cover,
        sql=lambda slice_: forecast.quarter_pipeline_sql(of_people(slice_, None).at(slice_.as_of)),
        rows=lambda slice_: deals.named(
            forecast.quarter_pipeline(of_people(slice_, None).at(slice_.as_of))
        ),
        columns=OPEN_COLUMNS,
        order=("close_date", "deal_id"),
        datasets=("pipeline_deals", "quotas"),
        dimensions=PEOPLE,
        operands=(
            Shown("pipeline_total", "Open deals of the quarter", "money2"),
            Shown("left_to_win", "Still to be won in the quarter", "money2"),
        ),
        dated=False,
    ),
    Ledger(
        slug="coaching-decided",
        title="Decided deals beside the team's",
        metrics=metrics.DECIDED_METRICS,
        totals=decided,
        sql=pipeline.totals_sql,
        rows=lambda slice_: deals.named(deals.decided(slice_)),
        columns=CLOSED_COLUMNS,
        order=("closed_at", "deal_id"),
        datasets=("pipeline_deals",),
        dimensions=CLOSED,
        note=_whose,
        operands=(
            Shown("team_win_rate", "The team's win rate", "percent2"),
            Shown("team_deal_size", "The team's deal size", "money2"),
            Shown("team_cycle", "The team's sales cycle", "decimal"),
        ),
    ),
    Ledger(
        slug="coaching-activities",
        title="Completed activities of 30 days",
        metrics=metrics.ACTIVITY_METRICS,
        totals=activities,
        sql=lambda slice_: done.completed_sql(_of_days(slice_)),
        rows=lambda slice_: done.activities(_of_days(slice_)),
        columns=(
            Shown("activity_id", "Id"),
            Shown("day", "Day", "date"),
            Shown("type", "Type"),
            Shown("subject", "Subject"),
            Shown("rep_name", "Rep"),
            Shown("deal_name", "Deal"),
        ),
        order=("day", "activity_id"),
        datasets=("activities",),
        dimensions=PEOPLE,
        dated=False,
        counts="activities",
    ),
)
